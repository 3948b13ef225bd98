"""The appointment a dossier would get if it were received now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dossiers.models import Dossier
from workflow.clock.ledger import Entry, EntryKind, reckon
from workflow.procedures.schema import Appointment
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
    """When the result would be due, and the days that lead there."""

    due_at: datetime
    first: Appointment
    second: Appointment | None
    days: tuple[StripDay, ...]
    counts_tomorrow: bool

    @property
    def strip_width(self) -> int:
        return len(self.days) * _DAY_WIDTH


def promise_for(dossier: Dossier, now: datetime) -> Promise:
    """The first appointment of the dossier's edition, reckoned as its receipt would."""
    calendar, edition = calendar_in_force(), dossier.version.edition
    first = edition.appointment(1)
    entry = Entry(EntryKind.START, now, limit=int(first.days * calendar.day_minutes))
    due_at = reckon([entry], calendar).due_at or now
    start, due = now.astimezone(calendar.zone).date(), due_at.astimezone(calendar.zone).date()
    return Promise(
        due_at=due_at,
        first=first,
        second=edition.appointment(2) if len(edition.appointments) > 1 else None,
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
