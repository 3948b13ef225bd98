"""Arithmetic on working minutes.

Moments are taken by the minute (seconds are cut off) in the province's time zone; all moments are aware.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

import holidays

ONE_DAY = timedelta(days=1)
# Ten years without an open hour is a mistake in the calendar, not a wait.
_FARTHEST = timedelta(days=3660)


# By the minute and without a zone, both of which `time.fromisoformat` would take.
_CLOCK = "((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_SHIFT = re.compile(f"{_CLOCK} ?- ?{_CLOCK}")


class NoWorkingTime(ValueError):
    """The calendar has no open hours left to count."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One stretch of office hours, `start` before `end`, on one day."""

    start: time
    end: time

    @property
    def minutes(self) -> int:
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute


Shifts = tuple[Shift, ...]


def read_shifts(text: str) -> Shifts:
    """Shifts from `07:30-11:30, 13:00-17:00`; the empty text means closed.

    Raises ValueError when a shift is malformed, ends before it starts, or overlaps the one before.
    """
    shifts: list[Shift] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        ends = _SHIFT.fullmatch(part)
        shift = Shift(*map(time.fromisoformat, ends.groups())) if ends else None
        if shift is None or shift.minutes <= 0 or (shifts and shift.start < shifts[-1].end):
            message = f"{part!r} is no stretch of office hours after {text[: text.index(part)]!r}"
            raise ValueError(message)
        shifts.append(shift)
    return tuple(shifts)


