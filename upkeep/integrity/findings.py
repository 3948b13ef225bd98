"""What a check reports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that isn't as it must be; a note is worth knowing and wrong of nobody.

    check  which rule: `vault.missing`
    about  the thing: `dossier:17`, `blob:9f86…`
    what   how it is and how it should be; no personal data
    """

    check: str
    about: str
    what: str
    is_note: bool = False


def chunked(rows: QuerySet[Row], size: int = CHUNK) -> Iterator[Sequence[Row]]:
    """All rows in order of their key, a handful at a time; what is added meanwhile comes too.

    By key and not by one long cursor: no transaction stays open while files are read.
    """
    last = None
    while True:
        following = rows.order_by("pk") if last is None else rows.order_by("pk").filter(pk__gt=last)
        found = list(following[:size])
        if not found:
            return
        yield found
        last = found[-1].pk


def in_chunks(items: Iterator[str], size: int = CHUNK) -> Iterator[list[str]]:
    while found := list(islice(items, size)):
        yield found
