"""The land register: its guards stand, rights are no more than a whole, and what ended left nothing in force."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from land.append_only import guards_standing
from land.models import LandUse, Parcel, ParcelDescription
from land.rights_models import LandRight, Restriction
from upkeep.integrity.findings import Finding, chunked


def register_findings() -> Iterator[Finding]:
    """Faults of parcels, a fixed number of queries for each handful of them."""
    if not guards_standing():
        yield Finding("land.guards", "land", "a trigger that keeps the land register is missing or disabled")
    for parcels in chunked(Parcel.objects.all()):
        by_id = {parcel.pk: parcel for parcel in parcels}
        shares: dict[int, Fraction] = defaultdict(Fraction)
        rights = LandRight.objects.filter(parcel__in=by_id, valid_until__isnull=True)
        for parcel_id, numerator, denominator in rights.values_list("parcel", "numerator", "denominator"):
            shares[parcel_id] += Fraction(numerator, denominator)
        described = _in_force(ParcelDescription, by_id)
        left_over = _in_force(LandUse, by_id) | _in_force(Restriction, by_id) | described | set(shares)
        for pk, parcel in by_id.items():
            if not parcel.is_current and pk in left_over:
                yield Finding("land.ended", parcel.stream, "it has ended, but something on it is still in force")
            if parcel.is_current and pk not in described:
                yield Finding("land.undescribed", parcel.stream, "it is current without a description")
            if shares[pk] > 1:
                yield Finding("land.shares", parcel.stream, f"the rights on it come to {shares[pk]} of it")


def _in_force(lines: type[LandUse | Restriction | ParcelDescription], parcels: dict[int, Parcel]) -> set[int]:
    found = lines._default_manager.filter(parcel__in=parcels, valid_until__isnull=True)
    return set(found.values_list("parcel", flat=True))
