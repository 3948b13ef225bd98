"""The rows of the outgoing register (sổ đăng ký văn bản đi); for the app they are models like those of models.py."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.models import Officer, Unit
from documents.states import NumberState

_IN_FULL = Q(state=NumberState.USED, issued_on__isnull=False)
_OPEN = Q(state=NumberState.RESERVED, issued_on__isnull=True, document__isnull=True)
_STRUCK = Q(state=NumberState.CANCELLED, cancelled_at__isnull=False) & ~Q(reason="")


class RegisterEntry(FSMModelMixin, models.Model):
    """A number that was given, and to what: a row stands for each number of a series, cancelled ones too.

    agency, series, year, number  its place: `number` counts from 1 without a gap (`accounts.numbering`)
    written       number and symbol as on the paper (số, ký hiệu): `VP 00031`, `17/QĐ-CNHL`
    pattern       how the series is written, as in `documents.numbers`
    kind          the kind of paper as the register names it; `document_type` where it is one of ours
    subject       trích yếu
    issued_on     the date on the paper; none while the number is only reserved
    document      the paper, where it is in this system; `printed` is its file with this number on it
    origin_*      what the paper was written for, by its kind of thing to find: "dossier", its key, its code
    successor     the number the same paper bears instead, where this one was cancelled
    folded        what is searched, in small letters without marks
    given_by      none for numbers given before this register was kept
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=40)
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    written = models.CharField(max_length=80)
    pattern = models.CharField(max_length=80)
    document_type = models.ForeignKey(
        "documents.DocumentType", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=250)
    subject = models.CharField(max_length=1000)
    signer = models.CharField(max_length=160, blank=True)
    recipients = models.CharField(max_length=250, blank=True)
    issued_on = models.DateField(null=True)
    state = FSMField(max_length=10, choices=NumberState.choices, protected=True)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, related_name="register_entries"
    )
    printed = models.ForeignKey("documents.DocumentVersion", on_delete=models.PROTECT, null=True, related_name="+")
    origin_kind = models.CharField(max_length=20, blank=True)
    origin_id = models.BigIntegerField(null=True)
    origin_code = models.CharField(max_length=60, blank=True)
    given_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    reason = models.CharField(max_length=250, blank=True)
    cancelled_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    successor = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="predecessor")
    folded = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "series", "year", "number"], name="documents_number_given_once"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state=NumberState.USED), name="documents_one_number_in_use"
            ),
            models.CheckConstraint(condition=_IN_FULL | _OPEN | _STRUCK, name="documents_number_state_holds"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(state=NumberState.CANCELLED),
                name="documents_only_cancelled_succeeded",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "year", "-id"], name="documents_register_of_year"),
            models.Index(fields=["unit", "year", "-id"], name="documents_register_of_unit"),
            models.Index(fields=["origin_kind", "origin_id"], name="documents_register_origin"),
        ]

    def __str__(self) -> str:
        return self.written

    @property
    def stream(self) -> str:
        """The audit stream of the register it stands in: one for each agency, series and year."""
        return f"register:{self.agency}:{self.series}:{self.year}"

    @property
    def state_words(self) -> str:
        return str(NumberState(self.state).label)

    @transition(field=state, source=NumberState.RESERVED, target=NumberState.USED)
    def enter(self, issued_on: date, signer: str) -> None:
        """Ghi sổ: the paper the number was kept for has been signed and dated."""
        self.issued_on, self.signer = issued_on, signer

    @transition(field=state, source=[NumberState.RESERVED, NumberState.USED], target=NumberState.CANCELLED)
    def cancel(self, officer_id: int, at: datetime, reason: str) -> None:
        """Hủy số: the number stays in the register and is never given again."""
        self.cancelled_by_id, self.cancelled_at, self.reason = officer_id, at, reason
