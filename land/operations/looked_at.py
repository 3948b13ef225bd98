"""Who looked at which parcel: kept in the reader's own stream, where access is looked through person by person."""

from django.db import transaction

from accounts.acting import Acting
from audit.recording import record
from land.models import Parcel
from land.rights_models import Certificate


@transaction.atomic
def record_looking(*, parcel: Parcel, acting: Acting) -> None:
    """Records that a parcel was opened with who holds it (Law on personal data: log of access)."""
    payload = {"parcel": str(parcel.place), "id": parcel.pk}
    record(f"account:{acting.officer_id}", "parcel.opened", actor=acting.actor, payload=payload)


@transaction.atomic
def record_looking_at_certificate(*, certificate: Certificate, acting: Acting) -> None:
    """The same for a certificate."""
    payload = {"serial": certificate.serial_shown, "id": certificate.pk}
    record(f"account:{acting.officer_id}", "certificate.opened", actor=acting.actor, payload=payload)
