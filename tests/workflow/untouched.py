"""Nothing but a refusal in the trail may be left of what was not allowed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from audit.models import AuditEvent
from jobs.models import OutboxRow
from notices.models import Notice
from workflow.models import Case, ClockEntry, ProcedureVersion, StepRun

REFUSED = "access.refused"


@contextmanager
def untouched(*, refusals: int = 0) -> Iterator[None]:
    """Afterwards everything is as it was, but for so many refusals the trail has been told of."""
    before, refused = _everything(), _refused()
    yield
    assert _everything() == before
    assert _refused() == refused + refusals


def last_refusal() -> AuditEvent:
    return AuditEvent.objects.filter(verb=REFUSED).latest("id")


def _refused() -> int:
    return AuditEvent.objects.filter(verb=REFUSED).count()


def _everything() -> list[list[dict[str, Any]]]:
    tables: list[Any] = [Case, StepRun, ClockEntry, OutboxRow, Notice, ProcedureVersion]
    found: list[list[dict[str, Any]]] = [list(table._default_manager.order_by("pk").values()) for table in tables]
    events: list[Any] = list(AuditEvent.objects.exclude(verb=REFUSED).order_by("pk").values())
    return [*found, events]
