"""The land register as an officer may read it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.acting import Acting
from land.models import Commune, FormerPlace, LandUse, Parcel, ParcelDescription, ParcelLineage
from land.places import Place, commune_folded, commune_key, folded_meant, keys_meant, number_key, serial_key
from land.rights_models import (
    Certificate,
    CertificateNote,
    CertifiedRight,
    LandRight,
    Restriction,
    RightHolder,
    UserDescription,
)
from land.sight import require_reading, visible_parcels

# What is in force; of a parcel that has ended, what was in force when it did.
_LAST = Q(valid_until__isnull=True) | Q(valid_until=F("parcel__valid_until"), ended_id=F("parcel__ended_id"))
_MOST_RELATIVES = 300


@dataclass(slots=True)
class ShownRight:
    """A right with who holds it and the certificate for it."""

    right: LandRight
    holders: list[UserDescription] = field(default_factory=list)
    certificate: Certificate | None = None

    @property
    def names(self) -> str:
        return ", ".join(holder.name for holder in self.holders)


@dataclass(slots=True)
class ParcelFacts:
    """What the register says of a parcel now; of one that has ended, what it said last."""

    parcel: Parcel
    description: ParcelDescription | None = None
    land_uses: list[LandUse] = field(default_factory=list)
    rights: list[ShownRight] = field(default_factory=list)
    restrictions: list[Restriction] = field(default_factory=list)

    @property
    def area(self) -> Decimal | None:
        return self.description.area if self.description else None

    @property
    def address(self) -> str:
        return self.description.address if self.description else ""

    @property
    def is_verified(self) -> bool:
        return self.description is not None and self.description.is_verified

    @property
    def purposes(self) -> str:
        """As forms write them: ONT+CLN."""
        return "+".join(line.code for line in self.land_uses)

    @property
    def names(self) -> str:
        return "; ".join(shown.names for shown in self.rights)

    @property
    def certificates(self) -> list[Certificate]:
        """Each once, in the order of the rights."""
        found = {shown.certificate.pk: shown.certificate for shown in self.rights if shown.certificate}
        return list(found.values())


def facts_of_parcel(*, commune: str, sheet: str, number: str, acting: Acting) -> ParcelFacts | None:
    """What the register says of the current parcel of this place, as forms name it; None where it says nothing.

    Found by today's number, by an earlier place name or number, with tone marks or without. None too for who may not
    read the register.
    """
    found = [parcel for parcel in parcels_at(Place(commune, sheet, number), acting) if parcel.is_current]
    return facts_of(found[:1])[0] if found else None


def parcels_at(place: Place, acting: Acting) -> list[Parcel]:
    """Parcels that bear or bore this number there: current ones first, those of the very commune before others'."""
    if not place.is_whole:
        return []
    communes = communes_meant(place.commune)
    former = FormerPlace.objects.filter(
        folded=commune_folded(place.commune), sheet=number_key(place.sheet), number=number_key(place.number)
    )
    here = Q(commune__in=communes, sheet=number_key(place.sheet), number=number_key(place.number))
    rows = visible_parcels(acting).filter(here | Q(pk__in=former.values("parcel"))).select_related("commune")
    return sorted(rows, key=lambda row: (not row.is_current, communes.get(row.commune_id, len(communes)), -row.pk))


def communes_meant(name: str) -> dict[int, int]:
    """The communes a name may mean, by their rank: those called so, what they went into, what went into them.

    Two that went into the same one are not each other.
    """
    key, folded = commune_key(name), commune_folded(name)
    if not folded:
        return {}
    meant = folded_meant(name)
    # In one query: those called so, and which went into which; there are some hundreds of the latter at most.
    wanted = Commune.objects.filter(Q(folded__in=meant) | Q(successor__isnull=False))
    rows = list(wanted.values_list("pk", "key", "folded", "successor_id"))
    called = [(pk, own) for pk, own, its_folded, _successor in rows if its_folded in meant]
    exact = [pk for pk, own in called if own in keys_meant(name)]
    chosen = exact or ([pk for pk, _own in called] if key == folded else [])
    links = [(pk, successor) for pk, _own, _folded, successor in rows if successor]
    found = dict.fromkeys(chosen, 0)
    for ways in (links, [(after, before) for before, after in links]):
        fresh = set(chosen)
        while fresh := {there for here, there in ways if here in fresh} - set(found):
            found |= dict.fromkeys(fresh, 1)
    return found


def facts_of(parcels: Sequence[Parcel]) -> list[ParcelFacts]:
    """The facts of parcels that were seen, in their order; so many queries for any number of them."""
    ids = [parcel.pk for parcel in parcels]
    facts = {parcel.pk: ParcelFacts(parcel) for parcel in parcels}
    if not ids:
        return []
    for description in _last(ParcelDescription.objects.all(), ids):
        facts[description.parcel_id].description = description
    for land_use in _last(LandUse.objects.all(), ids).order_by("pk"):
        facts[land_use.parcel_id].land_uses.append(land_use)
    for restriction in _last(Restriction.objects.all(), ids).order_by("registered_at", "pk"):
        facts[restriction.parcel_id].restrictions.append(restriction)
    for shown in shown_rights(_last(LandRight.objects.all(), ids).order_by("pk")):
        facts[shown.right.parcel_id].rights.append(shown)
    return [facts[pk] for pk in ids]


def _last(rows: QuerySet[Any], ids: Sequence[int]) -> QuerySet[Any]:
    return rows.filter(_LAST, parcel__in=ids)


