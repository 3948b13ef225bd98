"""Parcels become others: split (tách thửa), merged (hợp thửa), renumbered (đánh lại số thửa)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from land.catalogue import catalogue, rule_for
from land.entries import begun_by, end
from land.models import Commune, LandUse, Parcel, ParcelDescription
from land.operations.describing import (
    Purpose,
    current_description,
    current_purposes,
    demand_area,
    demand_free,
    demand_place,
    demand_purposes,
    describe,
    use_for,
    with_terms_of,
)
from land.operations.holding import carried_over, current_rights, end_rights, users_of
from land.operations.locked import (
    NO_CONSENT,
    Consent,
    demand_unrestricted,
    locked_parcel,
    locked_parcels,
    put_down,
    put_lineage,
)
from land.operations.places import commune_named
from land.operations.register import new_parcel
from land.operations.withdrawing import withdraw_those_of
from land.places import Place
from land.rights_models import LandRight, Restriction
from land.sources import Source
from land.states import Ending, Lineage, Provenance
from pages.domain_errors import Conflict, Invalid

SPLIT, MERGE = "split_parcel", "merge_parcels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A parcel that comes from others; without a sheet or purposes it has those of where it comes from."""

    number: str
    area: Decimal
    sheet: str = ""
    purposes: tuple[Purpose, ...] | None = None
    address: str | None = None


@transaction.atomic
def split_parcel(
    *,
    parcel_id: int,
    parts: Sequence[Part],
    source: Source,
    acting: Acting,
    consent: Consent = NO_CONSENT,
) -> list[Parcel]:
    """Makes several parcels of one, in the order of `parts`; rights go over to each, the certificates are withdrawn.

    The areas add up to the parcel's within the tolerance of the catalogue. A restriction blocks the split, or goes
    over to every part, as the catalogue says. Raises Refused, NotVisible, Invalid, Conflict.
    """
    parcel = locked_parcel(parcel_id, acting, source)
    if len(parts) < 2:
        raise Invalid(_("A parcel is split into at least two."))
    demand_unrestricted([parcel], SPLIT, consent)
    description = current_description(parcel)
    _demand_areas([part.area for part in parts], description.area)
    children = [
        _succeed([parcel], _placed(part, parcel), part, source, descriptions=[description], kind=Lineage.SPLIT)
        for part in parts
    ]
    _close([parcel], children, Lineage.SPLIT, source)
    payload = {"children": _listed(children), "consent": consent.paper}
    put_down([parcel], "parcel.split", source=source, acting=acting, payload=payload)
    _put_down_children(children, [parcel], source, acting)
    return children


@transaction.atomic
def merge_parcels(
    *,
    parcel_ids: Sequence[int],
    into: Part,
    source: Source,
    acting: Acting,
    consent: Consent = NO_CONSENT,
) -> Parcel:
    """Makes one parcel of several that the same people hold in the same shares.

    Without a sheet or an address of its own it has those of the first named. Otherwise as `split_parcel`.
    Raises Refused, NotVisible, Invalid, Conflict.
    """
    asked = list(parcel_ids)
    # As they were named, not as they were locked: the new parcel has sheet and address of the first.
    parcels = sorted(locked_parcels(asked, acting, source), key=lambda parcel: asked.index(parcel.pk))
    if len(parcels) < 2:
        raise Invalid(_("At least two parcels are merged."))
    if len({parcel.commune_id for parcel in parcels}) > 1:
        raise Conflict(_("Parcels of different communes are not merged."))
    demand_unrestricted(parcels, MERGE, consent)
    _demand_same_holders(parcels)
    descriptions = [current_description(parcel) for parcel in parcels]
    _demand_areas([description.area for description in descriptions], into.area)
    place = _placed(into, parcels[0])
    child = _succeed(parcels, place, into, source, descriptions=descriptions, kind=Lineage.MERGE)
    _close(parcels, [child], Lineage.MERGE, source)
    payload = {"children": _listed([child]), "consent": consent.paper}
    put_down(parcels, "parcel.merged", source=source, acting=acting, payload=payload)
    _put_down_children([child], parcels, source, acting)
    return child


@transaction.atomic
def renumber_parcel(*, parcel_id: int, place: Place, source: Source, acting: Acting) -> Parcel:
    """Gives the parcel another number, sheet or commune; everything else goes over. The old one stays findable."""
    parcel = locked_parcel(parcel_id, acting, source)
    if place.key == parcel.place.key:
        raise Invalid(_("The parcel has this number already."))
    description = current_description(parcel)
    part = Part(number=place.number, sheet=place.sheet, area=description.area)
    child = _succeed([parcel], place, part, source, descriptions=[description], kind=Lineage.RENUMBER)
    _close([parcel], [child], Lineage.RENUMBER, source)
    payload = {"children": _listed([child])}
    put_down([parcel], "parcel.renumbered", source=source, acting=acting, payload=payload)
    _put_down_children([child], [parcel], source, acting)
    return child


