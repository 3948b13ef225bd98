"""The calendar in force."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from worktime.calendar import Calendar, read_shifts
from worktime.models import CalendarDay, WorkingCalendar

_known: dict[UUID, Calendar] = {}


def calendar_in_force() -> Calendar:
    """The province's calendar, in one query; it is built anew only when its revision has changed.

    Raises WorkingCalendar.DoesNotExist before `load_calendar` has run.
    """
    row = WorkingCalendar.objects.get(code=settings.PROVINCE)
    calendar = _known.get(row.revision)
    if calendar is None:
        days = CalendarDay.objects.filter(calendar=row).values_list("date", "hours")
        calendar = Calendar(
            hours=read_shifts(row.hours),
            late_after=row.late_after,
            days={day: read_shifts(hours) for day, hours in days},
            zone=ZoneInfo(settings.TIME_ZONE),
        )
        # Only what is still true may stay: rows and revision are read in two statements.
        if not WorkingCalendar.objects.filter(code=row.code, revision=row.revision).exists():
            return calendar
        _known.clear()
        _known[row.revision] = calendar
    return calendar
