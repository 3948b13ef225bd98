"""The outbox: rows a worker can take, and none that nobody will."""

from collections.abc import Iterator

from django.db.models import Count, Q

from jobs.models import OutboxRow
from jobs.registry import TOPICS
from upkeep.integrity.findings import Finding


def outbox_findings() -> Iterator[Finding]:
    """Rows of a topic nobody handles, leased by halves, or dead and in hand; what was given up is a note."""
    unknown = OutboxRow.objects.exclude(topic__in=list(TOPICS))
    for topic, count in unknown.values_list("topic").annotate(count=Count("pk")).order_by("topic"):
        yield Finding("outbox.topic", f"topic:{topic}", f"{count} rows, but nobody handles this topic")
    halves = Q(lease__isnull=True, leased_until__isnull=False) | Q(lease__isnull=False, leased_until__isnull=True)
    yield from _rows("outbox.lease", Q(halves), "leased by halves")
    yield from _rows("outbox.dead_in_hand", Q(died_at__isnull=False, lease__isnull=False), "given up, yet in hand")
    yield from _rows("outbox.untold", Q(died_at__isnull=False, last_error=""), "given up without an error")
    dead = OutboxRow.objects.filter(died_at__isnull=False).values_list("topic")
    for topic, count in dead.annotate(count=Count("pk")).order_by("topic"):
        yield Finding(
            "outbox.dead", f"topic:{topic}", f"{count} rows were given up and wait for somebody", is_note=True
        )


def _rows(check: str, condition: Q, what: str) -> Iterator[Finding]:
    rows = OutboxRow.objects.filter(condition).order_by("pk")
    for pk, topic in rows.values_list("pk", "topic").iterator(chunk_size=2000):
        yield Finding(check, f"outbox:{pk}", f"{topic}: {what}")
