"""Papers: the bytes, their versions, their state, what was read from them, and the register of legal documents.

Nothing here is deleted. Long text stands in tables of its own, beside the rows that lists read.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

import documents.batch_models
import documents.outgoing  # noqa: F401 as are these
from accounts.models import Officer, Unit
from accounts.sight import AllowToken
from documents.signing import Shown, shown_signing
from documents.states import CopyState, ReadingState, Register, Screening, State


class Blob(models.Model):
    """The bytes of a file (tệp gốc), known by their SHA-256 and kept once, in the vault, untouched.

    `released_at` says when they were let go because every paper that held them was disposed of; the row stays.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sha256


class UploadedBytes(models.Model):
    """How much an officer or a unit has brought on a day; `holder` is "officer:7" or "unit:3"."""

    holder = models.CharField(max_length=40)
    day = models.DateField()
    bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "day"], name="documents_uploads_of_a_day")]

    def __str__(self) -> str:
        return f"{self.holder} {self.day}"


class DocumentType(models.Model):
    """A kind of paper (loại giấy tờ), as dated data.

    register        the register of legal documents its papers belong to, if any
    number_series   the yearly series its numbers come from, where it shares one; else it has its own
    number_pattern  how a number is written, as in `documents.numbers`; empty for what we give no numbers to
    """

    class Group(models.TextChoices):
        LAND = "land", _("Land papers")
        RESULT = "result", _("Results of dossiers")
        PROJECT = "project", _("Project papers")
        OTHER = "other", _("Other papers")

    code = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=200)
    group = models.CharField(max_length=10, choices=Group.choices)
    register = models.CharField(max_length=20, choices=Register.choices, blank=True)
    number_series = models.CharField(max_length=40, blank=True, default="", db_default="")
    number_pattern = models.CharField(max_length=80, blank=True, default="", db_default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="documents_type_ends_later",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Document(FSMModelMixin, models.Model):
    """A paper with a type and a state (tài liệu).

    unit         the unit it came to or is drafted by; none for what was imported for everybody
    number       as on the paper, empty while it has none
    state        moved by the transitions below alone; operations say who may
    current      the version people see
    source_id    identity of an imported file, so that importing it again does nothing
    held_at      since when no file comes to it any more: see `operations.hold`
    """

    document_type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField(null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    state = FSMField(max_length=12, choices=State.choices, default=State.DRAFT, protected=True)
    drafted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    current = models.ForeignKey("DocumentVersion", on_delete=models.PROTECT, null=True, related_name="+")
    source_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001 NULL: many have none
    created_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Four eyes: whatever path led here, nobody has signed what he drafted.
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | Q(drafted_by__isnull=True) | ~Q(signed_by=F("drafted_by")),
                name="documents_four_eyes",
            )
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="documents_of_unit")]

    def __str__(self) -> str:
        return self.title

    @property
    def state_words(self) -> str:
        return str(State(self.state).label)

    @transition(field=state, source=State.DRAFT, target=State.IN_REVIEW)
    def submit(self) -> None:
        """Trình ký."""

    @transition(field=state, source=State.IN_REVIEW, target=State.DRAFT)
    def send_back(self) -> None:
        """Trả lại để sửa."""

    @transition(field=state, source=State.IN_REVIEW, target=State.SIGNED)
    def sign(self, officer_id: int) -> None:
        """Ký duyệt."""
        self.signed_by_id = officer_id

    @transition(field=state, source=State.SIGNED, target=State.ISSUED)
    def issue(self, number: str, issued_on: date) -> None:
        """Ban hành: cấp số, ngày, đóng dấu."""
        self.number, self.issued_on = number, issued_on

    @transition(field=state, source=State.ISSUED, target=State.ISSUED)
    def renumber(self, number: str, issued_on: date) -> None:
        """Cấp số khác: the number it had was cancelled before the paper left the house."""
        self.number, self.issued_on = number, issued_on

    @transition(field=state, source=State.ISSUED, target=State.SUPERSEDED)
    def supersede(self) -> None:
        """Bị thay thế."""

    @transition(field=state, source=State.ISSUED, target=State.REVOKED)
    def revoke(self) -> None:
        """Bị thu hồi, hủy bỏ."""


class DocumentToken(AllowToken):
    """Who may see a document."""

    holder = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tokens")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "holder"], name="documents_one_token")]
        indexes = [models.Index(fields=["holder"], name="documents_token_holder")]