def shown_rights(rights: Iterable[LandRight]) -> list[ShownRight]:
    """Each with who holds it, and the certificate for it; of one that has ended, the last."""
    shown = {right.pk: ShownRight(right) for right in rights}
    described: dict[int, UserDescription] = {}
    holders = list(RightHolder.objects.filter(right__in=shown).order_by("right", "position"))
    for line in UserDescription.objects.filter(
        user__in={holder.user_id for holder in holders}, valid_until__isnull=True
    ).select_related("user"):
        described[line.user_id] = line
    for holder in holders:
        shown[holder.right_id].holders.append(described[holder.user_id])
    # Of a right that has ended the certificate that ended with it; the newest line of a right is its last.
    for certified in CertifiedRight.objects.filter(right__in=shown).select_related("certificate").order_by("pk"):
        each = shown[certified.right_id]
        if certified.is_current or not each.right.is_current:
            each.certificate = certified.certificate
    return list(shown.values())


def notes_on(certificates: Iterable[Certificate]) -> dict[int, list[CertificateNote]]:
    """What was noted on each, in order."""
    found: dict[int, list[CertificateNote]] = defaultdict(list)
    for note in CertificateNote.objects.filter(certificate__in=list(certificates)).order_by("pk"):
        found[note.certificate_id].append(note)
    return found


def earlier_certificates(parcel: Parcel) -> list[Certificate]:
    """Certificates of the parcel that were withdrawn, newest first."""
    ids = CertifiedRight.objects.filter(right__parcel=parcel).values("certificate")
    return list(Certificate.objects.filter(pk__in=ids, valid_until__isnull=False).order_by("-pk")[:50])


def released_restrictions(parcel: Parcel) -> list[Restriction]:
    return list(Restriction.objects.filter(parcel=parcel, released_at__isnull=False).order_by("-pk")[:50])


def certificate_by_serial(serial: str, acting: Acting) -> Certificate | None:
    """The certificate of this serial, in force or not, where he sees a parcel it was issued for."""
    found = Certificate.objects.filter(serial=serial_key(serial)).first()
    if found is None:
        return None
    parcels = CertifiedRight.objects.filter(certificate=found).values("right__parcel")
    return found if visible_parcels(acting).filter(pk__in=parcels).exists() else None


def parcel_ids_of(certificate: Certificate) -> set[int]:
    """The parcels a certificate was ever about."""
    return set(CertifiedRight.objects.filter(certificate=certificate).values_list("right__parcel", flat=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list of parcels was asked for; `number` is a serial, an identity number or a tax code."""

    commune: str = ""
    sheet: str = ""
    parcel: str = ""
    number: str = ""

    @property
    def is_narrowed(self) -> bool:
        return any((self.commune.strip(), self.sheet.strip(), self.parcel.strip(), self.number.strip()))


def parcels_for(asked: Asked, acting: Acting) -> QuerySet[Parcel]:
    """Parcels by what is known of their place, or by certificate or holder; ended ones are found by their number.

    Raises Refused for who may not read the register.
    """
    require_reading(acting)
    rows = visible_parcels(acting).select_related("commune")
    if not asked.is_narrowed:
        return rows.filter(valid_until__isnull=True)
    if asked.number.strip():
        rows = rows.filter(pk__in=_known_by(asked.number))
    place = Q()
    former = FormerPlace.objects.all()
    if asked.commune.strip():
        place &= Q(commune__in=communes_meant(asked.commune))
        former = former.filter(folded=commune_folded(asked.commune))
    for name, value in (("sheet", asked.sheet), ("number", asked.parcel)):
        if value.strip():
            place &= Q(**{name: number_key(value)})
            former = former.filter(**{name: number_key(value)})
    return rows.filter(place | Q(pk__in=former.values("parcel"))) if place else rows


def _known_by(number: str) -> set[int]:
    """Parcels of a certificate with this serial, or held by somebody of this number."""
    certified = CertifiedRight.objects.filter(certificate__serial=serial_key(number), valid_until__isnull=True)
    held = RightHolder.objects.filter(user__id_number=number.strip(), right__valid_until__isnull=True)
    return {*certified.values_list("right__parcel", flat=True), *held.values_list("right__parcel", flat=True)}


@dataclass(slots=True)
class Relative:
    """A parcel in the tree of those that came from each other."""

    parcel: Parcel
    kind: str = ""
    code: str = ""
    is_self: bool = False
    children: list["Relative"] = field(default_factory=list)


def family_of(parcel: Parcel) -> list[Relative]:
    """The tree a parcel stands in, from the oldest it comes from; empty for one that came from none and became none.

    A query a generation; a parcel merged from several stands under each, its own descendants under the first.
    """
    lines: dict[int, ParcelLineage] = {}
    fresh, known = {parcel.pk}, {parcel.pk}
    while fresh and len(lines) < _MOST_RELATIVES:
        found = ParcelLineage.objects.filter(Q(parent__in=fresh) | Q(child__in=fresh))
        found = found.select_related("parent__commune", "child__commune").order_by("pk")
        lines |= {line.pk: line for line in found}
        fresh = {pk for line in found for pk in (line.parent_id, line.child_id)} - known
        known |= fresh
    return _trees(list(lines.values()), parcel)


def _trees(lines: Sequence[ParcelLineage], parcel: Parcel) -> list[Relative]:
    below: dict[int, list[ParcelLineage]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.pk):
        below[line.parent_id].append(line)
    children = {line.child_id for line in lines}
    roots = {line.parent_id: line.parent for line in lines if line.parent_id not in children}
    drawn: set[int] = set()

    def grown(one: Parcel, kind: str = "", code: str = "") -> Relative:
        relative = Relative(one, kind, code, is_self=one.pk == parcel.pk)
        if one.pk not in drawn:
            drawn.add(one.pk)
            relative.children = [grown(line.child, line.kind, line.source_code) for line in below[one.pk]]
        return relative

    return [grown(root) for _pk, root in sorted(roots.items())]
