"""The index follows the database: whoever changes a thing asks here, in the same transaction."""

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from jobs.outbox import enqueue
from search.engine import Writer, engine
from search.kinds import KINDS
from search.models import Narrowed
from search.records import key_of, record_of
from search.state import next_version

TOPIC = "index"
_MARKS_AT_ONCE = 500


class UnknownKind(Exception):
    """No package registered this kind of thing."""


def index_later(kind: str, object_id: str) -> None:
    """Has the thing indexed again once the caller's transaction is through; also when it was deleted."""
    enqueue(TOPIC, key_of(kind, object_id))


def narrow(kind: str, object_id: str) -> None:
    """Hides the thing from every search from the caller's commit on, until it is indexed with its new tokens.

    To be called in the transaction that takes tokens away.
    """
    Narrowed.objects.bulk_create(
        [Narrowed(kind=kind, object_id=object_id, mark=uuid4())],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["mark"],
    )
    index_later(kind, object_id)


def index_now(keys: Sequence[str]) -> None:
    """Brings the index up to date for these keys (`kind:id`) and shows again what had been narrowed before.

    Raises Busy and Unavailable when the index can't be written now, Unacceptable or whatever `load` raises when an
    entry is at fault. Running it again does no harm.
    """
    ids: dict[str, list[str]] = {}
    for key in keys:
        kind, _, object_id = key.partition(":")
        ids.setdefault(kind, []).append(object_id)
    hidden = Narrowed.objects.filter(kind__in=ids, object_id__in=[one for some in ids.values() for one in some])
    marks = [each.mark for each in hidden if each.object_id in ids[each.kind]]
    # Read after the engine is in hand: who waits for it must not write what has changed meanwhile.
    with engine().writing(version=next_version()) as writer:
        for kind, wanted in ids.items():
            _write(writer, kind, wanted)
    show_again(marks)


def show_again(marks: Sequence[UUID]) -> None:
    """Ends these narrowings; one that came later has another mark and stays."""
    for start in range(0, len(marks), _MARKS_AT_ONCE):
        Narrowed.objects.filter(mark__in=marks[start : start + _MARKS_AT_ONCE]).delete()


def _write(writer: Writer, kind: str, ids: Iterable[str]) -> None:
    if kind not in KINDS:
        raise UnknownKind(kind)
    entries = list(KINDS[kind].load(list(ids)))
    writer.replace(record_of(entry) for entry in entries)
    writer.remove({key_of(kind, object_id) for object_id in ids} - {key_of(kind, entry.id) for entry in entries})
