"""Asking for work, taking it in hand, ending it."""

import logging
import time
import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from structlog.contextvars import bound_contextvars

from jobs import moments
from jobs.heartbeat import heartbeat
from jobs.models import OutboxRow
from jobs.registry import Job, NotNow, Topic

logger = logging.getLogger(__name__)

_ENQUEUE = """
INSERT INTO jobs_outboxrow (topic, key, payload, created_at, available_at, attempts, generation, last_error)
VALUES (%s, %s, %s, %s, %s, 0, 1, '')
ON CONFLICT (topic, key) WHERE died_at IS NULL AND lease IS NULL
DO UPDATE SET payload = excluded.payload, generation = jobs_outboxrow.generation + 1,
    available_at = CASE WHEN jobs_outboxrow.attempts = 0 AND excluded.available_at < jobs_outboxrow.available_at
        THEN excluded.available_at ELSE jobs_outboxrow.available_at END
"""


class OutsideTransaction(RuntimeError):
    """Work was asked for outside the transaction of the action that asks."""


def enqueue(topic: str, key: str, payload: Mapping[str, Any] | None = None, *, at: datetime | None = None) -> None:
    """Asks for work on `key`, in the caller's transaction and in one statement.

    Asked again before it begins, it is done once, with the newest payload and at the earlier moment, unless it
    failed already and sits out its pause. Work that mustn't be merged takes a key of its own.
    `at` is the earliest moment, now by default.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(topic)
    text = DjangoJSONEncoder(ensure_ascii=False).encode(dict(payload or {}))
    now = moments.now()
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, [topic, key, text, adapt(now), adapt(at or now)])


def take(topic: Topic, ids: Sequence[int] | None = None) -> list[OutboxRow]:
    """Takes up to `topic.batch` rows in hand, oldest first; each row is in one worker's hands at most.

    With `ids`, of these rows alone; which of them are done, in hand or not due is passed over.

    A key whose other row is still in hand is passed over, even when that lease has run out: two rows of a key
    must never be worked on together. A lease that ran out is taken over by taking that very row.
    A row tried before comes alone: what failed, or killed its worker, takes no others with it.
    While work is due that this topic gives way to, none is taken.
    """
    now = moments.now()
    rows = OutboxRow.objects.filter(topic=topic.name, died_at__isnull=True)
    free = free_rows(rows, now) if ids is None else free_rows(rows, now).filter(id__in=ids)
    # Workers ask all the time: only where there is work may asking cost SQLite's one writer.
    if not free.exists() or _gives_way(topic, now):
        return []
    with transaction.atomic():
        # Two workers may both pass here; what truly can't be shared guards itself and answers NotNow.
        if topic.alone and rows.filter(leased_until__gt=now).exists():
            return []
        taken = _together(list(unlocked(free.order_by("available_at", "id"))[: topic.batch]))
        lease, until = uuid4(), now + topic.lease
        for row in taken:
            row.lease, row.leased_until, row.handed_until, row.attempts = lease, until, None, row.attempts + 1
        OutboxRow.objects.bulk_update(taken, ["lease", "leased_until", "handed_until", "attempts"])
    return taken


def _gives_way(topic: Topic, now: datetime) -> bool:
    """Whether work that goes first waits for a pair of hands."""
    if not topic.gives_way_to:
        return False
    first = OutboxRow.objects.filter(topic__in=topic.gives_way_to, died_at__isnull=True)
    return free_rows(first, now).exists()


def free_rows(rows: QuerySet[OutboxRow], now: datetime) -> QuerySet[OutboxRow]:
    """Those of the living rows somebody may take in hand."""
    in_hand = OutboxRow.objects.filter(topic=OuterRef("topic"), key=OuterRef("key"), lease__isnull=False)
    waiting = Q(lease__isnull=True, available_at__lte=now) & ~Exists(in_hand.exclude(id=OuterRef("id")))
    return rows.filter(waiting | Q(leased_until__lte=now))


def _together(rows: list[OutboxRow]) -> list[OutboxRow]:
    if rows and rows[0].attempts:
        return rows[:1]
    return [row for row in rows if not row.attempts]


def unlocked(rows: QuerySet[OutboxRow]) -> QuerySet[OutboxRow]:
    """Locks these rows and passes over those another transaction has locked."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows


def work_through(topic: Topic, rows: Sequence[OutboxRow]) -> bool:
    """Works through rows in hand, and says so: every line written meanwhile carries the topic and the first key."""
    with bound_contextvars(topic=topic.name, key=rows[0].key, rows=len(rows)):
        began = time.perf_counter()
        is_done = _worked_through(topic, rows)
        if is_done:
            logger.info("done", extra={"ms": round((time.perf_counter() - began) * 1000, 1)})
        return is_done


