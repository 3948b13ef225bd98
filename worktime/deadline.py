"""A deadline as pages show it: one tone, one wording, one bar, everywhere the same."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from worktime.calendar import Calendar


def near_minutes(limit_minutes: int, calendar: Calendar) -> int:
    """From how many minutes left on a deadline is near (amber) by the calendar's rule; never more than the limit."""
    rule = calendar.near
    return min(limit_minutes, max(rule.days * calendar.day_minutes, limit_minutes * rule.percent // 100))


@dataclass(frozen=True, slots=True)
class Deadline:
    """tone: ok, near, late, pause or done; share: how much of the limit is used, 0–100; words as the reader says it."""

    tone: str
    words: str
    share: int
    due_at: datetime | None = None


def deadline_of(
    due_at: datetime | None, *, now: datetime, calendar: Calendar, limit_minutes: int, is_paused: bool = False
) -> Deadline:
    """How a running or paused deadline stands at `now`. Without a due date there is nothing to hurry for."""
    if due_at is None:
        return Deadline("pause", _("Outside the limit") if is_paused else _("No time limit"), 0)
    # On its first day, which doesn't count, no more is left than the limit itself.
    left = calendar.minutes_between(now, due_at)
    left = min(left, limit_minutes or left)
    used = 100 if not limit_minutes else max(0, min(100, 100 * (limit_minutes - left) // limit_minutes))
    if is_paused:
        return Deadline("pause", _("Paused"), used, due_at)
    if now > due_at:
        late = calendar.minutes_between(due_at, now)
        # In the evening of its last day it is late, though no working minute has passed.
        words = _("%(days)s late") % {"days": days_in_words(late, calendar)} if late else _("Past due")
        return Deadline("late", words, 100, due_at)
    # Without a limit in minutes the result is due the same day: near from the start.
    is_near = not limit_minutes or left <= near_minutes(limit_minutes, calendar)
    words = _("%(days)s left") % {"days": days_in_words(left, calendar)}
    return Deadline("near" if is_near else "ok", words, used, due_at)


def finished_deadline(words: str | Promise) -> Deadline:
    """For what no longer runs."""
    return Deadline("done", str(words), 100)


def days_in_words(minutes: int, calendar: Calendar) -> str:
    """Working time as people say it: minutes below a twentieth of a day, else days with one decimal (2,7 ngày)."""
    day = calendar.day_minutes
    if minutes * 20 < day:
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}
    days = days_as_number(minutes, calendar)
    return ngettext("%(days)s day", "%(days)s days", 1 if days == "1" else 2) % {"days": days}


def days_as_number(minutes: int, calendar: Calendar) -> str:
    """Working minutes as days with at most one decimal: 0, 0,5, 2,7, 12."""
    tenths = (10 * minutes + calendar.day_minutes // 2) // calendar.day_minutes
    return number_format(tenths / 10 if tenths % 10 else tenths // 10, 1 if tenths % 10 else 0)
