"""Whose time it was, as the page of the time limit tells it."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.clock.usage import StepTime, Usage, Verdict
from worktime.calendar import Calendar
from worktime.deadline import days_as_number


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A passage: used/limit in days, and the days taken out because the clock stood still (empty for none)."""

    title: str
    who: str
    time: str
    stood: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class UnitLines:
    """A unit with its passages in order."""

    unit: str
    time: str
    verdict: Verdict
    lines: Sequence[TimeLine]


def usage_told(usage: Usage, calendar: Calendar) -> list[UnitLines]:
    """The units in the order the case came to them."""
    return [
        UnitLines(
            unit=unit.unit,
            time=_ratio(unit.used, unit.limit, calendar) if unit.limit else "–",
            verdict=unit.verdict,
            lines=[_line(step, calendar) for step in usage.steps if step.passage.unit == unit.unit],
        )
        for unit in usage.units
    ]


def _line(step: StepTime, calendar: Calendar) -> TimeLine:
    passage = step.passage
    time = _ratio(step.used, passage.limit, calendar) if passage.limit else days_as_number(step.used, calendar)
    stood = days_as_number(step.stood, calendar) if step.stood else ""
    return TimeLine(passage.title, passage.who, time, stood, step.verdict)


def _ratio(used: int, limit: int, calendar: Calendar) -> str:
    return f"{days_as_number(used, calendar)}/{days_as_number(limit, calendar)}"
