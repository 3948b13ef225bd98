"""Asking for work on the topic `stamp`, doing it or failing with it, and counting what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from jobs.models import OutboxRow
from jobs.outbox import enqueue, take, work_through
from jobs.registry import Handler, Job, NotNow, Topic

EFFECTS = "effect"


def ask(
    key: str = "a", payload: dict[str, Any] | None = None, *, topic: str = "stamp", at: datetime | None = None
) -> None:
    with transaction.atomic():
        enqueue(topic, key, payload, at=at)


def ask_for(count: int, *, topic: str = "stamp") -> None:
    with transaction.atomic():
        for number in range(count):
            enqueue(topic, f"{number:03d}")


def leave_effect(jobs: Sequence[Job]) -> None:
    """A handler whose effect is a row for each job, told apart even if a job is done twice."""
    for job in jobs:
        enqueue(EFFECTS, f"{job.key}/{uuid4()}", {"key": job.key, **job.payload})


def effects() -> list[str]:
    """The keys that were worked on, once for each time the effect stands."""
    return sorted(row.payload["key"] for row in OutboxRow.objects.filter(topic=EFFECTS))


def stamping(handler: Handler = leave_effect, **how: Any) -> Topic:
    return Topic("stamp", handler, **how)


def rows() -> list[OutboxRow]:
    """The rows of the topic by age, without the effects."""
    return list(OutboxRow.objects.exclude(topic=EFFECTS).order_by("id"))


def only_row() -> OutboxRow:
    (row,) = rows()
    return row


class Poison(Exception):
    """What a handler chokes on."""


def choke_on(*keys: str) -> Any:
    """A handler that leaves its effects, then fails if one of the keys is among the jobs."""

    def handler(jobs: Sequence[Job]) -> None:
        leave_effect(jobs)
        if any(job.key in keys for job in jobs):
            raise Poison(*keys)

    return handler


def not_now(jobs: Sequence[Job]) -> None:
    """A handler that comes when another holds what it needs."""
    leave_effect(jobs)
    raise NotNow


def fail_once(topic: Topic) -> OutboxRow:
    """Takes the only row in hand and fails with it."""
    in_hand = take(topic)
    assert len(in_hand) == 1
    assert not work_through(topic, in_hand)
    return only_row()
