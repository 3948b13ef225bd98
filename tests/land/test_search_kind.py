"""Parcels among the things to find: by every number and name they bear or bore."""

from decimal import Decimal

import pytest

from accounts.acting import Acting
from jobs.worker import drain
from land.operations.succession import Part, split_parcel
from search.selectors import Query, find
from tests.factories.accounts import UnitFactory, acting_at
from tests.factories.land import certified, parcel_at, source

pytestmark = pytest.mark.search_backends_differ


def found(text: str, acting: Acting) -> list[str]:
    drain()
    return [hit.id for hit in find(Query(text, kinds=("parcel",)), acting).hits]


def test_a_parcel_is_found_by_number_holder_and_serial(acting: Acting) -> None:
    parcel = parcel_at(acting)
    certified(parcel, acting)
    for text in ("116/24", "phung thi ngat", "DK 248032", "tan loc"):
        assert found(text, acting) == [str(parcel.pk)]


def test_the_parts_are_found_by_the_number_they_come_from(acting: Acting) -> None:
    parcel = parcel_at(acting)
    parts = [Part(number="200", area=Decimal(100)), Part(number="201", area=Decimal("212.5"))]
    children = split_parcel(parcel_id=parcel.pk, parts=parts, source=source(), acting=acting)
    assert set(found("thửa 116", acting)) >= {str(child.pk) for child in children}


def test_attack_36_who_does_not_read_the_register_finds_nothing_of_it(acting: Acting) -> None:
    parcel_at(acting)
    stranger = acting_at(UnitFactory.create(kind="tax"))
    assert found("phung thi ngat", stranger) == []
