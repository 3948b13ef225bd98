"""The outbox: work written down in the transaction that asks for it, done afterwards by a worker."""

from django.db import models
from django.db.models import Q


class OutboxRow(models.Model):
    """One piece of work of a topic, for one key.

    At most one row of a (topic, key) waits and at most one is in hand: work asked for twice before it begins is
    done once, and an action never waits for a handler that is already running.
    A row that failed too often is dead: it stays, with its last error, until somebody sends it again.
    `handed_until` is set only where a relay hands rows to Celery: until then its message is believed under way.
    """

    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    generation = models.PositiveIntegerField(default=1)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    handed_until = models.DateTimeField(null=True)
    died_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "key"],
                condition=Q(lease__isnull=True, died_at__isnull=True),
                name="jobs_one_waiting",
            ),
            models.UniqueConstraint(fields=["topic", "key"], condition=Q(lease__isnull=False), name="jobs_one_in_hand"),
        ]
        indexes = [
            models.Index(fields=["available_at", "id"], condition=Q(died_at__isnull=True), name="jobs_due"),
            models.Index(fields=["died_at"], condition=Q(died_at__isnull=False), name="jobs_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class ScheduledRun(models.Model):
    """When a task of the one schedule runs next."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.next_at}"
