"""Handing committed work over to Celery, which only carries the rows' ids; the promise stays with the outbox.

A message that is lost, late or delivered twice does no harm: the worker takes a row in hand by its lease or finds
nothing to do, and a row nobody has taken within the patience is handed over again.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import close_old_connections, connections, transaction
from django.db.models import Q, QuerySet

from jobs import moments
from jobs.models import OutboxRow
from jobs.outbox import free_rows, take, unlocked, work_through
from jobs.registry import TOPICS, Topic
from jobs.worker import tick

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=1)
# Messages of a topic under way at most: a queue that is lost or stands still holds little.
WINDOW = 40

# Sends one message: the topic, its rows' ids, and how long the message is worth anything.
Deliver = Callable[[Topic, list[int], timedelta], None]


class NotDelivered(Exception):
    """The broker can't be reached."""


class Relay:
    """Hands over what is due and ticks the schedule, until told to stop. Several may run."""

    def __init__(
        self, deliver: Deliver, *, patience: timedelta = PATIENCE, idle: timedelta = timedelta(milliseconds=300)
    ) -> None:
        self._deliver, self._patience = deliver, patience
        self._idle = idle.total_seconds()
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        while not self._stop.is_set():
            close_old_connections()
            try:
                tick()
                handed = self.hand_over()
            except NotDelivered as reason:
                logger.warning("the broker can't be reached, the work waits: %s", reason)
                handed = 0
                self._stop.wait(self._idle * 5)
            except Exception:
                logger.exception("the relay stumbled; it goes on")
                handed = 0
            if not handed:
                self._stop.wait(self._idle)
        connections.close_all()

    def hand_over(self) -> int:
        """Sends a message for what is due of every topic; how many rows went. Raises NotDelivered."""
        return sum(self._hand_over(topic) for topic in list(TOPICS.values()))

    def _hand_over(self, topic: Topic) -> int:
        parcels = _parcels(topic, self._patience)
        for number, ids in enumerate(parcels):
            try:
                self._deliver(topic, ids, self._patience)
            except NotDelivered:
                _take_back([one for parcel in parcels[number:] for one in parcel])
                raise
        return sum(map(len, parcels))


@transaction.atomic
def _parcels(topic: Topic, patience: timedelta) -> list[list[int]]:
    """Due rows in messages of at most `topic.batch`, marked as under way; a row tried before goes alone."""
    now = moments.now()
    living = OutboxRow.objects.filter(topic=topic.name, died_at__isnull=True)
    room = _room(topic, living, now)
    if not room:
        return []
    not_under_way = Q(handed_until__isnull=True) | Q(handed_until__lte=now)
    due = free_rows(living, now).filter(not_under_way).order_by("available_at", "id")
    rows = list(unlocked(due)[:room])
    if topic.alone and any(row.attempts for row in rows):
        rows = rows[:1]
    OutboxRow.objects.filter(id__in=[row.id for row in rows]).update(handed_until=now + patience)
    parcels: list[list[int]] = []
    for is_fresh, some in groupby(rows, key=lambda row: row.attempts == 0):
        size, ids = topic.batch if is_fresh else 1, [row.id for row in some]
        parcels += [ids[start : start + size] for start in range(0, len(ids), size)]
    return parcels


def _room(topic: Topic, living: QuerySet[OutboxRow], now: datetime) -> int:
    """How many rows may go now."""
    under_way = living.filter(lease__isnull=True, handed_until__gt=now)
    if not topic.alone:
        return max(WINDOW * topic.batch - under_way.count(), 0)
    is_busy = living.filter(leased_until__gt=now).exists() or under_way.exists()
    return 0 if is_busy else topic.batch


def _take_back(ids: Iterable[int]) -> None:
    OutboxRow.objects.filter(id__in=ids, lease__isnull=True).update(handed_until=None)


def work_on(topic_name: str, ids: Sequence[int]) -> int:
    """What a message asks for: takes those of the rows that are free in hand and works through them."""
    topic = TOPICS.get(topic_name)
    if topic is None:
        logger.error("a message for %s came to a worker that doesn't know it", topic_name)
        return 0
    rows = take(topic, ids)
    left = set(ids) - {row.id for row in rows}
    if left:
        # Locked by somebody just now, or meant for later: no need to wait until patience is at an end.
        _take_back(left)
    if rows:
        work_through(topic, rows)
    return len(rows)
