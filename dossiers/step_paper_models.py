"""Papers that come to a dossier while it is worked on."""

from django.db import models
from django.db.models import Q

from documents.models import Document
from workflow.models import StepRun


class StepPaper(models.Model):
    """A paper brought in at a step (giấy tờ trong quá trình giải quyết): minutes of an inspection, a map extract.

    step_run  the passage it was first brought in at
    code      which of the files the edition's step asks for; empty for another one
    """

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="step_papers")
    step_run = models.ForeignKey(StepRun, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=250)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="step_paper")

    class Meta:
        app_label = "dossiers"
        constraints = [
            models.UniqueConstraint(fields=["dossier", "code"], condition=~Q(code=""), name="dossiers_step_paper_once")
        ]

    def __str__(self) -> str:
        return self.name
