"""What a parcel is used for: uses go on with their terms, and grow with the parcel when it is measured anew."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.acting import Acting
from land.operations.change_purpose import change_purpose
from land.operations.correct_entry import Correction, correct_entry
from land.operations.describing import Purpose
from land.states import Term
from pages.domain_errors import Invalid
from tests.factories.land import parcel_at, source

HOUSE = Purpose(code="ONT", area=Decimal(100), term=Term.LONG)
ORCHARD = Purpose(code="CLN", area=Decimal("212.5"), term=Term.UNTIL, term_until=date(2070, 6, 30))


def test_a_use_that_grows_keeps_its_term(acting: Acting) -> None:
    parcel = parcel_at(acting, purposes=[HOUSE, ORCHARD])
    wanted = [Purpose(code="CLN", area=Decimal("112.5")), Purpose(code="ONT", area=Decimal(200))]
    change_purpose(parcel_id=parcel.pk, purposes=wanted, source=source(), acting=acting)
    lines = parcel.land_uses.filter(valid_until=None).order_by("code")
    assert list(lines.values_list("code", "area", "term", "term_until")) == [
        ("CLN", Decimal("112.5"), Term.UNTIL, date(2070, 6, 30)),
        ("ONT", Decimal(200), Term.LONG, None),
    ]


def test_the_same_uses_named_without_their_terms_change_nothing(acting: Acting) -> None:
    parcel = parcel_at(acting, purposes=[HOUSE, ORCHARD])
    wanted = [Purpose(code="ONT", area=HOUSE.area), Purpose(code="CLN", area=ORCHARD.area)]
    with pytest.raises(Invalid):
        change_purpose(parcel_id=parcel.pk, purposes=wanted, source=source(), acting=acting)


def test_the_only_use_is_measured_with_its_parcel(acting: Acting) -> None:
    parcel = parcel_at(acting, purposes=[Purpose(code="ONT", area=Decimal("312.5"), term=Term.LONG)])
    correction = Correction(reason="Trích đo địa chính 15/2026", area=Decimal(330))
    correct_entry(parcel_id=parcel.pk, correction=correction, source=source(), acting=acting)
    [use] = parcel.land_uses.filter(valid_until=None)
    assert (use.area, use.term) == (Decimal(330), Term.LONG)


def test_of_several_uses_none_is_guessed_to_have_grown(acting: Acting) -> None:
    parcel = parcel_at(acting, purposes=[HOUSE, ORCHARD])
    correction = Correction(reason="Trích đo địa chính 15/2026", area=Decimal(330))
    with pytest.raises(Invalid):
        correct_entry(parcel_id=parcel.pk, correction=correction, source=source(), acting=acting)
