"""A right goes from one to another (chuyển nhượng, tặng cho, thừa kế), whole or in part."""

from collections.abc import Collection, Sequence
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from land.entries import begun_by
from land.holders import Holding, demand_whole
from land.models import Parcel
from land.operations.holding import carried_over, current_rights, demand_shares_fit, end_rights, grant, users_of
from land.operations.locked import NO_CONSENT, Consent, demand_unrestricted, locked_parcel, put_down
from land.rights_models import CertifiedRight, LandRight
from land.sources import Source
from pages.domain_errors import Conflict, Invalid

CHANGE = "transfer_right"


@transaction.atomic
def transfer_right(
    *,
    parcel_id: int,
    recipients: Sequence[Holding],
    source: Source,
    acting: Acting,
    givers: Collection[str] = (),
    share: Fraction | None = None,
    form: str = "",
    consent: Consent = NO_CONSENT,
) -> list[LandRight]:
    """Gives the recipients the right of the givers; what they get, in the recipients' order.

    givers      identity numbers; the rights any of them holds are transferred. None named: every right on the parcel
    share       the part of the parcel that is transferred; all the givers have when None. What is left stays theirs
    recipients  shares of what is transferred, together one whole

    A certificate that certified an ended right certifies what is left of it, until it is withdrawn or another one is
    issued; where nothing is left it certifies nothing, and is to be withdrawn by its own operation.
    Raises Refused, NotVisible, Invalid, and Conflict: a restriction is in the way, the givers hold no such share.
    """
    parcel = locked_parcel(parcel_id, acting, source)
    demand_whole(recipients)
    demand_unrestricted([parcel], CHANGE, consent)
    given = _given(parcel, givers)
    held = sum((right.share for right in given), Fraction(0))
    moved = held if share is None else share
    if not 0 < moved <= held:
        message = _("Those who transfer hold %(held)s of %(parcel)s, not %(share)s.")
        raise Conflict(message % {"held": str(held), "parcel": str(parcel.place), "share": str(moved)})
    _demand_change(given, recipients, is_all=moved == held)
    certificates = _certificates_of(given)
    end_rights(given, source)
    _leave_the_rest(given, parcel, source, left=(held - moved) / held, certificates=certificates)
    is_verified = all(right.is_verified for right in given)
    kept_form = form or (given[0].form if len({right.form for right in given}) == 1 else "")
    granted = grant(parcel, recipients, source, of=moved, form=kept_form, is_verified=is_verified)
    demand_shares_fit(parcel)
    names = [person.name for holding in recipients for person in holding.people]
    payload = {"share": str(moved), "recipients": ", ".join(names), "consent": consent.paper}
    put_down([parcel], "right.transferred", source=source, acting=acting, payload=payload)
    return granted


def _given(parcel: Parcel, givers: Collection[str]) -> list[LandRight]:
    rights = current_rights(parcel)
    if not givers:
        found = rights
    else:
        wanted = {number.strip() for number in givers}
        found = [right for right in rights if wanted & {user.id_number for user in users_of(right)}]
    if not found:
        message = _("Who transfers holds no right on %(parcel)s in the register.")
        raise Conflict(message % {"parcel": str(parcel.place)})
    return found


def _demand_change(given: Sequence[LandRight], recipients: Sequence[Holding], *, is_all: bool) -> None:
    """Who gives all he has can't be the only one who gets it."""
    before = {(user.kind, user.id_number) for right in given for user in users_of(right)}
    after = {(person.kind, person.id_number) for holding in recipients for person in holding.people}
    if is_all and before == after and len(recipients) == len(given):
        raise Invalid(_("Those who receive the right are those who hold it already."))


def _certificates_of(given: Sequence[LandRight]) -> dict[int, int]:
    """The certificate of each right that has one."""
    lines = CertifiedRight.objects.filter(right__in=given, valid_until__isnull=True)
    return dict(lines.values_list("right_id", "certificate_id"))


def _leave_the_rest(
    given: Sequence[LandRight], parcel: Parcel, source: Source, *, left: Fraction, certificates: dict[int, int]
) -> None:
    """What of each right wasn't transferred stays with its holders, under its certificate."""
    if not left:
        return
    for right in given:
        rest = carried_over(right, parcel, source, share=right.share * left)
        if right.pk in certificates:
            CertifiedRight.objects.create(certificate_id=certificates[right.pk], right=rest, **begun_by(source))
