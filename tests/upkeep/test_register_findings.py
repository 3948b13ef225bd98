"""What contradicts itself in the land register is found by its name."""

from decimal import Decimal

import pytest

from accounts.acting import Acting
from land.entries import begun_by
from land.models import LandUse, Parcel
from land.operations.succession import Part, split_parcel
from land.rights_models import LandRight
from tests.factories.land import keeper, mortgaged, parcel_at, source
from upkeep.integrity import register
from upkeep.integrity.register import register_findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def acting(db: None) -> Acting:
    return keeper()


def checks() -> list[str]:
    return [finding.check for finding in register_findings()]


def split(parcel: Parcel, acting: Acting) -> None:
    parts = [Part(number="200", area=Decimal(100)), Part(number="201", area=Decimal("212.5"))]
    split_parcel(parcel_id=parcel.pk, parts=parts, source=source(), acting=acting)


def test_a_sound_register_is_clean(acting: Acting) -> None:
    parcel = parcel_at(acting)
    split(parcel, acting)
    mortgaged(Parcel.objects.get(number="200"), acting)
    assert checks() == []


def test_rights_of_more_than_a_whole_are_named(acting: Acting) -> None:
    LandRight.objects.create(parcel=parcel_at(acting), is_verified=True, **begun_by(source()))
    assert checks() == ["land.shares"]


def test_what_is_in_force_on_an_ended_parcel_is_named(acting: Acting) -> None:
    parcel = parcel_at(acting)
    split(parcel, acting)
    LandUse.objects.create(parcel=parcel, code="ONT", **begun_by(source()))
    assert checks() == ["land.ended"]


def test_a_missing_guard_is_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "guards_standing", lambda: False)
    assert checks() == ["land.guards"]
