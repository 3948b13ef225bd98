"""A new index beside the old one, from everything there is, while searching goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from jobs import moments
from jobs.models import OutboxRow
from search.engine import engine
from search.indexing import TOPIC, show_again
from search.kinds import KINDS, SearchKind
from search.models import Narrowed
from search.records import record_of
from search.state import next_version, note_rebuilt

# The outbox row by which a rebuild holds the topic, so that no worker writes meanwhile.
HOLD = "rebuild"
_CHUNK = 200
_LEASE = timedelta(minutes=10)


class AlreadyRebuilding(Exception):
    """Another process rebuilds the index."""


class HoldLost(Exception):
    """The rebuild took too long over one step, and a worker writes again; the old index stays in use."""


def rebuild() -> dict[str, int]:
    """Fills a new index and changes over to it; how many entries of each kind it holds.

    What changes meanwhile waits in the outbox and is written to the new index afterwards: rows that were already in
    a worker's hands speak of changes that the rebuild reads itself. If anything fails, the old index stays in use.
    Raises AlreadyRebuilding, HoldLost, and Unavailable when the engine can't be reached.
    """
    with _held_topic() as hold:
        marks = list(Narrowed.objects.values_list("mark", flat=True))
        counts: dict[str, int] = {}
        with engine().rebuilding(partial(_renew, hold), version=next_version()) as writer:
            for kind in KINDS.values():
                counts[kind.code] = 0
                for ids in _chunks(kind):
                    records = [record_of(entry) for entry in kind.load(ids)]
                    writer.replace(records)
                    counts[kind.code] += len(records)
                    _renew(hold)
        note_rebuilt()
        show_again(marks)
    return counts


def is_held() -> bool:
    """Whether a rebuild goes on."""
    now = moments.now()
    return OutboxRow.objects.filter(topic=TOPIC, key=HOLD, leased_until__gt=now).exists()


def _chunks(kind: SearchKind) -> Iterator[list[str]]:
    ids = kind.all_ids()
    while chunk := list(islice(ids, _CHUNK)):
        yield chunk


@contextmanager
def _held_topic() -> Iterator[UUID]:
    """Holds the topic as a worker would: by a leased row, which a worker takes over if this process dies."""
    hold, now = uuid4(), moments.now()
    try:
        with transaction.atomic():
            OutboxRow.objects.filter(topic=TOPIC, key=HOLD, leased_until__lte=now).delete()
            OutboxRow.objects.create(
                topic=TOPIC,
                key=HOLD,
                created_at=now,
                available_at=now,
                attempts=1,
                lease=hold,
                leased_until=now + _LEASE,
            )
    except IntegrityError as fault:
        raise AlreadyRebuilding from fault
    try:
        yield hold
    finally:
        OutboxRow.objects.filter(topic=TOPIC, key=HOLD, lease=hold).delete()


def _renew(hold: UUID) -> None:
    mine = OutboxRow.objects.filter(topic=TOPIC, key=HOLD, lease=hold)
    if not mine.update(leased_until=moments.now() + _LEASE):
        raise HoldLost
