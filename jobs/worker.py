"""Draining the outbox and ticking the schedule."""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import close_old_connections, connections, transaction

from jobs import moments
from jobs.models import ScheduledRun
from jobs.outbox import enqueue, take, work_through
from jobs.registry import LANES, SCHEDULE, TOPICS, ScheduledTask

logger = logging.getLogger(__name__)
SCHEDULE_TOPIC = "schedule"


def drain_once(topics: Sequence[str] | None = None) -> int:
    """Takes one batch of each topic and works through it; how many rows were taken."""
    taken = 0
    for topic in [TOPICS[name] for name in (topics if topics is not None else TOPICS)]:
        rows = take(topic)
        if rows:
            taken += len(rows)
            work_through(topic, rows)
    return taken


def drain(topics: Sequence[str] | None = None) -> None:
    """Works until nothing that is due is left."""
    while drain_once(topics):
        pass


def tick() -> None:
    """Asks for a run of every task of the schedule that is due; of several workers one asks."""
    now = moments.now()
    not_due = set(ScheduledRun.objects.filter(next_at__gt=now).values_list("name", flat=True))
    for task in SCHEDULE.values():
        if task.name not in not_due:
            _ask_for_run(task, now)


@transaction.atomic
def _ask_for_run(task: ScheduledTask, now: datetime) -> None:
    next_at = now + task.every
    run, is_new = ScheduledRun.objects.get_or_create(name=task.name, defaults={"next_at": next_at})
    due = ScheduledRun.objects.filter(name=task.name, next_at=run.next_at, next_at__lte=now)
    if is_new or due.update(next_at=next_at):
        logger.info("schedule: %s, next at %s", task.name, next_at)
        enqueue(SCHEDULE_TOPIC, task.name)


class Worker:
    """One thread per lane, until told to stop."""

    def __init__(self, *, idle: timedelta = timedelta(milliseconds=300)) -> None:
        self._stop = threading.Event()
        self._idle = idle.total_seconds()

    def stop(self) -> None:
        """Lets each thread end what it has in hand."""
        self._stop.set()

    def run(self) -> None:
        """Works until `stop`; the schedule ticks in the quick lane's thread."""
        threads = [threading.Thread(target=self._lane, args=[lane], name=lane) for lane in LANES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _lane(self, lane: str) -> None:
        topics = [topic.name for topic in TOPICS.values() if topic.lane == lane]
        while not self._stop.is_set():
            close_old_connections()
            try:
                if lane == "quick":
                    tick()
                found = drain_once(topics)
            except Exception:
                logger.exception("the %s lane stumbled; it goes on", lane)
                found = 0
            if not found:
                self._stop.wait(self._idle)
        connections.close_all()
