"""The term of use is extended (gia hạn sử dụng đất)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from land.models import Parcel
from land.operations.describing import Purpose, current_purposes, use_for
from land.operations.locked import locked_parcel, put_down
from land.sources import Source
from land.states import Term
from pages.domain_errors import Conflict, Invalid


@transaction.atomic
def extend_term(*, parcel_id: int, until: date, source: Source, acting: Acting, codes: Collection[str] = ()) -> Parcel:
    """The parcel, or these of its purposes, may be used until this day; long-term use stays what it is.

    Raises Refused, NotVisible, Conflict (nothing on the parcel has a term), Invalid (an earlier day than now stands).
    """
    parcel = locked_parcel(parcel_id, acting, source)
    before = current_purposes(parcel)
    chosen = [purpose for purpose in before if purpose.term != Term.LONG and (not codes or purpose.code in codes)]
    if not chosen:
        message = _("No land use of %(parcel)s has a term that could be extended.")
        raise Conflict(message % {"parcel": str(parcel.place)})
    if until <= source.decided_on or any(_ends(purpose) >= until for purpose in chosen):
        raise Invalid(_("The new term has to end later than the one that stands."))
    use_for(parcel, [_extended(purpose, until) if purpose in chosen else purpose for purpose in before], source)
    payload = {"until": until, "purposes": "+".join(purpose.code for purpose in chosen)}
    put_down([parcel], "parcel.term_extended", source=source, acting=acting, payload=payload)
    return parcel


def _ends(purpose: Purpose) -> date:
    return purpose.term_until or date.min


def _extended(purpose: Purpose, until: date) -> Purpose:
    return replace(purpose, term=Term.UNTIL, term_until=until)
