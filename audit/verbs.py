"""What may happen, and how a clerk would say it.

Packages declare their verbs in `timeline.py`; an undeclared verb can't be recorded, so every event has words.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format, localize
from django.utils.timezone import localtime

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from audit.models import AuditEvent

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
# Control and direction characters: no value may break its line or turn the rest of the sentence round.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_ABSENT = "…"
_VERBS: dict[str, "Verb"] = {}


@dataclass(frozen=True, slots=True)
class Verb:
    """A kind of action: its code, its sentence (with `%(key)s` from the payload), its icon, its terms.

    terms  the words of values that are codes: {"slot": {"update": "Cập nhật"}}
    """

    code: str
    sentence: "str | Promise"
    icon: str
    terms: "Mapping[str, Mapping[str, str | Promise]]" = field(default_factory=dict)


def declare(
    code: str,
    sentence: "str | Promise",
    *,
    icon: str = "dot",
    terms: "Mapping[str, Mapping[str, str | Promise]] | None" = None,
) -> str:
    """Makes `code` recordable. `icon` is a Bootstrap icon's name, `terms` as in `Verb`. Returns the code."""
    _VERBS[code] = Verb(code, sentence, icon, terms or {})
    return code


def declared(code: str) -> Verb:
    """The verb of this code; KeyError when no package declared it."""
    return _VERBS[code]


def verb_of(event: "AuditEvent") -> Verb:
    """The verb of a recorded event; one that is declared no longer reads as its bare code."""
    return _VERBS.get(event.verb) or Verb(event.verb, event.verb.replace("%", "%%"), "dot")


def all_verbs() -> Iterator[Verb]:
    yield from _VERBS.values()


def words_of(event: "AuditEvent") -> str:
    """The event as a sentence in the reader's language; what the payload lacks reads as an ellipsis."""
    payload, verb = json.loads(event.payload), verb_of(event)
    for key, words in verb.terms.items():
        if key in payload:
            payload[key] = str(words.get(payload[key], payload[key]))
    return str(verb.sentence) % _Shown(payload)


class _Shown(dict[str, object]):
    """A payload's values as people write them: local dates and hours, decimal commas, no braces."""

    def __getitem__(self, key: str) -> object:
        return _shown(super().__getitem__(key))

    def __missing__(self, key: str) -> str:
        return _ABSENT


def _shown(value: object) -> object:
    match value:
        case None:
            return _ABSENT
        case {"$decimal": str(number)}:
            return localize(Decimal(number))
        case str():
            return _written(value)
        case list():
            return ", ".join(str(_shown(item)) for item in value)
    return value


def _written(text: str) -> str:
    try:
        if _MOMENT.fullmatch(text):
            return date_format(localtime(datetime.fromisoformat(text)), "SHORT_DATETIME_FORMAT")
        if _DAY.fullmatch(text):
            return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    except ValueError:
        # What somebody typed only looks like a date: 2026-13-45.
        return text
    return _UNSEEN.sub("�", " ".join(text.splitlines()))
