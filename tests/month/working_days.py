"""The office's time on a finger's line: working minutes in a row, of days that are named one by one."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from tests.factories.moments import ZONE
from tests.month.script import FIRST, MADE_UP, OFF

DAY, MORNING = 480, 240
_OPENS, _OPENS_AGAIN, _LATE = time(7, 30), time(13), time(15)
# Mondays to Fridays, without a public holiday among them, as far as anything of this month is promised.
ORDINARY = [day for number in range(66) if (day := FIRST + timedelta(days=number)).weekday() < 5]
# The same once one of them is swapped for a Saturday.
SWAPPED = sorted({*ORDINARY, MADE_UP} - {OFF})


class WorkingDays:
    """Working days laid end to end, each of 480 minutes: 07:30 to 11:30 and 13:00 to 17:00."""

    def __init__(self, days: Iterable[date]) -> None:
        self.days = list(days)

    def passed(self, at: datetime) -> int:
        """Working minutes from the first morning until this moment."""
        place = bisect_left(self.days, at.date())
        is_worked = place < len(self.days) and self.days[place] == at.date()
        return DAY * place + (_worked_of_day(at.time()) if is_worked else 0)

    def moment(self, minutes: int) -> datetime:
        """When so many have passed; full days have at closing."""
        place, left = divmod(minutes - 1, DAY)
        opens, into = (_OPENS, left + 1) if left < MORNING else (_OPENS_AGAIN, left + 1 - MORNING)
        return datetime.combine(self.days[place], opens, ZONE) + timedelta(minutes=into)

    def between(self, start: datetime, end: datetime) -> int:
        return max(0, self.passed(end) - self.passed(start))

    def end_of(self, day: date) -> int:
        """Minutes passed when the office closes that day, or the next day it is open."""
        return DAY * (bisect_left(self.days, day) + 1)

    def end_of_first_day(self, at: datetime) -> int:
        """From here on the law counts what came in at this moment: late in the day it came the day after."""
        is_late = at.time() > _LATE
        return self.end_of(at.date() + timedelta(days=is_late))


def _worked_of_day(clock: time) -> int:
    minute = 60 * clock.hour + clock.minute
    return min(max(minute - 450, 0), MORNING) + min(max(minute - 780, 0), MORNING)
