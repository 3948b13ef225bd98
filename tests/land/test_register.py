"""Parcels come into the register by a dossier's result, each number once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from accounts.acting import Acting
from audit.models import AuditEvent
from land.holders import Holding
from land.models import Parcel, ParcelChange
from land.operations.describing import Purpose
from land.operations.register import register_parcel
from land.places import Place
from land.sources import Source
from land.states import Provenance
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import UnitFactory, acting_at
from tests.factories.land import DECIDED, KHOI, NGAT, PLACE, held_by, parcel_at, source

pytestmark = pytest.mark.django_db


def test_a_parcel_is_entered_with_what_it_is_and_who_holds_it(acting: Acting) -> None:
    by = source()
    parcel = parcel_at(acting, people=[NGAT, KHOI], by=by)
    described = parcel.descriptions.get()
    assert (described.area, described.provenance) == (Decimal("312.5"), Provenance.REGISTERED)
    assert [use.code for use in parcel.land_uses.all()] == ["ONT"]
    assert held_by(parcel) == [("1/1", ["Phùng Thị Ngát", "Lương Văn Khởi"])]
    assert (parcel.valid_from, parcel.source_id, parcel.source_code) == (DECIDED, by.subject_id, by.code)


def test_attack_81_each_change_is_one_event_and_one_line_of_the_book(acting: Acting) -> None:
    parcel = parcel_at(acting)
    assert [event.verb for event in AuditEvent.objects.filter(stream=parcel.stream)] == ["parcel.registered"]
    assert [line.verb for line in ParcelChange.objects.filter(parcel=parcel)] == ["parcel.registered"]


@pytest.mark.parametrize(
    "place",
    [PLACE, Place("Xã Tân Lộc, tỉnh Yên Giang", "024", "0116"), Place("X. Tân Lộc", " 24", "116 ")],
    ids=["same", "spelled out", "short"],
)
def test_a_number_is_given_once_however_it_is_written(acting: Acting, place: Place) -> None:
    parcel_at(acting)
    with pytest.raises(Conflict, match="116"):
        parcel_at(acting, place)
    assert Parcel.objects.count() == 1


def test_the_same_number_of_another_commune_is_another_parcel(acting: Acting) -> None:
    parcel_at(acting)
    parcel_at(acting, replace(PLACE, commune="xã Tân Lọc"))
    assert Parcel.objects.count() == 2


@pytest.mark.parametrize("area", ["0", "-1", "NaN", "Infinity", "1e30"])
def test_no_parcel_without_an_area(acting: Acting, area: str) -> None:
    with pytest.raises(Invalid):
        parcel_at(acting, area=area)


def test_a_purpose_no_catalogue_has_is_refused(acting: Acting) -> None:
    with pytest.raises(Invalid, match="XYZ"):
        parcel_at(acting, purposes=[Purpose(code="XYZ")])


def test_areas_of_purposes_add_up_to_the_parcel(acting: Acting) -> None:
    parts = [Purpose(code="ONT", area=Decimal(100)), Purpose(code="CLN", area=Decimal(100))]
    with pytest.raises(Invalid):
        parcel_at(acting, purposes=parts)
    parcel_at(acting, purposes=parts, area="200")


def test_shares_are_a_whole_together(acting: Acting) -> None:
    halves = [Holding((NGAT,), Fraction(1, 2)), Holding((KHOI,), Fraction(1, 3))]
    with pytest.raises(Invalid, match="5/6"):
        parcel_at(acting, holdings=halves)


def test_the_register_changes_by_a_dossier_only(acting: Acting) -> None:
    for by in (
        Source(kind="", subject_id=1, code="H99", decided_on=DECIDED),
        Source(kind="dossier", subject_id=0, code="H99", decided_on=DECIDED),
        Source(kind="dossier", subject_id=1, code=" ", decided_on=DECIDED),
        Source(kind="dossier", subject_id=1, code="H99", decided_on=date(2026, 12, 3)),
    ):
        with pytest.raises(Invalid):
            parcel_at(acting, by=by)
    assert not Parcel.objects.exists()


def test_attack_35_a_look_up_account_writes_nothing(db: None) -> None:
    reader = acting_at(UnitFactory.create(kind="registration_branch"), "lookup")
    with pytest.raises(Refused):
        parcel_at(reader)
    assert not Parcel.objects.exists()


def test_who_may_not_read_the_register_does_not_write_it(db: None) -> None:
    with pytest.raises(Refused):
        parcel_at(acting_at(UnitFactory.create(kind="tax")))


def test_a_parcel_taken_over_says_that_nobody_verified_it(acting: Acting) -> None:
    parcel = register_parcel(
        place=PLACE,
        area=Decimal(300),
        holdings=[Holding((NGAT,))],
        source=source(),
        acting=acting,
        is_verified=False,
    )
    described = parcel.descriptions.get()
    assert (described.provenance, described.is_verified) == (Provenance.TAKEN_OVER, False)
