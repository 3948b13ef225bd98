"""Staying alive in the eyes of the others while a handler works long."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import DatabaseError, connections

from jobs import moments
from jobs.models import OutboxRow
from jobs.registry import Topic

logger = logging.getLogger(__name__)


@contextmanager
def heartbeat(topic: Topic, row_ids: list[int], lease: UUID | None) -> Iterator[None]:
    """Renews the lease on these rows three times a lease, from a thread and a connection of its own.

    It ends with the block, with the process, when the rows are in other hands, or after `topic.longest`: a handler
    that hangs must not keep its rows for ever. Around the handler's transaction, never inside: on SQLite the thread
    waits for that transaction's end.
    """
    stop = threading.Event()
    beating = threading.Thread(target=_beat, args=[topic, row_ids, lease, stop], name=f"beat-{topic.name}", daemon=True)
    beating.start()
    try:
        yield
    finally:
        stop.set()
        # A beat that comes late finds another lease on the rows and changes nothing.
        beating.join(timeout=1)


def _beat(topic: Topic, row_ids: list[int], lease: UUID | None, stop: threading.Event) -> None:
    began = time.monotonic()
    try:
        while not stop.wait(topic.lease.total_seconds() / 3):
            if time.monotonic() - began > topic.longest.total_seconds():
                logger.error("%s: in hand for %s; the next worker may take it over", topic.name, topic.longest)
                return
            if not _renew(topic, row_ids, lease):
                return
    finally:
        connections.close_all()


def _renew(topic: Topic, row_ids: list[int], lease: UUID | None) -> bool:
    """Whether the rows are still in this worker's hands, as far as one can know."""
    mine = OutboxRow.objects.filter(id__in=row_ids, lease=lease)
    try:
        return mine.update(leased_until=moments.now() + topic.lease) > 0
    except DatabaseError:
        logger.warning("%s: the lease could not be renewed just now", topic.name, exc_info=True)
        connections.close_all()
        return True
