"""When a step ends by itself (niêm yết đủ ngày)."""

from datetime import datetime, time, timedelta

from workflow.procedures.schema import Timer
from worktime.calendar import ONE_DAY, Calendar


def timer_ends(timer: Timer, opened: datetime, calendar: Calendar) -> datetime:
    """The moment from which the step may be ended by its timer.

    The day it opened on doesn't count (Civil Code Art. 147.2). Days of the calendar end at midnight, or, when the last
    one is off, at the close of the next working day (Art. 148.5–6); working days end at closing time.
    """
    day = opened.astimezone(calendar.zone).date()
    if timer.unit == "working_days":
        first = calendar.closing(day) if calendar.is_working_day(day) else opened
        return calendar.add(max(first, opened), int(timer.days * calendar.day_minutes))
    last = day + timedelta(days=int(timer.days))
    if calendar.is_working_day(last):
        return datetime.combine(last + ONE_DAY, time.min, calendar.zone)
    return calendar.closing(calendar.next_working_day(last))
