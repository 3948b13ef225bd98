"""How the office stands, read from the database when somebody asks: a handful of queries, each over an index."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from audit.models import AuditEvent
from jobs.models import OutboxRow, ScheduledRun
from search.indexing import TOPIC as INDEX
from workflow.engine.selectors import Tone, count_by_tone, open_work


class OfficeCollector(Collector):
    """The gauges of one moment."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        yield from _outbox(now)
        yield _steps(now)
        yield _trail()
        yield _schedule(now)


def _outbox(now: datetime) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("hosodat_outbox_waiting", "Rows waiting or in hand.", labels=["topic"])
    oldest = GaugeMetricFamily(
        "hosodat_outbox_oldest_seconds", "How long the oldest row that is due has waited.", labels=["topic"]
    )
    lag = GaugeMetricFamily("hosodat_index_lag_seconds", "How far the search index may be behind.", value=0)
    due = Min("available_at", filter=Q(available_at__lte=now))
    rows = OutboxRow.objects.filter(died_at__isnull=True).values("topic").order_by("topic")
    for row in rows.annotate(rows=Count("pk"), due=due):
        age = seconds_since(row["due"], now)
        waiting.add_metric([row["topic"]], row["rows"])
        oldest.add_metric([row["topic"]], age)
        if row["topic"] == INDEX:
            lag = GaugeMetricFamily(lag.name, lag.documentation, value=age)
    dead = GaugeMetricFamily("hosodat_outbox_dead", "Rows given up, to be looked at.", labels=["topic"])
    given_up = OutboxRow.objects.filter(died_at__isnull=False).values("topic").order_by("topic")
    for buried in given_up.annotate(rows=Count("pk")):
        dead.add_metric([buried["topic"]], buried["rows"])
    yield from (waiting, oldest, dead, lag)


def _steps(now: datetime) -> Metric:
    steps = GaugeMetricFamily("hosodat_open_steps", "Open step runs by urgency.", labels=["tone"])
    counts = count_by_tone(open_work(), now)
    for tone in Tone:
        steps.add_metric([tone.value], counts[tone.value])
    return steps


def _trail() -> Metric:
    # Events are never deleted, so the highest key is their number but for what rolled back: one step down an index
    # where counting would walk tens of millions of rows.
    highest = AuditEvent.objects.aggregate(highest=Max("id"))["highest"] or 0
    return GaugeMetricFamily("hosodat_audit_events", "Events in the trail, by their highest key.", value=highest)


def _schedule(now: datetime) -> Metric:
    """A worker ticks the schedule: a task long overdue says that none is at work."""
    overdue = GaugeMetricFamily(
        "hosodat_schedule_overdue_seconds", "How long a scheduled task has been due.", labels=["task"]
    )
    for name, next_at in ScheduledRun.objects.order_by("name").values_list("name", "next_at"):
        overdue.add_metric([name], seconds_since(next_at, now))
    return overdue


def seconds_since(moment: datetime | None, now: datetime) -> float:
    """Seconds gone by since the moment; 0 for none and for one to come."""
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
