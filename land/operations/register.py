"""First registration of a parcel (đăng ký đất đai lần đầu), and taking one over from a dossier."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from accounts.acting import Acting
from land.entries import begun_by, noted_by
from land.holders import Holding, demand_whole
from land.models import Commune, FormerPlace, Parcel
from land.operations.describing import (
    Purpose,
    demand_area,
    demand_free,
    demand_place,
    demand_purposes,
    describe,
    told,
    use_for,
)
from land.operations.holding import grant
from land.operations.locked import demand_right, put_down
from land.operations.places import commune_named
from land.places import Place, commune_folded, number_key
from land.sight import open_to_readers
from land.sources import Source
from land.states import Provenance


@transaction.atomic
def register_parcel(
    *,
    place: Place,
    area: Decimal,
    holdings: Sequence[Holding],
    source: Source,
    acting: Acting,
    purposes: Sequence[Purpose] = (),
    address: str = "",
    form: str = "",
    former: Sequence[Place] = (),
    is_verified: bool = True,
) -> Parcel:
    """Enters a parcel with what it is, what it is used for and who holds it.

    `is_verified=False` says that a dossier alone named it ("theo hồ sơ"): it is taken over, nobody has examined it.
    `former` are numbers and place names it went by, kept to be found. Raises Refused, Invalid, and Conflict when a
    current parcel has this number.
    """
    demand_right(acting, source)
    demand_place(place)
    demand_area(area)
    demand_purposes(purposes, area)
    demand_whole(holdings)
    # Locked, so that of two who enter the same number the second is told so, and no constraint has to say it.
    commune = Commune.objects.select_for_update().get(pk=commune_named(place.commune).pk)
    demand_free(place, commune.pk)
    parcel = new_parcel(place, commune, source)
    provenance = Provenance.REGISTERED if is_verified else Provenance.TAKEN_OVER
    describe(parcel, source, area=area, address=address, provenance=provenance, is_verified=is_verified)
    use_for(parcel, purposes, source)
    grant(parcel, holdings, source, form=form, is_verified=is_verified)
    remember_places(parcel, former, source)
    names = [person.name for holding in holdings for person in holding.people]
    payload = {"area": area, "purposes": told(purposes), "holders": ", ".join(names)}
    verb = "parcel.registered" if is_verified else "parcel.taken_over"
    put_down([parcel], verb, source=source, acting=acting, payload=payload)
    return parcel


def new_parcel(place: Place, commune: Commune, source: Source) -> Parcel:
    """The bare parcel, seen by those who read the register. In the caller's transaction."""
    parcel = Parcel.objects.create(
        commune=commune, sheet=number_key(place.sheet), number=number_key(place.number), **begun_by(source)
    )
    open_to_readers(parcel.pk)
    return parcel


def remember_places(parcel: Parcel, former: Sequence[Place], source: Source) -> None:
    """Numbers and names it went by; each once, and none that says nothing."""
    wanted = {place.key: place for place in former if place.is_whole and place.key != parcel.place.key}
    FormerPlace.objects.bulk_create(
        FormerPlace(
            parcel=parcel,
            commune=place.commune[:160],
            folded=commune_folded(place.commune),
            sheet=number_key(place.sheet),
            number=number_key(place.number),
            **noted_by(source),
        )
        for place in wanted.values()
    )
