"""The steps of an edition as people read them: who, how long, what else, and where each outcome leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.procedures.naming import unit_kind_words
from workflow.procedures.schema import Appointment, DayUnit, Edition, Outcome, Step


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """A way out: its name, and in words where it leads."""

    outcome: Outcome
    leads_to: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step: its number, who does it, its limit, what is special about it, and its ways out."""

    number: int
    step: Step
    who: str
    limit: str
    marks: tuple[str, ...]
    outcomes: tuple[OutcomeLine, ...]


def outline_of(edition: Edition, roles: Mapping[str, str]) -> list[StepLine]:
    """The steps in the order of the edition; `roles` are the names of the step roles by code."""
    numbers = {step.code: number for number, step in enumerate(edition.steps, start=1)}
    return [
        StepLine(
            number=number,
            step=step,
            who=f"{place_words(step, edition)}: {roles.get(step.role, step.role)}",
            limit=step_limit(step),
            marks=tuple(marks_of(step)),
            outcomes=tuple(OutcomeLine(outcome, _leads_to(outcome, numbers)) for outcome in step.outcomes),
        )
        for number, step in enumerate(edition.steps, start=1)
    ]


def place_words(step: Step, edition: Edition) -> str:
    """Where a step is done."""
    if step.place == "received":
        return _("One-stop shop")
    return unit_kind_words(step.unit_kind if step.place == "kind" else edition.competent_kind)


def step_limit(step: Step) -> str:
    return days_words(step) if step.days is not None else _("outside the limit")


def days_words(of: Step | Appointment) -> str:
    """2,5 ngày làm việc; of no days is the same working day."""
    unit: DayUnit = of.unit if isinstance(of, Appointment) else "working_days"
    days = of.days
    if not days:
        return _("the same working day")
    number = number_format(days.normalize(), use_l10n=True)
    if unit == "days":
        return ngettext("%(days)s calendar day", "%(days)s calendar days", int(days)) % {"days": number}
    return ngettext("%(days)s working day", "%(days)s working days", int(days)) % {"days": number}


def marks_of(step: Step) -> list[str]:
    """What is special about a step, each in a few words."""
    said: list[tuple[bool, Callable[[], str]]] = [
        (step.joins, lambda: _("after all branches")),
        (bool(step.pauses), lambda: _("the clock stands still")),
        (bool(step.waits_for), lambda: _("waits for an outside event")),
        (step.timer is not None, lambda: _timer_words(step)),
        (bool(step.drafts), lambda: _("drafts a result")),
    ]
    return [words() for is_so, words in said if is_so]


def _timer_words(step: Step) -> str:
    days = step.timer.days if step.timer else 0
    number = number_format(days, use_l10n=True)
    return ngettext("ends by itself after %(days)s day", "ends by itself after %(days)s days", int(days)) % {
        "days": number
    }


def _leads_to(outcome: Outcome, numbers: Mapping[str, int]) -> str:
    if outcome.splits:
        steps = ", ".join(str(numbers.get(code, code)) for code in outcome.splits)
        return _("side by side to the steps %(steps)s") % {"steps": steps}
    if outcome.manner == "stop":
        return _("stops the dossier")
    if not outcome.to:
        return _("the end")
    words = _("back to step %(number)s") if outcome.manner == "back" else _("to step %(number)s")
    return words % {"number": numbers.get(outcome.to, outcome.to)}
