"""A year of the working calendar as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from worktime.calendar import Calendar, Shifts
from worktime.models import CalendarDay

_WEEK = 7
# The calendar knows the public holidays of these years.
FIRST, LAST = 2014, 2099


@dataclass(frozen=True, slots=True)
class Day:
    """A day: worked, off (weekend), holiday, closed (off by a row of its own), extra (a weekend worked) or short.

    `title` says why it isn't an ordinary one.
    """

    day: date
    state: str
    title: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday to Sunday; none where another month's days stand."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]


def months_of(year: int, calendar: Calendar, own: Mapping[date, CalendarDay]) -> list[Month]:
    """The twelve months, each day as the calendar in force has it."""
    return [_month(date(year, number, 1), calendar, own) for number in range(1, 13)]


def _month(first: date, calendar: Calendar, own: Mapping[date, CalendarDay]) -> Month:
    days: list[Day | None] = [None] * first.weekday()
    day = first
    while day.month == first.month:
        days.append(_day(day, calendar, own.get(day)))
        day += timedelta(days=1)
    days += [None] * (-len(days) % _WEEK)
    return Month(first, tuple(tuple(days[place : place + _WEEK]) for place in range(0, len(days), _WEEK)))


def _day(day: date, calendar: Calendar, own: CalendarDay | None) -> Day:
    shifts, holiday = calendar.shifts(day), calendar.holiday_name(day)
    title = own.note if own else holiday
    if own is not None and shifts:
        title = f"{title} ({own.hours})"
    return Day(day, _state(day, shifts, holiday, calendar, is_own=own is not None), title, own is not None)


def _state(day: date, shifts: Shifts, holiday: str, calendar: Calendar, *, is_own: bool) -> str:
    is_weekend = day.weekday() >= 5
    if not shifts:
        if is_own:
            return "closed"
        return "holiday" if holiday or not is_weekend else "off"
    if sum(shift.minutes for shift in shifts) < calendar.day_minutes:
        return "short"
    return "extra" if is_weekend or holiday else "worked"


def hours_in_words(shifts: Shifts) -> str:
    """`07:30-11:30, 13:00-17:00`, as they are typed."""
    return ", ".join(f"{shift.start:%H:%M}-{shift.end:%H:%M}" for shift in shifts)
