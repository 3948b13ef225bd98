"""Which days are worked, and arithmetic on working minutes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.office import HOURS, at, day, office
from worktime.calendar import Calendar, NoWorkingTime, Shift, read_shifts

OFFICE = office()
DAY = 480
# A year with every oddity: quarter days, a night shift's short stretch, days off, a Sunday that is worked.
ODD = office(
    {
        day("10/11/2026"): "",
        day("11/11/2026"): "07:30-09:30",
        day("12/11/2026"): "07:30-08:00, 08:00-08:01, 16:59-17:00",
        day("15/11/2026"): HOURS,
        day("17/11/2026"): "00:00-23:59",
        day("20/11/2026"): "13:00-15:00",
    }
)
MOMENTS = st.datetimes(datetime(2026, 10, 1), datetime(2027, 3, 1)).map(  # noqa: DTZ001 hypothesis wants naive bounds
    lambda moment: moment.replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
)
CALENDARS = st.sampled_from([OFFICE, ODD])


# Shifts ------------------------------------------------------------------------------------------


def test_shifts_are_read_from_text() -> None:
    assert read_shifts(HOURS) == (Shift(time(7, 30), time(11, 30)), Shift(time(13), time(17)))
    assert read_shifts("07:30-11:30,13:00 - 17:00") == read_shifts(HOURS)
    assert [shift.minutes for shift in read_shifts("07:30-11:30, 13:00-17:15")] == [240, 255]


def test_shifts_may_follow_without_a_break() -> None:
    assert len(read_shifts("07:30-11:30, 11:30-13:00")) == 2


@pytest.mark.parametrize("text", ["", "  "])
def test_no_text_means_closed(text: str) -> None:
    assert read_shifts(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "07:30",
        "07:30-",
        "-11:30",
        "7:30-11:30",
        "07:30-24:00",
        "07:30-11:60",
        "07:30-11:30:30",
        "07:30+07:00-11:30",
        "07:30–11:30",
        "07-11",
        "0730-1130",
        "11:30-07:30",
        "07:30-07:30",
        "07:30-11:30-12:00",
        "07:30-11:30 13:00-17:00",
        "07:30-11:30; 13:00-17:00",
        "07:30-11:30, 11:00-17:00",
        "13:00-17:00, 07:30-11:30",
        "07:30-11:30, off",
        "०७:३०-११:३०",
        "off",
    ],
)
def test_what_is_no_stretch_of_office_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no stretch of office hours"):
        read_shifts(text)


@given(st.text("0123456789:-, ", max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        shifts = read_shifts(text)
    except ValueError:
        return
    assert all(shift.minutes > 0 for shift in shifts)
    assert all(earlier.end <= later.start for earlier, later in pairwise(shifts))


# Days --------------------------------------------------------------------------------------------


def days_off(*ranges: str) -> set[date]:
    """`08/02-14/02` of a year given first: every day of the ranges."""
    year, found = ranges[0], set()
    for text in ranges[1:]:
        first, _, last = text.partition("-")
        start, end = day(f"{first}/{year}"), day(f"{last or first}/{year}")
        found |= {start + timedelta(days=number) for number in range((end - start).days + 1)}
    return found


HOLIDAYS = {
    # DOMAIN: New Year, Tết, Hùng Vương, 30/4 and 1/5 with their swap, National Day, and the Day of Culture from 2026.
    2024: days_off("2024", "01/01", "08/02-14/02", "18/04", "29/04-01/05", "02/09-03/09"),
    2025: days_off("2025", "01/01", "27/01-31/01", "07/04", "30/04-02/05", "01/09-02/09"),
    2026: days_off("2026", "01/01", "16/02-20/02", "27/04", "30/04-01/05", "31/08-02/09", "24/11"),
    2027: days_off("2027", "01/01", "04/02-10/02", "16/04", "30/04", "03/05", "02/09-03/09", "24/11"),
}
SATURDAYS_WORKED = {day("04/05/2024"), day("26/04/2025"), day("22/08/2026")}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_working_days_of_a_year(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366 if year == 2024 else 365)]
    worked = {one for one in days if OFFICE.is_working_day(one)}
    weekdays = {one for one in days if one.weekday() < 5}
    swapped = {one for one in SATURDAYS_WORKED if one.year == year}
    assert worked == (weekdays - HOLIDAYS[year]) | swapped


@pytest.mark.parametrize("saturday", sorted(SATURDAYS_WORKED))
def test_a_saturday_worked_for_another_day_has_ordinary_hours(saturday: date) -> None:
    assert saturday.weekday() == 5
    assert OFFICE.shifts(saturday) == OFFICE.hours


def test_the_provinces_own_days_win_over_weekend_and_holiday() -> None:
    own = office({day("24/11/2026"): "07:30-11:30", day("28/11/2026"): HOURS, day("25/11/2026"): ""})
    worked = [own.is_working_day(day(f"{number}/11/2026")) for number in range(23, 30)]
    assert worked == [True, True, False, True, True, True, False]
    assert own.minutes_between(at("24/11/2026 00:00"), at("25/11/2026 00:00")) == 240


def test_a_holiday_has_its_name_and_another_day_none() -> None:
    assert OFFICE.holiday_name(day("17/02/2026")) == "Tết Nguyên Đán"
    assert OFFICE.holiday_name(day("02/09/2026")) == "Quốc khánh"
    assert OFFICE.holiday_name(day("21/02/2026")) == OFFICE.holiday_name(day("23/02/2026")) == ""


def test_days_may_be_changed_for_a_preview_and_the_calendar_stays_as_it_was() -> None:
    tuesday = day("10/11/2026")
    assert OFFICE.is_working_day(tuesday)
    changed = OFFICE.with_days({tuesday: ()})
    assert not changed.is_working_day(tuesday)
    assert changed.with_days({day("11/11/2026"): ()}).next_working_day(tuesday) == day("12/11/2026")
    assert OFFICE.is_working_day(tuesday)


def test_an_ordinary_day_has_eight_hours() -> None:
    assert (OFFICE.day_minutes, ODD.day_minutes, office(hours="08:00-10:00").day_minutes) == (480, 480, 120)


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("13/11/2026", "13/11/2026"),
        ("14/11/2026", "16/11/2026"),
        ("14/02/2026", "23/02/2026"),
        ("31/12/2026", "31/12/2026"),
        ("01/01/2027", "04/01/2027"),
    ],
)
def test_the_next_working_day_leaps_over_weekends_and_tet(start: str, found: str) -> None:
    assert OFFICE.next_working_day(day(start)) == day(found)


def test_the_office_closes_with_its_last_shift() -> None:
    assert OFFICE.closing(day("09/11/2026")) == at("09/11/2026 17:00")
    assert ODD.closing(day("11/11/2026")) == at("11/11/2026 09:30")


# The day a receipt counts for --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "counts"),
    [
        ("09/11/2026 08:47", "09/11/2026"),
        ("09/11/2026 00:01", "09/11/2026"),
        ("09/11/2026 12:10", "09/11/2026"),
        ("09/11/2026 15:00", "09/11/2026"),
        ("09/11/2026 15:01", "10/11/2026"),
        ("09/11/2026 23:59", "10/11/2026"),
        ("13/11/2026 15:30", "16/11/2026"),
        ("14/11/2026 09:00", "16/11/2026"),
        ("15/11/2026 16:00", "16/11/2026"),
        ("23/11/2026 16:00", "25/11/2026"),
        ("13/02/2026 15:30", "23/02/2026"),
        ("17/02/2026 10:00", "23/02/2026"),
        ("22/08/2026 10:00", "22/08/2026"),
    ],
)
def test_a_receipt_late_or_on_a_day_off_counts_for_the_next_working_day(received: str, counts: str) -> None:
    assert OFFICE.counting_day(at(received)) == day(counts)


def test_the_late_hour_is_the_calendars() -> None:
    assert office(late_after=time(16)).counting_day(at("09/11/2026 15:59")) == day("09/11/2026")


def test_seconds_past_the_late_hour_are_cut_off() -> None:
    assert OFFICE.counting_day(at("09/11/2026 15:00") + timedelta(seconds=59)) == day("09/11/2026")


def test_a_receipt_counts_by_the_provinces_clock() -> None:
    # 18:30 UTC on Sunday is 01:30 on Monday in Vietnam.
    assert OFFICE.counting_day(datetime(2026, 11, 8, 18, 30, tzinfo=UTC)) == day("09/11/2026")


# Minutes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("09/11/2026 07:30", "09/11/2026 17:00", 480),
        ("09/11/2026 08:47", "09/11/2026 11:00", 133),
        ("09/11/2026 11:00", "09/11/2026 13:30", 60),
        ("09/11/2026 11:30", "09/11/2026 13:00", 0),
        ("09/11/2026 17:00", "10/11/2026 07:30", 0),
        ("09/11/2026 16:00", "10/11/2026 08:30", 120),
        ("13/11/2026 16:00", "16/11/2026 08:30", 120),
        ("13/02/2026 16:00", "23/02/2026 08:30", 120),
        ("09/11/2026 10:00", "09/11/2026 10:00", 0),
        ("10/11/2026 10:00", "09/11/2026 10:00", 0),
        ("09/11/2026 17:00", "16/11/2026 17:00", 5 * 480),
    ],
)
def test_minutes_between_two_moments(start: str, end: str, minutes: int) -> None:
    assert OFFICE.minutes_between(at(start), at(end)) == minutes


def test_seconds_are_cut_off_on_both_ends() -> None:
    late, early = at("09/11/2026 08:00") + timedelta(seconds=59), at("09/11/2026 08:02") + timedelta(seconds=1)
    assert OFFICE.minutes_between(late, early) == 2


def test_minutes_are_counted_by_the_provinces_clock() -> None:
    assert OFFICE.minutes_between(datetime(2026, 11, 9, 0, 30, tzinfo=UTC), at("09/11/2026 08:00")) == 30


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("09/11/2026 08:00", 30, "09/11/2026 08:30"),
        ("09/11/2026 11:00", 60, "09/11/2026 13:30"),
        ("09/11/2026 06:00", 30, "09/11/2026 08:00"),
        ("09/11/2026 16:00", 90, "10/11/2026 08:00"),
        ("09/11/2026 17:00", 5 * DAY, "16/11/2026 17:00"),
        ("14/11/2026 10:00", DAY, "16/11/2026 17:00"),
        ("13/02/2026 17:00", 2 * DAY, "24/02/2026 17:00"),
        ("09/11/2026 10:00", 0, "09/11/2026 10:00"),
        ("09/11/2026 10:00", -5, "09/11/2026 10:00"),
        ("14/11/2026 10:00", 0, "14/11/2026 10:00"),
    ],
)
def test_adding_minutes(start: str, minutes: int, end: str) -> None:
    assert OFFICE.add(at(start), minutes) == at(end)


@pytest.mark.parametrize(
    ("start", "end"), [("09/11/2026 13:00", "09/11/2026 17:00"), ("09/11/2026 07:30", "09/11/2026 11:30")]
)
def test_a_stretch_that_fills_a_shift_ends_when_it_closes_not_when_the_next_opens(start: str, end: str) -> None:
    assert OFFICE.add(at(start), 240) == at(end)


def test_quarter_days_are_counted_as_what_they_have() -> None:
    # Tuesday is off, Wednesday has two hours, Thursday 32 minutes.
    start = at("09/11/2026 17:00")
    assert ODD.add(start, 120) == at("11/11/2026 09:30")
    assert ODD.add(start, 121) == at("12/11/2026 07:31")
    assert ODD.add(start, 152) == at("12/11/2026 17:00")
    assert ODD.add(start, DAY) == at("13/11/2026 14:28")


@given(CALENDARS, MOMENTS, st.integers(0, 40 * DAY))
def test_between_a_moment_and_the_end_of_a_stretch_lie_its_minutes(calendar: Calendar, start: datetime, n: int) -> None:
    assert calendar.minutes_between(start, calendar.add(start, n)) == n


@given(CALENDARS, MOMENTS, st.integers(1, 20 * DAY))
def test_a_stretch_ends_at_the_first_moment_its_minutes_have_passed(
    calendar: Calendar, start: datetime, n: int
) -> None:
    end = calendar.add(start, n)
    assert calendar.minutes_between(start, end - timedelta(minutes=1)) == n - 1
    assert calendar.is_working_day(end.date())


@given(CALENDARS, MOMENTS, MOMENTS, st.integers(0, 10 * DAY), st.integers(0, 10 * DAY))
def test_a_later_start_or_a_longer_stretch_never_ends_earlier(
    calendar: Calendar, one: datetime, other: datetime, n: int, m: int
) -> None:
    start, later = sorted([one, other])
    shorter, longer = sorted([n, m])
    assert calendar.add(start, shorter) <= calendar.add(start, longer)
    assert calendar.add(start, shorter) <= calendar.add(later, shorter)


@given(CALENDARS, MOMENTS, st.integers(0, 5 * DAY), st.integers(0, 5 * DAY))
def test_two_stretches_one_after_the_other_are_one(calendar: Calendar, start: datetime, n: int, m: int) -> None:
    assert calendar.minutes_between(start, calendar.add(calendar.add(start, n), m)) == n + m


@given(CALENDARS, st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_minutes_add_up_at_any_moment_between(calendar: Calendar, moments: list[datetime]) -> None:
    first, middle, last = moments
    parts = calendar.minutes_between(first, middle) + calendar.minutes_between(middle, last)
    assert parts == calendar.minutes_between(first, last)


# No working time ---------------------------------------------------------------------------------


def test_a_calendar_without_open_hours_has_no_working_time() -> None:
    closed = office(hours="")
    for minutes in (1, 100 * DAY):
        with pytest.raises(NoWorkingTime):
            closed.add(at("09/11/2026 08:00"), minutes)
    with pytest.raises(NoWorkingTime):
        closed.next_working_day(day("09/11/2026"))
    with pytest.raises(NoWorkingTime):
        closed.counting_day(at("09/11/2026 08:00"))
    assert closed.minutes_between(at("09/11/2026 08:00"), at("09/12/2026 08:00")) == 0
    assert closed.add(at("09/11/2026 08:00"), 0) == at("09/11/2026 08:00")


def test_one_open_day_is_enough_for_what_fits_into_it() -> None:
    once = office({day("01/06/2027"): "08:00-09:00"}, hours="")
    assert once.add(at("09/11/2026 08:00"), 60) == at("01/06/2027 09:00")
    assert once.counting_day(at("09/11/2026 08:00")) == day("01/06/2027")
    with pytest.raises(NoWorkingTime):
        once.add(at("09/11/2026 08:00"), 61)


@pytest.mark.parametrize("length", [1, 27, 31, 45, 400, 3660])
def test_minutes_over_months_and_years_are_those_of_their_days(length: int) -> None:
    calendar = office()
    start = datetime(2017, 2, 14, 9, 10, tzinfo=calendar.zone)
    marks = [start + timedelta(days=number) for number in range(length + 1)]
    together = sum(calendar.minutes_between(day, following) for day, following in pairwise(marks))
    assert calendar.minutes_between(start, marks[-1]) == together