class DocumentVersion(models.Model):
    """One file in a document's life (phiên bản).

    file_name           as handed in, cleaned; the file itself is stored by its SHA-256
    active_content      what a PDF carries besides pages: "javascript", "launch", "embedded_file"
    scanned_at          when the scanner for malware found nothing in it; none while no scanner has looked
    quarantine_reason   a code of `documents.reasons`; stays when the file is disposed of in quarantine
    reading_error       the same, where reading failed
    pages_read          progress of the run in hand
    reading             the run whose outcome counts
    signing             what its digital signatures are worth, a code of `documents.signing`; empty: not looked at yet
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="versions")
    file_name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    screening = models.CharField(max_length=12, choices=Screening.choices, default=Screening.UNSCANNED)
    scanned_at = models.DateTimeField(null=True)
    quarantine_reason = models.CharField(max_length=30, blank=True)
    active_content = models.JSONField(default=list)
    page_count = models.PositiveIntegerField(null=True)
    reading_state = models.CharField(max_length=8, choices=ReadingState.choices, default=ReadingState.WAITING)
    reading_error = models.CharField(max_length=30, blank=True)
    pages_read = models.PositiveIntegerField(default=0)
    reading = models.ForeignKey("Reading", on_delete=models.PROTECT, null=True, related_name="+")
    signing = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="documents_one_version")]
        indexes = [models.Index(fields=["quarantine_reason"], name="documents_shut_away")]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"

    @property
    def is_quarantined(self) -> bool:
        """Whether nothing of it is given out: it lies in quarantine, or was disposed of."""
        return self.screening in (Screening.QUARANTINED, Screening.DISPOSED)

    @property
    def screening_unless_shut_away(self) -> Screening:
        """What is known of the file while nothing shuts it away."""
        return Screening.CLEAN if self.scanned_at else Screening.UNSCANNED

    @property
    def is_in_hand(self) -> bool:
        """Waiting for the reader or with it."""
        return self.reading_state in (ReadingState.WAITING, ReadingState.READING)

    @property
    def share_read(self) -> int:
        """Progress of the run in hand in percent."""
        return 100 * self.pages_read // self.page_count if self.page_count else 0

    @property
    def signing_shown(self) -> Shown | None:
        """The words for its signatures; None when it bears none or nobody has looked yet."""
        return shown_signing(self.signing)


class Reading(models.Model):
    """One run of the reader over a version (kết quả nhận dạng); each run is kept.

    fields      what the head of the paper says, as `ocr.reading.Fields.as_json` writes it
    paper_type  the kind of paper it looks like, empty when none was recognised
    secrecy     "mat", "toi_mat", "tuyet_mat" or empty; a secret paper's text is not kept
    """

    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="readings")
    read_at = models.DateTimeField()
    fields = models.JSONField(default=dict)
    paper_type = models.CharField(max_length=60, blank=True)
    secrecy = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return f"{self.version_id} at {self.read_at}"


class ReadPage(models.Model):
    """A page as the reader saw it (trang).

    number      from 1
    source      "text-layer" or "ocr"
    confidence  0–1; none for a text layer
    rotation    degrees the page must be turned clockwise to stand upright
    width, height  the page as the words' boxes measure it
    words       `documents.words` packs and unpacks them
    """

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=12)
    text = models.TextField()
    confidence = models.FloatField(null=True)
    rotation = models.PositiveSmallIntegerField(default=0)
    width = models.FloatField()
    height = models.FloatField()
    words = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reading", "number"], name="documents_one_page")]

    def __str__(self) -> str:
        return f"{self.reading_id} p.{self.number}"


class Signature(models.Model):
    """A digital signature (chữ ký số) in a file, as it stood when a run of the reader looked at it.

    number        its place in the file, from 1
    verdict       a code of `signatures.Verdict`
    signer, issuer  names as in the certificate; they prove nothing unless the verdict is valid
    signed_at     by the signer's own clock unless `is_time_proven` by a trusted timestamp
    """

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="signatures")
    number = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=12)
    signer = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    serial_number = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True)
    is_time_proven = models.BooleanField(default=False)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reading", "number"], name="documents_one_signature")]

    def __str__(self) -> str:
        return f"{self.reading_id} signature {self.number}"

    @property
    def shown(self) -> Shown | None:
        return shown_signing(self.verdict)


class Seal(models.Model):
    """Which version carries our electronic seal (con dấu điện tử) over the bytes of which; at most one each."""

    unsealed = models.OneToOneField(DocumentVersion, on_delete=models.PROTECT, primary_key=True, related_name="seal")
    sealed = models.OneToOneField(DocumentVersion, on_delete=models.PROTECT, related_name="seal_over")
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal over {self.unsealed_id}"


class SearchableCopy(models.Model):
    """A PDF beside a file, with the words of one reading unseen under its pages (bản PDF tìm được); never a version.

    pages_done  progress while it is made
    blob        its bytes, once made
    failure     a code of `documents.reasons` where it could not be
    """

    reading = models.OneToOneField(Reading, on_delete=models.PROTECT, primary_key=True, related_name="copy")
    state = models.CharField(max_length=8, choices=CopyState.choices, default=CopyState.WAITING)
    pages_done = models.PositiveIntegerField(default=0)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="copies")
    failure = models.CharField(max_length=30, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CopyState.MADE, blob__isnull=False)
                | (~Q(state=CopyState.MADE) & Q(blob__isnull=True)),
                name="documents_made_copy_has_bytes",
            )
        ]

    def __str__(self) -> str:
        return f"copy of {self.reading_id}"

    @property
    def is_in_hand(self) -> bool:
        return self.state in (CopyState.WAITING, CopyState.MAKING)


class LegalDocument(models.Model):
    """A decision, certificate or act with number, date and validity (văn bản).

    document_type, status   the words as published, never translated
    source_id               identity of the imported record
    document                the scan, where there is one
    """

    kind = models.CharField(max_length=20, choices=Register.choices)
    number = models.CharField(max_length=80, blank=True)
    document_type = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=1000)
    issued_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    status = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001 NULL: many have none
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, related_name="legal_document")
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["number"], name="documents_legal_number"),
            models.Index(fields=["effective_on"], name="documents_legal_effective"),
        ]

    def __str__(self) -> str:
        return f"{self.document_type} {self.number}".strip()


class LegalText(models.Model):
    """The wording of a legal document, where it came as text."""

    legal_document = models.OneToOneField(
        LegalDocument, on_delete=models.PROTECT, primary_key=True, related_name="wording"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return f"text of {self.legal_document_id}"


class LegalDocumentToken(AllowToken):
    """Who may see a legal document."""

    holder = models.ForeignKey(LegalDocument, on_delete=models.CASCADE, related_name="tokens")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "holder"], name="documents_one_legal_token")]
        indexes = [models.Index(fields=["holder"], name="documents_legal_holder")]
