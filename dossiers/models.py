"""A land dossier: who asks for what, with which papers, where it stands in law, and what came of it."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

import dossiers.clock_models
import dossiers.records_models
import dossiers.step_paper_models  # noqa: F401 their tables are models of this app
from accounts.models import Officer, Unit
from accounts.sight import AllowToken
from documents.models import Document, DocumentType, DocumentVersion
from dossiers.states import SHORT_RULINGS, ApplicantKind, FormOfPaper, Proof, Ruling, Status, Verdict
from land.places import LONGEST_NUMBER, LONGEST_PLACE
from workflow.models import ProcedureVersion


class Applicant(models.Model):
    """A person or organisation in whose name dossiers come (người nộp hồ sơ), known by identity number.

    What a dossier shows is its own copy as of its receipt: an applicant's later address changes no receipt.
    """

    kind = models.CharField(max_length=12, choices=ApplicantKind.choices)
    id_number = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    birth_date = models.DateField(null=True)
    address = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "id_number"], name="dossiers_one_applicant")]
        indexes = [models.Index(fields=["name", "birth_date"], name="dossiers_namesakes")]

    def __str__(self) -> str:
        return self.name


class Dossier(FSMModelMixin, models.Model):
    """One applicant's request under one edition of a procedure (hồ sơ).

    code            allotted at receipt, never before and never again
    version         the edition it was received under, kept for good
    received_unit   the one-stop shop that took it in; unit: the competent unit
    applicant_*     the applicant as of the receipt; representative_*: who stood at the counter for him
    values          the electronic form as `workflow.procedures.eforms` keeps it; summary: the same in one line
    draft           what was typed before receipt, as posted; empty afterwards
    public_key      the secret that opens the public status page, printed on the receipt
    """

    code = models.CharField(max_length=60, unique=True, null=True)  # noqa: DJ001 NULL: drafts have none
    status = FSMField(max_length=24, default=Status.REGISTERED, choices=Status.choices, protected=True)
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="dossiers")
    received_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    clerk = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, null=True, related_name="dossiers")
    applicant_kind = models.CharField(max_length=12, choices=ApplicantKind.choices, default=ApplicantKind.PERSON)
    applicant_id_number = models.CharField(max_length=20, blank=True)
    applicant_name = models.CharField(max_length=160, blank=True)
    applicant_birth_date = models.DateField(null=True)
    applicant_address = models.CharField(max_length=250, blank=True)
    applicant_phone = models.CharField(max_length=30, blank=True)
    applicant_email = models.EmailField(blank=True)
    representative_name = models.CharField(max_length=160, blank=True)
    representative_id_number = models.CharField(max_length=20, blank=True)
    values = models.JSONField(default=dict)
    summary = models.CharField(max_length=250, blank=True)
    draft = models.JSONField(default=dict)
    public_key = models.CharField(max_length=24, blank=True)
    registered_at = models.DateTimeField()
    draft_saved_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_to = models.CharField(max_length=160, blank=True)
    returned_to_id_number = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__isnull=True, status__in=[Status.REGISTERED, Status.CANCELLED])
                | Q(code__isnull=False) & ~Q(status=Status.REGISTERED),
                name="dossiers_code_from_receipt_on",
            )
        ]
        indexes = [
            models.Index(fields=["received_unit", "-received_at"], name="dossiers_received_in_unit"),
            models.Index(
                fields=["clerk", "-registered_at"],
                condition=Q(status=Status.REGISTERED),
                name="dossiers_drafts",
            ),
            models.Index(
                fields=["received_unit", "resolved_at"],
                condition=Q(status=Status.RESOLVED),
                name="dossiers_to_be_returned",
            ),
            models.Index(fields=["applicant", "-id"], name="dossiers_of_applicant"),
            # The list of dossiers goes by falling id, whichever way it is narrowed down.
            models.Index(fields=["status", "-id"], name="dossiers_by_status"),
            models.Index(fields=["received_unit", "-id"], name="dossiers_taken_in"),
            models.Index(fields=["received_at"], name="dossiers_by_receipt"),
        ]

    def __str__(self) -> str:
        return self.code or f"draft {self.pk}"

    @property
    def status_words(self) -> str:
        return str(Status(self.status).label)

    @property
    def is_discarded(self) -> bool:
        """A draft nobody finished; what was received is cancelled with its code."""
        return self.status == Status.CANCELLED and self.code is None

    @property
    def is_draft(self) -> bool:
        return self.status == Status.REGISTERED

    @transition(field=status, source=Status.REGISTERED, target=Status.RECEIVED)
    def receive(self, code: str, at: datetime) -> None:
        """Tiếp nhận: the dossier is complete, its code is allotted."""
        self.code, self.received_at = code, at

    @transition(field=status, source=Status.REGISTERED, target=Status.CANCELLED)
    def discard(self) -> None:
        """A draft nobody will finish."""

    @transition(field=status, source=Status.RECEIVED, target=Status.IN_PROCESS)
    def begin_processing(self) -> None:
        """Đang xử lý: handed to the unit that handles it."""

    @transition(field=status, source=Status.IN_PROCESS, target=Status.AWAITING_OBLIGATIONS)
    def await_obligations(self) -> None:
        """Chờ nghĩa vụ tài chính: the slip is with the tax authority."""

    @transition(field=status, source=Status.AWAITING_OBLIGATIONS, target=Status.IN_PROCESS)
    def settle_obligations(self) -> None:
        """Proof of payment, exemption or recorded debt is in."""

    @transition(field=status, source=Status.IN_PROCESS, target=Status.RESOLVED)
    def resolve(self, at: datetime) -> None:
        """Đã xử lý xong: the result is there."""
        self.resolved_at = at

    @transition(field=status, source=Status.RESOLVED, target=Status.RETURNED)
    def return_result(self, at: datetime, receiver: str, id_number: str) -> None:
        """Đã trả kết quả: somebody took the result home."""
        self.returned_at, self.returned_to, self.returned_to_id_number = at, receiver, id_number


class DossierToken(AllowToken):
    """Who may see a dossier."""

    holder = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="tokens")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "holder"], name="dossiers_one_token")]
        indexes = [models.Index(fields=["holder"], name="dossiers_token_holder")]


class DossierParcel(models.Model):
    """A parcel a received dossier's form names, as `land.places` writes it: what is open on a parcel is found by it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="parcels")
    commune = models.CharField(max_length=LONGEST_PLACE)
    sheet = models.CharField(max_length=LONGEST_NUMBER)
    number = models.CharField(max_length=LONGEST_NUMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "commune", "sheet", "number"], name="dossiers_parcel_once")
        ]
        indexes = [models.Index(fields=["commune", "sheet", "number"], name="dossiers_of_parcel")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.number}/{self.sheet} {self.commune}"


