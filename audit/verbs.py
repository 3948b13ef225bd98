"""What may happen, and how a clerk would say it.

Packages declare their verbs in `timeline.py`; an undeclared verb can't be recorded, so every event has words.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format, localize
from django.utils.timezone import localtime

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from audit.models import AuditEvent

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_VERBS: dict[str, "Verb"] = {}


@dataclass(frozen=True, slots=True)
class Verb:
    """A kind of action: its code, its sentence (with `%(key)s` from the payload) and its icon."""

    code: str
    sentence: "str | Promise"
    icon: str


def declare(code: str, sentence: "str | Promise", *, icon: str = "dot") -> str:
    """Makes `code` recordable. `icon` is a Bootstrap icon's name. Returns the code."""
    _VERBS[code] = Verb(code, sentence, icon)
    return code


def declared(code: str) -> Verb:
    """The verb of this code; KeyError when no package declared it."""
    return _VERBS[code]


def all_verbs() -> Iterator[Verb]:
    yield from _VERBS.values()


def words_of(event: "AuditEvent") -> str:
    """The event as a sentence in the reader's language; what the payload lacks reads as an ellipsis."""
    payload = json.loads(event.payload)
    return str(_VERBS[event.verb].sentence) % _Shown(payload)


class _Shown(dict[str, object]):
    """A payload's values as people write them: local dates and hours, decimal commas, no braces."""

    def __getitem__(self, key: str) -> object:
        return _shown(super().__getitem__(key))

    def __missing__(self, key: str) -> str:
        return "…"


def _shown(value: object) -> object:
    match value:
        case {"$decimal": str(number)}:
            return localize(Decimal(number))
        case str() if _MOMENT.fullmatch(value):
            return date_format(localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
        case str() if _DAY.fullmatch(value):
            return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
        case list():
            return ", ".join(str(_shown(item)) for item in value)
    return value
