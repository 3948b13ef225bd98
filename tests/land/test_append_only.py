"""What was written in the register stays, whatever code or shell tries."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from accounts.acting import Acting
from land.append_only import guards_standing
from land.entries import end
from land.models import ParcelChange, ParcelDescription
from land.rights_models import LandRight
from tests.factories.land import parcel_at, source

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db]


def refused(act: object) -> None:
    with pytest.raises(DatabaseError, match="land register"), transaction.atomic():
        act()  # type: ignore[operator]


def test_the_guards_stand() -> None:
    assert guards_standing()


def test_a_line_is_neither_rewritten_nor_removed(acting: Acting) -> None:
    parcel = parcel_at(acting)
    refused(lambda: ParcelDescription.objects.filter(parcel=parcel).update(area=1))
    refused(lambda: LandRight.objects.filter(parcel=parcel).update(numerator=1))
    refused(lambda: ParcelDescription.objects.filter(parcel=parcel)._raw_delete("default"))
    refused(lambda: ParcelChange.objects.filter(parcel=parcel).update(officer_name="Ai đó"))


def test_a_line_ends_once(acting: Acting) -> None:
    parcel = parcel_at(acting)
    lines = ParcelDescription.objects.filter(parcel=parcel)
    assert end(lines, source()) == 1
    refused(lambda: lines.update(valid_until=date(2027, 1, 1)))
    refused(lambda: lines.update(valid_until=None))
