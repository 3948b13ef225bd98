"""What a change of the register does to the certificates of its parcels: a new one is issued, or the old one noted."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.land_parcels import Entering, certificates_on, rights_on
from land.models import Parcel
from land.operations.certificates import annotate_certificate, issue_certificate, withdraw_certificate
from land.places import serial_key
from land.rights_models import Certificate, CertifiedRight, LandRight, RightHolder
from land.states import Ending
from pages.domain_errors import Conflict
from workflow.kinds import Words

NOTES: Mapping[str, Words] = {
    "transfer": gettext_lazy("Transferred to %(names)s (dossier %(code)s)"),
    "mortgage": gettext_lazy("Mortgaged to %(party)s by contract %(number)s (dossier %(code)s)"),
    "release": gettext_lazy("Mortgage to %(party)s by contract %(number)s released (dossier %(code)s)"),
    "purpose": gettext_lazy("Purpose changed to %(uses)s, %(area)s m² (dossier %(code)s)"),
    "divide": gettext_lazy("%(parcel)s split or merged into: %(children)s (dossier %(code)s)"),
    "measured": gettext_lazy("Measured anew (dossier %(code)s)"),
    "renewal": gettext_lazy("Renewed (dossier %(code)s)"),
    "term": gettext_lazy("Term extended until %(until)s (dossier %(code)s)"),
    "correction": gettext_lazy("Corrected: %(right)s (dossier %(code)s)"),
}


def official(note: str, **words: str) -> str:
    """One of the notes, in the register's language, whichever the officer reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(NOTES[note]) % words


def issue_for(entry: Entering, rights: Sequence[LandRight]) -> None:
    """Enters the certificate issued with the result for these rights; nothing where there is none."""
    if entry.certificate is None:
        return
    document = entry.certificate.document
    legal = getattr(document, "legal_document", None)
    issue_certificate(
        serial=entry.certificate.serial,
        right_ids=[right.pk for right in rights],
        register_number=document.number or "",
        issued_on=document.issued_on,
        legal_document_id=legal.pk if legal else None,
        source=entry.source,
        acting=entry.acting,
    )


def note_on(entry: Entering, certificates: Sequence[Certificate], note: str, *, also: Sequence[LandRight] = ()) -> None:
    """Writes it on each; they certify the rights in `also` too from then on."""
    for certificate in certificates:
        annotate_certificate(
            certificate_id=certificate.pk,
            text=note,
            source=entry.source,
            acting=entry.acting,
            also_certifies=[right.pk for right in also],
        )


def certify_granted(
    entry: Entering, granted: Sequence[LandRight], before: Collection[CertifiedRight], note: str
) -> None:
    """New holders' certificate; of those `before`, one that certifies nothing any more is withdrawn.

    One that goes on for what was left, or for other parcels, is noted. Without a new certificate the first of those
    that certify nothing any more is noted and goes on for the new holders: a right has one certificate.
    """
    gone = CertifiedRight.objects.filter(pk__in=[line.pk for line in before], valid_until__isnull=False)
    touched = standing_of(gone)
    on_them = CertifiedRight.objects.filter(certificate__in=touched, valid_until__isnull=True)
    still = set(on_them.values_list("certificate", flat=True))
    done = [each for each in touched if each.pk not in still]
    note_on(entry, [each for each in touched if each.pk in still], note)
    if entry.certificate is None and done:
        note_on(entry, done[:1], note, also=granted)
        done = done[1:]
    _withdraw(entry, done, Ending.RIGHT_ENDED)
    issue_for(entry, granted)


def replace_certificate(
    entry: Entering, parcel: Parcel, ending: Ending, note: str, *, is_for_all: bool = False
) -> None:
    """The one the form names, else the only one in force, by the one issued, for all it certifies on any parcel.

    Where none is issued it is noted. What concerns the parcel itself (`is_for_all`) is noted on the others too.
    """
    standing = certificates_on(parcel)
    if entry.certificate is None and is_for_all:
        note_on(entry, standing, note)
        return
    replaced = _named_among(standing, entry)
    if is_for_all:
        note_on(entry, [each for each in standing if each not in replaced], note)
    if entry.certificate is None:
        note_on(entry, replaced, note)
        return
    lines = CertifiedRight.objects.filter(certificate__in=replaced, valid_until__isnull=True)
    rights = [line.right for line in lines.select_related("right").order_by("right")] or rights_on(parcel)
    _withdraw(entry, replaced, ending)
    issue_for(entry, rights)


def _named_among(standing: Sequence[Certificate], entry: Entering) -> list[Certificate]:
    serial = serial_key(entry.told.text("certificate_serial"))
    named = [each for each in standing if each.serial == serial] or list(standing)
    if len(named) > 1:
        shown = ", ".join(each.serial_shown for each in named)
        raise Conflict(_("Several certificates are in force (%(serials)s); the form names none.") % {"serials": shown})
    return named


def _withdraw(entry: Entering, certificates: Sequence[Certificate], ending: Ending) -> None:
    for each in certificates:
        withdraw_certificate(certificate_id=each.pk, ending=ending, source=entry.source, acting=entry.acting)


def certifying(parcels: Collection[Parcel]) -> list[CertifiedRight]:
    """What certifies the rights on these parcels now."""
    return list(CertifiedRight.objects.filter(right__parcel__in=parcels, valid_until__isnull=True).order_by("pk"))


def standing_of(before: Iterable[CertifiedRight]) -> list[Certificate]:
    """Those of the certificates that are in force still."""
    ids = {line.certificate_id for line in before}
    return list(Certificate.objects.filter(pk__in=ids, valid_until__isnull=True).order_by("pk"))


def holders_named(entry: Entering, parcel: Parcel) -> list[str]:
    """Numbers of those whose right on the parcel the certificate named certifies; nobody's where it is none of it."""
    serial = serial_key(entry.told.text("certificate_serial"))
    certified = CertifiedRight.objects.filter(
        certificate__serial=serial, right__parcel=parcel, valid_until__isnull=True
    )
    holders = RightHolder.objects.filter(right__in=certified.values("right"))
    return list(holders.order_by("right", "position").values_list("user__id_number", flat=True))
