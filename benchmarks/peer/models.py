"""The least a data-driven engine on viewflow needs: a process and a task, with the columns a work list reads."""

from django.db import models
from django.db.models import Q
from viewflow.workflow.models import AbstractProcess, AbstractTask


class PeerProcess(AbstractProcess):
    code = models.CharField(max_length=60, unique=True)
    unit_id = models.BigIntegerField(db_index=True)

    class Meta:
        app_label = "bench_peer"

    def __str__(self) -> str:
        return self.code


class PeerTask(AbstractTask):
    process = models.ForeignKey(PeerProcess, on_delete=models.PROTECT)
    step = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    unit_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "bench_peer"
        indexes = [
            models.Index(
                fields=["unit_id", "role", "due_at"],
                condition=Q(status__in=["NEW", "ASSIGNED", "STARTED"]),
                name="bench_peer_open_work",
            )
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.step}"


class PlainRow(models.Model):
    """A row as wide as a dossier's, for a bare INSERT."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    address = models.CharField(max_length=250)
    values = models.JSONField(default=dict)
    received_at = models.DateTimeField()

    class Meta:
        app_label = "bench_peer"

    def __str__(self) -> str:
        return self.code