def _placed(part: Part, like: Parcel) -> Place:
    return Place(like.commune.name, part.sheet or like.sheet, part.number)


def _demand_areas(parts: Sequence[Decimal], whole: Decimal) -> None:
    for area in parts:
        demand_area(area)
    if not catalogue().areas.allows(parts, whole):
        words = {"sum": _number(sum(parts, Decimal(0))), "whole": _number(whole)}
        raise Invalid(_("The areas add up to %(sum)s m², not to %(whole)s m².") % words)


def _number(area: Decimal) -> str:
    return format(area.normalize() + 0, "f").replace(".", ",")


def _demand_same_holders(parcels: Sequence[Parcel]) -> None:
    held = [sorted(_held_as(right) for right in current_rights(parcel)) for parcel in parcels]
    if any(each != held[0] for each in held):
        raise Conflict(_("Parcels are merged only when the same people hold them in the same shares."))


def _held_as(right: LandRight) -> tuple[list[int], int, int]:
    return sorted(user.pk for user in users_of(right)), right.numerator, right.denominator


def _succeed(
    parents: Sequence[Parcel],
    place: Place,
    part: Part,
    source: Source,
    *,
    descriptions: Sequence[ParcelDescription],
    kind: Lineage,
) -> Parcel:
    """A parcel that comes from these, described, used and held as they are unless `part` says otherwise.

    It is verified where all of them are: what one of them lacks isn't made good by the others.
    """
    demand_place(place)
    commune = Commune.objects.select_for_update().get(pk=commune_named(place.commune).pk)
    # A part may keep the number of what it comes from: that parcel ends with this change. One part, not two of them.
    if _is_of(parents, place):
        end(Parcel.objects.filter(pk__in=[parent.pk for parent in parents]), source)
    demand_free(place, commune.pk)
    child = new_parcel(place, commune, source)
    describe(
        child,
        source,
        area=part.area,
        address=descriptions[0].address if part.address is None else part.address,
        provenance=Provenance.DERIVED,
        is_verified=all(description.is_verified for description in descriptions),
    )
    use_for(child, _purposes(parents, part, kind), source)
    first, *others = [current_rights(parent) for parent in parents]
    is_verified = all(right.is_verified for rights in others for right in rights)
    for right in first:
        carried_over(right, child, source, is_verified=right.is_verified and is_verified)
    _restrict_too(parents, child, source)
    return child


def _is_of(parents: Sequence[Parcel], place: Place) -> bool:
    return place.key in [parent.place.key for parent in parents]


def _purposes(parents: Sequence[Parcel], part: Part, kind: Lineage) -> list[Purpose]:
    """As told; else those of the parents, whose areas are known again only where the parcel stayed what it was.

    A use that goes on keeps its term: forms name the use alone.
    """
    inherited: dict[str, Purpose] = {}
    for parent in parents:
        for purpose in current_purposes(parent):
            area = purpose.area if kind == Lineage.RENUMBER else None
            inherited.setdefault(purpose.code, replace(purpose, area=area))
    if part.purposes is None:
        return list(inherited.values())
    demand_purposes(part.purposes, part.area)
    return with_terms_of(inherited.values(), part.purposes)


def _restrict_too(parents: Sequence[Parcel], child: Parcel, source: Source) -> None:
    """Restrictions that follow go over with their rank: the moment they were registered at."""
    lines = Restriction.objects.filter(parcel__in=parents, valid_until__isnull=True).order_by("registered_at", "pk")
    going = {
        (line.kind, line.party, line.contract_number): line for line in reversed(lines) if rule_for(line.kind).follows
    }
    Restriction.objects.bulk_create(
        Restriction(
            parcel=child,
            kind=line.kind,
            party=line.party,
            party_number=line.party_number,
            contract_number=line.contract_number,
            contract_on=line.contract_on,
            registered_at=line.registered_at,
            note=line.note,
            **begun_by(source),
        )
        for line in going.values()
    )


def _close(parents: Sequence[Parcel], children: Sequence[Parcel], kind: Lineage, source: Source) -> None:
    """Ends the parcels with everything that was in force on them."""
    for parent in parents:
        rights = current_rights(parent)
        withdraw_those_of(rights, Ending.PARCEL_CHANGED, source)
        end_rights(rights, source)
    for lines in (ParcelDescription, LandUse, Restriction):
        end(lines._default_manager.filter(parcel__in=parents), source)
    end(Parcel.objects.filter(pk__in=[parent.pk for parent in parents]), source)
    put_lineage(parents, children, kind, source)


def _put_down_children(children: Sequence[Parcel], parents: Sequence[Parcel], source: Source, acting: Acting) -> None:
    payload = {"parents": _listed(parents)}
    put_down(children, "parcel.derived", source=source, acting=acting, payload=payload)


def _listed(parcels: Sequence[Parcel]) -> str:
    return "; ".join(str(parcel.place) for parcel in parcels)
