"""The calendar in force."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from worktime.calendar import Calendar, NearRule, OfficeHours, read_shifts
from worktime.models import CalendarChange, CalendarDay, CalendarHours, WorkingCalendar

_known: dict[UUID, Calendar] = {}


def calendar_in_force() -> Calendar:
    """The province's calendar, in one query; it is built anew only when its revision has changed.

    Raises WorkingCalendar.DoesNotExist before `load_calendar` has run.
    """
    row = WorkingCalendar.objects.get(code=settings.PROVINCE)
    calendar = _known.get(row.revision)
    if calendar is None:
        calendar = calendar_of(row)
        # Only what is still true may stay: rows and revision are read in several statements.
        if not WorkingCalendar.objects.filter(code=row.code, revision=row.revision).exists():
            return calendar
        _known.clear()
        _known[row.revision] = calendar
    return calendar


def calendar_of(row: WorkingCalendar) -> Calendar:
    """The calendar as its rows have it now."""
    days = CalendarDay.objects.filter(calendar=row).values_list("date", "hours")
    later = CalendarHours.objects.filter(calendar=row).order_by("valid_from")
    return Calendar(
        hours=read_shifts(row.hours),
        late_after=row.late_after,
        days={day: read_shifts(hours) for day, hours in days},
        zone=ZoneInfo(settings.TIME_ZONE),
        later=tuple(OfficeHours(one.valid_from, read_shifts(one.hours), one.late_after) for one in later),
        near=NearRule(row.near_days, row.near_percent, row.apology_days),
    )


def calendar_row() -> WorkingCalendar:
    """The province's calendar as it is stored, with the revision an administrator sees."""
    return WorkingCalendar.objects.get(code=settings.PROVINCE)


def own_days(row: WorkingCalendar, year: int) -> dict[date, CalendarDay]:
    """The days of the year for which neither weekend nor public holiday decides."""
    return {day.date: day for day in CalendarDay.objects.filter(calendar=row, date__year=year)}


def latest_changes(row: WorkingCalendar, count: int) -> list[CalendarChange]:
    """Who changed what, newest first."""
    return list(CalendarChange.objects.filter(calendar=row).order_by("-pk")[:count])
