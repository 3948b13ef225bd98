"""Numbers on papers: read back whatever way they are written, repaired only where a digit must stand, checked."""

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ocr.figures import area_of, as_digits, birth_year_of, is_citizen_number, is_tax_code, written_area
from tests.scans.invented import World, written_number
from tests.scans.kinds import kinds, paper_of


@given(st.integers(1, 4_000_000), st.sampled_from(["", "1", "05", "25", "5"]), st.booleans())
def test_every_area_is_read_back(whole: int, part: str, is_dotted: bool) -> None:  # noqa: FBT001
    value = f"{whole}.{part}" if part else str(whole)
    found = area_of(written_number(value, is_dotted=is_dotted), "m2")
    assert found is not None
    assert found == (float(value), True)


@pytest.mark.parametrize(
    ("raw", "unit", "value", "is_regular"),
    [
        ("1.250,5", "m²", 1250.5, True),
        ("1,250.5", "m2", 1250.5, False),
        ("1.250.5", "m2", 1250.5, False),
        ("2.533", "m2", 2533.0, True),
        ("2,533", "m2", 2533.0, False),
        ("0,12", "ha", 1200.0, True),
        ("1. 250,5", "m2", 1250.5, True),
    ],
)
def test_points_and_commas_are_told_apart(raw: str, unit: str, value: float, is_regular: bool) -> None:  # noqa: FBT001
    assert area_of(raw, unit) == (value, is_regular)


@pytest.mark.parametrize("raw", ["", "0", "abc", "9.999.999.999", "1..2"])
def test_what_no_land_measures_is_no_area(raw: str) -> None:
    assert area_of(raw, "m2") is None


def test_areas_are_written_without_idle_zeros() -> None:
    assert [written_area(value) for value in (2533.0, 1250.5, 12.25)] == ["2533", "1250.5", "12.25"]


@given(st.integers(0, 10**6))
def test_a_tax_code_with_one_wrong_digit_is_found_out(seed: int) -> None:
    code = World(Random(seed)).tax_code()  # noqa: S311
    assert is_tax_code(code)
    assert is_tax_code(f"{code}-001")
    wrong = [code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :] for at in range(10)]
    assert sum(is_tax_code(one) for one in wrong) == 0


@given(st.integers(1, 99), st.integers(0, 3), st.integers(0, 99), st.integers(0, 999_999))
def test_a_citizens_number_holds_century_and_year(province: int, century: int, year: int, serial: int) -> None:
    number = f"{province:03d}{century}{year:02d}{serial:06d}"
    born = 1900 + 100 * (century // 2) + year
    assert birth_year_of(number) == born
    assert is_citizen_number(number, today=2026) == (1906 <= born <= 2026)


@pytest.mark.parametrize("number", ["", "09917245", "000172123456", "0991721234567", "09917212345x"])
def test_other_numbers_are_no_citizens(number: str) -> None:
    assert not is_citizen_number(number)


@given(st.text("0123456789", min_size=1, max_size=12))
def test_digits_stay_as_they_are(text: str) -> None:
    assert as_digits(text) == text


@given(st.sampled_from(kinds()), st.integers(0, 10_000))
def test_every_invented_paper_tells_what_it_prints(kind: str, seed: int) -> None:
    paper = paper_of(kind, seed)
    assume(paper.told)
    assert paper == paper_of(kind, seed)
    assert "{" not in paper.text
    assert "@" not in paper.text
    for told in paper.told:
        if told.name in ("parcel", "sheet", "person_id", "tax_code", "number"):
            assert told.value in paper.text
