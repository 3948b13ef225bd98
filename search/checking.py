"""Whether the index says what the database says, entry by entry (độ lệch chỉ mục)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction

from jobs.models import OutboxRow
from search.engine import engine
from search.indexing import TOPIC, index_later
from search.kinds import KINDS, SearchKind
from search.records import MARK, key_of, record_of

_CHUNK = 200
_SHOWN_AT_MOST = 20


@dataclass(slots=True)
class Drift:
    """How a kind stands: entries the database has, and keys of those the index lacks, has otherwise, or has too many.

    What waits to be indexed anyway is not drift: it is counted in `waiting`.
    """

    kind: str
    entries: int = 0
    waiting: int = 0
    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [*self.missing, *self.stale, *self.surplus]

    def as_json(self) -> dict[str, object]:
        counts: dict[str, object] = {"kind": self.kind, "entries": self.entries, "waiting": self.waiting}
        counts |= {name: len(getattr(self, name)) for name in ("missing", "stale", "surplus")}
        return {**counts, "ok": not self.keys, "first": self.keys[:_SHOWN_AT_MOST]}


def drifts() -> Iterator[Drift]:
    """Each kind as it stands. Reads every entry there is; nothing is changed. Raises Unavailable."""
    has_index = bool(engine().identity())
    for kind in KINDS.values():
        yield _drift_of(kind, has_index=has_index)


@transaction.atomic
def mend(drift: Drift) -> int:
    """Has everything indexed again that differs; how many entries that is."""
    for key in drift.keys:
        kind, _, object_id = key.partition(":")
        index_later(kind, object_id)
    return len(drift.keys)


def _drift_of(kind: SearchKind, *, has_index: bool) -> Drift:
    drift, ids, seen = Drift(kind.code), kind.all_ids(), set[str]()
    while chunk := list(islice(ids, _CHUNK)):
        _compare(kind, chunk, drift, seen, has_index=has_index)
    if has_index:
        others = (key for key in engine().keys(kind.code) if key not in seen)
        while some := list(islice(others, _CHUNK)):
            _look_for_surplus(kind, some, drift)
    return drift


def _compare(kind: SearchKind, ids: Sequence[str], drift: Drift, seen: set[str], *, has_index: bool) -> None:
    # The index is read first: what changes in between is on its way there, and waits.
    keys = [key_of(kind.code, one) for one in ids]
    found = engine().marks(keys) if has_index else {}
    wanted = {record.key: str(record.fields[MARK]) for record in map(record_of, kind.load(ids))}
    seen.update(wanted)
    drift.entries += len(wanted)
    differing = [key for key in wanted if found.get(key) != wanted[key]]
    waiting = _waiting(differing)
    drift.waiting += len(waiting)
    for key in differing:
        if key not in waiting:
            (drift.stale if key in found else drift.missing).append(key)


def _look_for_surplus(kind: SearchKind, keys: Sequence[str], drift: Drift) -> None:
    """The engine may name entries it has removed already, and the database may have got some since."""
    still_there: Mapping[str, str] = engine().marks(keys)
    ids = [key.partition(":")[2] for key in still_there]
    existing = {key_of(entry.kind, entry.id) for entry in kind.load(ids)} if ids else set()
    drift.surplus += [key for key in still_there if key not in existing | _waiting(keys)]


def _waiting(keys: Sequence[str]) -> set[str]:
    rows = OutboxRow.objects.filter(topic=TOPIC, key__in=keys, died_at__isnull=True)
    return set(rows.values_list("key", flat=True))
