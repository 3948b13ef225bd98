"""Procedures and their dated editions as the database keeps them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Edition


class Procedure(models.Model):
    """An administrative procedure (thủ tục hành chính), the same through all its editions."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=250)
    short_name = models.CharField(max_length=80)
    national_code = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "workflow"

    def __str__(self) -> str:
        return self.name


class ProcedureVersion(FSMModelMixin, models.Model):
    """One edition (phiên bản) of a procedure in a province. Once published its text never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CHECKED = "checked", _("Checked")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    province = models.CharField(max_length=40)
    code = models.CharField(max_length=20)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    status = FSMField(default=Status.DRAFT, choices=Status.choices, protected=True)
    source = models.TextField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "workflow"
        constraints = [
            models.UniqueConstraint(fields=["province", "procedure", "code"], name="workflow_one_edition"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="workflow_edition_ends_later",
            ),
        ]
        indexes = [models.Index(fields=["province", "status", "effective_from"], name="workflow_edition_in_force")]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.code}"

    @property
    def edition(self) -> Edition:
        """What the text says; read once per text."""
        return read_edition(self.source)

    @transition(field=status, source=Status.DRAFT, target=Status.CHECKED)
    def check_off(self) -> None:
        """The validator found nothing."""

    @transition(field=status, source=Status.CHECKED, target=Status.PUBLISHED)
    def publish(self) -> None:
        """In force from its date; unchangeable from now on."""

    @transition(field=status, source=Status.PUBLISHED, target=Status.RETIRED)
    def retire(self) -> None:
        """Taken for no new dossier; those received under it finish on it."""
