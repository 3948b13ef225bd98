"""What a step of the ferry does to the clock, as a test says it: for a moment an effect does another deed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from tests.workflow.ferry import River, only_open
from workflow.engine.clockwork import extend_clock, pause_clock, reset_clock, resume_clock, stop_clock
from workflow.kinds import Effect, Occasion, kind_of
from workflow.models import Case

Deed = Callable[[Occasion], None]


@contextmanager
def doing(effect: str, deed: Deed) -> Iterator[None]:
    """The ferry's effect of this name does this instead."""
    effects = cast("dict[str, Effect]", kind_of("ferry").effects)
    known = effects[effect]
    effects[effect] = Effect(deed, effect)
    try:
        yield
    finally:
        effects[effect] = known


def pass_on(river: River, case: Case, deed: Deed, *, at: datetime) -> None:
    """The counter passes the case on, and that does this; a case that had left the counter comes back to it first."""
    if only_open(case).step == "inspect":
        river.end(case, "ask_again", at=at)
    with doing("note_down", deed):
        river.end(case, "pass", at=at)


def pausing(cause: str = "flood", reference: str = "17/TL", basis: str = "Điều 7") -> Deed:
    return lambda occasion: pause_clock(occasion.case, at=occasion.at, cause=cause, reference=reference, basis=basis)


def resuming(cause: str = "flood", reference: str = "18/TL", basis: str = "Điều 8") -> Deed:
    return lambda occasion: resume_clock(occasion.case, at=occasion.at, cause=cause, reference=reference, basis=basis)


def resetting(cause: str = "complete", reference: str = "19/BS", basis: str = "Điều 9") -> Deed:
    return lambda occasion: reset_clock(occasion.case, at=occasion.at, cause=cause, reference=reference, basis=basis)


def stopping(cause: str = "licence", reference: str = "20/GP") -> Deed:
    return lambda occasion: stop_clock(occasion.case, at=occasion.at, cause=cause, reference=reference)


def extending(until: datetime, reference: str = "21/XL", basis: str = "Điều 10") -> Deed:
    return lambda occasion: extend_clock(occasion.case, at=occasion.at, until=until, reference=reference, basis=basis)
