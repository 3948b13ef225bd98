"""What a dossier's result changes in the land register (cập nhật hồ sơ địa chính): a function for each change."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.land_certificates import (
    certify_granted,
    certifying,
    holders_named,
    issue_for,
    note_on,
    official,
    replace_certificate,
    standing_of,
)
from dossiers.land_parcels import Entering, certificates_on, is_recipient, parcel_of, rights_on
from dossiers.land_told import applicant_of, new_parcels_of, recipients_of, year_in
from land.holders import together
from land.models import Parcel
from land.operations.change_purpose import change_purpose
from land.operations.correct_entry import Correction, UserCorrection, correct_entry
from land.operations.describing import Purpose, current_purposes
from land.operations.extend_term import extend_term
from land.operations.register import register_parcel
from land.operations.restrictions import Restricting, register_restriction, release_restriction
from land.operations.succession import Part, merge_parcels, split_parcel
from land.operations.transfer import transfer_right
from land.rights_models import Restriction
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
    issue_for(entry, rights_on(parcel))


def _transfer(entry: Entering) -> None:
    """Chuyển nhượng, tặng cho, thừa kế."""
    recipients = recipients_of(entry.told)
    if recipients is None:
        raise Invalid(_("Say who receives the right."))
    parcel, applicant = parcel_of(entry), applicant_of(entry.dossier)
    names = ", ".join(person.name for holding in recipients.holdings for person in holding.people)
    note = official("transfer", names=names, code=entry.source.code)
    is_receiving = is_recipient(applicant, recipients)
    # Taken over from this very dossier for those who receive it: there is nobody it could be taken from.
    if is_receiving and (parcel.source_kind, parcel.source_id) == (entry.source.kind, entry.source.subject_id):
        replace_certificate(entry, parcel, Ending.RIGHT_ENDED, note)
        return
    before = certifying([parcel])
    granted = transfer_right(
        parcel_id=parcel.pk,
        recipients=recipients.holdings,
        # Who receives it doesn't say who gives: those do whose certificate he brought. Others keep what they hold.
        givers=holders_named(entry, parcel) if is_receiving else [applicant.id_number],
        share=recipients.share,
        source=entry.source,
        acting=entry.acting,
        consent=entry.consent,
    )
    certify_granted(entry, granted, before, note)


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
    note_on(entry, certificates_on(parcel), official(note, code=entry.source.code, **words))


def _divide(entry: Entering) -> None:
    """Tách thửa, hợp thửa."""
    wish, parts = entry.told.text("wish"), new_parcels_of(entry.told)
    parcel = parcel_of(entry)
    if wish == "merge":
        parcels = [parcel, *_others(entry)]
    elif wish in ("split", ""):
        parcels = [parcel]
    else:
        message = _("A split and a merger in one dossier can't be entered in one go; make a dossier of each.")
        raise Conflict(message)
    before = certifying(parcels)
    children = [_merged(entry, parcels, parts)] if wish == "merge" else _split(entry, parcel, parts)
    words = {"parcel": _listed(parcels), "children": _listed(children), "code": entry.source.code}
    note_on(entry, standing_of(before), official("divide", **words))
    issue_for(entry, [right for child in children for right in rights_on(child)])


def _split(entry: Entering, parcel: Parcel, parts: Sequence[Part]) -> list[Parcel]:
    return split_parcel(
        parcel_id=parcel.pk, parts=parts, source=entry.source, acting=entry.acting, consent=entry.consent
    )


def _others(entry: Entering) -> list[Parcel]:
    return [parcel_of(entry, place) for place in entry.told.other_parcels]


def _merged(entry: Entering, parcels: Sequence[Parcel], parts: Sequence[Part]) -> Parcel:
    if len(parcels) < 2 or len(parts) != 1:
        raise Invalid(_("A merger names the other parcels, and the one parcel they become."))
    ids = [parcel.pk for parcel in parcels]
    return merge_parcels(parcel_ids=ids, into=parts[0], source=entry.source, acting=entry.acting, consent=entry.consent)


def _listed(parcels: Sequence[Parcel]) -> str:
    return "; ".join(str(parcel.place) for parcel in parcels)


def _change_purpose(entry: Entering) -> None:
    """Chuyển mục đích sử dụng đất, of the whole parcel or of a part of it."""
    parcel = parcel_of(entry)
    codes, area = entry.told.purposes("new_use"), entry.told.number("new_area")
    whole = parcel.descriptions.get(valid_until__isnull=True).area
    purposes = _purposes_after(parcel, codes, area, whole)
    change_purpose(parcel_id=parcel.pk, purposes=purposes, source=entry.source, acting=entry.acting)
    note = official("purpose", uses="+".join(codes), area=_shown(area or whole), code=entry.source.code)
    replace_certificate(entry, parcel, Ending.RENEWED, note, is_for_all=True)


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
        correction = Correction(reason=official("measured", code=entry.source.code), area=area)
        correct_entry(parcel_id=parcel.pk, correction=correction, source=entry.source, acting=entry.acting)
    replace_certificate(entry, parcel, Ending.RENEWED, official("renewal", code=entry.source.code))


def _reissue(entry: Entering) -> None:
    """Cấp lại Giấy chứng nhận bị mất: the lost one is cancelled."""
    replace_certificate(entry, parcel_of(entry), Ending.LOST, official("renewal", code=entry.source.code))


def _extend(entry: Entering) -> None:
    """Gia hạn sử dụng đất."""
    until = entry.told.day("until")
    if until is None:
        raise Invalid(_("The form doesn't say until when."))
    parcel = parcel_of(entry)
    extend_term(parcel_id=parcel.pk, until=until, source=entry.source, acting=entry.acting)
    note = official("term", until=f"{until:%d/%m/%Y}", code=entry.source.code)
    replace_certificate(entry, parcel, Ending.RENEWED, note, is_for_all=True)


def _allocate(entry: Entering) -> None:
    """Giao đất, cho thuê đất: a new parcel of the applicant's, or one whose rights go over to him."""
    applicant = applicant_of(entry.dossier)
    if not parcels_at(entry.told.place, entry.acting):
        _register(entry)
        return
    parcel = parcel_of(entry)
    before = certifying([parcel])
    granted = transfer_right(
        parcel_id=parcel.pk,
        recipients=together([applicant]),
        source=entry.source,
        acting=entry.acting,
        consent=entry.consent,
    )
    certify_granted(entry, granted, before, official("transfer", names=applicant.name, code=entry.source.code))


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
    note = official("correction", right=told.text("right"), code=entry.source.code)
    replace_certificate(entry, parcel, Ending.RENEWED, note, is_for_all=True)


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
