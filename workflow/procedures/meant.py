"""What the fields of an edition's form mean: what the edition says of it, else what such fields usually mean."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workflow.procedures.meanings import MEANINGS
from workflow.procedures.schema import Column, Edition, FormField

_USUAL = Path(__file__).with_name("usual_meanings.toml")


@dataclass(frozen=True, slots=True)
class Meant:
    """One of `MEANINGS`, and the components it may be read on; on all of them when empty."""

    meaning: str
    papers: tuple[str, ...] = ()


def meant_in(edition: Edition) -> dict[str, Meant]:
    """What each field and column means that means something, by its code: "area", "recipients.name"."""
    said = dict(_said(edition))
    # What a field is said to tell, no other one of the same form or row is assumed to tell too.
    taken = {(_table_of(place), meant.meaning) for place, meant in said.items()}
    usual = {place: meant for place, meant in _usual_in(edition) if (_table_of(place), meant.meaning) not in taken}
    return usual | said


def _table_of(place: str) -> str:
    return place.rpartition(".")[0]


def _parts(edition: Edition) -> Iterator[tuple[str, FormField | Column, FormField]]:
    """Each field and column with its place and the field it is of."""
    for field in edition.form.fields:
        yield field.code, field, field
        for column in field.columns:
            yield f"{field.code}.{column.code}", column, field


def _said(edition: Edition) -> Iterator[tuple[str, Meant]]:
    for place, part, field in _parts(edition):
        if part.reads:
            yield place, Meant(part.reads, field.reads_on)


def _usual_in(edition: Edition) -> Iterator[tuple[str, Meant]]:
    components = {component.code for component in edition.components}
    for place, part, _field in _parts(edition):
        meant = usual_meanings().get(place)
        if meant is None or part.type not in MEANINGS[meant.meaning].types:
            continue
        papers = tuple(code for code in meant.papers if code in components)
        if papers or not meant.papers:
            yield place, Meant(meant.meaning, papers)


@cache
def usual_meanings() -> Mapping[str, Meant]:
    """By the code of a field, or of a table and its column."""
    rows = tomllib.loads(_USUAL.read_text("utf-8"))
    return {place: Meant(row["reads"], tuple(row.get("on", ()))) for place, row in rows.items()}
