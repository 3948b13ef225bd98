"""The append-only trail: one event for each action, chained by hash within its stream."""

from django.db import models


class AuditEvent(models.Model):
    """One action (nhật ký), with who did it as a snapshot: no foreign keys, so nothing here can change later.

    `payload` is the hashed text itself (canonical JSON), never a database's own JSON type.
    Triggers made by migration 0002 refuse every UPDATE, DELETE and TRUNCATE.
    """

    stream = models.CharField(max_length=80)
    sequence = models.PositiveBigIntegerField()
    verb = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    officer_id = models.BigIntegerField(null=True)
    officer_name = models.CharField(max_length=160)
    unit_id = models.BigIntegerField(null=True)
    unit_name = models.CharField(max_length=200)
    slot = models.CharField(max_length=10)
    address = models.CharField(max_length=45)
    payload = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_event"
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="audit_event_place"),
        ]
        indexes = [
            models.Index(fields=["officer_id", "id"], name="audit_event_officer"),
            models.Index(fields=["verb", "id"], name="audit_event_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.sequence} {self.verb}"


class StreamHead(models.Model):
    """Where a stream (luồng) stands: the row that orders its writers and shows a tail cut off."""

    stream = models.CharField(max_length=80, primary_key=True)
    sequence = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.stream} at {self.sequence}"
