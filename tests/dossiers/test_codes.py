"""Dossier codes: both historic orders, and no gap within an agency's day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Unit
from dossiers.codes import USUAL_PATTERN, FaultyPattern, allot_code, reversed_agency, write_code
from dossiers.models import Dossier
from dossiers.operations.receive import receive_dossier
from tests.factories.dossiers import begun, received, typed_intake
from tests.factories.moments import moment
from tests.factories.office import Office

OLDER_PATTERN = "{reversed}-{yymmdd}-{number}"
CLERKS, EACH = 4, 5
DAY = date(2026, 4, 22)

levels = st.integers(1, 99).map("{:02d}".format)
agencies = st.builds(lambda top, below: ".".join([f"H{top}", *below]), levels, st.lists(levels, max_size=3))
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
numbers = st.integers(1, 10**7)


class GivesUp(Exception):
    """The clerk's transaction rolls back."""


@pytest.mark.parametrize(
    ("pattern", "agency", "code"),
    [
        (USUAL_PATTERN, "H99.15", "H99.15-260422-0007"),
        (OLDER_PATTERN, "H99.15", "000.00.15.H99-260422-0007"),
        (OLDER_PATTERN, "H99", "000.00.00.H99-260422-0007"),
        (OLDER_PATTERN, "H99.16.21", "000.21.16.H99-260422-0007"),
        ("{agency}/{yymmdd}/{number}", "H99.15", "H99.15/260422/0007"),
    ],
)
def test_a_code_is_written_in_the_order_of_its_time(pattern: str, agency: str, code: str) -> None:
    assert write_code(pattern, agency=agency, on=DAY, number=7) == code


def test_the_running_number_has_at_least_four_digits_and_more_when_it_must() -> None:
    assert write_code(USUAL_PATTERN, agency="H99", on=DAY, number=1).endswith("-0001")
    assert write_code(USUAL_PATTERN, agency="H99", on=DAY, number=12345).endswith("-12345")


@given(agency=agencies, on=days, number=numbers)
def test_a_code_gives_its_agency_day_and_number_back(agency: str, on: date, number: int) -> None:
    written = write_code(USUAL_PATTERN, agency=agency, on=on, number=number).rsplit("-", 2)
    assert (written[0], written[1], int(written[2])) == (agency, f"{on:%y%m%d}", number)


@given(agency=agencies, on=days, number=numbers)
def test_the_older_order_gives_them_back_too(agency: str, on: date, number: int) -> None:
    turned, day, running = write_code(OLDER_PATTERN, agency=agency, on=on, number=number).rsplit("-", 2)
    assert turned.count(".") == 3
    assert ".".join(level for level in reversed(turned.split(".")) if int(level.strip("H"))) == agency
    assert (day, int(running)) == (f"{on:%y%m%d}", number)


@given(first=st.tuples(agencies, days, numbers), second=st.tuples(agencies, days, numbers))
@pytest.mark.parametrize("pattern", [USUAL_PATTERN, OLDER_PATTERN])
def test_two_dossiers_never_share_a_code(
    pattern: str, first: tuple[str, date, int], second: tuple[str, date, int]
) -> None:
    codes = {write_code(pattern, agency=agency, on=on, number=number) for agency, on, number in (first, second)}
    assert len(codes) == len({first, second})


@given(agency=agencies)
def test_an_agency_turned_round_has_four_levels(agency: str) -> None:
    assert reversed_agency(agency).split(".")[-1] == agency.split(".", maxsplit=1)[0]
    assert len(reversed_agency(agency).split(".")) == 4


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{agency}-{number}",
        "{agency}-{yymmdd}",
        "{yymmdd}-{number}",
        "{agency}-{yymmdd}-{number}-{officer}",
        "{{agency}}-{yymmdd}-{number}",
        "{agency-{yymmdd}-{number}",
    ],
)
def test_a_faulty_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(FaultyPattern):
        write_code(pattern, agency="H99.15", on=DAY, number=1)


def test_each_agency_and_day_begins_with_one(office: Office) -> None:
    with transaction.atomic():
        first = allot_code(office.one_stop, date(2026, 12, 2)), allot_code(office.one_stop, date(2026, 12, 2))
        other_day = allot_code(office.one_stop, date(2026, 12, 3))
        other_agency = allot_code(office.branch, date(2026, 12, 2))
    assert first == ("H99.15-261202-0001", "H99.15-261202-0002")
    assert other_day == "H99.15-261203-0001"
    assert other_agency == "H99.16.21-261202-0001"


def test_the_same_day_of_another_year_begins_with_one(office: Office) -> None:
    with transaction.atomic():
        codes = [allot_code(office.one_stop, date(year, 12, 2)) for year in (2026, 2027)]
    assert codes == ["H99.15-261202-0001", "H99.15-271202-0001"]


def test_a_unit_writes_its_codes_by_its_own_pattern(office: Office) -> None:
    Unit.objects.filter(pk=office.one_stop.pk).update(code_pattern=OLDER_PATTERN)
    assert received(office).code == "000.00.15.H99-261202-0001"


def test_the_day_of_a_code_is_the_offices_day(office: Office) -> None:
    """Half past six in the morning of the 3rd is still the 2nd in Greenwich."""
    assert received(office, at=moment("2026-12-03 06:30")).code == "H99.15-261203-0001"


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_clerks_who_receive_at_once_leave_no_gap(office: Office) -> None:
    """Every fourth gives up after his code was allotted: it goes to the next."""
    acting = office.acting(office.clerk)

    def receive(turn: int) -> None:
        draft = begun(office)
        with transaction.atomic():
            receive_dossier(dossier_id=draft.pk, typed=typed_intake(office), acting=acting)
            if turn % 4 == 3:
                raise GivesUp

    def clerk(number: int) -> None:
        try:
            for turn in range(number, number + EACH):
                try:
                    receive(turn)
                except GivesUp:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(CLERKS) as pool:
        list(pool.map(clerk, range(CLERKS)))
    codes = sorted(filter(None, Dossier.objects.values_list("code", flat=True)))
    assert codes == [f"H99.15-261202-{number:04d}" for number in range(1, len(codes) + 1)]
    assert len(codes) == sum((number + turn) % 4 != 3 for number in range(CLERKS) for turn in range(EACH))
