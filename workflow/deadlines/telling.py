"""Telling officers of deadlines: one message each, and a single one where there would be many."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from notices.operations.notify_each import Word, notify_each

# More messages than this at once are a storm: they become one.
_SINGLY = 3
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What an officer is to know of one case."""

    officer_id: int
    code: str
    message: str
    url: str


def tell(told: Iterable[Told], *, summary: Callable[[int, str], str], url: str = "") -> None:
    """Leaves the messages in one statement; `summary(count, codes)` is said to who would get too many of them.

    Messages are made in the office's language: call `in_office_words` around whatever makes them.
    """
    by_officer: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        by_officer[one.officer_id].append(one)
    words = []
    for officer_id, many in sorted(by_officer.items()):
        if len(many) <= _SINGLY:
            words += [Word(officer_id, one.message, one.url) for one in many]
            continue
        codes = ", ".join(dict.fromkeys(one.code for one in many[:_NAMED]))
        more = f"{codes} …" if len(many) > _NAMED else codes
        words.append(Word(officer_id, summary(len(many), more), url or reverse("work_unit")))
    notify_each(words)


def in_office_words() -> override:
    """Who reads a message need not have chosen the language of the machine that writes it."""
    return override(settings.LANGUAGE_CODE)


def shown(moment: datetime | None) -> str:
    """17:00 02/12/2026."""
    return date_format(localtime(moment), "H:i d/m/Y") if moment else "–"
