"""The first load of the register (nạp dữ liệu ban đầu), from the records that were kept before it."""

from datetime import datetime
from zlib import crc32

from django.db import transaction
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from accounts.acting import Acting
from land.catalogue import catalogue
from land.holders import Holding, Person, share_of, together
from land.loading import LoadedParcel
from land.models import Parcel
from land.operations.certificates import issue_certificate
from land.operations.describing import Purpose
from land.operations.register import register_parcel
from land.operations.restrictions import Restricting, register_restriction
from land.places import Place
from land.rights_models import LandRight
from land.selectors import parcels_at
from land.sources import Source
from land.states import RestrictionKind
from pages.domain_errors import Invalid

KIND = "initial_load"


def source_of_load(basis: str, decided_on: datetime) -> Source:
    """What a load rests on: the minutes or decision by which the records before were handed over."""
    if not basis.strip():
        raise Invalid(_("Name the minutes or decision the load rests on."))
    code = basis.strip()[:60]
    # Not a dossier: its key only tells loads apart.
    return Source(kind=KIND, subject_id=crc32(code.encode()) or 1, code=code, decided_on=decided_on.date())


def stands_from(told: LoadedParcel, source: Source, acting: Acting) -> bool:
    """Whether the same load entered this parcel before: loading a file again does nothing."""
    found = parcels_at(Place(told.commune, told.sheet, told.number), acting)
    return any(parcel.source_kind == KIND and parcel.source_code == source.code for parcel in found)


@transaction.atomic
def load_parcel(*, told: LoadedParcel, source: Source, acting: Acting) -> Parcel:
    """Enters a parcel with its certificate and mortgages, all or nothing. Raises as the single operations do."""
    if told.form and told.form not in {form.code for form in catalogue().forms_of_right}:
        raise Invalid(_("The catalogue has no form of right %(code)s.") % {"code": told.form})
    parcel = register_parcel(
        place=Place(told.commune, told.sheet, told.number),
        area=told.area,
        holdings=_holdings(told),
        purposes=[Purpose(code=code) for code in told.purposes.replace(" ", "").split("+") if code],
        address=told.address,
        form=told.form,
        source=source,
        acting=acting,
    )
    if told.serial:
        rights = LandRight.objects.filter(parcel=parcel, valid_until__isnull=True)
        issue_certificate(
            serial=told.serial,
            right_ids=list(rights.values_list("pk", flat=True)),
            register_number=told.register_number,
            issued_on=told.issued_on,
            source=source,
            acting=acting,
        )
    for mortgage in told.mortgages:
        at = mortgage.registered_at
        restricting = Restricting(
            kind=RestrictionKind.MORTGAGE,
            party=mortgage.party,
            contract_number=mortgage.contract_number,
            contract_on=mortgage.contract_on,
            registered_at=make_aware(at) if is_naive(at) else at,
        )
        register_restriction(parcel_id=parcel.pk, told=restricting, source=source, acting=acting)
    return parcel


def _holdings(told: LoadedParcel) -> list[Holding]:
    people = [
        Person(
            kind=holder.kind,
            id_number=holder.id_number,
            name=holder.name,
            birth_year=holder.birth_year,
            address=holder.address,
        )
        for holder in told.holders
    ]
    shares = [holder.share for holder in told.holders]
    if not any(shares):
        return together(people)
    if not all(shares):
        raise Invalid(_("Some of those who hold the right have a share, others none."))
    return [Holding((person,), share_of(share)) for person, share in zip(people, shares, strict=True)]