@dataclass(frozen=True, slots=True)
class NearRule:
    """When a deadline counts as near (sắp đến hạn), and when an apology is drafted: a province's convention, not law.

    days, percent   near from so many working days left on, or from this share of the limit, whichever comes first
    apology_days    an apology is drafted when so many working days are left, so that it can still be sent a day before
    """

    days: int = 1
    percent: int = 20
    apology_days: int = 2


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Office hours from a day on, until the next ones: the shifts of an ordinary working day, and its late hour."""

    since: date
    shifts: Shifts
    late_after: time


@dataclass(frozen=True)
class Calendar:
    """Which minutes of which days are worked.

    hours       shifts of an ordinary working day; their length is what "one working day" means in limits
    late_after  a receipt after this hour counts as the next working day's (15:00: NĐ 61/2018 Art. 18.2)
    days        days that differ: their own shifts, empty when off
    later       other office hours, each from a day on, in order
    near        when deadlines count as near
    """

    hours: Shifts
    late_after: time
    days: Mapping[date, Shifts]
    zone: ZoneInfo
    later: tuple[OfficeHours, ...] = ()
    near: NearRule = NearRule()
    _known: dict[date, Shifts] = field(default_factory=dict, compare=False, repr=False)
    _months: dict[date, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def day_minutes(self) -> int:
        """Minutes of an ordinary working day (8 hours): what "one working day" means in limits."""
        return sum(shift.minutes for shift in self.hours)

    def shifts(self, day: date) -> Shifts:
        """The office hours of this day, none when it is off."""
        if day not in self._known:
            own = self.days.get(day)
            self._known[day] = own if own is not None else self._ordinary(day)
        return self._known[day]

    def _ordinary(self, day: date) -> Shifts:
        return self.hours_on(day) if _public_holidays(day.year).is_working_day(day) else ()

    def hours_on(self, day: date) -> Shifts:
        """The shifts of an ordinary working day at that time."""
        return next((hours.shifts for hours in reversed(self.later) if hours.since <= day), self.hours)

    def late_hour(self, day: date) -> time:
        """The hour after which a receipt of this day is the next working day's."""
        return next((hours.late_after for hours in reversed(self.later) if hours.since <= day), self.late_after)

    def is_working_day(self, day: date) -> bool:
        return bool(self.shifts(day))

    def holiday_name(self, day: date) -> str:
        """What the public holiday on this day is called, empty when it is none."""
        return str(_public_holidays(day.year).get(day, ""))

    def next_working_day(self, day: date) -> date:
        """The first working day on or after `day`. Raises NoWorkingTime when there is none within ten years."""
        last = day + _FARTHEST
        while not self.is_working_day(day):
            day += ONE_DAY
            if day > last:
                raise NoWorkingTime(day)
        return day

    def closing(self, day: date) -> datetime:
        """When the office closes on this working day."""
        return self._at(day, self.shifts(day)[-1].end)

    def counting_day(self, moment: datetime) -> date:
        """The working day a receipt at `moment` counts for: the next one when it came late or on a day off."""
        local = self._local(moment)
        day = local.date()
        if self.is_working_day(day) and local.time() <= self.late_hour(day):
            return day
        return self.next_working_day(day + ONE_DAY)

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Working minutes from `start` to `end`; 0 when `end` isn't after `start`."""
        start, end = self._local(start), self._local(end)
        first, last = start.date(), end.date()
        if first >= last:
            return self._minutes_on(first, start, end)
        # Work years overdue must not cost its page years of days.
        between = self._minutes_of_days(first + ONE_DAY, last)
        return self._minutes_on(first, start, end) + between + self._minutes_on(last, start, end)

    def _minutes_on(self, day: date, start: datetime, end: datetime) -> int:
        """Working minutes of this day that lie between the two."""
        total = 0
        for shift in self.shifts(day):
            opened = max(start, self._at(day, shift.start))
            closed = min(end, self._at(day, shift.end))
            total += max(0, _minutes(closed - opened))
        return total

    def _minutes_of_days(self, day: date, until: date) -> int:
        """Working minutes of the whole days from `day` to before `until`, by whole months where there are any."""
        total = 0
        while day < until:
            following = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
            if day.day > 1 or following > until:
                following = min(following, until)
                total += self._sum(day, following)
            else:
                if day not in self._months:
                    self._months[day] = self._sum(day, following)
                total += self._months[day]
            day = following
        return total

    def _sum(self, day: date, until: date) -> int:
        days = (day + timedelta(days=number) for number in range((until - day).days))
        return sum(shift.minutes for day in days for shift in self.shifts(day))

    def add(self, start: datetime, minutes: int) -> datetime:
        """The first moment by which `minutes` working minutes have passed since `start`.

        A stretch that ends with the day's work ends at closing time, not at the next opening.
        """
        moment, left = self._local(start), minutes
        day, last = (
            moment.date(),
            moment.date() + _FARTHEST + timedelta(days=2 * minutes // max(self.day_minutes, 1)),
        )
        while left > 0:
            for shift in self.shifts(day):
                opened = max(moment, self._at(day, shift.start))
                here = max(0, _minutes(self._at(day, shift.end) - opened))
                if here >= left:
                    return opened + timedelta(minutes=left)
                left -= here
            day += ONE_DAY
            if day > last:
                raise NoWorkingTime(start)
        return moment

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(second=0, microsecond=0)

    def with_days(self, days: Mapping[date, Shifts]) -> Self:
        """This calendar with some days changed, to preview an edit."""
        return self._changed(days={**self.days, **days})

    def without_day(self, day: date) -> Self:
        """This calendar with that day as weekends and public holidays have it."""
        return self._changed(days={one: shifts for one, shifts in self.days.items() if one != day})

    def with_hours(self, hours: OfficeHours) -> Self:
        """This calendar with other office hours from a day on."""
        later = [*(one for one in self.later if one.since != hours.since), hours]
        return self._changed(later=tuple(sorted(later, key=lambda one: one.since)))

    def _changed(self, **changes: object) -> Self:
        # What was worked out of the old days must not be believed of the new ones.
        return replace(self, **changes, _known={}, _months={})  # type: ignore[arg-type]


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60


_HOLIDAYS: dict[int, holidays.HolidayBase] = {}


def _public_holidays(year: int) -> holidays.HolidayBase:
    if year not in _HOLIDAYS:
        # Years before and after: a swap may name a Saturday of the neighbouring year.
        _HOLIDAYS[year] = holidays.country_holidays("VN", language="vi", years=[year - 1, year, year + 1])
    return _HOLIDAYS[year]
