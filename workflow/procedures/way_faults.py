"""Faults in the ways of an edition: steps nobody reaches, ways without an end, branches that don't meet, limits."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations

from workflow.kinds import Effect
from workflow.procedures.promises import MOST_DAYS
from workflow.procedures.schema import Appointment, Edition, Outcome
from workflow.procedures.spans import spans_of
from workflow.procedures.ways import targets, ways_of

_QUARTER = Decimal("0.25")


def way_faults(edition: Edition) -> Iterator[str]:
    """Unreachable steps, steps from which no way leads to the end, branches that can't be told apart or don't meet."""
    if not edition.steps:
        yield "steps: there is none"
        return
    leads_to = {step.code: {code for one in step.outcomes for code in targets(one) or ("",)} for step in edition.steps}
    reached = _reached(edition.steps[0].code, leads_to)
    comes_from: dict[str, set[str]] = {}
    for code, found in leads_to.items():
        for target in found:
            comes_from.setdefault(target, set()).add(code)
    ends = _reached("", comes_from)
    for step in edition.steps:
        if step.code not in reached:
            yield f"steps.{step.code}: no way leads here"
        if step.code not in ends:
            yield f"steps.{step.code}: no way leads from here to the end"
        if not any(outcome.manner == "forward" for outcome in step.outcomes):
            yield f"steps.{step.code}: has no forward outcome"
        for outcome in step.outcomes:
            yield from _outcome_faults(f"steps.{step.code}.{outcome.code}", outcome)
    yield from ways_of(edition).faults


def _outcome_faults(place: str, outcome: Outcome) -> Iterator[str]:
    if outcome.splits and outcome.to:
        yield f"{place}: leads to {outcome.to} and divides: it can only do one of them"
    if outcome.splits and outcome.manner != "forward":
        yield f"{place}: only a way forward divides"
    if len(outcome.splits) == 1 or len(set(outcome.splits)) < len(outcome.splits):
        yield f"{place}: divides into two steps or more, each once"
    if outcome.opens and (not outcome.to or outcome.manner != "forward"):
        yield f"{place}: opens {outcome.opens}, so it leads forward to the step that waits for it"


def _reached(start: str, leads_to: Mapping[str, set[str]]) -> set[str]:
    found, left = {start}, [start]
    while left:
        fresh = leads_to.get(left.pop(), set()) - found
        found |= fresh
        left += fresh
    return found


def limit_faults(edition: Edition, effects: Mapping[str, Effect]) -> Iterator[str]:
    """Quarters only, and the longest way through the steps of each appointment within its limit."""
    limits = [(f"steps.{step.code}", step.days) for step in edition.steps]
    # Of no days is what is due the same working day.
    promised = [appointment for appointment in edition.appointments if appointment.days]
    limits += [(f"appointments.{appointment.number}", appointment.days) for appointment in promised]
    for place, days in limits:
        if days is not None and (not 0 < days <= MOST_DAYS or days % _QUARTER):
            yield f"{place}: {days} is no number of quarter days"
    if edition.effective_to is not None and edition.effective_to < edition.effective_from:
        yield f"effective_to: before {edition.effective_from}, where the edition begins"
    numbers = [appointment.number for appointment in edition.appointments]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "appointments: numbered 1, 2 … in order"
        return
    spans = spans_of(edition, effects)
    if len(spans.longest) != len(numbers):
        yield f"appointments: {len(numbers)} are promised, but the steps open {len(spans.longest)}"
        return
    for appointment in edition.appointments:
        yield from _sum_faults(appointment, spans.longest[appointment.number])
    yield from _begun_beside(edition, effects)
    for step, outcome, number in spans.again:
        yield f"steps.{step}.{outcome}: leads back behind the beginning of appointment {number}"


def _begun_beside(edition: Edition, effects: Mapping[str, Effect]) -> Iterator[str]:
    """An appointment begins once: of branches side by side the second could not be ended, the clock being there."""
    regions = ways_of(edition).regions
    openers = [
        (f"steps.{step.code}.{outcome.code}", regions.get(step.code, ()))
        for step in edition.steps
        for outcome in step.outcomes
        if outcome.effect in effects and effects[outcome.effect].opens_appointment
    ]
    for (one, here), (other, there) in combinations(openers, 2):
        parting = next(((a, b) for a, b in zip(here, there, strict=False) if a != b), None)
        if parting and parting[0].fork == parting[1].fork:
            yield f"{other}: begins an appointment beside {one}: of branches side by side one may"


def _sum_faults(appointment: Appointment, taken: Decimal) -> Iterator[str]:
    """Working days against working days; against days of the calendar only what no calendar could make fit.

    How many days of the calendar are worked depends on the day of receipt and on the province's calendar, which an
    edition doesn't know: within as many working days as there are days it isn't told whether the steps fit.
    """
    place, promised = f"appointments.{appointment.number}", appointment.days
    if taken <= (promised or 1):
        return
    if promised and appointment.unit == "days":
        yield (
            f"{place}: its steps take {taken} working days of {promised} days of the calendar: the two can't be"
            " compared one by one, but so many never fit"
        )
        return
    yield f"{place}: its steps take {taken} of {promised} days"
