"""When a form and a paper say the same: writing is forgiven, another number never."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.likeness import key_of, number_key, same
from workflow.procedures.meanings import MEANINGS

DIGITS = st.text("0123456789", min_size=1, max_size=12)
AREAS = st.decimals(min_value=0, max_value=10**8, places=2)
ANYTHING = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["116", "0116", "24-1", "1.234,5 m²", "1234.5", "xã Tân Lộc", "Tân Lộc", "Bà Hoà", "hòa", "5/QĐ-UBND", "2026-11-12"]
)


@pytest.mark.parametrize(
    ("meaning", "one", "other"),
    [
        ("land.parcel", "0116", "116"),
        ("land.parcel", "116A", "116a"),
        ("land.sheet", "24/1", "24-1"),
        ("land.area", "1.234,5 m²", "1234.5"),
        ("land.area", "1.234.567,00 m2", "1234567"),
        ("land.area", "312.50", "312.5"),
        ("land.purposes", "CLN+ONT", "ONT + CLN"),
        ("land.address", "xã Tân Lộc", "thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang"),
        ("land.address", "Tân Lộc", "thôn Đồng Vừng, xã Tân Lộc, huyện Hải Lộc"),
        ("land.address", "X. Tân Lộc, T. Yên Giang", "Xã Tân Lộc, tỉnh Yên Giang"),
        ("land.address", "xã Tân Lộc, tỉnh Yên Giang", "xã Tân Lộc, huyện Hải Lộc, tỉnh Yên Giang"),
        ("land.address", "Số 12 đường Trần Phú, phường Hải Sơn", "12 Trần Phú, P. Hải Sơn"),
        ("land.address", "12 đường Trần Phú, thôn Bãi, xã Tân Lộc", "Thôn Bãi, xã Tân Lộc, tỉnh Yên Giang"),
        ("land.address", "Số 12, đường Trần Phú, phường Hải Sơn", "Số 12 đường Trần Phú, phường Hải Sơn"),
        ("certificate.serial", "DK248117", "DK 248117"),
        ("certificate.register_number", "CH 03288", "ch03288"),
        ("person.name", "PHÙNG THỊ NGÁT", "Phùng Thị Ngát"),
        ("person.name", "Hộ ông Nguyễn Văn Hoà", "Nguyễn Văn Hòa"),
        ("person.name", "Ông (bà): Trần Thị Mận", "Bà Trần Thị Mận"),
        ("person.name", "Nguye\u0302\u0303n Thuý", "Nguyễn Thúy"),
        ("person.id_number", "099 174 003 312", "099174003312"),
        ("person.birth_year", "1974-06-14", "1974"),
        ("person.birth_year", "14/06/1974", "1974"),
        ("document.issued_on", "12/11/2026", "2026-11-12"),
        ("document.number", "05/QĐ-UBND", "Số: 5/QD-UBND"),
        ("organisation.tax_code", "0101243150-001", "0101243150001"),
    ],
)
def test_writing_makes_no_difference(meaning: str, one: str, other: str) -> None:
    assert same(meaning, one, other)
    assert same(meaning, other, one)


@pytest.mark.parametrize(
    ("meaning", "one", "other"),
    [
        ("land.parcel", "116", "1160"),
        ("land.parcel", "116a", "116b"),
        ("land.sheet", "24-1", "241"),
        ("land.area", "312.5", "3125"),
        ("land.area", "312.5", "321.5"),
        ("land.area", "1.234,5", "12345"),
        ("land.purposes", "ONT", "ONT+CLN"),
        ("land.address", "xã Tân Lộc", "xã Lộc Hạ"),
        ("land.address", "xã Tân Lộc, huyện Hải Lộc", "xã Tân Lộc, huyện An Lạc Hạ"),
        ("land.address", "tỉnh Yên Giang", "xã Tân Lộc, tỉnh Yên Giang"),
        ("land.address", "Số 12 đường Trần Phú, phường Hải Sơn", "Số 98 đường Lê Lợi, phường Hải Sơn"),
        ("land.address", "Số 12 đường Trần Phú, phường Hải Sơn", "Số 98 đường Trần Phú, phường Hải Sơn"),
        ("land.address", "12 Trần Phú, thôn Bãi, xã Tân Lộc", "98 Trần Phú, thôn Bãi, xã Tân Lộc"),
        ("certificate.serial", "DK 248117", "ĐK 248117"),
        ("certificate.serial", "DK 024811", "DK 24811"),
        ("person.name", "Nguyễn Văn Hoa", "Nguyễn Văn Hòa"),
        ("person.id_number", "099174003312", "99174003312"),
        ("person.birth_year", "1974", "1947"),
        ("document.issued_on", "04/05/2026", "2026-04-05"),
        ("document.number", "5/QĐ-UBND", "5/2026/QĐ-UBND"),
        ("document.number", "50/QĐ-UBND", "5/QĐ-UBND"),
    ],
)
def test_what_differs_differs(meaning: str, one: str, other: str) -> None:
    assert not same(meaning, one, other)
    assert not same(meaning, other, one)


def test_nothing_is_the_same_as_nothing_else() -> None:
    assert not any(same(meaning, "", "") or same(meaning, "", "116") for meaning in MEANINGS)


@given(st.sampled_from(sorted(MEANINGS)), ANYTHING, ANYTHING)
def test_which_of_the_two_is_asked_first_makes_no_difference(meaning: str, one: str, other: str) -> None:
    assert same(meaning, one, other) == same(meaning, other, one)


@given(st.sampled_from(sorted(MEANINGS)), ANYTHING)
def test_what_says_anything_is_the_same_as_itself(meaning: str, text: str) -> None:
    assert same(meaning, text, text) or not key_of(meaning, text)


@given(AREAS, AREAS)
def test_areas_are_the_same_only_when_they_are_equal(one: Decimal, other: Decimal) -> None:
    assert same("land.area", format(one, "f"), format(other, "f")) == (one == other)


@given(AREAS)
def test_an_area_is_the_same_however_it_is_written(area: Decimal) -> None:
    written = f"{area:,.2f}".translate(str.maketrans(",.", ".,"))
    assert number_key(f"{written} m²") == number_key(format(area, "f")) == number_key(format(area.normalize(), "f"))


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["land.parcel", "land.sheet", "document.number"]))
def test_numbers_with_noughts_before_them_are_the_same_only_when_they_are_equal(
    one: int, other: int, meaning: str
) -> None:
    tail = "/QĐ-UBND" if meaning == "document.number" else ""
    assert same(meaning, f"{one:06d}{tail}", f"{other}{tail}") == (one == other)


@given(
    DIGITS,
    DIGITS,
    st.sampled_from(["person.id_number", "organisation.tax_code", "certificate.serial", "certificate.register_number"]),
)
def test_digits_that_differ_are_never_called_the_same(one: str, other: str, meaning: str) -> None:
    assert same(meaning, one, other) == (one == other)


DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(DAYS, DAYS)
def test_days_are_the_same_only_when_they_are_equal(one: date, other: date) -> None:
    assert same("document.issued_on", f"{one:%d/%m/%Y}", str(other)) == (one == other)
