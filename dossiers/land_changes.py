"""What a dossier's result changes in the land register (cập nhật hồ sơ địa chính): a function for each change."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.land_parcels import Entering, certificates_on, is_recipient, parcel_of, rights_on
from dossiers.land_told import applicant_of, new_parcels_of, recipients_of, year_in
from land.holders import together
from land.models import Parcel
from land.operations.certificates import annotate_certificate, issue_certificate, withdraw_certificate
from land.operations.change_purpose import change_purpose
from land.operations.correct_entry import Correction, UserCorrection, correct_entry
from land.operations.describing import Purpose, current_purposes
from land.operations.extend_term import extend_term
from land.operations.register import register_parcel
from land.operations.restrictions import Restricting, register_restriction, release_restriction
from land.operations.succession import Part, merge_parcels, split_parcel
from land.operations.transfer import transfer_right
from land.rights_models import Certificate, LandRight, Restriction
from land.selectors import parcels_at
from land.states import Ending, RestrictionKind
from pages.domain_errors import Conflict, Invalid
from workflow.kinds import Words

Change = Callable[[Entering], None]


# The changes -----------------------------------------------------------------------------------------


def _register(entry: Entering) -> None:
    """Đăng ký lần đầu: the parcel is entered for who is named, else for the applicant."""
    told = entry.told
    area = told.number("area")
    if area is None:
        raise Invalid(_("The form doesn't say how large the parcel is."))
    recipients = recipients_of(told)
    parcel = register_parcel(
        place=told.place,
        area=area,
        holdings=recipients.holdings if recipients else together([applicant_of(entry.dossier)]),
        purposes=[Purpose(code=code) for code in told.purposes()],
        address=told.text("address"),
        source=entry.source,
        acting=entry.acting,
    )
    _certify(entry, rights_on(parcel), (), Ending.RENEWED, "")


def _transfer(entry: Entering) -> None:
    """Chuyển nhượng, tặng cho, thừa kế."""
    recipients = recipients_of(entry.told)
    if recipients is None:
        raise Invalid(_("Say who receives the right."))
    parcel, applicant = parcel_of(entry), applicant_of(entry.dossier)
    before = certificates_on(parcel)
    # Taken over from this very dossier for those who receive it: there is nobody it could be taken from.
    is_theirs = parcel.source_id == entry.dossier.pk and is_recipient(applicant, recipients)
    granted = (
        rights_on(parcel)
        if is_theirs
        else transfer_right(
            parcel_id=parcel.pk,
            recipients=recipients.holdings,
            givers=() if is_recipient(applicant, recipients) else [applicant.id_number],
            share=recipients.share,
            source=entry.source,
            acting=entry.acting,
            consent=entry.consent,
        )
    )
    still = {each.pk for each in certificates_on(parcel)}
    replaced = before if is_theirs else [each for each in before if each.pk not in still]
    names = ", ".join(person.name for holding in recipients.holdings for person in holding.people)
    note = _official(_NOTES["transfer"], names=names, code=entry.source.code)
    _certify(entry, granted, replaced, Ending.RIGHT_ENDED, note)


def _restrict(entry: Entering) -> None:
    """Đăng ký, đăng ký thay đổi, xóa đăng ký thế chấp, at the minute the dossier was received (NĐ 99/2022 Art. 6)."""
    parcel, request = parcel_of(entry), entry.told.text("request")
    if request == "release":
        _release(entry, parcel)
        return
    at = entry.dossier.received_at or entry.at
    if request == "change":
        # A changed mortgage keeps its rank: the minute it was first registered at.
        standing = _mortgage(entry, parcel)
        release_restriction(restriction_id=standing.pk, released_at=entry.at, source=entry.source, acting=entry.acting)
        at = standing.registered_at
    told = Restricting(
        kind=RestrictionKind.MORTGAGE,
        party=entry.told.text("lender"),
        party_number=entry.told.text("lender_tax_code"),
        contract_number=entry.told.text("contract_number"),
        contract_on=entry.told.day("contract_date"),
        registered_at=at,
    )
    register_restriction(
        parcel_id=parcel.pk, told=told, source=entry.source, acting=entry.acting, consent=entry.consent
    )
    _note_mortgage(entry, parcel, "mortgage")


def _release(entry: Entering, parcel: Parcel) -> None:
    standing = _mortgage(entry, parcel)
    release_restriction(restriction_id=standing.pk, released_at=entry.at, source=entry.source, acting=entry.acting)
    _note_mortgage(entry, parcel, "release")


def _mortgage(entry: Entering, parcel: Parcel) -> Restriction:
    """The one in force by the contract the form names."""
    number = entry.told.text("contract_number")
    lines = Restriction.objects.filter(
        parcel=parcel, kind=RestrictionKind.MORTGAGE, contract_number=number, valid_until__isnull=True
    )
    found = list(lines.order_by("pk")[:2])
    of_party = [line for line in found if line.party.casefold() == entry.told.text("lender").casefold()]
    if len(found) > 1 and len(of_party) == 1:
        return of_party[0]
    if len(found) != 1:
        message = _("The register holds no mortgage of %(parcel)s by contract %(number)s.")
        raise Conflict(message % {"parcel": str(parcel.place), "number": number or "–"})
    return found[0]


def _note_mortgage(entry: Entering, parcel: Parcel, note: str) -> None:
    words = {"party": entry.told.text("lender"), "number": entry.told.text("contract_number")}
    for certificate in certificates_on(parcel):
        _annotate(entry, certificate, _official(_NOTES[note], code=entry.source.code, **words))


def _divide(entry: Entering) -> None:
    """Tách thửa, hợp thửa."""
    wish, parts = entry.told.text("wish"), new_parcels_of(entry.told)
    parcel = parcel_of(entry)
    if wish == "merge":
        children = [_merged(entry, parcel, parts)]
    elif wish in ("split", ""):
        children = split_parcel(
            parcel_id=parcel.pk, parts=parts, source=entry.source, acting=entry.acting, consent=entry.consent
        )
    else:
        message = _("A split and a merger in one dossier can't be entered in one go; make a dossier of each.")
        raise Conflict(message)
    rights = [right for child in children for right in rights_on(child)]
    _certify(entry, rights, (), Ending.PARCEL_CHANGED, "")


def _merged(entry: Entering, parcel: Parcel, parts: Sequence[Part]) -> Parcel:
    others = [parcel_of(entry, place) for place in entry.told.other_parcels]
    if not others or len(parts) != 1:
        raise Invalid(_("A merger names the other parcels, and the one parcel they become."))
    ids = [parcel.pk, *(other.pk for other in others)]
    return merge_parcels(parcel_ids=ids, into=parts[0], source=entry.source, acting=entry.acting, consent=entry.consent)


def _change_purpose(entry: Entering) -> None:
    """Chuyển mục đích sử dụng đất, of the whole parcel or of a part of it."""
    parcel = parcel_of(entry)
    codes, area = entry.told.purposes("new_use"), entry.told.number("new_area")
    whole = parcel.descriptions.get(valid_until__isnull=True).area
    purposes = _purposes_after(parcel, codes, area, whole)
    change_purpose(parcel_id=parcel.pk, purposes=purposes, source=entry.source, acting=entry.acting)
    note = _official(_NOTES["purpose"], uses="+".join(codes), area=_shown(area or whole), code=entry.source.code)
    _certify(entry, rights_on(parcel), certificates_on(parcel), Ending.RENEWED, note)


def _purposes_after(parcel: Parcel, codes: Sequence[str], area: Decimal | None, whole: Decimal) -> list[Purpose]:
    if area is None or area >= whole or not codes:
        return [Purpose(code=code, area=whole if len(codes) == 1 else None) for code in codes]
    if len(codes) > 1:
        raise Conflict(_("Several new purposes of a part of the parcel can't be told apart by area."))
    before = current_purposes(parcel)
    others = [purpose for purpose in before if purpose.code != codes[0]]
    own = sum((purpose.area or Decimal(0) for purpose in before if purpose.code == codes[0]), Decimal(0))
    if len(others) != 1:
        message = _("The register doesn't tell which of the purposes of %(parcel)s becomes another one.")
        raise Conflict(message % {"parcel": str(parcel.place)})
    held = others[0].area if others[0].area is not None else whole - own
    left = held - area
    if left < 0:
        message = _("Of %(parcel)s only %(held)s m² are %(use)s.")
        raise Conflict(message % {"parcel": str(parcel.place), "held": _shown(held), "use": others[0].code})
    rest = Purpose(code=others[0].code, area=left, term=others[0].term, term_until=others[0].term_until)
    return [*([rest] if left else []), Purpose(code=codes[0], area=own + area)]


def _shown(area: Decimal) -> str:
    return format(area.normalize() + 0, "f").replace(".", ",")


def _renew(entry: Entering) -> None:
    """Cấp đổi Giấy chứng nhận; after a survey with the area measured anew."""
    parcel = parcel_of(entry)
    area = entry.told.number("area")
    description = parcel.descriptions.filter(valid_until__isnull=True).first()
    if entry.told.text("reason") == "remeasured" and description and area is not None and area != description.area:
        correction = Correction(reason=_official(_NOTES["measured"], code=entry.source.code), area=area)
        correct_entry(parcel_id=parcel.pk, correction=correction, source=entry.source, acting=entry.acting)
    _replace_certificate(entry, parcel, Ending.RENEWED)


def _reissue(entry: Entering) -> None:
    """Cấp lại Giấy chứng nhận bị mất: the lost one is cancelled."""
    _replace_certificate(entry, parcel_of(entry), Ending.LOST)


def _replace_certificate(entry: Entering, parcel: Parcel, ending: Ending) -> None:
    """The one the form names, else the only one in force, by the one issued, for the rights it certifies."""
    standing = certificates_on(parcel)
    serial = entry.told.text("certificate_serial").replace(" ", "").upper()
    named = [each for each in standing if each.serial == serial] or standing
    if len(named) > 1:
        shown = ", ".join(each.serial_shown for each in named)
        raise Conflict(_("Several certificates are in force (%(serials)s); the form names none.") % {"serials": shown})
    rights = [
        right
        for right in rights_on(parcel)
        if not named or right.certified.filter(certificate=named[0], valid_until__isnull=True).exists()
    ]
    note = _official(_NOTES["renewal"], code=entry.source.code)
    _certify(entry, rights, named, ending, note)


def _extend(entry: Entering) -> None:
    """Gia hạn sử dụng đất."""
    until = entry.told.day("until")
    if until is None:
        raise Invalid(_("The form doesn't say until when."))
    parcel = parcel_of(entry)
    extend_term(parcel_id=parcel.pk, until=until, source=entry.source, acting=entry.acting)
    note = _official(_NOTES["term"], until=f"{until:%d/%m/%Y}", code=entry.source.code)
    _certify(entry, rights_on(parcel), certificates_on(parcel), Ending.RENEWED, note)


def _allocate(entry: Entering) -> None:
    """Giao đất, cho thuê đất: a new parcel of the applicant's, or one whose rights go over to him."""
    applicant = applicant_of(entry.dossier)
    if not parcels_at(entry.told.place, entry.acting):
        _register(entry)
        return
    parcel = parcel_of(entry)
    before = certificates_on(parcel)
    granted = transfer_right(
        parcel_id=parcel.pk,
        recipients=together([applicant]),
        source=entry.source,
        acting=entry.acting,
        consent=entry.consent,
    )
    note = _official(_NOTES["transfer"], names=applicant.name, code=entry.source.code)
    _certify(entry, granted, before, Ending.RIGHT_ENDED, note)


