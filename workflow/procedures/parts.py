"""An edition taken apart for pages: each part by its path, changed, added, removed and moved without touching others.

A path goes from the edition down: `steps.2.outcomes.0`, `form.fields.4.required_if`; the edition itself is empty.
Pure: every change gives a new edition.
"""

import types
import typing
from collections.abc import Hashable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast

from workflow.procedures.schema import Edition

Shape = Literal["value", "part", "parts"]


class NoPart(LookupError):
    """Nothing stands at this path, or nothing of this kind may stand there."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of a part: its name, the type of what it holds, whether it may be empty, and its shape.

    shape  value: typed in one field; part: a table of its own; parts: a list of them
    """

    name: str
    kind: Any
    is_optional: bool
    shape: Shape


@cache
def _slots(kind: Hashable) -> tuple[Slot, ...]:
    part = cast("type", kind)
    hints = typing.get_type_hints(part)
    return tuple(_slot(field.name, hints[field.name]) for field in fields(part))


def slots_of(kind: type) -> tuple[Slot, ...]:
    """The fields of a part of this class, in the order of the schema."""
    return _slots(cast("Hashable", kind))


def _slot(name: str, hint: Any) -> Slot:
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    [kind] = [option for option in options if option is not types.NoneType]
    is_optional = types.NoneType in options
    if typing.get_origin(kind) is tuple and is_dataclass(typing.get_args(kind)[0]):
        return Slot(name, typing.get_args(kind)[0], is_optional, "parts")
    return Slot(name, kind, is_optional, "part" if is_dataclass(kind) else "value")


def part_at(edition: Edition, path: str) -> Any:
    """What stands there. Raises NoPart."""
    part: Any = edition
    for name in _names(path):
        part = _below(part, name)
    if not is_dataclass(part):
        raise NoPart(path)
    return part


def with_part(edition: Edition, path: str, part: Any) -> Edition:
    """The edition with this part in the place of what stood there."""
    changed: Edition = _with(edition, _names(path), lambda _old: part)
    return changed


def added(edition: Edition, path: str) -> tuple[Edition, str]:
    """A blank part more: at the end of a list, or where a part may stand and none does. Returns its path too."""
    *above, last = _names(path) or [""]
    holder = part_at(edition, ".".join(above))
    slot = _slot_called(holder, last)
    if slot.shape == "parts":
        there = getattr(holder, slot.name)
        holder = replace(holder, **{slot.name: (*there, blank(slot.kind))})
        return with_part(edition, ".".join(above), holder), f"{path}.{len(there)}"
    if slot.shape == "value" or getattr(holder, slot.name) is not None:
        raise NoPart(path)
    return with_part(edition, ".".join(above), replace(holder, **{slot.name: blank(slot.kind)})), path


def removed(edition: Edition, path: str) -> Edition:
    """The edition without this part; one that must stand can't be removed."""
    part_at(edition, path)
    *above, last = _names(path) or [""]
    if last.isdecimal():
        rows = list(_rows_at(edition, above))
        del rows[int(last)]
        return _with_rows(edition, above, rows)
    holder = part_at(edition, ".".join(above))
    if not _slot_called(holder, last).is_optional:
        raise NoPart(path)
    return with_part(edition, ".".join(above), replace(holder, **{last: None}))


def moved(edition: Edition, path: str, by: int) -> Edition:
    """The edition with this part of a list so many places further down, as far as the list goes."""
    part_at(edition, path)
    *above, last = _names(path) or [""]
    if not last.isdecimal():
        raise NoPart(path)
    rows = list(_rows_at(edition, above))
    row = rows.pop(int(last))
    rows.insert(max(0, min(len(rows), int(last) + by)), row)
    return _with_rows(edition, above, rows)


def paths_of(edition: Edition) -> Iterator[str]:
    """The path of every part there is, the edition itself first."""
    left = [("", edition)]
    while left:
        path, part = left.pop()
        yield path
        for slot in slots_of(type(part)):
            here, content = (f"{path}.{slot.name}" if path else slot.name), getattr(part, slot.name)
            if slot.shape == "parts":
                left += [(f"{here}.{number}", row) for number, row in enumerate(content)]
            elif slot.shape == "part" and content is not None:
                left.append((here, content))


def blank(kind: type) -> Any:
    """A part that says as little as it can."""
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    return kind(**{slot.name: _nothing(slot) for slot in slots_of(kind) if slot.name in needed})


def _nothing(slot: Slot) -> Any:
    if slot.shape == "parts" or typing.get_origin(slot.kind) is tuple:
        return ()
    if slot.shape == "part":
        return blank(slot.kind)
    if typing.get_origin(slot.kind) is Literal:
        return typing.get_args(slot.kind)[0]
    return {int: 1, Decimal: Decimal(1), date: date(1970, 1, 1), bool: False}.get(slot.kind, "")


def _names(path: str) -> list[str]:
    return path.split(".") if path else []


def _slot_called(part: Any, name: str) -> Slot:
    if is_dataclass(part) and not isinstance(part, type):
        for slot in slots_of(type(part)):
            if slot.name == name:
                return slot
    raise NoPart(name)


def _below(part: Any, name: str) -> Any:
    """The field of a part, or the row of a list."""
    if isinstance(part, tuple):
        # Fewer digits than any list is long: no number that takes long to read.
        if not name.isdecimal() or len(name) > 6 or int(name) >= len(part):
            raise NoPart(name)
        return part[int(name)]
    slot = _slot_called(part, name)
    if slot.shape == "value":
        raise NoPart(name)
    return getattr(part, slot.name)


def _with(part: Any, names: list[str], change: Any) -> Any:
    if not names:
        return change(part)
    name, *further = names
    below = _with(_below(part, name), further, change)
    if isinstance(part, tuple):
        return (*part[: int(name)], below, *part[int(name) + 1 :])
    return replace(part, **{name: below})


def _rows_at(edition: Edition, names: list[str]) -> tuple[Any, ...]:
    rows: Any = edition
    for name in names:
        rows = _below(rows, name)
    if not isinstance(rows, tuple):
        raise NoPart(".".join(names))
    return rows


def _with_rows(edition: Edition, names: list[str], rows: list[Any]) -> Edition:
    changed: Edition = _with(edition, names, lambda _old: tuple(rows))
    return changed
