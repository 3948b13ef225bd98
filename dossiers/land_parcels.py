"""The parcel and the certificate a dossier is about, as the register has them; held against what the dossier states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.acting import Acting
from documents.states import State
from dossiers.land_told import LandTold, Recipients, applicant_of, known_purposes, recipients_of, told_by
from dossiers.models import Dossier, DossierResult
from dossiers.selectors import KIND
from dossiers.usual_land import usual_land
from land.holders import Holding, Person, together
from land.models import Parcel
from land.operations.certificates import issue_certificate
from land.operations.locked import NO_CONSENT, Consent
from land.operations.register import register_parcel
from land.places import Place, is_serial, serial_key
from land.rights_models import Certificate, CertifiedRight, LandRight
from land.selectors import parcel_ids_of, parcels_at
from land.sources import Source
from pages.domain_errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Entering:
    """What a change of the register gets: the dossier with its result, what its form says, who enters it and when.

    certificate  the one issued with the result, none where the edition ends in another paper
    """

    dossier: Dossier
    told: LandTold
    source: Source
    acting: Acting
    at: datetime
    certificate: DossierResult | None
    consent: Consent


def entering(dossier: Dossier, acting: Acting, at: datetime) -> Entering:
    source = Source(kind=KIND, subject_id=dossier.pk, code=dossier.code or "", decided_on=localtime(at).date())
    issued = dossier.results.filter(
        document__state=State.ISSUED, document__document_type__in=usual_land().certificates
    ).exclude(serial="")
    return Entering(
        dossier=dossier,
        told=told_by(dossier),
        source=source,
        acting=acting,
        at=at,
        certificate=issued.select_related("document__legal_document").order_by("pk").first(),
        consent=_consent_in(dossier),
    )


def _consent_in(dossier: Dossier) -> Consent:
    """The mortgagee's, where it was handed in (BLDS 2015 Art. 320, 321)."""
    papers = dossier.components.filter(code__in=usual_land().consents, is_handed_in=True).order_by("position")
    paper = papers.first()
    return Consent(paper.name) if paper else NO_CONSENT


def parcel_of(entry: Entering, place: Place | None = None) -> Parcel:
    """The parcel the form names. One the register doesn't know yet is taken over as the dossier states it.

    Raises Conflict where the number means several parcels, or the certificate named is another parcel's or ended.
    """
    wanted = place or entry.told.place
    if not wanted.is_whole:
        raise Invalid(_("The form doesn't say which parcel it is about."))
    found = parcels_at(wanted, entry.acting)
    current = [parcel for parcel in found if parcel.is_current]
    if len(current) > 1:
        names = "; ".join(str(parcel.place) for parcel in current)
        raise Conflict(_("The number may mean several parcels: %(parcels)s.") % {"parcels": names})
    if current or found:
        # Of one that has ended the operation says what it became.
        parcel = (current or found)[0]
        if place is None:
            _demand_certificate(parcel, entry)
        return parcel
    return _taken_over(entry, wanted)


def _taken_over(entry: Entering, place: Place) -> Parcel:
    area = entry.told.number("area")
    if area is None or place != entry.told.place:
        raise Conflict(_("The register holds no %(parcel)s.") % {"parcel": str(place)})
    serial = entry.told.text("certificate_serial")
    if is_serial(serial):
        _demand_unknown(serial)
    parcel = register_parcel(
        place=place,
        area=area,
        holdings=_holdings(entry, place),
        purposes=known_purposes(entry.told.purposes()),
        source=entry.source,
        acting=entry.acting,
        is_verified=False,
    )
    _take_over_certificate(parcel, entry)
    return parcel


def _holdings(entry: Entering, place: Place) -> Sequence[Holding]:
    """The applicant's; where he is who receives, nobody knows who held it: then those who receive."""
    applicant, recipients = applicant_of(entry.dossier), recipients_of(entry.told)
    if recipients is None or not is_recipient(applicant, recipients):
        return together([applicant])
    if recipients.share is not None:
        message = _("The register doesn't hold %(parcel)s yet, and the dossier doesn't say who transfers a part of it.")
        raise Conflict(message % {"parcel": str(place)})
    return recipients.holdings


def is_recipient(person: Person, recipients: Recipients) -> bool:
    return person.id_number in {one.id_number for holding in recipients.holdings for one in holding.people}


def _demand_unknown(serial: str) -> None:
    other = Certificate.objects.filter(serial=serial_key(serial)).first()
    if other is not None:
        raise Conflict(_foreign(other))


def _foreign(certificate: Certificate) -> str:
    line = CertifiedRight.objects.filter(certificate=certificate).select_related("right__parcel__commune").last()
    place = str(line.right.parcel.place) if line else "–"
    message = _("In the register the certificate %(serial)s is that of %(parcel)s.")
    return message % {"serial": certificate.serial_shown, "parcel": place}


def _take_over_certificate(parcel: Parcel, entry: Entering) -> None:
    serial = entry.told.text("certificate_serial")
    if not is_serial(serial):
        return
    issue_certificate(
        serial=serial,
        right_ids=[right.pk for right in rights_on(parcel)],
        register_number=entry.told.text("register_number"),
        source=entry.source,
        acting=entry.acting,
        is_verified=False,
    )


def _demand_certificate(parcel: Parcel, entry: Entering) -> None:
    """Takes over a certificate the register doesn't know. Raises Conflict when it contradicts the one of the form."""
    serial = entry.told.text("certificate_serial")
    if not is_serial(serial) or not parcel.is_current:
        return
    named = Certificate.objects.filter(serial=serial_key(serial)).first()
    if named is None:
        others = certificates_on(parcel)
        if others:
            message = _("In the register the certificate of %(parcel)s is %(known)s, not %(told)s.")
            shown = ", ".join(each.serial_shown for each in others)
            raise Conflict(message % {"parcel": str(parcel.place), "known": shown, "told": serial})
        _take_over_certificate(parcel, entry)
    elif parcel.pk not in parcel_ids_of(named):
        raise Conflict(_foreign(named))
    elif not named.is_current:
        message = _("The certificate %(serial)s is no longer in force: %(reason)s (dossier %(code)s).")
        words = {"serial": named.serial_shown, "reason": named.ending_words.lower(), "code": named.ended_code}
        raise Conflict(message % words)


def rights_on(parcel: Parcel) -> list[LandRight]:
    return list(LandRight.objects.filter(parcel=parcel, valid_until__isnull=True).order_by("pk"))


def certificates_on(parcel: Parcel) -> list[Certificate]:
    """In force for a right on the parcel."""
    lines = CertifiedRight.objects.filter(right__parcel=parcel, valid_until__isnull=True)
    return list(Certificate.objects.filter(pk__in=lines.values("certificate"), valid_until__isnull=True).order_by("pk"))