def _correct(entry: Entering) -> None:
    """Đính chính: what the form names in fields of its own is corrected, what it says in words is noted."""
    told, parcel = entry.told, parcel_of(entry)
    users: tuple[UserCorrection, ...] = ()
    if told.text("right_name") or told.text("right_birth_year") or told.text("right_address"):
        users = (
            UserCorrection(
                id_number=told.text("right_id_number") or entry.dossier.applicant_id_number,
                name=told.text("right_name") or None,
                birth_year=year_in(told.text("right_birth_year")),
                address=told.text("right_address") or None,
            ),
        )
    area = told.number("right_area")
    if area is not None or users:
        correction = Correction(reason=told.text("error") or entry.source.code, area=area, users=users)
        correct_entry(parcel_id=parcel.pk, correction=correction, source=entry.source, acting=entry.acting)
    note = _official(_NOTES["correction"], right=told.text("right"), code=entry.source.code)
    _certify(entry, rights_on(parcel), certificates_on(parcel), Ending.RENEWED, note)


# Certificates ----------------------------------------------------------------------------------------


def _certify(
    entry: Entering, rights: Sequence[LandRight], replaced: Sequence[Certificate], ending: Ending, note: str
) -> None:
    """The certificate issued with the result certifies these rights, and ends those before it.

    Without one what changed is noted on those before it, which certify these rights from then on.
    """
    if entry.certificate is None:
        for certificate in replaced:
            _annotate(entry, certificate, note, rights)
        return
    for certificate in replaced:
        withdraw_certificate(certificate_id=certificate.pk, ending=ending, source=entry.source, acting=entry.acting)
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


