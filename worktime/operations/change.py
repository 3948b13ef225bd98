"""Changing a calendar: a day off, a make-up day, a half day, office hours from a day on, the rule of warnings.

A change moves no promise: what was given stands until somebody has it reckoned anew.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from audit.recording import Actor, record
from worktime.calendar import Calendar, NearRule, OfficeHours, Shifts, read_shifts
from worktime.models import CalendarChange, CalendarDay, CalendarHours, ChangeKind, WorkingCalendar
from worktime.selectors import calendar_of

LONGEST_REASON = 250
LONGEST_NOTE = 200
# Half a year of working days is no warning any more.
_MOST_DAYS = 130


class FaultyChange(ValueError):
    """The change can't be made; `field` is what is wrong with it: hours, late_after, reason, note or rule."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NothingChanged(ValueError):
    """The calendar is so already."""


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed the calendar after this page was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be changed.

    kind    one of `ChangeKind`
    day     the day, or the first day of other office hours
    hours   `07:30-11:30, 13:00-17:00`; empty for a day off
    note    what the day is called on pages: "Nghỉ hoán đổi"
    """

    kind: ChangeKind
    day: date | None = None
    hours: str = ""
    late_after: time | None = None
    note: str = ""
    rule: NearRule | None = None


def changed_by(change: Change, calendar: Calendar) -> Calendar:
    """The calendar as it would be. Raises FaultyChange."""
    shifts = _shifts(change, calendar)
    if change.kind == ChangeKind.RULE or change.day is None:
        return calendar
    if change.kind == ChangeKind.DROP:
        return calendar.without_day(change.day)
    if change.kind == ChangeKind.DAY:
        return calendar.with_days({change.day: shifts})
    return calendar.with_hours(OfficeHours(change.day, shifts, change.late_after or calendar.late_after))


def _shifts(change: Change, calendar: Calendar) -> Shifts:
    try:
        shifts = read_shifts(change.hours)
    except ValueError as fault:
        raise FaultyChange("hours", str(fault)) from fault
    if change.kind == ChangeKind.HOURS and sum(shift.minutes for shift in shifts) != calendar.day_minutes:
        # Limits are counted in days of this length: a shorter day would move every due date into the middle of one.
        raise FaultyChange("hours", f"{calendar.day_minutes}")
    if change.kind == ChangeKind.RULE:
        _demand_rule(change.rule)
    return shifts


def _demand_rule(rule: NearRule | None) -> None:
    if rule is None or not (0 <= rule.days <= _MOST_DAYS and 0 <= rule.percent <= 100):
        raise FaultyChange("rule", "near")
    # Sent on the last day an apology comes too late (NĐ 61/2018 Art. 19.9: at least a day before).
    if not 1 <= rule.apology_days <= _MOST_DAYS:
        raise FaultyChange("rule", "apology_days")


@transaction.atomic
def change_calendar(
    *, code: str, change: Change, reason: str, actor: Actor, revision: UUID | None = None, at: datetime | None = None
) -> CalendarChange:
    """Makes the change, writes down who made it and why, and gives the calendar a new revision.

    `revision` is the one the officer saw. Raises ChangedMeanwhile, NothingChanged and FaultyChange.
    """
    row = WorkingCalendar.objects.select_for_update().get(code=code)
    if revision is not None and row.revision != revision:
        raise ChangedMeanwhile
    why, note = " ".join(reason.split()), " ".join(change.note.split())
    if not why or len(why) > LONGEST_REASON:
        raise FaultyChange("reason", f"{LONGEST_REASON}")
    if len(note) > LONGEST_NOTE or (change.kind == ChangeKind.DAY and not note):
        raise FaultyChange("note", f"{LONGEST_NOTE}")
    changed_by(change, calendar_of(row))
    is_renamed = change.kind == ChangeKind.DAY and not _is_called(row, change.day, note)
    before, after = _write(row, change, note, why)
    if before == after and not is_renamed:
        raise NothingChanged
    row.revision = uuid4()
    row.save()
    made = CalendarChange.objects.create(
        calendar=row,
        kind=change.kind,
        date=change.day,
        before=before,
        after=after,
        note=note,
        reason=why,
        made_at=at or timezone.now(),
        officer_id=actor.officer_id,
        officer_name=actor.officer_name,
        revision=row.revision,
    )
    payload = {
        "calendar": code,
        "change": made.pk,
        "kind": change.kind.value,
        "day": change.day,
        "before": before,
        "after": after,
        "note": note,
        "reason": why,
    }
    record(f"calendar:{code}", "calendar.changed", actor=actor, payload=payload)
    return made


def _write(row: WorkingCalendar, change: Change, note: str, reason: str) -> tuple[str, str]:
    """Writes the rows; what was and what is, as `CalendarChange` keeps it."""
    if change.kind == ChangeKind.RULE:
        return _write_rule(row, change.rule or NearRule())
    if change.day is None:
        raise FaultyChange("day", "")
    if change.kind == ChangeKind.HOURS:
        return _write_hours(row, change, change.day)
    found = CalendarDay.objects.filter(calendar=row, date=change.day).first()
    before = _day_in_data(found)
    if change.kind == ChangeKind.DROP:
        if found:
            found.delete()
        return before, ""
    day, _is_new = CalendarDay.objects.update_or_create(
        calendar=row, date=change.day, defaults={"hours": change.hours, "note": note, "source": reason[:200]}
    )
    return before, _day_in_data(day)


def _is_called(row: WorkingCalendar, day: date | None, note: str) -> bool:
    found = CalendarDay.objects.filter(calendar=row, date=day).first() if day else None
    return found is not None and found.note == note


def _day_in_data(day: CalendarDay | None) -> str:
    """Empty where weekends and holidays decide."""
    if day is None:
        return ""
    return day.hours or "off"


def _write_hours(row: WorkingCalendar, change: Change, day: date) -> tuple[str, str]:
    found = CalendarHours.objects.filter(calendar=row, valid_from__lte=day).order_by("-valid_from").first()
    hours, late = (found.hours, found.late_after) if found else (row.hours, row.late_after)
    late_after = change.late_after or late
    CalendarHours.objects.update_or_create(
        calendar=row, valid_from=day, defaults={"hours": change.hours, "late_after": late_after}
    )
    return f"{hours}; {late:%H:%M}", f"{change.hours}; {late_after:%H:%M}"


def _write_rule(row: WorkingCalendar, rule: NearRule) -> tuple[str, str]:
    before = f"{row.near_days}; {row.near_percent}%; {row.apology_days}"
    row.near_days, row.near_percent, row.apology_days = rule.days, rule.percent, rule.apology_days
    return before, f"{row.near_days}; {row.near_percent}%; {row.apology_days}"
