"""What an edition must hold to for its form to be compared with papers: known meanings that fit, papers there are."""

from collections import Counter
from collections.abc import Iterable, Iterator

from workflow.procedures.meanings import MEANINGS
from workflow.procedures.schema import Column, Edition, FormField


def reads_faults(edition: Edition) -> Iterator[str]:
    """Everything that is wrong with `reads` and `reads_on`, each with its place."""
    papers = {component.code for component in edition.components}
    fields = edition.form.fields
    for field in fields:
        yield from _field_faults(f"form.fields.{field.code}", field, papers)
    # What stands twice could not be told which value on the paper is whose.
    yield from _twice("form.fields", [(field.reads, field.reads_on) for field in fields])
    for step in edition.steps:
        for outcome in step.outcomes:
            yield from _never(f"steps.{step.code}.{outcome.code}", outcome.fields)


def _field_faults(place: str, field: FormField, papers: set[str]) -> Iterator[str]:
    yield from _part_faults(place, field)
    for column in field.columns:
        yield from _part_faults(f"{place}.{column.code}", column)
    yield from _twice(place, [(column.reads, ()) for column in field.columns])
    reads = [one for one in (field.reads, *(column.reads for column in field.columns)) if one]
    if field.reads_on and not reads:
        yield f"{place}: reads_on without reads"
    for code in field.reads_on:
        if code not in papers:
            yield f"{place}: reads_on names the unknown component {code}"
    if not field.reads_on and any(one.startswith("document.") for one in reads):
        yield f"{place}: every paper has a number and a day of its own, so reads_on says which paper is meant"


def _part_faults(place: str, part: FormField | Column) -> Iterator[str]:
    if not part.reads:
        return
    meaning = MEANINGS.get(part.reads)
    if meaning is None:
        yield f"{place}: reads the unknown {part.reads}"
    elif part.type not in meaning.types:
        yield f"{place}: {part.reads} is read into {' or '.join(meaning.types)}, not into {part.type}"


def _twice(place: str, reads: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    for (code, _papers), count in Counter(one for one in reads if one[0]).items():
        if count > 1:
            yield f"{place}: {code} is read twice"


def _never(place: str, fields: Iterable[FormField]) -> Iterator[str]:
    """What is typed at a step is compared with nothing."""
    for field in fields:
        if field.reads or field.reads_on or any(column.reads for column in field.columns):
            yield f"{place}.fields.{field.code}: only the form's own fields are compared with papers"
