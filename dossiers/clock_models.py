"""The apology that goes with a late dossier; for the app it is a model like those of models.py."""

from django.db import models
from django.db.models import Q

from accounts.models import Officer


class Apology(models.Model):
    """Văn bản xin lỗi và đề nghị gia hạn (form 04): drafted by the machine when the end comes near, signed by a head.

    One a dossier: an appointment is given anew at most once (NĐ 61/2018 Art. 19.9), and nobody is asked twice to sign.

    due_at       the promise it is about; drafted_at: when its head was asked to sign
    until        the day promised instead, at closing; reason, signed_by, signed_at and form come with it
    """

    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="apology")
    due_at = models.DateTimeField()
    drafted_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    until = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    form = models.OneToOneField("dossiers.IssuedForm", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        app_label = "dossiers"
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, until__isnull=True, form__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False, until__gt=models.F("due_at"), form__isnull=False)
                & ~Q(reason=""),
                name="dossiers_apology_signed_in_full",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.until or 'draft'}"

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None
