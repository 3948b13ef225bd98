"""Who uses a parcel, by which right, with which certificate, and what narrows that right. Part of `land.models`."""

from fractions import Fraction

from django.db import models
from django.db.models import F, Q

from documents.models import LegalDocument
from land.catalogue import form_of_right_name
from land.entries import Entry, Noted, constraint_of_noted, constraints_of_entry
from land.places import written_serial
from land.states import Ending, RestrictionKind, UserKind


class LandUser(models.Model):
    """Who uses land (người sử dụng đất), known by identity number or tax code; a household by its head's number."""

    kind = models.CharField(max_length=12, choices=UserKind.choices)
    id_number = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "id_number"], name="land_one_user"),
            models.CheckConstraint(condition=~Q(id_number=""), name="land_user_has_number"),
        ]
        indexes = [models.Index(fields=["id_number"], name="land_user_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id_number}"


class UserDescription(Entry):
    """What a user is called and where he lives, until a correction says otherwise."""

    user = models.ForeignKey(LandUser, on_delete=models.PROTECT, related_name="descriptions")
    name = models.CharField(max_length=160)
    birth_year = models.PositiveSmallIntegerField(null=True)
    address = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [
            *constraints_of_entry("user_description"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(valid_until__isnull=True), name="land_one_user_description"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LandRight(Entry):
    """A right to use a parcel (quyền sử dụng đất): a share of it, held by one user or by several together.

    numerator, denominator  the share of the whole parcel; of all rights in force together at most one whole
    form                    how it was come by, a code of the catalogue (hình thức, nguồn gốc); empty where not told
    """

    parcel = models.ForeignKey("land.Parcel", on_delete=models.PROTECT, related_name="rights")
    numerator = models.PositiveIntegerField(default=1)
    denominator = models.PositiveIntegerField(default=1)
    form = models.CharField(max_length=12, blank=True)
    is_verified = models.BooleanField()

    class Meta:
        constraints = [
            *constraints_of_entry("right"),
            models.CheckConstraint(
                condition=Q(numerator__gte=1, denominator__gte=F("numerator")), name="land_share_is_part_of_one"
            ),
        ]
        indexes = [models.Index(fields=["parcel", "valid_until"], name="land_rights_of_parcel")]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.numerator}/{self.denominator}"

    @property
    def share(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    @property
    def share_shown(self) -> str:
        return "" if self.share == 1 else f"{self.numerator}/{self.denominator}"

    @property
    def form_name(self) -> str:
        return form_of_right_name(self.form)


class RightHolder(models.Model):
    """One of those who hold a right together; it holds as long as the right does."""

    right = models.ForeignKey(LandRight, on_delete=models.PROTECT, related_name="holders")
    user = models.ForeignKey(LandUser, on_delete=models.PROTECT, related_name="holdings")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["right", "user"], name="land_holder_once")]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.right_id}"


class Certificate(Entry):
    """A certificate (giấy chứng nhận); ended when it is withdrawn, for `ending`.

    serial           without blanks: "DK248117"; nationwide there is one of it
    register_number  số vào sổ cấp giấy chứng nhận
    legal_document   the paper in the register of documents, where we issued it or have its scan
    is_verified      not so where a dossier's form alone named it
    """

    serial = models.CharField(max_length=20, unique=True)
    register_number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    legal_document = models.OneToOneField(
        LegalDocument, on_delete=models.PROTECT, null=True, related_name="land_certificate"
    )
    ending = models.CharField(max_length=16, choices=Ending.choices, blank=True, default="")
    is_verified = models.BooleanField()

    class Meta:
        constraints = [
            *constraints_of_entry("certificate"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True, ending="") | Q(valid_until__isnull=False) & ~Q(ending=""),
                name="land_certificate_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return written_serial(self.serial)

    @property
    def serial_shown(self) -> str:
        return written_serial(self.serial)

    @property
    def ending_words(self) -> str:
        return str(Ending(self.ending).label) if self.ending else ""


class CertifiedRight(Entry):
    """Which right a certificate certifies: a right has one certificate at a time."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="certified")
    right = models.ForeignKey(LandRight, on_delete=models.PROTECT, related_name="certified")

    class Meta:
        constraints = [
            *constraints_of_entry("certified"),
            models.UniqueConstraint(
                fields=["right"], condition=Q(valid_until__isnull=True), name="land_one_current_certificate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} for {self.right_id}"


class CertificateNote(Noted):
    """What was written on a certificate (xác nhận thay đổi)."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=1000)

    class Meta:
        constraints = [
            constraint_of_noted("note"),
            models.CheckConstraint(condition=~Q(text=""), name="land_note_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class Restriction(Entry):
    """What narrows the rights on a parcel (hạn chế quyền): a mortgage (thế chấp), dispute, seizure, planning.

    party          whom it protects: the mortgagee (bên nhận thế chấp), the court …
    registered_at  to the minute: of two mortgages the earlier goes before (BLDS 2015 Art. 308)
    released_at    when it was struck out; none where it only went over to other parcels
    """

    parcel = models.ForeignKey("land.Parcel", on_delete=models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=10, choices=RestrictionKind.choices)
    party = models.CharField(max_length=200)
    party_number = models.CharField(max_length=20, blank=True)
    contract_number = models.CharField(max_length=80, blank=True)
    contract_on = models.DateField(null=True)
    registered_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            *constraints_of_entry("restriction"),
            models.UniqueConstraint(
                fields=["parcel", "kind", "party", "contract_number"],
                condition=Q(valid_until__isnull=True),
                name="land_restricted_once",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | Q(valid_until__isnull=False, released_at__gte=F("registered_at")),
                name="land_released_is_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["parcel"], condition=Q(valid_until__isnull=True), name="land_restrictions_in_force"),
            models.Index(fields=["contract_number"], name="land_restriction_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.parcel_id}"

    @property
    def kind_words(self) -> str:
        return str(RestrictionKind(self.kind).label)
