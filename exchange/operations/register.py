"""Registering what was agreed with an agency."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from audit.recording import Actor, record
from exchange.callers import stream_of
from exchange.models import Agency
from pages.domain_errors import Invalid

_AGREED = ("name", "agreement", "has_personal_data", "is_active", "valid_from", "valid_to")


@transaction.atomic
def register_agency(
    *,
    code: str,
    name: str,
    units: Collection[Unit],
    actor: Actor,
    agreement: str = "",
    has_personal_data: bool = False,
    is_active: bool = True,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Agency:
    """Connects the agency of this code, or puts what is agreed now in place of what was (kết nối cơ quan).

    From the next request on it reads the dossiers of these units and of no others. Nothing is recorded when nothing
    differs. Raises Invalid with the fault of each field.
    """
    agency = Agency.objects.select_for_update().filter(code=code).first()
    agency = agency or Agency(code=code, registered_at=timezone.now(), valid_from=timezone.localdate())
    before = _agreed(agency)
    agency.name, agency.agreement = name, agreement
    agency.has_personal_data, agency.is_active = has_personal_data, is_active
    agency.valid_from, agency.valid_to = valid_from or agency.valid_from, valid_to
    _demand_whole(agency, units)
    agency.save()
    agency.units.set(units)
    after = _agreed(agency)
    if after != before:
        verb = "agency.registered" if is_active else "agency.disconnected"
        record(stream_of(agency.pk), verb, actor=actor, payload={"code": code, **after})
    return agency


def _agreed(agency: Agency) -> dict[str, object]:
    """What the trail keeps of the agreement; nothing of an agency that is new."""
    if agency.pk is None:
        return {}
    units = list(agency.units.order_by("code").values_list("name", flat=True))
    return {**{field: getattr(agency, field) for field in _AGREED}, "units": units}


def _demand_whole(agency: Agency, units: Collection[Unit]) -> None:
    faults = {}
    if agency.is_active and not units:
        faults["units"] = _("Name at least one unit whose dossiers it may read.")
    if agency.valid_to and agency.valid_to < agency.valid_from:
        faults["valid_to"] = _("The agreement can't end before it begins.")
    try:
        agency.clean_fields(exclude=["units"])
    except ValidationError as errors:
        faults |= {field: messages[0] for field, messages in errors.message_dict.items()}
    if faults:
        raise Invalid("; ".join(f"{field}: {fault}" for field, fault in faults.items()), faults)
