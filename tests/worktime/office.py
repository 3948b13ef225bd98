"""The office hours the tests count with, and moments as a clerk writes them."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from worktime.calendar import Calendar, read_shifts

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = "07:30-11:30, 13:00-17:00"
# The same few texts on thousands of days.
_shifts = cache(read_shifts)


def office(days: Mapping[date, str] | None = None, *, hours: str = HOURS, late_after: time = time(15)) -> Calendar:
    """The calendar of a province, with its own days as texts of hours."""
    own = {day: _shifts(text) for day, text in (days or {}).items()}
    return Calendar(_shifts(hours), late_after, own, ZONE)


def at(text: str) -> datetime:
    """`09/11/2026 08:47`, in the province's time."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=ZONE)


def day(text: str) -> date:
    """`09/11/2026`."""
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=ZONE).date()
