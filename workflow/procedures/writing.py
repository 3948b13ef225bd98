"""From an `Edition` to its TOML file: the way back of `reading`, without loss.

What has its default is left out. Tables are written as the shipped editions have them: what repeats and is long as
`[[steps]]`, what is short in one line.
"""

import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from workflow.procedures.schema import (
    Appointment,
    Column,
    Component,
    Edition,
    ElectronicForm,
    FormField,
    Outcome,
    ResultKind,
    Step,
)

_TABLES = (Appointment, Column, Component, ElectronicForm, FormField, Outcome, ResultKind, Step)
# What a quoted text can't hold as it stands: TOML v1.0, "String".
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SHORT = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}


def to_toml(edition: Edition, *, remarks: tuple[str, ...] = ()) -> str:
    """The file `read_edition` reads this very edition from; `remarks` stand at its head, one in a line."""
    head = [f"# {remark}" for remark in remarks]
    return "\n".join([*head, *_table(edition, "")]) + "\n"


def _table(value: Any, path: str) -> Iterator[str]:
    """The lines of a table: what is short first, as TOML wants it, then the tables below it."""
    own = [(field, getattr(value, field.name)) for field in _written(value)]
    for field, content in own:
        if not _is_table(content):
            yield f"{field.name} = {_value(content, lines=True)}"
    for field, content in own:
        if _is_table(content):
            here = f"{path}.{field.name}" if path else field.name
            yield from _tables(content, here)


def _tables(content: Any, path: str) -> Iterator[str]:
    if not isinstance(content, tuple):
        yield from ("", f"[{path}]", *_table(content, path))
        return
    for each in content:
        yield from ("", f"[[{path}]]", *_table(each, path))


def _is_table(content: Any) -> bool:
    """An empty list is no table: it is written in its line, where one must be written at all."""
    first = content[0] if isinstance(content, tuple) and content else content
    return isinstance(first, _TABLES)


def _written(value: Any) -> list["Field[Any]"]:
    """The fields that are said: what has its default is not."""
    return [field for field in fields(value) if _is_said(field, getattr(value, field.name))]


def _is_said(field: "Field[Any]", content: Any) -> bool:
    """Whether a figure is confirmed is said in either case."""
    return field.name == "is_confirmed" or field.default is MISSING or content != field.default


def _value(content: Any, *, lines: bool = False) -> str:
    match content:
        case bool():
            return "true" if content else "false"
        case int():
            return str(content)
        case Decimal():
            return _number(content)
        case date():
            return content.isoformat()
        case str():
            return _text(content)
        case tuple():
            return _list(content, lines=lines)
    return _line(content)


def _list(content: tuple[Any, ...], *, lines: bool) -> str:
    if lines and content and is_dataclass(content[0]):
        return "[\n" + "".join(f"  {_value(each)},\n" for each in content) + "]"
    return f"[{', '.join(_value(each) for each in content)}]"


def _line(value: Any) -> str:
    """A table in one line, with everything below it."""
    parts = [f"{field.name} = {_value(getattr(value, field.name))}" for field in _written(value)]
    return f"{{ {', '.join(parts)} }}" if parts else "{}"


def _number(value: Decimal) -> str:
    """As a number where reading gives the very same one, else in quotes."""
    if value == value.to_integral_value() and abs(value) < 10**15:
        return str(int(value))
    written = format(value, "f")
    is_exact = "." in written and Decimal(repr(float(value))) == value
    return repr(float(value)) if is_exact and "e" not in repr(float(value)) else f'"{value}"'


def _text(text: str) -> str:
    """In single quotes where that spares escapes, such as for patterns."""
    has_control = _CONTROL.search(text) is not None
    if not has_control and "'" not in text and ("\\" in text or '"' in text):
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_CONTROL.sub(_escaped, escaped)}"'


def _escaped(match: "re.Match[str]") -> str:
    return _SHORT.get(match[0], f"\\u{ord(match[0]):04X}")
