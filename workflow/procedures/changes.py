"""What differs between two editions, in a clerk's words: pure, for the page and for a case moved to another edition."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from workflow.procedures.naming import FIELD_WORDS, VALUE_WORDS, name_of
from workflow.procedures.schema import (
    Appointment,
    Choice,
    Column,
    Component,
    Condition,
    Edition,
    ElectronicForm,
    FormField,
    MoreDays,
    Outcome,
    ResultKind,
    Source,
    Step,
    StepFile,
    Timer,
)

Kind = Literal["added", "removed", "changed", "moved"]
# Fields with words for what a file writes in them.
_CHOSEN = {"unit", "place", "manner", "form_of_paper"}
# What is compared part by part; anything else is one value.
_PARTS = (Appointment, Column, Component, ElectronicForm, FormField, Outcome, ResultKind, Step, StepFile)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    path   where, as faults name places: `steps.verify.days`
    place  the same in words; `before` and `after` the values as people read them, empty where there is none
    """

    kind: Kind
    path: str
    place: str
    before: str = ""
    after: str = ""


def changes_between(old: Edition, new: Edition) -> list[Change]:
    """Every difference, in the order of an edition's file; empty when they say the same."""
    return list(_of_parts(old, new, "", ""))


def _of_parts(old: Any, new: Any, path: str, place: str) -> Iterator[Change]:
    for field in fields(old):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        here, words = _join(path, field.name), _said(place, field.name)
        if _are_parts(before, after):
            yield from _of_lists(before, after, here, place, words)
        elif isinstance(before, _PARTS) and isinstance(after, _PARTS):
            yield from _of_parts(before, after, here, str(FIELD_WORDS[field.name]))
        else:
            yield _of_values(before, after, here, words, _in_words if field.name in _CHOSEN else shown)


def _are_parts(before: Any, after: Any) -> bool:
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return False
    return all(isinstance(each, _PARTS) for each in (*before, *after))


def _of_values(before: Any, after: Any, path: str, place: str, tell: Callable[[Any], str]) -> Change:
    """An empty value that is filled in was added, one that is emptied was removed."""
    kind: Kind = "changed"
    if before in (None, "", ()):
        kind = "added"
    elif after in (None, "", ()):
        kind = "removed"
    return Change(kind, path, place, tell(before), tell(after))


def _of_lists(before: Sequence[Any], after: Sequence[Any], path: str, place: str, words: str) -> Iterator[Change]:
    """Steps, papers, fields …: told apart by their codes, so that one more moves no other."""
    old, new = _by_key(before), _by_key(after)
    for key, part in old.items():
        if key not in new:
            yield Change("removed", _join(path, key), _join_words(place, name_of(part)), before=name_of(part))
    for key, part in new.items():
        here, named = _join(path, key), _join_words(place, name_of(part))
        if key not in old:
            yield Change("added", here, named, after=name_of(part))
        elif old[key] != part:
            yield from _of_parts(old[key], part, here, named)
    kept, now = [key for key in old if key in new], [key for key in new if key in old]
    if kept != now:
        yield Change("moved", path, words, ", ".join(kept), ", ".join(now))


def _by_key(parts: Sequence[Any]) -> dict[str, Any]:
    """By code or number; what stands twice, in a draft that isn't right yet, is counted."""
    found: dict[str, Any] = {}
    for part in parts:
        key = str(part.number if isinstance(part, Appointment) else part.code)
        times = sum(known.rpartition("#")[0] == key or known == key for known in found)
        found[f"{key}#{times + 1}" if times else key] = part
    return found


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _join_words(place: str, words: str) -> str:
    return f"{place} · {words}" if place else words


def _said(place: str, name: str) -> str:
    return _join_words(place, str(FIELD_WORDS[name]))


# Values ----------------------------------------------------------------------------------------------


def shown(value: Any) -> str:
    """A value as a clerk reads it; empty for none."""
    match value:
        case None | "" | ():
            return ""
        case bool():
            return _("yes") if value else _("no")
        case Decimal():
            return number_format(value.normalize(), use_l10n=True)
        case date():
            return date_format(value, "d/m/Y")
        case str():
            return value
        case tuple():
            return "; ".join(shown(each) for each in value)
    return _TOLD[type(value)](value) if is_dataclass(value) else str(value)


def _in_words(value: str) -> str:
    """A choice of the schema."""
    return str(VALUE_WORDS.get(value, value))


def _choice(choice: Choice) -> str:
    return f"{choice.label} ({choice.code})"


def _source(source: Source) -> str:
    return str(source) if source.is_confirmed else f"{source} ({_('to be confirmed')})"


def _condition(condition: Condition) -> str:
    return _("when %(field)s is %(values)s") % {"field": condition.field, "values": ", ".join(condition.is_one_of)}


def _timer(timer: Timer) -> str:
    words = _("after %(days)s %(unit)s: %(outcome)s") % {
        "days": shown(timer.days),
        "unit": _in_words(timer.unit),
        "outcome": timer.outcome,
    }
    return f"{words}, {_source(timer.source)}" if timer.source else words


def _more(more: MoreDays) -> str:
    words = f"+{shown(more.days)}: {more.label}, {_condition(more.only_if)}"
    return f"{words}, {_source(more.source)}"


_TOLD: dict[type, Callable[[Any], str]] = {
    Choice: _choice,
    Source: _source,
    Condition: _condition,
    Timer: _timer,
    MoreDays: _more,
}
