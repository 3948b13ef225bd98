"""A shelf of invented things that can be found: kinds no package owns, entries without rows behind them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import pytest

from accounts.acting import EVERYONE, Acting, acting_for
from search.indexing import index_now
from search.kinds import KINDS, Badge, Entry, SearchKind, register
from search.records import key_of
from search.selectors import Query, Results, find
from tests.factories.accounts import OfficerFactory

CODES = ("dossier", "document", "decision", "certificate", "project", "parcel", "person")
_numbers = count(1)


def seeing(*tokens: str, is_superuser: bool = False) -> Acting:
    """An officer with exactly these tokens."""
    acting = acting_for(OfficerFactory.create())
    return replace(acting, tokens=frozenset(tokens), is_superuser=is_superuser)


def anybody() -> Acting:
    return seeing(EVERYONE)


def entry(title: str = "", **fields: Any) -> Entry:
    """An entry everybody sees, a decision unless said otherwise."""
    known: dict[str, Any] = {"kind": "decision", "id": str(next(_numbers)), "tokens": frozenset({EVERYONE})}
    return Entry(title=title, **{**known, **fields})


class Shelf:
    """Stands for the database: what lies on it exists, and its kinds load from it."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.loaded: list[list[str]] = []
        for code in CODES:
            register(
                SearchKind(
                    code=code,
                    label=code.capitalize(),
                    icon="dot",
                    load=partial(self._load, code),
                    all_ids=partial(self._all_ids, code),
                    url=lambda object_id, code=code: f"/{code}/{object_id}/",  # type: ignore[misc]
                    statuses={"in_force": Badge("In force", "ok", "check2-circle")},
                )
            )

    def put(self, *entries: Entry) -> None:
        self.entries.update({key_of(entry.kind, entry.id): entry for entry in entries})

    def take_away(self, *entries: Entry) -> None:
        for gone in entries:
            del self.entries[key_of(gone.kind, gone.id)]

    def index(self, *entries: Entry) -> None:
        """Puts them on the shelf and into the index at once."""
        self.put(*entries)
        index_now([key_of(entry.kind, entry.id) for entry in entries])

    def _load(self, code: str, ids: Sequence[str]) -> Iterable[Entry]:
        self.loaded.append(list(ids))
        return [self.entries[key_of(code, one)] for one in ids if key_of(code, one) in self.entries]

    def _all_ids(self, code: str) -> Iterator[str]:
        return iter([entry.id for entry in self.entries.values() if entry.kind == code])


def restored_kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within, no kind is registered; afterwards those of before are."""
    before = dict(KINDS)
    KINDS.clear()
    try:
        yield
    finally:
        # What a test patched among the kinds would else come back after them.
        monkeypatch.undo()
        KINDS.clear()
        KINDS.update(before)


def found(text: str, acting: Acting | None = None, **asked: Any) -> Results:
    return find(Query(text, **asked), acting or anybody())


def ids(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]
