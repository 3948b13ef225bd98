"""Restrictions (hạn chế quyền) are registered and released: above all mortgages (đăng ký, xóa đăng ký thế chấp)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.sight import NotVisible
from land.entries import begun_by, end
from land.operations.locked import NO_CONSENT, Consent, demand_unrestricted, locked_parcel, put_down
from land.rights_models import Restriction
from land.sources import Source
from land.states import RestrictionKind
from pages.domain_errors import Conflict, Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricting:
    """A restriction as an operation is told; see `Restriction`."""

    kind: RestrictionKind
    party: str
    registered_at: datetime
    party_number: str = ""
    contract_number: str = ""
    contract_on: date | None = None
    note: str = ""


@transaction.atomic
def register_restriction(
    *, parcel_id: int, told: Restricting, source: Source, acting: Acting, consent: Consent = NO_CONSENT
) -> Restriction:
    """Registers a restriction on a parcel, at a moment to the minute.

    Raises Refused, NotVisible, Invalid (nobody it protects; a mortgage without its contract), Conflict (registered
    already, or another restriction stands in its way).
    """
    parcel = locked_parcel(parcel_id, acting, source)
    _demand_told(told)
    demand_unrestricted([parcel], f"register_{told.kind.value}", consent)
    party, contract = told.party.strip()[:200], told.contract_number.strip()[:80]
    standing = Restriction.objects.filter(parcel=parcel, valid_until__isnull=True, kind=told.kind, party=party)
    if standing.filter(contract_number=contract).exists():
        raise Conflict(_("This restriction stands in the register already."))
    restriction = Restriction.objects.create(
        parcel=parcel,
        kind=told.kind,
        party=party,
        party_number=told.party_number.strip()[:20],
        contract_number=contract,
        contract_on=told.contract_on,
        registered_at=_to_the_minute(told.registered_at),
        note=told.note.strip()[:500],
        **begun_by(source),
    )
    payload = {
        "kind": restriction.kind,
        "party": restriction.party,
        "contract": restriction.contract_number,
        "at": restriction.registered_at,
    }
    put_down([parcel], "restriction.registered", source=source, acting=acting, payload=payload)
    return restriction


def _demand_told(told: Restricting) -> None:
    if not told.party.strip():
        raise Invalid(_("Say whom the restriction protects: the mortgagee, the court …"))
    if told.kind == RestrictionKind.MORTGAGE and not told.contract_number.strip():
        raise Invalid(_("A mortgage is registered by the number of its contract."))
    if is_naive(told.registered_at):
        message = "a naive moment is not the same everywhere"
        raise TypeError(message)


def _to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@transaction.atomic
def release_restriction(*, restriction_id: int, released_at: datetime, source: Source, acting: Acting) -> Restriction:
    """Strikes a restriction out (xóa đăng ký). Raises Refused, NotVisible, Conflict when it was released before."""
    parcel_id = Restriction.objects.filter(pk=restriction_id).values_list("parcel", flat=True).first()
    if parcel_id is None:
        raise NotVisible
    parcel = locked_parcel(parcel_id, acting, source)
    restriction = Restriction.objects.get(pk=restriction_id)
    if not restriction.is_current:
        message = _("This restriction was released by dossier %(code)s.")
        raise Conflict(message % {"code": restriction.ended_code})
    moment = max(_to_the_minute(released_at), restriction.registered_at)
    end([restriction], source, released_at=moment)
    payload = {
        "kind": restriction.kind,
        "party": restriction.party,
        "contract": restriction.contract_number,
        "at": moment,
    }
    put_down([parcel], "restriction.released", source=source, acting=acting, payload=payload)
    restriction.refresh_from_db()
    return restriction
