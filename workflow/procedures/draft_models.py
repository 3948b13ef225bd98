"""Editions that are being written: of no effect until they are published."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Edition


class EditionDraft(models.Model):
    """A draft of an edition (dự thảo phiên bản): a text that can be read, right or wrong in what it says.

    procedure, code, name  as its text has them, for lists; revision counts its changes
    """

    province = models.CharField(max_length=40)
    procedure = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=250)
    source = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "workflow"
        indexes = [models.Index(fields=["province", "procedure"], name="workflow_edition_drafts")]

    def __str__(self) -> str:
        return f"{self.procedure} {self.code}"

    @property
    def edition(self) -> Edition:
        return read_edition(self.source)
