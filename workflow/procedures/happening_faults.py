"""Faults in what happens at a step beside its outcomes: whose it is, pauses, timers, dossiers of its own."""

from collections.abc import Iterator
from decimal import Decimal

from workflow.procedures.known import Known
from workflow.procedures.naming import UNIT_KIND_WORDS
from workflow.procedures.promises import MOST_DAYS
from workflow.procedures.schema import Edition, Outcome, Step, Timer

_QUARTER = Decimal("0.25")


def happening_faults(edition: Edition, known: Known) -> Iterator[str]:
    """Names nobody knows, and timers that couldn't end their step by themselves."""
    # Of units that are still to come the kind has words already; of any other no dossier could choose one.
    if known.unit_kinds is not None and edition.competent_kind not in {*known.unit_kinds, *UNIT_KIND_WORDS}:
        yield f"competent_kind: unknown kind of unit {edition.competent_kind}"
    for step in edition.steps:
        place = f"steps.{step.code}"
        yield from _place_faults(place, step, known)
        if step.pauses and known.causes is not None and step.pauses not in known.causes:
            yield f"{place}: pauses for the unknown cause {step.pauses}"
        if len(step.pauses) > 40:
            yield f"{place}.pauses: {len(step.pauses)} characters, of 40 at most"
        if step.timer is not None:
            yield from _timer_faults(place, step, step.timer, known)
        for outcome in step.outcomes:
            if outcome.opens and known.procedures is not None and outcome.opens not in known.procedures:
                yield f"{place}.{outcome.code}: opens the unknown procedure {outcome.opens}"


def _place_faults(place: str, step: Step, known: Known) -> Iterator[str]:
    if (step.place == "kind") != bool(step.unit_kind):
        yield f"{place}: a unit_kind goes with the place kind, and with nothing else"
    elif step.unit_kind and known.unit_kinds is not None and step.unit_kind not in known.unit_kinds:
        yield f"{place}: unknown kind of unit {step.unit_kind}"


def _timer_faults(place: str, step: Step, timer: Timer, known: Known) -> Iterator[str]:
    part = Decimal(1) if timer.unit == "days" else _QUARTER
    if not 0 < timer.days <= MOST_DAYS or timer.days % part:
        what = "whole days" if timer.unit == "days" else "quarter days"
        yield f"{place}.timer: {timer.days} is no number of {what}"
    outcome = step.outcome(timer.outcome)
    if outcome is None:
        yield f"{place}.timer: ends it by the unknown outcome {timer.outcome}"
        return
    yield from (f"{place}.timer: {why}" for why in _asks_for_somebody(step, outcome, known))


def _asks_for_somebody(step: Step, outcome: Outcome, known: Known) -> Iterator[str]:
    """What the machine can't do by itself."""
    if outcome.is_note_required or any(field.is_required for field in outcome.fields):
        yield f"{outcome.code} asks for something only a person can tell"
    if outcome.opens:
        yield f"{outcome.code} opens a dossier, which a person does"
    if outcome.effect in known.effects and known.effects[outcome.effect].by_officer:
        yield f"the effect {outcome.effect} is a person's to do"
    if outcome.manner == "forward" and (step.needs or step.checklist):
        yield f"{outcome.code} asks for what a person has to see to first"
