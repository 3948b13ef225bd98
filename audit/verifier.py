"""Reading the whole trail and finding the first event that is not as it was written."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Subquery

from audit.append_only import guards_standing
from audit.chain import FIRST, Link, link_hash
from audit.models import AuditEvent, StreamHead


@dataclass(frozen=True, slots=True)
class FirstBad:
    """The first event that fails, and how: see `verify` for the reasons."""

    stream: str
    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    events: int
    streams: int
    first_bad: FirstBad | None

    @property
    def is_ok(self) -> bool:
        return self.first_bad is None


@dataclass(slots=True)
class _Walk:
    """The stream being read: where it stands, its last hash, and the head's hash if the head points here."""

    stream: str = ""
    sequence: int = 0
    hash: str = FIRST
    head_hash: str | None = None


def verify() -> Verdict:
    """Recomputes every hash in order of stream and sequence, and holds each stream against its head.

    Reasons: `edited` (an event's text doesn't give its hash), `missing` (a place is empty: deleted),
    `unlinked` (it doesn't follow the one before: inserted or reordered), `head` (the stream ends elsewhere than
    its head says: tail cut off or added), `guards` (the append-only triggers are down).
    Memory stays constant; people may go on writing meanwhile.
    """
    walk, events, streams = _Walk(), 0, 0
    with _cursor_without_hold():
        for *fields, own_hash, head_hash in _rows():
            link = Link(*fields)
            bad = None
            if link.stream != walk.stream:
                bad = _ending(walk)
                walk, streams = _Walk(link.stream), streams + 1
            bad = bad or _fault(walk, link, own_hash)
            if bad:
                return Verdict(events, streams, bad)
            walk.sequence, walk.hash, walk.head_hash = link.sequence, own_hash, head_hash
            events += 1
    return Verdict(events, streams, _ending(walk) or _emptied() or _unguarded())


def _cursor_without_hold() -> AbstractContextManager[object]:
    """On PostgreSQL a cursor outside a transaction would first copy the whole trail to disk."""
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


def _rows() -> Iterator[tuple[Any, ...]]:
    # Heads come in the same statement, so both are of one moment while others write.
    head = StreamHead.objects.filter(stream=OuterRef("stream"), sequence=OuterRef("sequence"))
    events = AuditEvent.objects.annotate(head_hash=Subquery(head.values("hash"))).order_by("stream", "sequence")
    return events.values_list(*Link._fields, "hash", "head_hash").iterator(chunk_size=5000)


def _fault(walk: _Walk, link: Link, own_hash: str) -> FirstBad | None:
    if link.sequence != walk.sequence + 1:
        return FirstBad(link.stream, walk.sequence + 1, "missing")
    if link.previous_hash != walk.hash:
        return FirstBad(link.stream, link.sequence, "unlinked")
    if link_hash(link) != own_hash:
        return FirstBad(link.stream, link.sequence, "edited")
    return None


def _ending(walk: _Walk) -> FirstBad | None:
    if not walk.stream or walk.head_hash == walk.hash:
        return None
    return FirstBad(walk.stream, walk.sequence + 1, "head")


def _emptied() -> FirstBad | None:
    """A head whose events are all gone."""
    events = AuditEvent.objects.filter(stream=OuterRef("stream"))
    head = StreamHead.objects.filter(~Exists(events)).order_by("stream").first()
    return FirstBad(head.stream, 1, "head") if head else None


def _unguarded() -> FirstBad | None:
    return None if guards_standing() else FirstBad("", 0, "guards")
