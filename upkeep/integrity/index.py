"""Database and search index: every thing that can be found lies in the index once, as the database has it."""

from collections.abc import Iterator, Mapping, Set

from jobs.models import OutboxRow
from search.engine import Request, Row, Sight, Unavailable, engine
from search.indexing import TOPIC
from search.kinds import KINDS, Entry, SearchKind
from search.nodes import In
from search.records import LONGEST_TEXT, key_of
from upkeep.integrity.findings import Finding, in_chunks

# A hit brings its whole text along.
_AT_ONCE = 50
# No engine pages deeper; what is surplus beyond is counted.
_DEEPEST = 10_000
_COMPARED = ("number", "title", "status", "dated")


def index_findings(*, is_deep: bool) -> Iterator[Finding]:
    """Entries missing, stale or surplus; `is_deep` compares whole texts. What waits to be indexed is excused."""
    try:
        for kind in KINDS.values():
            yield from _kind_findings(kind, is_deep=is_deep)
    except Unavailable:
        yield Finding("index.unavailable", "index", "the search engine does not answer")


def _kind_findings(kind: SearchKind, *, is_deep: bool) -> Iterator[Finding]:
    wanted = 0
    for ids in in_chunks(kind.all_ids(), _AT_ONCE):
        entries = {key_of(kind.code, entry.id): entry for entry in kind.load(ids)}
        held = _held([key_of(kind.code, one) for one in ids])
        waiting = _waiting(entries.keys() | held.keys())
        wanted += len(entries)
        for key, entry in entries.items():
            if key not in waiting:
                yield from _faults(key, entry, held.get(key), is_deep=is_deep)
    held_count = engine().counts({"held": In("kind", (kind.code,))}, Sight())["held"]
    yield from _surplus(kind, wanted, held_count)


def _faults(key: str, entry: Entry, held: Mapping[str, str] | None, *, is_deep: bool) -> Iterator[Finding]:
    if held is None:
        yield Finding("index.missing", key, "not in the index")
        return
    shown = {
        **{name: getattr(entry, name) for name in _COMPARED},
        "dated": entry.dated.isoformat() if entry.dated else "",
    }
    if is_deep:
        shown["text"] = entry.text[:LONGEST_TEXT]
    stale = [name for name, value in shown.items() if held.get(name, "") != value]
    if stale:
        yield Finding("index.stale", key, f"the index has another {', '.join(stale)} than the database")


def _held(keys: list[str]) -> dict[str, Mapping[str, str]]:
    """What the index holds under these keys."""
    return {row.fields["key"]: row.fields for row in _asked(In("key", tuple(keys)), 0, len(keys))}


def _asked(node: In, offset: int, limit: int) -> Iterator[Row]:
    request = Request(node, Sight(), {}, "newest", offset, limit)
    yield from engine().answer(request).rows


def _surplus(kind: SearchKind, wanted: int, held: int) -> Iterator[Finding]:
    """Entries of things that are gone: named by paging through the index, which costs only when counts differ."""
    if held == wanted:
        return
    named = 0
    for offset in range(0, min(held, _DEEPEST), _AT_ONCE):
        rows = {row.fields["id"]: row.fields["key"] for row in _asked(In("kind", (kind.code,)), offset, _AT_ONCE)}
        alive = {entry.id for entry in kind.load(list(rows))}
        gone = {key for object_id, key in rows.items() if object_id not in alive}
        for key in sorted(gone - _waiting(gone)):
            named += 1
            yield Finding("index.surplus", key, "in the index, but not to be found in the database")
    if held > wanted + named and held > _DEEPEST:
        yield Finding("index.count", kind.code, f"the index holds {held} entries, the database {wanted}")


def _waiting(keys: Set[str]) -> set[str]:
    rows = OutboxRow.objects.filter(topic=TOPIC, key__in=keys, died_at__isnull=True)
    return set(rows.values_list("key", flat=True))
