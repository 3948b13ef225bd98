"""The appointment a dossier would get if it were received now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dossiers.models import Dossier
from dossiers.receipts import days_in_words
from workflow.clock.ledger import reckon
from workflow.engine.clockwork import more_days, promise_entry
from workflow.procedures.schema import Appointment, MoreDays
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force

# A strip of days is readable up to here; longer limits are told in words alone.
_LONGEST_STRIP = 14
_DAY_WIDTH = 34


@dataclass(frozen=True, slots=True)
class StripDay:
    """A day of the strip: received, counted, off or due; `left` is its place in the drawing."""

    day: date
    state: str
    holiday: str
    left: int


@dataclass(frozen=True, slots=True)
class Promise:
    """When the result would be due, and the days that lead there.

    more           what the form as typed adds to the limit
    limit, second_limit  how long that is, in words
    """

    due_at: datetime
    first: Appointment
    second: Appointment | None
    more: tuple[MoreDays, ...]
    limit: str
    second_limit: str
    days: tuple[StripDay, ...]
    counts_tomorrow: bool

    @property
    def strip_width(self) -> int:
        return len(self.days) * _DAY_WIDTH


def promise_for(dossier: Dossier, now: datetime, values: Mapping[str, Any]) -> Promise:
    """The first appointment of the dossier's edition for a form typed like this, reckoned as its receipt would."""
    calendar, edition = calendar_in_force(), dossier.version.edition
    first = edition.appointment(1)
    second = edition.appointment(2) if len(edition.appointments) > 1 else None
    due_at = reckon([promise_entry(first, values, calendar, at=now)], calendar).due_at or now
    start, due = now.astimezone(calendar.zone).date(), due_at.astimezone(calendar.zone).date()
    return Promise(
        due_at=due_at,
        first=first,
        second=second,
        more=tuple(more_days(first, values)),
        limit=days_in_words(first, values),
        second_limit=days_in_words(second, values) if second else "",
        days=_strip(start, due, calendar.counting_day(now), calendar),
        counts_tomorrow=calendar.counting_day(now) != start,
    )


def _strip(start: date, due: date, counted_from: date, calendar: Calendar) -> tuple[StripDay, ...]:
    length = (due - start).days + 1
    if length > _LONGEST_STRIP:
        return ()
    days = [start + timedelta(days=number) for number in range(length)]
    return tuple(
        StripDay(day, _state(day, due, counted_from, calendar), calendar.holiday_name(day), number * _DAY_WIDTH)
        for number, day in enumerate(days)
    )


def _state(day: date, due: date, counted_from: date, calendar: Calendar) -> str:
    if day == due:
        return "due"
    if day <= counted_from and calendar.is_working_day(day):
        return "received"
    return "counted" if calendar.is_working_day(day) else "off"
