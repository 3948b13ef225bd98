"""Reading the trail of one thing. Who may read it is decided by whoever shows that thing."""

from collections.abc import Collection
from dataclasses import dataclass

from audit.models import AuditEvent
from audit.verbs import verb_of, words_of


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An event as the page shows it: its words, and the event for whoever wants the hashes."""

    event: AuditEvent
    words: str
    icon: str


def history(streams: Collection[str], *, before: int | None = None, limit: int = 100) -> list[HistoryLine]:
    """The newest events of these streams, newest first; `before` is the id of the last event already shown."""
    events = AuditEvent.objects.filter(stream__in=streams).order_by("-id")
    if before is not None:
        events = events.filter(id__lt=before)
    return [HistoryLine(event, words_of(event), verb_of(event).icon) for event in events[:limit]]


def event_count(streams: Collection[str]) -> int:
    return AuditEvent.objects.filter(stream__in=streams).count()
