"""Nothing but a refusal in the trail may be left of what was not allowed, and nothing of what was broken off."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from audit.models import AuditEvent
from jobs.models import OutboxRow
from notices.models import Notice
from workflow.models import Case, ClockEntry, Consultation, ProcedureVersion, StepRun

REFUSED = "access.refused"


@contextmanager
def untouched(*, refusals: int = 0) -> Iterator[None]:
    """Afterwards everything is as it was, but for so many refusals the trail has been told of."""
    before, refused = everything(), _refused()
    yield
    assert everything() == before
    assert _refused() == refused + refusals


def last_refusal() -> AuditEvent:
    return AuditEvent.objects.filter(verb=REFUSED).latest("id")


def _refused() -> int:
    return AuditEvent.objects.filter(verb=REFUSED).count()


def everything() -> list[list[dict[str, Any]]]:
    """Every row of what the engine writes, but for refusals."""
    tables: list[Any] = [Case, StepRun, Consultation, ClockEntry, OutboxRow, Notice, ProcedureVersion]
    found: list[list[dict[str, Any]]] = [list(table._default_manager.order_by("pk").values()) for table in tables]
    events: list[Any] = list(AuditEvent.objects.exclude(verb=REFUSED).order_by("pk").values())
    return [*found, events]