class DossierComponent(models.Model):
    """A paper as handed in (thành phần hồ sơ), beside what the edition asks for; `document` is its scan."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="components")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=250)
    document_type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="+")
    form_of_paper = models.CharField(max_length=10, choices=FormOfPaper.choices)
    quantity = models.PositiveSmallIntegerField(default=1)
    is_handed_in = models.BooleanField(default=False)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, related_name="component")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "code"], name="dossiers_one_component")]

    def __str__(self) -> str:
        return self.name


class Bundle(models.Model):
    """Several papers of a dossier scanned in one go (tập quét); its document is the original, kept as it came.

    proposal   what the machine would begin at each page, as `dossiers.splitting` writes it; none until it has looked
    marks      the same as the clerk confirmed it
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="bundles")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="bundle")
    brought_at = models.DateTimeField()
    proposal = models.JSONField(null=True)
    marks = models.JSONField(null=True)
    split_at = models.DateTimeField(null=True)
    split_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.dossier_id} bundle {self.pk}"


class BundlePart(models.Model):
    """Pages of a bundle that became a version of a paper of their own; pages count from 1."""

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="parts")
    first_page = models.PositiveIntegerField()
    last_page = models.PositiveIntegerField()
    component = models.CharField(max_length=40)
    version = models.OneToOneField(DocumentVersion, on_delete=models.PROTECT, related_name="bundle_part")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "first_page"], name="dossiers_page_in_one_part"),
            models.CheckConstraint(condition=Q(last_page__gte=F("first_page")), name="dossiers_part_has_pages"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id} pages {self.first_page}-{self.last_page}"


class IssuedForm(models.Model):
    """A printed form given out, with its content as it was: printed again it says the same.

    `code` and `regulation` name the form in papers/catalogue.toml.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="forms")
    code = models.CharField(max_length=20)
    regulation = models.CharField(max_length=60)
    number = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(code="receipt"), name="dossiers_one_receipt")
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.code} {self.number}"


class DossierResult(models.Model):
    """What the dossier ends in (kết quả giải quyết): a document of ours from draft to issue.

    `code` is the result of the edition; `serial` the number of the secured blank, where there is one.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="results")
    code = models.CharField(max_length=40)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="result")
    serial = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "code"], name="dossiers_one_result")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.code}"


class FinancialObligation(models.Model):
    """The financial side of a dossier (nghĩa vụ tài chính): slip to tax, notice back, proof of how it was met.

    amount is in whole đồng.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="obligations")
    slip_number = models.CharField(max_length=40)
    sent_at = models.DateTimeField()
    notice_number = models.CharField(max_length=60, blank=True)
    proof = models.CharField(max_length=10, choices=Proof.choices, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=0, null=True)
    proven_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Financial obligation")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(settled_at__isnull=True), name="dossiers_one_open_obligation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} slip {self.slip_number}"


class MismatchRuling(models.Model):
    """What somebody decided about a mismatch between form and papers (kết luận đối chiếu), never changed.

    fact         the key of the compared value, see `dossiers.facts.Fact`; label: its words at that time
    number       of the rulings on this fact, from 1; the last one counts while it fits
    fingerprint  of everything that was compared: a ruling fits as long as that is the same
    form_value, told  the values at that time: as the form showed it, and a row for each paper that said something
    proposed     what the form should say instead, where the paper is right
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rulings")
    fact = models.CharField(max_length=120)
    label = models.CharField(max_length=250)
    number = models.PositiveSmallIntegerField()
    ruling = models.CharField(max_length=12, choices=Ruling.choices)
    verdict = models.CharField(max_length=14, choices=Verdict.choices)
    form_value = models.TextField(blank=True)
    told = models.JSONField()
    proposed = models.TextField(blank=True)
    note = models.CharField(max_length=1000, blank=True)
    fingerprint = models.CharField(max_length=64)
    ruled_at = models.DateTimeField()
    ruled_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # Of two who decide at once one wins, whatever else fails.
            models.UniqueConstraint(fields=["dossier", "fact", "number"], name="dossiers_one_ruling")
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.fact} {self.number}"

    @property
    def ruling_words(self) -> str:
        return str(Ruling(self.ruling).label)

    @property
    def proposed_shown(self) -> str:
        """What the form should say, as the paper's value was shown."""
        return next((str(one["shown"]) for one in self.told if one["value"] == self.proposed), "")

    @property
    def short_words(self) -> str:
        """For a narrow column."""
        return str(SHORT_RULINGS[Ruling(self.ruling)])
