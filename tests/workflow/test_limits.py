"""Limits of other kinds: of the same day, in days of the calendar, with days the form adds, extended, recalculated."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.worktime.office import at, office
from workflow.clock.ledger import ClockOrderError, Entry, EntryKind, LimitUnit, reckon
from workflow.engine.clockwork import limit_of, promise_entry
from workflow.procedures.schema import Appointment, Condition, DayUnit, MoreDays, Source
from worktime.calendar import Calendar

DAY = 480
CALENDAR = office()
LAW = Source(document="NĐ 99/2022", place="Điều 16", is_confirmed=True)


def due(*entries: Entry, calendar: Calendar = CALENDAR) -> datetime | None:
    return reckon(entries, calendar).due_at


def start(text: str, limit: int = 3 * DAY, unit: LimitUnit = LimitUnit.MINUTES) -> Entry:
    return Entry(EntryKind.START, at(text), limit=limit, unit=unit)


def in_days(text: str, days: int) -> Entry:
    return start(text, days, LimitUnit.DAYS)


def later(kind: EntryKind, text: str, cause: str = "posting") -> Entry:
    return Entry(kind, at(text), cause=cause)


def extended(text: str, until: str) -> Entry:
    return Entry(EntryKind.EXTENDED, at(text), until=at(until), cause="apology")


# The same working day (P3: mortgages) --------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("09/11/2026 08:00", "09/11/2026 17:00"),
        ("09/11/2026 15:00", "09/11/2026 17:00"),
        ("09/11/2026 15:01", "10/11/2026 17:00"),
        ("13/11/2026 16:00", "16/11/2026 17:00"),
        ("14/11/2026 09:00", "16/11/2026 17:00"),
    ],
)
def test_a_limit_of_no_days_ends_with_the_day_of_receipt_after_15_with_the_next(received: str, expected: str) -> None:
    assert due(start(received, 0)) == at(expected)


# Days of the calendar (P5, P7, P8 by some texts) ---------------------------------------------------


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        ("09/11/2026 08:00", 4, "13/11/2026 17:00"),
        ("09/11/2026 08:00", 5, "16/11/2026 17:00"),
        ("09/11/2026 08:00", 7, "16/11/2026 17:00"),
        ("09/11/2026 15:01", 4, "16/11/2026 17:00"),
        ("09/11/2026 15:01", 6, "16/11/2026 17:00"),
        ("09/11/2026 08:00", 15, "25/11/2026 17:00"),
    ],
    ids=["weekday", "Saturday", "Monday", "late", "late into Monday", "the holiday of 24/11"],
)
def test_days_of_the_calendar_count_days_off_and_end_on_the_next_working_day(
    received: str, days: int, expected: str
) -> None:
    assert due(in_days(received, days)) == at(expected)


def test_a_pause_moves_the_last_day_by_its_days() -> None:
    """Fifteen days of posting put a limit of ten days off by fifteen."""
    pause, resume = later(EntryKind.PAUSE, "11/11/2026 09:00"), later(EntryKind.RESUME, "26/11/2026 09:00")
    assert due(in_days("09/11/2026 08:00", 10)) == at("19/11/2026 17:00")
    assert due(in_days("09/11/2026 08:00", 10), pause, resume) == at("04/12/2026 17:00")


# Days the form adds (mountains, islands) -----------------------------------------------------------


def appointment(days: str, unit: DayUnit = "working_days") -> Appointment:
    far = MoreDays(
        days=Decimal(10), label="Miền núi", only_if=Condition(field="area", is_one_of=("mountain",)), source=LAW
    )
    return Appointment(number=1, days=Decimal(days), label="Trả", source=LAW, unit=unit, more=(far,))


@pytest.mark.parametrize(("area", "days"), [("mountain", 17), ("plain", 7), ("", 7)])
def test_the_form_may_add_days_where_the_edition_says_so(area: str, days: int) -> None:
    values = {"area": area} if area else {}
    assert limit_of(appointment("7"), values, CALENDAR) == (days * DAY, LimitUnit.MINUTES)
    assert limit_of(appointment("7", "days"), values, CALENDAR) == (days, LimitUnit.DAYS)


def test_the_line_names_the_law_behind_the_limit_and_behind_what_was_added() -> None:
    entry = promise_entry(appointment("0.5"), {"area": "mountain"}, CALENDAR, at=at("09/11/2026 08:00"))
    assert (entry.limit, entry.basis) == (int(10.5 * DAY), str(LAW))


# Extended ------------------------------------------------------------------------------------------


def test_an_extension_puts_the_named_day_in_place_of_the_last() -> None:
    assert due(start("09/11/2026 08:00"), extended("11/11/2026 09:00", "17/11/2026 17:00")) == at("17/11/2026 17:00")


def test_a_named_day_that_became_a_day_off_is_the_next_working_day() -> None:
    closed = office({date(2026, 11, 17): ""})
    entries = [start("09/11/2026 08:00"), extended("11/11/2026 09:00", "17/11/2026 17:00")]
    assert due(*entries, calendar=closed) == at("18/11/2026 17:00")


def test_a_pause_after_an_extension_moves_the_named_day() -> None:
    entries = [
        start("09/11/2026 08:00"),
        extended("11/11/2026 09:00", "17/11/2026 17:00"),
        later(EntryKind.PAUSE, "12/11/2026 07:30"),
        later(EntryKind.RESUME, "13/11/2026 07:30"),
    ]
    assert due(*entries) == at("18/11/2026 17:00")


def test_a_reset_after_an_extension_runs_what_the_law_gives() -> None:
    entries = [start("09/11/2026 08:00"), extended("11/11/2026 09:00", "17/11/2026 17:00")]
    anew = Entry(EntryKind.RESET, at("12/11/2026 08:00"), limit=3 * DAY)
    assert due(*entries, anew) == at("17/11/2026 17:00")


@pytest.mark.parametrize("kind", [EntryKind.EXTENDED, EntryKind.RECALCULATED])
def test_what_stands_still_is_neither_extended_nor_recalculated(kind: EntryKind) -> None:
    line = Entry(kind, at("12/11/2026 08:00"), until=at("17/11/2026 17:00"))
    with pytest.raises(ClockOrderError):
        due(start("09/11/2026 08:00"), later(EntryKind.PAUSE, "11/11/2026 09:00"), line)
    with pytest.raises(ClockOrderError):
        due(line)


def test_an_extension_names_its_day() -> None:
    with pytest.raises(ClockOrderError):
        due(start("09/11/2026 08:00"), Entry(EntryKind.EXTENDED, at("12/11/2026 08:00")))


def test_a_recalculation_changes_nothing_in_itself() -> None:
    entries = [start("09/11/2026 08:00"), Entry(EntryKind.RECALCULATED, at("11/11/2026 09:00"))]
    assert due(*entries) == due(entries[0])
    assert reckon(entries, CALENDAR).lines[1].used == DAY + 90
