"""Writing what a parcel is, under its lock; part of the operations that do so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from land.catalogue import catalogue, is_land_use
from land.entries import begun_by, end
from land.models import LandUse, Parcel, ParcelDescription
from land.places import LONGEST_NUMBER, Place, number_key
from land.sources import Source
from land.states import Provenance, Term
from pages.domain_errors import Conflict, Invalid

# What the column holds: 14 digits before the point. No parcel is as large as the country.
_LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A purpose of a parcel as an operation is told: code, area in m² where it is known, until when."""

    code: str
    area: Decimal | None = None
    term: Term = Term.UNKNOWN
    term_until: date | None = None


def demand_place(place: Place) -> None:
    """Raises Invalid for a parcel without commune, sheet or number, or with a longer one than any map has."""
    if not place.is_whole:
        raise Invalid(_("A parcel is known by its commune, map sheet and number; one of them is missing."))
    if max(len(place.sheet.strip()), len(place.number.strip())) > LONGEST_NUMBER:
        raise Invalid(_("No map has so long a sheet or parcel number."))


def demand_free(place: Place, commune_id: int) -> None:
    """Raises Conflict when a current parcel has this number already."""
    keys = {"sheet": number_key(place.sheet), "number": number_key(place.number)}
    if Parcel.objects.filter(commune=commune_id, valid_until__isnull=True, **keys).exists():
        raise Conflict(_("The register already holds %(parcel)s.") % {"parcel": str(place)})


def demand_area(area: Decimal) -> None:
    if not area.is_finite() or not 0 < area < _LARGEST:
        raise Invalid(_("The area of a parcel is more than nothing, in m²."), {"area": _("More than 0.")})


def demand_purposes(purposes: Sequence[Purpose], area: Decimal) -> None:
    """Raises Invalid for a code no catalogue has, one named twice, or areas that don't add up to the parcel's."""
    codes = [purpose.code for purpose in purposes]
    unknown = [code for code in codes if not is_land_use(code)]
    if unknown:
        raise Invalid(_("The catalogue of land uses has no code %(codes)s.") % {"codes": ", ".join(unknown)})
    if len(set(codes)) < len(codes):
        raise Invalid(_("A land use is named twice."))
    told = [purpose.area for purpose in purposes if purpose.area is not None]
    for each in told:
        demand_area(each)
    is_too_much = sum(told, Decimal(0)) > area and not catalogue().areas.allows(told, area)
    if is_too_much or (told and len(told) == len(purposes) and not catalogue().areas.allows(told, area)):
        raise Invalid(_("The areas of the land uses don't add up to the area of the parcel."))


def describe(
    parcel: Parcel, source: Source, *, area: Decimal, address: str, provenance: Provenance, is_verified: bool
) -> ParcelDescription:
    """Says what the parcel is from now on."""
    end(ParcelDescription.objects.filter(parcel=parcel), source)
    return ParcelDescription.objects.create(
        parcel=parcel,
        area=area,
        address=address[:250],
        provenance=provenance,
        is_verified=is_verified,
        **begun_by(source),
    )


def current_description(parcel: Parcel) -> ParcelDescription:
    return ParcelDescription.objects.get(parcel=parcel, valid_until__isnull=True)


def use_for(parcel: Parcel, purposes: Iterable[Purpose], source: Source) -> None:
    """Says what the parcel is used for from now on; a purpose that stays as it is keeps its line."""
    wanted = {purpose.code: purpose for purpose in purposes}
    standing = {line.code: line for line in LandUse.objects.filter(parcel=parcel, valid_until__isnull=True)}
    kept = {code for code, line in standing.items() if code in wanted and _purpose_of(line) == wanted[code]}
    end([line for code, line in standing.items() if code not in kept], source)
    LandUse.objects.bulk_create(
        LandUse(
            parcel=parcel,
            code=purpose.code,
            area=purpose.area,
            term=purpose.term,
            term_until=purpose.term_until,
            **begun_by(source),
        )
        for code, purpose in wanted.items()
        if code not in kept
    )


def current_purposes(parcel: Parcel) -> list[Purpose]:
    lines = LandUse.objects.filter(parcel=parcel, valid_until__isnull=True).order_by("pk")
    return [_purpose_of(line) for line in lines]


def _purpose_of(line: LandUse) -> Purpose:
    return Purpose(code=line.code, area=line.area, term=Term(line.term), term_until=line.term_until)


def with_terms_of(before: Iterable[Purpose], purposes: Iterable[Purpose]) -> list[Purpose]:
    """These purposes; one that stood before and is told without a term keeps the one it had."""
    standing = {purpose.code: purpose for purpose in before}
    return [
        replace(purpose, term=standing[purpose.code].term, term_until=standing[purpose.code].term_until)
        if purpose.term == Term.UNKNOWN and purpose.code in standing
        else purpose
        for purpose in purposes
    ]


def told(purposes: Iterable[Purpose]) -> str:
    """For the trail: ONT+CLN."""
    return "+".join(purpose.code for purpose in purposes) or "–"
