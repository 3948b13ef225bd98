"""When the invented dossiers come in: ten years of working days, busier towards today."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from workflow.models import ProcedureVersion
from worktime.calendar import Calendar

_YEARS = 10
# What came in so many working days ago may still be open.
_RECENT_DAYS = 9
# More of the recent ones than are wanted open: some have gone through already.
_THROUGH_ALREADY = 1.15
_MOST_RECENT = 0.7
_GROWTH = 0.6
# Minutes at either end of a day in which nobody comes.
_QUIET = 5


def usual_open(dossiers: int) -> int:
    """How many are open in an office of this size: a day's receipts times the days each takes, but some always."""
    return max(dossiers // 150, min(600, dossiers * 3 // 5))


class Plan:
    """Which dossier comes in when: the number of a dossier, from 0, gives its moment; later numbers come later."""

    def __init__(
        self,
        *,
        dossiers: int,
        open_cases: int,
        versions: Sequence[ProcedureVersion],
        calendar: Calendar,
        now: datetime,
        seed: int,
    ) -> None:
        self._calendar, self._versions, self._now = calendar, versions, now
        days = self._days()
        recent = min(int(dossiers * _MOST_RECENT), int(open_cases * _THROUGH_ALREADY))
        counts = [
            *_spread(len(days) - _RECENT_DAYS, dossiers - recent, seed, growth=_GROWTH),
            *_spread(_RECENT_DAYS, recent, seed, growth=0),
        ]
        busy = [(day, number) for day, number in zip(days, counts, strict=True) if number]
        self._days_in = [day for day, _ in busy]
        self._counts = [number for _, number in busy]
        self._begins = [sum(self._counts[:place]) for place in range(len(busy))]

    def moment(self, number: int) -> datetime:
        """When the dossier of this number is received: within office hours, one after the other."""
        place = bisect_right(self._begins, number) - 1
        day, within = self._days_in[place], number - self._begins[place]
        opening = datetime.combine(day, time(), self._calendar.zone)
        share = (within + 0.5) / self._counts[place]
        return self._calendar.add(opening, _QUIET + int((self._open_minutes(day) - 2 * _QUIET) * share))

    def in_force(self, day: date) -> list[ProcedureVersion]:
        """The editions dossiers of this day come under."""
        return [
            version
            for version in self._versions
            if version.effective_from <= day and (version.effective_to is None or day <= version.effective_to)
        ]

    def _days(self) -> list[date]:
        """Working days with an edition in force; today as far as it has gone."""
        today = self._now.astimezone(self._calendar.zone).date()
        first = today.replace(year=today.year - _YEARS, day=1)
        days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
        return [day for day in days if self._open_minutes(day) > 4 * _QUIET and self.in_force(day)]

    def _open_minutes(self, day: date) -> int:
        opening = datetime.combine(day, time(), self._calendar.zone)
        return self._calendar.minutes_between(opening, min(opening + timedelta(days=1), self._now))


def _spread(days: int, number: int, seed: int, *, growth: float) -> list[int]:
    """So many over these days: a little more every year, more on some days than on others."""
    chance = Random(f"{seed} days {days}")  # noqa: S311 no secrets
    weights = [(1 + growth * place / days) * chance.uniform(0.6, 1.4) for place in range(days)]
    total, given, seen, counts = sum(weights), 0, 0.0, []
    for weight in weights:
        seen += weight
        upto = round(number * seen / total)
        counts.append(upto - given)
        given = upto
    return counts
