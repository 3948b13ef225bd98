"""What an edition must be beside well-formed: steps reachable, ways that end, names known, limits that add up."""

import re
from collections.abc import Iterable, Iterator, Mapping

from workflow.kinds import Effect
from workflow.procedures.comparing import reads_faults
from workflow.procedures.happening_faults import happening_faults
from workflow.procedures.known import Known
from workflow.procedures.promises import promise_faults
from workflow.procedures.schema import Choice, Column, Condition, Edition, FormField, Outcome, Step
from workflow.procedures.way_faults import limit_faults, way_faults
from workflow.procedures.ways import targets

__all__ = ["Known", "faults_of"]

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_PART = re.compile(r"\{(\w*)\}")
# What a result's number may be written with, and the papers a checklist line may ask for.
_RUNNING = {"number", "number4", "number5"}
_NUMBER_PARTS = {*_RUNNING, "year", "symbol"}
_MOST_COPIES = 99
# `is_represented` is no field of the form: it is whether somebody else stands at the counter.
_REPRESENTED = FormField(
    code="is_represented", label="", type="choice", choices=(Choice(code="yes", label=""), Choice(code="no", label=""))
)


def faults_of(edition: Edition, known: Known) -> list[str]:
    """Everything that is wrong with the edition, each with its place; empty when it may be published."""
    return [
        *_twice("steps", [step.code for step in edition.steps]),
        *_twice("components", [component.code for component in edition.components]),
        *_twice("steps.files", [file.code for step in edition.steps for file in step.files]),
        *_twice("results", [result.code for result in edition.results]),
        *_odd_codes(edition),
        *_too_long(edition),
        *_unknown_names(edition, known),
        *_form_faults("form", edition.form.fields),
        *reads_faults(edition),
        *_summary_faults(edition),
        *_component_faults(edition),
        *_result_faults(edition),
        *way_faults(edition),
        *happening_faults(edition, known),
        *limit_faults(edition, known.effects),
        *promise_faults(edition),
    ]


def _twice(place: str, codes: list[str]) -> Iterator[str]:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"{place}.{code}: stands twice"


def _odd_codes(edition: Edition) -> Iterator[str]:
    """Codes go into addresses and field names."""
    codes = {
        "steps": [step.code for step in edition.steps],
        "steps.outcomes": [outcome.code for step in edition.steps for outcome in step.outcomes],
        "steps.files": [file.code for step in edition.steps for file in step.files],
        "components": [component.code for component in edition.components],
        "results": [result.code for result in edition.results],
    }
    for place, found in codes.items():
        for code in found:
            if not _CODE.fullmatch(code):
                yield f"{place}.{code}: a code is small letters, digits and _"


def _too_long(edition: Edition) -> Iterator[str]:
    """What the tables have no room for: found here, or by the first dossier that comes this way."""
    texts = [
        ("procedure", edition.procedure, 20),
        ("code", edition.code, 20),
        ("name", edition.name, 250),
        ("short_name", edition.short_name, 80),
        ("national_code", edition.national_code, 40),
    ]
    for component in edition.components:
        place = f"components.{component.code}"
        texts += [(f"{place}.code", component.code, 40), (f"{place}.name", component.name, 250)]
    for step in edition.steps:
        place = f"steps.{step.code}"
        texts += [(f"{place}.code", step.code, 40), (f"{place}.name", step.name, 160)]
        texts += [(f"{place}.waits_for", step.waits_for, 40)]
        for file in step.files:
            texts += [(f"{place}.{file.code}.code", file.code, 40), (f"{place}.{file.code}.name", file.name, 250)]
        for outcome in step.outcomes:
            texts += [(f"{place}.{outcome.code}.code", outcome.code, 40)]
            texts += [(f"{place}.{outcome.code}.name", outcome.name, 120)]
    for result in edition.results:
        place = f"results.{result.code}"
        texts += [(f"{place}.code", result.code, 40), (f"{place}.series", result.series, 40)]
    for place, text, longest in texts:
        if len(text) > longest:
            yield f"{place}: {len(text)} characters, of {longest} at most"


