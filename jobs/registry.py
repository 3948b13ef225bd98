"""Who does what: handlers by topic and the one schedule. Packages register in their `tasks.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Job:
    """What a handler gets: its key, what was asked, and which try this is (1 for the first)."""

    key: str
    payload: dict[str, Any]
    attempt: int


Handler = Callable[[Sequence[Job]], None]
LANES = ("quick", "slow", "bulk", "clock")


def _usual_lease() -> timedelta:
    return timedelta(seconds=settings.LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Topic:
    """How a topic's work is done.

    lane        quick, slow, bulk or clock: each has a thread of its own in a worker, and a queue of its own with
                Celery, so that reading scans or a nightly task never hold up indexing, nor thousands of files a few
    batch       how many rows one call may take
    gives_way_to  topics that go first: while work of theirs is due and in nobody's hands, none of this is begun
    alone       only one worker at a time has this topic in hand (the embedded index knows one writer)
    lease       how long a worker may be silent before another takes its rows; while it works it renews it
    longest     how long it may work on; then it counts as hanging and its rows are free
    attempts    tries before a row is dead
    in_atomic   the handler's own writes and the row's end are one transaction; otherwise the handler commits
                itself and must bear to be run again
    on_dead     called when a row is given up, in the same transaction, also after workers that were killed and so
                could raise nothing: the owner of the work says so where people look
    """

    name: str
    handler: Handler
    lane: str = "quick"
    batch: int = 1
    alone: bool = False
    gives_way_to: tuple[str, ...] = ()
    lease: timedelta = field(default_factory=_usual_lease)
    longest: timedelta = timedelta(hours=2)
    attempts: int = 6
    in_atomic: bool = True
    on_dead: Callable[[Job], None] | None = None

    def __post_init__(self) -> None:
        if self.lane not in LANES:
            message = f"{self.name}: nobody works in the {self.lane} lane"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class ScheduledTask:
    name: str
    every: timedelta
    run: Callable[[], None]


TOPICS: dict[str, Topic] = {}
SCHEDULE: dict[str, ScheduledTask] = {}


class NotNow(Exception):
    """A handler can't work at the moment (another holds the index): the row waits, no attempt is counted."""


def handles(name: str, **how: Any) -> Callable[[Handler], Handler]:
    """Registers a handler for a topic; `how` are the fields of `Topic`."""

    def register(handler: Handler) -> Handler:
        TOPICS[name] = Topic(name, handler, **how)
        return handler

    return register


def scheduled(name: str, *, every: timedelta) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Registers a task the workers run about once per `every`, by whichever of them comes first.

    A run that fails or whose worker is killed is made again, as any work of the outbox.
    """

    def register(run: Callable[[], None]) -> Callable[[], None]:
        SCHEDULE[name] = ScheduledTask(name, every, run)
        return run

    return register
