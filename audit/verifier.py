"""Reading the whole trail and finding the first event that is not as it was written."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

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
    """The stream being read: where it stands, its last hash, and up to where the head vouches for it."""

    stream: str | None = None
    sequence: int = 0
    hash: str = FIRST
    vouched: int | None = None

    def follow(self, link: Link, own_hash: str, head_hash: str | None) -> None:
        self.sequence, self.hash = link.sequence, own_hash
        if head_hash is not None:
            self.vouched = link.sequence if head_hash == own_hash else link.sequence - 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """The streams after one name and up to another, in the order the database puts them in; None is no bound."""

    after: str | None = None
    until: str | None = None


EVERYTHING = Stretch()


def verify() -> Verdict:
    """Recomputes every hash in order of stream and sequence, and holds each stream against its head.

    Reasons: `edited` (an event's text doesn't give its hash), `missing` (a place is empty: deleted),
    `unlinked` (it doesn't follow the one before: inserted or reordered), `head` (the stream ends elsewhere than
    its head says: tail cut off, added or written anew), `guards` (the append-only triggers are down).
    Memory stays constant; people may go on writing meanwhile.
    """
    return concluded(verify_stretch(EVERYTHING))


def verify_stretch(stretch: Stretch) -> Verdict:
    """The chains of these streams alone."""
    try:
        return _verdict(stretch, chunk_size=5000)
    except (ValueError, DatabaseError):
        # Somebody forced in what can't be read back (no such day, no text), and it spoils all of its chunk.
        return _verdict(stretch, chunk_size=1)


def concluded(verdict: Verdict) -> Verdict:
    """The verdict on all chains, with what no chain shows: heads without events, and triggers that are down."""
    return replace(verdict, first_bad=verdict.first_bad or _emptied() or _unguarded())


def _verdict(stretch: Stretch, *, chunk_size: int) -> Verdict:
    walk, events, streams = _Walk(), 0, 0
    with _cursor_without_hold():
        try:
            for *fields, own_hash, head_hash in _rows(stretch, chunk_size):
                link = Link(*fields)
                bad = None
                if link.stream != walk.stream:
                    bad = _ending(walk)
                    walk, streams = _Walk(link.stream), streams + 1
                bad = bad or _fault(walk, link, own_hash)
                if bad:
                    return Verdict(events, streams, bad)
                walk.follow(link, own_hash, head_hash)
                events += 1
        except (ValueError, DatabaseError):
            if chunk_size > 1:
                raise
            return Verdict(events, streams, _unreadable(stretch, events))
    return Verdict(events, streams, _ending(walk))


def _cursor_without_hold() -> AbstractContextManager[object]:
    """On PostgreSQL a cursor outside a transaction would first copy the whole trail to disk."""
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


def _places(stretch: Stretch) -> QuerySet[AuditEvent]:
    events = AuditEvent.objects.order_by("stream", "sequence")
    if stretch.after is not None:
        events = events.filter(stream__gt=stretch.after)
    return events if stretch.until is None else events.filter(stream__lte=stretch.until)


def _rows(stretch: Stretch, chunk_size: int) -> Iterator[tuple[Any, ...]]:
    # Heads come in the same statement, so both are of one moment while others write.
    head = StreamHead.objects.filter(stream=OuterRef("stream"), sequence=OuterRef("sequence"))
    events = _places(stretch).annotate(head_hash=Subquery(head.values("hash")))
    return events.values_list(*Link._fields, "hash", "head_hash").iterator(chunk_size=chunk_size)


def _fault(walk: _Walk, link: Link, own_hash: str) -> FirstBad | None:
    try:
        return _compared(walk, link, own_hash)
    except TypeError:
        # SQLite takes a value of any type into any column.
        return FirstBad(link.stream, walk.sequence + 1, "edited")


def _compared(walk: _Walk, link: Link, own_hash: str) -> FirstBad | None:
    if link.sequence > walk.sequence + 1:
        return FirstBad(link.stream, walk.sequence + 1, "missing")
    if link.sequence <= walk.sequence or link.previous_hash != walk.hash:
        return FirstBad(link.stream, link.sequence, "unlinked")
    if link_hash(link) != own_hash:
        return FirstBad(link.stream, link.sequence, "edited")
    return None


def _ending(walk: _Walk) -> FirstBad | None:
    if walk.stream is None or walk.vouched == walk.sequence:
        return None
    held = walk.sequence if walk.vouched is None else walk.vouched
    return FirstBad(walk.stream, held + 1, "head")


def _unreadable(stretch: Stretch, events_before: int) -> FirstBad:
    stream, sequence = _places(stretch).values_list("stream", "sequence")[events_before]
    return FirstBad(stream, sequence, "edited")


def _emptied() -> FirstBad | None:
    """A head whose events are all gone."""
    events = AuditEvent.objects.filter(stream=OuterRef("stream"))
    head = StreamHead.objects.filter(~Exists(events)).order_by("stream").first()
    return FirstBad(head.stream, 1, "head") if head else None


def _unguarded() -> FirstBad | None:
    return None if guards_standing() else FirstBad("", 0, "guards")