def _annotate(entry: Entering, certificate: Certificate, note: str, rights: Sequence[LandRight] | None = None) -> None:
    ids = [right.pk for right in rights] if rights is not None else None
    annotate_certificate(
        certificate_id=certificate.pk, text=note, source=entry.source, acting=entry.acting, now_certifies=ids
    )


_NOTES: Mapping[str, Words] = {
    "transfer": gettext_lazy("Transferred to %(names)s (dossier %(code)s)"),
    "mortgage": gettext_lazy("Mortgaged to %(party)s by contract %(number)s (dossier %(code)s)"),
    "release": gettext_lazy("Mortgage to %(party)s by contract %(number)s released (dossier %(code)s)"),
    "purpose": gettext_lazy("Purpose changed to %(uses)s, %(area)s m² (dossier %(code)s)"),
    "measured": gettext_lazy("Measured anew (dossier %(code)s)"),
    "renewal": gettext_lazy("Renewed (dossier %(code)s)"),
    "term": gettext_lazy("Term extended until %(until)s (dossier %(code)s)"),
    "correction": gettext_lazy("Corrected: %(right)s (dossier %(code)s)"),
}


def _official(note: Words, **words: str) -> str:
    """In the register's language, whichever the officer reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(note) % words


# All of them ----------------------------------------------------------------------------------------

CHANGES: Mapping[str, tuple[Change, Words]] = {
    "register": (_register, gettext_lazy("registers the parcel")),
    "transfer": (_transfer, gettext_lazy("transfers the right")),
    "restrict": (_restrict, gettext_lazy("registers, changes or releases the mortgage")),
    "divide": (_divide, gettext_lazy("splits or merges the parcel")),
    "change_purpose": (_change_purpose, gettext_lazy("changes the purpose of the parcel")),
    "renew": (_renew, gettext_lazy("renews the certificate")),
    "reissue": (_reissue, gettext_lazy("reissues the lost certificate")),
    "extend": (_extend, gettext_lazy("extends the term")),
    "allocate": (_allocate, gettext_lazy("enters the land allocated")),
    "correct": (_correct, gettext_lazy("corrects the entry")),
}
