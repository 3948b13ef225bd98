"""A mistake in the register is put right (đính chính): the wrong line ends, the right one begins."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from land.entries import begun_by, end
from land.models import Parcel, ParcelDescription, in_m2
from land.operations.describing import (
    Purpose,
    current_description,
    current_purposes,
    demand_area,
    demand_purposes,
    describe,
    use_for,
)
from land.operations.holding import current_rights, users_of
from land.operations.locked import locked_parcel, put_down
from land.rights_models import LandUser, UserDescription
from land.sources import Source
from land.states import Provenance
from pages.domain_errors import Conflict, Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCorrection:
    """What somebody who holds a right on the parcel is really called; None leaves a thing as it stands."""

    id_number: str
    name: str | None = None
    birth_year: int | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What stands wrong in the register; None leaves a thing as it stands. `reason`: what proves the mistake."""

    reason: str
    area: Decimal | None = None
    address: str | None = None
    users: tuple[UserCorrection, ...] = ()


@transaction.atomic
def correct_entry(*, parcel_id: int, correction: Correction, source: Source, acting: Acting) -> Parcel:
    """Corrects what the parcel is, or what those who hold it are called; what stood there stays readable.

    Raises Refused, NotVisible, Invalid (no reason, nothing that differs), Conflict (nobody of that number holds it).
    """
    parcel = locked_parcel(parcel_id, acting, source)
    if not correction.reason.strip():
        raise Invalid(_("Say what proves the mistake."))
    changed = [*_correct_description(parcel, correction, source), *_correct_users(parcel, correction, source)]
    if not changed:
        raise Invalid(_("The register says so already; there is nothing to correct."))
    payload = {"changed": "; ".join(changed), "reason": correction.reason.strip()}
    put_down([parcel], "parcel.corrected", source=source, acting=acting, payload=payload)
    return parcel


def _correct_description(parcel: Parcel, correction: Correction, source: Source) -> list[str]:
    before = current_description(parcel)
    area = before.area if correction.area is None else correction.area
    address = before.address if correction.address is None else correction.address[:250]
    if (area, address) == (before.area, before.address):
        return []
    demand_area(area)
    purposes = _purposes_on(parcel, area)
    demand_purposes(purposes, area)
    use_for(parcel, purposes, source)
    describe(
        parcel,
        source,
        area=area,
        address=address,
        provenance=Provenance.CORRECTED,
        is_verified=before.is_verified,
    )
    return _told(before, area, address)


def _purposes_on(parcel: Parcel, area: Decimal) -> list[Purpose]:
    """What the parcel is used for; its only use is as large as the parcel itself, however that was measured."""
    purposes = current_purposes(parcel)
    if len(purposes) == 1 and purposes[0].area is not None:
        return [replace(purposes[0], area=area)]
    return purposes


def _told(before: ParcelDescription, area: Decimal, address: str) -> list[str]:
    """Each thing as it was and as it is, for the trail."""
    told = []
    if area != before.area:
        told.append(f"{before.area_shown} → {in_m2(area)} m²")
    if address != before.address:
        told.append(f"{before.address or '–'} → {address or '–'}")
    return told


def _correct_users(parcel: Parcel, correction: Correction, source: Source) -> list[str]:
    held = {user.id_number: user for right in current_rights(parcel) for user in users_of(right)}
    told = []
    for each in correction.users:
        user = held.get(each.id_number.strip())
        if user is None:
            message = _("Nobody with the number %(number)s holds a right on this parcel.")
            raise Conflict(message % {"number": each.id_number})
        told += _described_anew(user, each, source)
    return told


def _described_anew(user: LandUser, correction: UserCorrection, source: Source) -> list[str]:
    # Somebody holds several parcels: those who correct him on two of them meet at his own row.
    LandUser.objects.select_for_update().get(pk=user.pk)
    before = UserDescription.objects.get(user=user, valid_until__isnull=True)
    wanted = (
        before.name if correction.name is None else correction.name[:160],
        before.birth_year if correction.birth_year is None else correction.birth_year,
        before.address if correction.address is None else correction.address[:250],
    )
    if wanted == (before.name, before.birth_year, before.address):
        return []
    end([before], source)
    name, birth_year, address = wanted
    UserDescription.objects.create(user=user, name=name, birth_year=birth_year, address=address, **begun_by(source))
    return [f"{before.name} → {name}"]