def _worked_through(topic: Topic, rows: Sequence[OutboxRow]) -> bool:
    """Runs the topic's handler over rows in hand and ends them; True if the effect stands.

    The rows end in the handler's transaction, so an effect happens exactly once unless the handler commits by
    itself (`in_atomic=False`). The lease is renewed while it works; a worker that lost it all the same leaves no
    effect behind.
    """
    if rows[0].attempts > topic.attempts:
        _bury(topic, rows[0], "Every worker that had this in hand ended without a word.")
        return False
    try:
        with heartbeat(topic, [row.id for row in rows], rows[0].lease):
            _handle(topic, rows)
    except LeaseLost:
        logger.warning("%s: the lease on %d rows ran out; another worker has them", topic.name, len(rows))
        return False
    except NotNow:
        _put_back(rows)
        return False
    except Exception:  # noqa: BLE001 whatever a handler raises must not stop the queue
        _give_up_or_retry(topic, rows, traceback.format_exc())
        return False
    return True


def _handle(topic: Topic, rows: Sequence[OutboxRow]) -> None:
    jobs = [Job(row.key, row.payload, row.attempts) for row in rows]
    if topic.in_atomic:
        with transaction.atomic():
            topic.handler(jobs)
            _finish(rows)
        return
    topic.handler(jobs)
    with transaction.atomic():
        _finish(rows)


class LeaseLost(RuntimeError):
    """The rows were no longer in this worker's hands when it came to end them."""


def _finish(rows: Sequence[OutboxRow]) -> None:
    ended, _ = _in_hand(rows).delete()
    if ended != len(rows):
        raise LeaseLost


def _put_back(rows: Sequence[OutboxRow]) -> None:
    """Hands rows back untouched."""
    later = moments.now() + timedelta(seconds=2)
    _let_wait(_in_hand(rows), attempts=F("attempts") - 1, available_at=later)


def _in_hand(rows: Sequence[OutboxRow]) -> QuerySet[OutboxRow]:
    """These rows, as long as they are in this worker's hands."""
    return OutboxRow.objects.filter(id__in=[row.id for row in rows], lease=rows[0].lease)


def _let_wait(rows: QuerySet[OutboxRow], **changes: Any) -> None:
    """Lets rows wait; where a successor waits already, it takes their place."""
    while True:
        try:
            with transaction.atomic():
                _drop_superseded(rows)
                rows.update(lease=None, leased_until=None, **changes)
        except IntegrityError:
            # Somebody asked for the same work between the two statements: now that one is the successor.
            continue
        return


@transaction.atomic
def _bury(topic: Topic, row: OutboxRow, error: str) -> None:
    """Gives a row up and lets the owner of the work say so."""
    logger.error("%s: %s is given up after %d tries", topic.name, row.key, topic.attempts)
    dead = _in_hand([row]).update(lease=None, leased_until=None, died_at=moments.now(), last_error=error)
    if dead and topic.on_dead is not None:
        try:
            with transaction.atomic():
                topic.on_dead(Job(row.key, row.payload, row.attempts))
        except Exception:
            # What killed every worker may choke this too; the row must be set aside whatever happens.
            logger.exception("%s: nobody could be told that %s was given up", topic.name, row.key)


def _drop_superseded(rows: QuerySet[OutboxRow]) -> None:
    waiting = OutboxRow.objects.filter(
        topic=OuterRef("topic"), key=OuterRef("key"), lease__isnull=True, died_at__isnull=True
    )
    rows.filter(Exists(waiting)).delete()


def _give_up_or_retry(topic: Topic, rows: Sequence[OutboxRow], error: str) -> None:
    """Waits twice as long after each failure, from 5 s up to an hour; after the last attempt the row is dead.

    A batch that fails is tried again row by row, so one poisonous row doesn't take the others with it.
    """
    logger.exception("%s failed on %s", topic.name, [row.key for row in rows])
    if len(rows) > 1:
        for row in rows:
            work_through(topic, [row])
        return
    row = rows[0]
    if row.attempts >= topic.attempts:
        _bury(topic, row, error)
        return
    pause = timedelta(seconds=min(5 * 2 ** (row.attempts - 1), 3600))
    _let_wait(_in_hand(rows), available_at=moments.now() + pause, last_error=error)


def send_again(row: OutboxRow) -> None:
    """Brings a dead row back to life, unless the same work waits anyway."""
    dead = OutboxRow.objects.filter(id=row.id, died_at__isnull=False)
    _let_wait(dead, died_at=None, attempts=0, available_at=moments.now())


def dead_keys(topic: str) -> set[str]:
    """Whose work of this topic was given up: who finds work by looking for it doesn't ask for that again."""
    return set(OutboxRow.objects.filter(topic=topic, died_at__isnull=False).values_list("key", flat=True))


def waiting_count(topics: Sequence[str] | None = None) -> int:
    """How many rows wait or are in hand, dead ones aside."""
    rows = OutboxRow.objects.filter(died_at__isnull=True)
    return (rows.filter(topic__in=topics) if topics is not None else rows).count()
