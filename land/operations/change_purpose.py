"""The purpose of land is changed (chuyển mục đích sử dụng đất)."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from land.models import Parcel
from land.operations.describing import (
    Purpose,
    current_description,
    current_purposes,
    demand_purposes,
    told,
    use_for,
    with_terms_of,
)
from land.operations.locked import demand_unrestricted, locked_parcel, put_down
from land.sources import Source
from pages.domain_errors import Invalid

CHANGE = "change_purpose"


@transaction.atomic
def change_purpose(*, parcel_id: int, purposes: Sequence[Purpose], source: Source, acting: Acting) -> Parcel:
    """From now on the parcel is used for these purposes, and no others; one it has already keeps its term.

    Raises Refused, NotVisible, Conflict (a restriction, not current), Invalid (an unknown code, areas that don't add
    up, nothing that changes).
    """
    parcel = locked_parcel(parcel_id, acting, source)
    demand_unrestricted([parcel], CHANGE)
    if not purposes:
        raise Invalid(_("Say what the parcel is to be used for."))
    demand_purposes(purposes, current_description(parcel).area)
    before = current_purposes(parcel)
    after = with_terms_of(before, purposes)
    if set(before) == set(after):
        raise Invalid(_("The parcel is used for these purposes already."))
    use_for(parcel, after, source)
    payload = {"before": told(before), "after": told(after)}
    put_down([parcel], "parcel.purpose_changed", source=source, acting=acting, payload=payload)
    return parcel
