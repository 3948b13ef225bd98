"""Whose time it was: what each step and each unit used of its limit, early, on time or late.

Pure arithmetic, as the ledger's. While the clock of the case stood still (tax, posting, another agency's opinion …) no
unit's time ran: such stretches are taken out of every step they touch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from workflow.clock.ledger import Entry, Pause, pauses_of
from worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage through a step; `ended` is none while it is open, `limit` in working minutes, 0 for outside.

    is_rest  its unit took the step over from the one of the passage before, with what was left of the limit
    """

    number: int
    title: str
    unit: str
    who: str
    began: datetime
    ended: datetime | None
    limit: int
    outcome: str = ""
    note: str = ""
    is_rest: bool = False


class Verdict(StrEnum):
    """How a step ended against its own limit (trước hạn, đúng hạn, quá hạn); RUNNING while it is open and in time."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    RUNNING = "running"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class StepTime:
    """A passage with the working minutes it used, and those taken out because the clock stood still."""

    passage: Passage
    used: int
    stood: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class UnitTime:
    """All passages of a unit together; of its limit only steps that have one count, in both figures."""

    unit: str
    steps: int
    used: int
    limit: int
    outside: int
    late: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Usage:
    steps: Sequence[StepTime]
    units: Sequence[UnitTime]


def time_by_unit(passages: Iterable[Passage], entries: Iterable[Entry], calendar: Calendar, *, now: datetime) -> Usage:
    """The time of every step in order, and of every unit in the order the case came to them."""
    pauses = pauses_of(entries)
    steps: list[StepTime] = []
    for passage in passages:
        taken = replace(passage, limit=_left(steps[-1])) if passage.is_rest else passage
        steps.append(_step_time(taken, pauses, calendar, now))
    names = dict.fromkeys(step.passage.unit for step in steps)
    return Usage(steps, [_unit_time(name, [step for step in steps if step.passage.unit == name]) for name in names])


def _left(before: StepTime) -> int:
    """What who gave the step away left of its limit: a minute at the least, none would mean there was no limit."""
    return max(1, before.passage.limit - before.used) if before.passage.limit else 0


def _step_time(passage: Passage, pauses: Sequence[Pause], calendar: Calendar, now: datetime) -> StepTime:
    end = passage.ended or now
    total = calendar.minutes_between(passage.began, end)
    # What is outside the limit is nobody's delay, but how long it took is still worth knowing.
    stood = stood_between(passage.began, end, pauses, calendar) if passage.limit else 0
    used = total - stood
    return StepTime(passage, used, stood, _verdict(passage, used, stood, calendar))


def stood_between(began: datetime, end: datetime, pauses: Iterable[Pause], calendar: Calendar) -> int:
    """Working minutes of this stretch in which the clock stood still."""
    return sum(calendar.minutes_between(max(began, pause.start), min(end, pause.end or end)) for pause in pauses)


def _verdict(passage: Passage, used: int, stood: int, calendar: Calendar) -> Verdict:
    if not passage.limit:
        return Verdict.OUTSIDE
    if used > passage.limit:
        return Verdict.LATE
    if passage.ended is None:
        return Verdict.RUNNING
    due = calendar.add(passage.began, passage.limit + stood)
    is_due_day = passage.ended.astimezone(calendar.zone).date() >= due.date()
    return Verdict.ON_TIME if is_due_day else Verdict.EARLY


def _unit_time(name: str, steps: Sequence[StepTime]) -> UnitTime:
    limited = [step for step in steps if step.passage.limit]
    used, limit = sum(step.used for step in limited), sum(step.passage.limit for step in limited)
    return UnitTime(
        unit=name,
        steps=len(steps),
        used=used,
        limit=limit,
        outside=sum(step.used for step in steps if not step.passage.limit),
        late=sum(step.verdict == Verdict.LATE for step in steps),
        verdict=_verdict_of_unit(limited, used, limit),
    )


def _verdict_of_unit(limited: Sequence[StepTime], used: int, limit: int) -> Verdict:
    if not limited:
        return Verdict.OUTSIDE
    if used > limit:
        return Verdict.LATE
    if any(step.passage.ended is None for step in limited):
        return Verdict.RUNNING
    return Verdict.EARLY if all(step.verdict == Verdict.EARLY for step in limited) else Verdict.ON_TIME
