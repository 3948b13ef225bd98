"""Certificates (giấy chứng nhận) are issued, annotated and withdrawn."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from documents.models import LegalDocument
from land.entries import begun_by, noted_by
from land.models import Parcel
from land.operations.locked import demand_right, locked_parcels, put_down
from land.operations.withdrawing import end_certificates
from land.places import is_serial, serial_key
from land.rights_models import Certificate, CertificateNote, CertifiedRight, LandRight
from land.sources import Source
from land.states import Ending
from pages.domain_errors import Conflict, Invalid

LONGEST_NOTE = 1000


@transaction.atomic
def issue_certificate(
    *,
    serial: str,
    right_ids: Collection[int],
    source: Source,
    acting: Acting,
    register_number: str = "",
    issued_on: date | None = None,
    legal_document_id: int | None = None,
    is_verified: bool = True,
) -> Certificate:
    """Enters a certificate of these rights in force; `is_verified=False` for one a dossier's form alone names.

    Raises Refused, NotVisible, Invalid (no serial), and Conflict: the serial stands in the register, a right has ended
    or has a certificate in force, which is to be withdrawn first.
    """
    demand_right(acting, source)
    if not is_serial(serial):
        raise Invalid(
            _("A certificate's serial is one or two letters, then 6 or 8 digits."), {"serial": _("As DK 248117.")}
        )
    rights = _rights(right_ids)
    parcels = locked_parcels({right.parcel_id for right in rights}, acting, source)
    _demand_certifiable(right_ids)
    document = LegalDocument.objects.filter(pk=legal_document_id).first() if legal_document_id else None
    # Of two units that enter one serial the same moment the second is told, too.
    certificate, is_new = Certificate.objects.get_or_create(
        serial=serial_key(serial),
        defaults={
            "register_number": register_number.strip()[:60],
            "issued_on": issued_on,
            "legal_document": document,
            "is_verified": is_verified,
            **begun_by(source),
        },
    )
    if not is_new:
        raise Conflict(_("A certificate with this serial stands in the register already."))
    _certify(certificate, rights, source)
    payload = {"serial": certificate.serial_shown, "register_number": certificate.register_number}
    verb = "certificate.issued" if is_verified else "certificate.taken_over"
    put_down(parcels, verb, source=source, acting=acting, payload=payload)
    return certificate


def _rights(right_ids: Collection[int]) -> list[LandRight]:
    rights = list(LandRight.objects.filter(pk__in=right_ids).order_by("pk"))
    if not rights or len(rights) < len(set(right_ids)):
        raise Invalid(_("A certificate certifies a right that stands in the register."))
    return rights


def _demand_certifiable(right_ids: Collection[int]) -> None:
    """Asked under the parcels' lock."""
    if LandRight.objects.filter(pk__in=right_ids, valid_until__isnull=False).exists():
        raise Conflict(_("The right has ended meanwhile; no certificate is issued for it."))
    standing = CertifiedRight.objects.filter(right__in=right_ids, valid_until__isnull=True)
    line = standing.select_related("certificate").first()
    if line is not None:
        message = _("The certificate %(serial)s is in force for this right; it has to be withdrawn first.")
        raise Conflict(message % {"serial": line.certificate.serial_shown})


def _certify(certificate: Certificate, rights: Sequence[LandRight], source: Source) -> None:
    CertifiedRight.objects.bulk_create(
        CertifiedRight(certificate=certificate, right=right, **begun_by(source)) for right in rights
    )


@transaction.atomic
def withdraw_certificate(*, certificate_id: int, ending: Ending, source: Source, acting: Acting) -> Certificate:
    """Ends a certificate for this reason (thu hồi, hủy). Raises Refused, NotVisible, Conflict when it has ended."""
    certificate, parcels = _locked_certificate(certificate_id, acting, source)
    end_certificates([certificate], ending, source)
    certificate.refresh_from_db()
    payload = {"serial": certificate.serial_shown, "reason": ending.value}
    put_down(parcels, "certificate.withdrawn", source=source, acting=acting, payload=payload)
    return certificate


@transaction.atomic
def annotate_certificate(
    *, certificate_id: int, text: str, source: Source, acting: Acting, also_certifies: Collection[int] = ()
) -> CertificateNote:
    """Notes a change on a certificate (xác nhận thay đổi); what it certifies it goes on certifying.

    `also_certifies` are rights it certifies besides from then on, where the change gave new ones.
    Raises Refused, NotVisible, Invalid (no words), and Conflict: it has ended, such a right has, or has a certificate.
    """
    certificate, parcels = _locked_certificate(certificate_id, acting, source)
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise Invalid(_("Write what is noted on the certificate, in up to %(most)s signs.") % {"most": LONGEST_NOTE})
    if also_certifies:
        rights = _rights(also_certifies)
        others = {right.parcel_id for right in rights} - {parcel.pk for parcel in parcels}
        parcels = [*parcels, *(locked_parcels(others, acting, source) if others else [])]
        _demand_certifiable(also_certifies)
        _certify(certificate, rights, source)
    note = CertificateNote.objects.create(certificate=certificate, text=text.strip(), **noted_by(source))
    payload = {"serial": certificate.serial_shown, "text": note.text}
    put_down(parcels, "certificate.annotated", source=source, acting=acting, payload=payload)
    return note


def _locked_certificate(certificate_id: int, acting: Acting, source: Source) -> tuple[Certificate, list[Parcel]]:
    """The certificate in force with the parcels it is about, which are locked."""
    demand_right(acting, source)
    lines = CertifiedRight.objects.filter(certificate=certificate_id).order_by("-pk")
    current = lines.filter(valid_until__isnull=True)
    ids = set(current.values_list("right__parcel", flat=True))
    # One that certifies nothing just now is still about the parcel of the right it certified last.
    ids = ids or set(lines.values_list("right__parcel", flat=True)[:1])
    parcels = locked_parcels(ids, acting, source)
    certificate = Certificate.objects.filter(pk=certificate_id).first()
    if certificate is None or not certificate.is_current:
        serial = certificate.serial_shown if certificate else "–"
        raise Conflict(_("The certificate %(serial)s is no longer in force.") % {"serial": serial})
    return certificate, parcels
