"""Records of closed dossiers (hồ sơ lưu): how long they are kept, on which lists they go to the archive or end."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.models import Officer, Unit
from documents.models import Blob
from dossiers.records_states import FileState, ListKind, ListState


class RetentionClass(models.Model):
    """How long records are kept (thời hạn bảo quản), as dated data; `years` none means for good (vĩnh viễn)."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    years = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=250)
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        app_label = "dossiers"

    def __str__(self) -> str:
        return self.name


class RetentionRule(models.Model):
    """Which class the dossiers of a procedure, or the papers of a type, belong to, from one date to another."""

    procedure = models.CharField(max_length=20, blank=True)
    document_type = models.CharField(max_length=60, blank=True)
    retention = models.ForeignKey(RetentionClass, on_delete=models.PROTECT, related_name="rules")
    source = models.CharField(max_length=250)
    is_confirmed = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        app_label = "dossiers"
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "document_type", "valid_from"], name="dossiers_one_retention_rule"
            ),
            models.CheckConstraint(condition=Q(procedure="") ^ Q(document_type=""), name="dossiers_rule_of_one_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure or self.document_type}: {self.retention_id}"


class RecordFile(FSMModelMixin, models.Model):
    """The records of a closed dossier: all its papers as one file. It outlives them.

    retention   none: nobody has said how long, so for good
    keep_until  the last day; none: for good
    """

    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="records")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    closed_on = models.DateField()
    year = models.PositiveSmallIntegerField()
    retention = models.ForeignKey(RetentionClass, on_delete=models.PROTECT, null=True, related_name="+")
    keep_until = models.DateField(null=True)
    state = FSMField(max_length=12, choices=FileState.choices, default=FileState.CURRENT, protected=True)

    class Meta:
        app_label = "dossiers"
        constraints = [
            # Whatever path led here: what is kept for good is never disposed of.
            models.CheckConstraint(
                condition=~Q(state=FileState.DISPOSED) | Q(keep_until__isnull=False, retention__isnull=False),
                name="dossiers_permanent_is_kept",
            )
        ]
        indexes = [
            models.Index(fields=["unit", "year", "state", "id"], name="dossiers_records_of_year"),
            models.Index(
                fields=["unit", "keep_until"],
                condition=Q(state__in=[FileState.CURRENT, FileState.TRANSFERRED]),
                name="dossiers_records_to_end",
            ),
        ]

    def __str__(self) -> str:
        return f"records of {self.dossier_id}"

    @property
    def state_words(self) -> str:
        return str(FileState(self.state).label)

    def may_end(self, today: date) -> bool:
        """Hết thời hạn bảo quản: never for what is kept for good, also where its class became so only now."""
        has_years = self.retention is not None and self.retention.years is not None
        return has_years and self.keep_until is not None and self.keep_until < today

    @transition(field=state, source=[FileState.CURRENT, FileState.TRANSFERRED], target=FileState.LISTED)
    def list_it(self) -> None:
        """Đưa vào mục lục."""

    @transition(field=state, source=FileState.LISTED, target=FileState.CURRENT)
    def take_back(self) -> None:
        """Rút khỏi mục lục nộp lưu."""

    @transition(field=state, source=FileState.LISTED, target=FileState.TRANSFERRED)
    def transfer(self) -> None:
        """Nộp lưu; also back from a disposal list that was dropped."""

    @transition(field=state, source=FileState.LISTED, target=FileState.DISPOSED)
    def dispose(self) -> None:
        """Hủy hồ sơ hết giá trị."""


class RecordsList(FSMModelMixin, models.Model):
    """Files that go to the archive, or end, together: made by one, approved by another (mục lục, danh mục).

    checked_at  when every file of it was last verified
    package     a transfer's ZIP in the vault; none before it is built, and again once a file in it was disposed of
    """

    kind = models.CharField(max_length=10, choices=ListKind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    state = FSMField(max_length=10, choices=ListState.choices, default=ListState.PROPOSED, protected=True)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=250, blank=True)
    package = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="packages")

    class Meta:
        app_label = "dossiers"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by")), name="dossiers_list_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ListState.APPROVED, ListState.DONE])
                | Q(approved_by__isnull=False, approved_at__isnull=False, checked_at__isnull=False),
                name="dossiers_list_approved_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.year}"

    @property
    def stream(self) -> str:
        return f"records:{self.pk}"

    @property
    def kind_words(self) -> str:
        return str(ListKind(self.kind).label)

    @property
    def state_words(self) -> str:
        return str(ListState(self.state).label)

    @transition(field=state, source=ListState.PROPOSED, target=ListState.APPROVED)
    def approve(self, officer_id: int, at: datetime) -> None:
        """Duyệt."""
        self.approved_by_id, self.approved_at = officer_id, at

    @transition(field=state, source=ListState.PROPOSED, target=ListState.DROPPED)
    def drop(self, reason: str) -> None:
        """Bỏ danh mục."""
        self.reason = reason

    @transition(field=state, source=ListState.APPROVED, target=ListState.PROPOSED)
    def send_back(self) -> None:
        """Trả lại: what was approved can't be carried out; it is checked and approved anew, or dropped."""
        self.approved_by_id, self.approved_at, self.checked_at = None, None, None

    @transition(field=state, source=ListState.APPROVED, target=ListState.DONE)
    def finish(self, at: datetime) -> None:
        """Đã nộp lưu; đã hủy."""
        self.done_at = at


class RecordsLine(models.Model):
    """A file on a list. `faults` and `notes` are codes of `dossiers.records.checking`, each with what it is about.

    was     the state the file comes back to when it is taken off
    packed  keys of the versions that lie in the list's package; none: not packed, or before this was kept
    """

    records_list = models.ForeignKey(RecordsList, on_delete=models.PROTECT, related_name="lines")
    file = models.ForeignKey(RecordFile, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    was = models.CharField(max_length=12, choices=FileState.choices)
    faults = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    packed = models.JSONField(null=True)

    class Meta:
        app_label = "dossiers"
        constraints = [
            models.UniqueConstraint(fields=["records_list", "file"], name="dossiers_file_once_on_a_list"),
        ]

    def __str__(self) -> str:
        return f"{self.records_list_id} line {self.position}"
