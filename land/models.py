"""The land register (hồ sơ địa chính): parcels, what they are, who uses them by which right, and what narrows it.

It is written by the operations alone, each as the result of a dossier; triggers keep what was written
(`land.append_only`).
"""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.formats import number_format

import land.rights_models  # noqa: F401 its tables are models of this app
from accounts.sight import AllowToken
from land.catalogue import land_use_name
from land.entries import Entry, Noted, constraint_of_noted, constraints_of_entry
from land.places import LONGEST_NUMBER, LONGEST_PLACE, Place
from land.states import Lineage, Provenance, Term


class Commune(models.Model):
    """A place parcels are counted in (xã, phường, đặc khu), from one date to another.

    code        the official one; none for a name some form brought that no list has (yet)
    key, folded the name as `land.places` compares it, with tone marks and without
    successor   which one it went into when it ended
    """

    code = models.CharField(max_length=10, unique=True, null=True)  # noqa: DJ001 NULL: many have none
    name = models.CharField(max_length=LONGEST_PLACE)
    key = models.CharField(max_length=LONGEST_PLACE)
    folded = models.CharField(max_length=LONGEST_PLACE)
    valid_until = models.DateField(null=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(valid_until__isnull=True), name="land_one_current_commune"
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_until__isnull=False), name="land_successor_once_ended"
            ),
        ]
        indexes = [models.Index(fields=["folded"], name="land_commune_folded")]

    def __str__(self) -> str:
        return self.name


class Parcel(Entry):
    """A parcel (thửa đất) under one number; ended when it is split, merged or renumbered.

    sheet, number  as `land.places.number_key` writes them
    """

    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="parcels")
    sheet = models.CharField(max_length=LONGEST_NUMBER)
    number = models.CharField(max_length=LONGEST_NUMBER)

    class Meta:
        constraints = [
            *constraints_of_entry("parcel"),
            models.UniqueConstraint(
                fields=["commune", "sheet", "number"],
                condition=Q(valid_until__isnull=True),
                name="land_one_current_parcel",
            ),
            models.CheckConstraint(condition=~Q(sheet="") & ~Q(number=""), name="land_parcel_is_numbered"),
        ]
        indexes = [models.Index(fields=["commune", "sheet", "number"], name="land_parcel_place")]

    def __str__(self) -> str:
        return f"{self.number}/{self.sheet}"

    @property
    def place(self) -> Place:
        return Place(self.commune.name, self.sheet, self.number)

    @property
    def stream(self) -> str:
        """Its audit stream."""
        return f"parcel:{self.pk}"


class ParcelToken(AllowToken):
    """Who may see a parcel."""

    holder = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="tokens")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "holder"], name="land_one_token")]
        indexes = [models.Index(fields=["holder"], name="land_token_holder")]


class ParcelDescription(Entry):
    """What a parcel is: its area in m² and address; not verified where a dossier alone said so."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="descriptions")
    area = models.DecimalField(max_digits=18, decimal_places=4)
    address = models.CharField(max_length=250, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance.choices)
    is_verified = models.BooleanField()

    class Meta:
        constraints = [
            *constraints_of_entry("description"),
            models.UniqueConstraint(
                fields=["parcel"], condition=Q(valid_until__isnull=True), name="land_one_description"
            ),
            models.CheckConstraint(condition=Q(area__gt=0), name="land_parcel_has_area"),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.area} m²"

    @property
    def area_shown(self) -> str:
        return in_m2(self.area)


class LandUse(Entry):
    """A purpose a parcel is used for (mục đích sử dụng đất), with its area in m² where it was told, and its term."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="land_uses")
    code = models.CharField(max_length=8)
    area = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    term = models.CharField(max_length=8, choices=Term.choices, default=Term.UNKNOWN)
    term_until = models.DateField(null=True)

    class Meta:
        constraints = [
            *constraints_of_entry("land_use"),
            models.UniqueConstraint(
                fields=["parcel", "code"], condition=Q(valid_until__isnull=True), name="land_one_land_use"
            ),
            models.CheckConstraint(condition=Q(area__isnull=True) | Q(area__gt=0), name="land_use_has_area"),
            models.CheckConstraint(
                condition=Q(term=Term.UNTIL, term_until__isnull=False)
                | ~Q(term=Term.UNTIL) & Q(term_until__isnull=True),
                name="land_term_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.code}"

    @property
    def name(self) -> str:
        return land_use_name(self.code)

    @property
    def area_shown(self) -> str:
        return in_m2(self.area) if self.area is not None else ""

    @property
    def term_words(self) -> str:
        return str(Term(self.term).label)


class FormerPlace(Noted):
    """A number or place name the parcel went by before it stood in this register (số thửa, số tờ, địa danh cũ)."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="former_places")
    commune = models.CharField(max_length=LONGEST_PLACE)
    folded = models.CharField(max_length=LONGEST_PLACE)
    sheet = models.CharField(max_length=LONGEST_NUMBER)
    number = models.CharField(max_length=LONGEST_NUMBER)

    class Meta:
        constraints = [
            constraint_of_noted("former_place"),
            models.UniqueConstraint(fields=["parcel", "folded", "sheet", "number"], name="land_one_former_place"),
        ]
        indexes = [models.Index(fields=["folded", "sheet", "number"], name="land_former_place")]

    def __str__(self) -> str:
        return str(self.place)

    @property
    def place(self) -> Place:
        return Place(self.commune, self.sheet, self.number)


class ParcelLineage(Noted):
    """Which parcel came from which (biến động thửa đất): never changed, never removed."""

    parent = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="became")
    child = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="came_from")
    kind = models.CharField(max_length=10, choices=Lineage.choices)

    class Meta:
        constraints = [
            constraint_of_noted("lineage"),
            models.UniqueConstraint(fields=["parent", "child"], name="land_one_lineage"),
            models.CheckConstraint(condition=~Q(parent=F("child")), name="land_no_parcel_from_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} → {self.child_id}"


class ParcelChange(Noted):
    """A line of the book of changes (sổ theo dõi biến động): which dossier changed what about which parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="changes")
    verb = models.CharField(max_length=40)
    officer_name = models.CharField(max_length=160)

    class Meta:
        constraints = [constraint_of_noted("change")]
        indexes = [
            models.Index(fields=["parcel", "-id"], name="land_changes_of_parcel"),
            models.Index(fields=["source_kind", "source_id"], name="land_changes_of_source"),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.verb} {self.source_code}"


def in_m2(area: Decimal) -> str:
    """An area as people write it, without idle noughts: 312,5."""
    return number_format(format(area.normalize() + 0, "f"), force_grouping=True)