def _unknown_names(edition: Edition, known: Known) -> Iterator[str]:
    for step in edition.steps:
        yield from _unknown_in_step(edition, step, known)
    papers = [(f"components.{paper.code}", paper.document_type) for paper in edition.components]
    papers += [(f"steps.{step.code}.{file.code}", file.document_type) for step in edition.steps for file in step.files]
    papers += [(f"results.{result.code}", result.document_type) for result in edition.results]
    for place, kind in papers:
        if kind not in known.document_types:
            yield f"{place}: unknown document type {kind}"
    for result in edition.results:
        if known.templates is not None and result.template not in known.templates:
            yield f"results.{result.code}: unknown template {result.template}"


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
        for code in targets(outcome):
            if code not in codes:
                yield f"{place}.{outcome.code}: leads to unknown step {code}"
        if bool(outcome.to) if outcome.manner == "stop" else outcome.manner == "back" and not outcome.to:
            yield f"{place}.{outcome.code}: back leads to a step, stop to the end"
        yield from _effect_faults(f"{place}.{outcome.code}", outcome, known.effects)
        yield from _form_faults(f"{place}.{outcome.code}", outcome.fields)


def _effect_faults(place: str, outcome: Outcome, effects: Mapping[str, Effect]) -> Iterator[str]:
    if not outcome.effect:
        return
    if outcome.effect not in effects:
        yield f"{place}: unknown effect {outcome.effect}"
        return
    asked = {field.code for field in outcome.fields if field.is_required}
    for need in effects[outcome.effect].needs:
        if need not in asked:
            yield f"{place}: the effect {outcome.effect} needs a required field {need}"


def _form_faults(place: str, fields: tuple[FormField, ...]) -> Iterator[str]:
    yield from _twice(f"{place}.fields", [field.code for field in fields])
    for field in fields:
        here = f"{place}.fields.{field.code}"
        if not 1 <= field.width <= 12:
            yield f"{here}: width is 1 to 12"
        yield from _requirement_faults(here, field.required_if, fields)
        if (field.type == "table") != bool(field.columns):
            yield f"{here}: a table has columns, and nothing else has"
        if field.default and field.choices and field.default not in {choice.code for choice in field.choices}:
            yield f"{here}: the default is the unknown choice {field.default}"
        yield from _twice(f"{here}.columns", [column.code for column in field.columns])
        yield from _part_faults(here, field)
        for column in field.columns:
            yield from _part_faults(f"{here}.{column.code}", column)


def _part_faults(place: str, part: FormField | Column) -> Iterator[str]:
    if not _CODE.fullmatch(part.code):
        yield f"{place}: a code is small letters, digits and _"
    if (part.type == "choice") != bool(part.choices):
        yield f"{place}: a choice has choices, and nothing else has"
    yield from _twice(f"{place}.choices", [choice.code for choice in part.choices])
    if part.pattern and part.type != "text":
        yield f"{place}: a text has a pattern, and nothing else has"
    try:
        re.compile(part.pattern)
    except re.error as fault:
        yield f"{place}: the pattern is none: {fault}"


def _requirement_faults(place: str, condition: Condition | None, fields: Iterable[FormField]) -> Iterator[str]:
    """A condition compares texts, so it asks about a text or a choice, and about choices there are."""
    if condition is None:
        return
    asked = {field.code: field for field in fields}.get(condition.field)
    if asked is None:
        yield f"{place}: required_if names the unknown field {condition.field}"
        return
    if asked.type not in ("text", "choice"):
        yield f"{place}: required_if asks about {asked.code}, which is no text and no choice"
    known = {choice.code for choice in asked.choices}
    for value in condition.is_one_of:
        if known and value not in known:
            yield f"{place}: required_if names the unknown choice {value}"


def _summary_faults(edition: Edition) -> Iterator[str]:
    codes = {field.code for field in edition.form.fields if field.type != "table"}
    for name in _PART.findall(edition.form.summary):
        if name not in codes:
            yield f"form.summary: unknown field {name}"


def _component_faults(edition: Edition) -> Iterator[str]:
    fields = (*edition.form.fields, _REPRESENTED)
    for component in edition.components:
        place = f"components.{component.code}"
        yield from _requirement_faults(place, component.required_if, fields)
        if not 1 <= component.quantity <= _MOST_COPIES:
            yield f"{place}: quantity is 1 to {_MOST_COPIES}"


def _result_faults(edition: Edition) -> Iterator[str]:
    """A number that can't be written would be found when the result is signed already."""
    for result in edition.results:
        parts = set(_PART.findall(result.number))
        rest = _PART.sub("", result.number)
        if not parts <= _NUMBER_PARTS or not parts & _RUNNING or "{" in rest or "}" in rest:
            yield f"results.{result.code}: a number has {{number}} or {{number5}}, may have {{year}} and {{symbol}}"
