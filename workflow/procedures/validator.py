"""What an edition must be beside well-formed: steps reachable, ways that end, names known, limits that add up."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflow.kinds import Effect
from workflow.procedures.schema import Column, Component, Edition, FormField, Outcome, Step

_QUARTER = Decimal("0.25")
_CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Known:
    """The names an edition may use: step roles, document types, effects with their needs, requirements."""

    roles: Collection[str]
    document_types: Collection[str]
    effects: Mapping[str, Effect]
    requirements: Collection[str]


def faults_of(edition: Edition, known: Known) -> list[str]:
    """Everything that is wrong with the edition, each with its place; empty when it may be published."""
    return [
        *_twice("steps", [step.code for step in edition.steps]),
        *_twice("components", [component.code for component in edition.components]),
        *_twice("results", [result.code for result in edition.results]),
        *_odd_codes(edition),
        *_unknown_names(edition, known),
        *_form_faults("form", edition.form.fields),
        *_summary_faults(edition),
        *_condition_faults(edition),
        *_way_faults(edition),
        *_limit_faults(edition, known.effects),
    ]


def _twice(place: str, codes: list[str]) -> Iterator[str]:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"{place}.{code}: stands twice"


def _odd_codes(edition: Edition) -> Iterator[str]:
    """Codes go into addresses and field names."""
    codes = {
        "steps": [step.code for step in edition.steps],
        "steps.outcomes": [outcome.code for step in edition.steps for outcome in step.outcomes],
        "components": [component.code for component in edition.components],
        "results": [result.code for result in edition.results],
    }
    for place, found in codes.items():
        for code in found:
            if not _CODE.fullmatch(code):
                yield f"{place}.{code}: a code is small letters, digits and _"


def _unknown_names(edition: Edition, known: Known) -> Iterator[str]:
    for step in edition.steps:
        yield from _unknown_in_step(edition, step, known)
    papers: Iterable[Component] = edition.components
    for component in papers:
        if component.document_type not in known.document_types:
            yield f"components.{component.code}: unknown document type {component.document_type}"
    for result in edition.results:
        if result.document_type not in known.document_types:
            yield f"results.{result.code}: unknown document type {result.document_type}"


def _unknown_in_step(edition: Edition, step: Step, known: Known) -> Iterator[str]:
    place = f"steps.{step.code}"
    if step.role not in known.roles:
        yield f"{place}: unknown role {step.role}"
    for name in step.needs:
        if name not in known.requirements:
            yield f"{place}: unknown requirement {name}"
    for code in step.drafts:
        if code not in {result.code for result in edition.results}:
            yield f"{place}: drafts unknown result {code}"
    yield from _twice(f"{place}.outcomes", [outcome.code for outcome in step.outcomes])
    codes = {other.code for other in edition.steps}
    for outcome in step.outcomes:
        if outcome.to and outcome.to not in codes:
            yield f"{place}.{outcome.code}: leads to unknown step {outcome.to}"
        yield from _effect_faults(f"{place}.{outcome.code}", outcome, known.effects)
        yield from _form_faults(f"{place}.{outcome.code}", outcome.fields)


def _effect_faults(place: str, outcome: Outcome, effects: Mapping[str, Effect]) -> Iterator[str]:
    if not outcome.effect:
        return
    if outcome.effect not in effects:
        yield f"{place}: unknown effect {outcome.effect}"
        return
    asked = {field.code for field in outcome.fields}
    for need in effects[outcome.effect].needs:
        if need not in asked:
            yield f"{place}: the effect {outcome.effect} needs a field {need}"


def _form_faults(place: str, fields: tuple[FormField, ...]) -> Iterator[str]:
    yield from _twice(f"{place}.fields", [field.code for field in fields])
    codes = {field.code for field in fields}
    for field in fields:
        here = f"{place}.fields.{field.code}"
        if not _CODE.fullmatch(field.code):
            yield f"{here}: a code is small letters, digits and _"
        if not 1 <= field.width <= 12:
            yield f"{here}: width is 1 to 12"
        if field.required_if and field.required_if.field not in codes:
            yield f"{here}: required_if names the unknown field {field.required_if.field}"
        if (field.type == "table") != bool(field.columns):
            yield f"{here}: a table has columns, and nothing else has"
        parts: tuple[FormField | Column, ...] = (field, *field.columns)
        for part in parts:
            yield from _part_faults(here, part.type, part.pattern, has_choices=bool(part.choices))


def _part_faults(place: str, type_: str, pattern: str, *, has_choices: bool) -> Iterator[str]:
    if (type_ == "choice") != has_choices:
        yield f"{place}: a choice has choices, and nothing else has"
    try:
        re.compile(pattern)
    except re.error as fault:
        yield f"{place}: the pattern is none: {fault}"


def _summary_faults(edition: Edition) -> Iterator[str]:
    codes = {field.code for field in edition.form.fields if field.type != "table"}
    for name in re.findall(r"\{(\w*)\}", edition.form.summary):
        if name not in codes:
            yield f"form.summary: unknown field {name}"


def _condition_faults(edition: Edition) -> Iterator[str]:
    # `is_represented` is no field of the form: it is whether somebody else stands at the counter.
    codes = {field.code for field in edition.form.fields} | {"is_represented"}
    for component in edition.components:
        if component.required_if and component.required_if.field not in codes:
            yield f"components.{component.code}: required_if names the unknown field {component.required_if.field}"


def _way_faults(edition: Edition) -> Iterator[str]:
    """Unreachable steps, and steps from which no way leads to the end."""
    if not edition.steps:
        yield "steps: there is none"
        return
    leads_to = {step.code: {outcome.to for outcome in step.outcomes} for step in edition.steps}
    reached = _reached(edition.steps[0].code, leads_to)
    comes_from: dict[str, set[str]] = {}
    for code, targets in leads_to.items():
        for target in targets:
            comes_from.setdefault(target, set()).add(code)
    ends = _reached("", comes_from)
    for step in edition.steps:
        if step.code not in reached:
            yield f"steps.{step.code}: no way leads here"
        if step.code not in ends:
            yield f"steps.{step.code}: no way leads from here to the end"
        if not any(outcome.manner == "forward" for outcome in step.outcomes):
            yield f"steps.{step.code}: has no forward outcome"


def _reached(start: str, leads_to: Mapping[str, set[str]]) -> set[str]:
    found, left = {start}, [start]
    while left:
        fresh = leads_to.get(left.pop(), set()) - found
        found |= fresh
        left += fresh
    return found


def _limit_faults(edition: Edition, effects: Mapping[str, Effect]) -> Iterator[str]:
    """Quarters only, and the steps of each appointment within its limit."""
    for step in edition.steps:
        if step.days is not None and (step.days <= 0 or step.days % _QUARTER):
            yield f"steps.{step.code}: {step.days} is no number of quarter days"
    numbers = [appointment.number for appointment in edition.appointments]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "appointments: numbered 1, 2 … in order"
        return
    spans = _spans(edition, effects)
    if len(spans) != len(numbers):
        yield f"appointments: {len(numbers)} are promised, but the steps open {len(spans)}"
        return
    for appointment, days in zip(edition.appointments, spans, strict=True):
        if days > appointment.days:
            yield f"appointments.{appointment.number}: its steps take {days} of {appointment.days} days"


def _spans(edition: Edition, effects: Mapping[str, Effect]) -> list[Decimal]:
    """Days of the steps along the straight way, cut where an effect opens the next appointment."""
    spans, code, seen = [Decimal(0)], edition.steps[0].code, set[str]()
    steps = {step.code: step for step in edition.steps}
    while code in steps and code not in seen:
        seen.add(code)
        step = steps[code]
        forward = next((outcome for outcome in step.outcomes if outcome.manner == "forward"), None)
        spans[-1] += step.days or 0
        if forward and forward.effect in effects and effects[forward.effect].opens_appointment:
            spans.append(Decimal(0))
        code = forward.to if forward else ""
    return spans
