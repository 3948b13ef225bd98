"""Where one stands in an edition while writing it: the parts above, and the lists and parts below."""

from dataclasses import dataclass
from typing import Any

from workflow.procedures.changes import shown
from workflow.procedures.naming import FIELD_WORDS, name_of
from workflow.procedures.parts import Slot, part_at, slots_of
from workflow.procedures.schema import (
    Choice,
    Column,
    Component,
    Condition,
    Edition,
    FormField,
    MoreDays,
    Outcome,
    ResultKind,
    Source,
    Step,
    StepFile,
    Timer,
)

_TOLD = (Choice, Condition, MoreDays, Source, Timer)
_NAMED = (Column, Component, FormField, Outcome, ResultKind, Step, StepFile)


@dataclass(frozen=True, slots=True)
class Twig:
    """A part by its path, and how it is called."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Bough:
    """A list of parts below, or a part that may stand there: `may_add` whether one more may be put there."""

    path: str
    name: str
    twigs: tuple[Twig, ...]
    is_list: bool
    may_add: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """The parts above the one at `path`, the edition first; what it is itself; and what is below it."""

    above: tuple[Twig, ...]
    here: str
    below: tuple[Bough, ...]
    may_remove: bool


def tree_of(edition: Edition, path: str) -> Tree:
    """Raises NoPart."""
    names = path.split(".") if path else []
    paths = [".".join(names[:count]) for count in range(len(names))]
    # Between a part and its rows stands the list, which has no page of its own.
    parts = [one for one in paths if not _is_list(edition, one)]
    part = part_at(edition, path)
    return Tree(
        above=tuple(Twig(one, _called(part_at(edition, one), one)) for one in parts),
        here=_called(part, path),
        below=tuple(_bough(part, slot, path) for slot in slots_of(type(part)) if slot.shape != "value"),
        may_remove=bool(names) and (names[-1].isdecimal() or _is_optional(edition, path)),
    )


def _is_list(edition: Edition, path: str) -> bool:
    above, _dot, last = path.rpartition(".")
    if not path or last.isdecimal():
        return False
    return any(slot.name == last and slot.shape == "parts" for slot in slots_of(type(part_at(edition, above))))


def _is_optional(edition: Edition, path: str) -> bool:
    above, _dot, last = path.rpartition(".")
    return any(slot.name == last and slot.is_optional for slot in slots_of(type(part_at(edition, above))))


def _bough(part: Any, slot: Slot, path: str) -> Bough:
    here, content = (f"{path}.{slot.name}" if path else slot.name), getattr(part, slot.name)
    if slot.shape == "parts":
        twigs = tuple(Twig(f"{here}.{number}", _called(row, here)) for number, row in enumerate(content))
        return Bough(here, str(FIELD_WORDS[slot.name]), twigs, is_list=True, may_add=True)
    twigs = (Twig(here, _called(content, here)),) if content is not None else ()
    return Bough(here, str(FIELD_WORDS[slot.name]), twigs, is_list=False, may_add=content is None)


def _called(part: Any, path: str) -> str:
    """By its own name; what has none, as it is read."""
    if isinstance(part, Edition):
        return part.short_name or part.procedure
    if isinstance(part, _TOLD):
        # What says nothing yet is called by its list: the last name that is no number.
        return shown(part) or str(FIELD_WORDS[[name for name in path.split(".") if not name.isdecimal()][-1]])
    if isinstance(part, _NAMED):
        return name_of(part)
    last = path.rpartition(".")[2]
    return name_of(part) if last.isdecimal() or last not in FIELD_WORDS else _of_form(part, last)


def _of_form(part: Any, last: str) -> str:
    return getattr(part, "title", "") or str(FIELD_WORDS[last])
