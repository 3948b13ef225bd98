"""Parcels become others: areas add up, rights and what restricts them go over, and no parcel ends twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.acting import Acting
from land.holders import together
from land.models import Parcel, ParcelLineage
from land.operations.describing import Purpose
from land.operations.locked import Consent
from land.operations.register import register_parcel
from land.operations.succession import Part, merge_parcels, renumber_parcel, split_parcel
from land.operations.transfer import transfer_right
from land.places import Place
from land.rights_models import Restriction
from land.selectors import family_of
from land.states import Ending, Term
from pages.domain_errors import Conflict, Invalid
from tests.factories.land import KHOI, NGAT, certified, held_by, mortgaged, parcel_at, source
from tests.factories.moments import MORNING

PARTS = [Part(number="200", area=Decimal(100)), Part(number="201", area=Decimal("212.5"))]


def split(parcel: Parcel, acting: Acting, parts: list[Part] = PARTS) -> list[Parcel]:
    return split_parcel(parcel_id=parcel.pk, parts=parts, source=source(), acting=acting)


def test_a_split_parcel_ends_and_its_parts_are_held_as_it_was(acting: Acting) -> None:
    parcel = parcel_at(acting, people=[NGAT, KHOI])
    children = split(parcel, acting)
    parcel.refresh_from_db()
    assert not parcel.is_current
    assert [child.number for child in children] == ["200", "201"]
    assert [held_by(child) for child in children] == [[("1/1", ["Phùng Thị Ngát", "Lương Văn Khởi"])]] * 2
    assert held_by(parcel) == []
    assert ParcelLineage.objects.filter(parent=parcel).count() == 2


def test_the_certificate_of_a_split_parcel_is_withdrawn(acting: Acting) -> None:
    parcel = parcel_at(acting)
    certificate = certified(parcel, acting)
    split(parcel, acting)
    certificate.refresh_from_db()
    assert certificate.ending == Ending.PARCEL_CHANGED


def test_a_part_may_keep_the_number(acting: Acting) -> None:
    parcel = parcel_at(acting)
    parts = [Part(number="116", area=Decimal(100)), Part(number="201", area=Decimal("212.5"))]
    kept, _other = split(parcel, acting, parts)
    assert kept.number == parcel.number
    assert kept.pk != parcel.pk


def test_of_two_parts_only_one_keeps_the_number(acting: Acting) -> None:
    parcel = parcel_at(acting)
    parts = [Part(number="116", area=Decimal(100)), Part(number="0116", area=Decimal("212.5"))]
    with pytest.raises(Conflict):
        split(parcel, acting, parts)
    parcel.refresh_from_db()
    assert parcel.is_current


def test_a_use_that_goes_on_keeps_its_term(acting: Acting) -> None:
    orchard = Purpose(code="CLN", term=Term.UNTIL, term_until=date(2070, 6, 30))
    parcel = parcel_at(acting, purposes=[Purpose(code="ONT", term=Term.LONG), orchard])
    told = (Purpose(code="CLN"), Purpose(code="NTS"))
    parts = [Part(number="200", area=Decimal(100), purposes=told), Part(number="201", area=Decimal("212.5"))]
    named, unnamed = split(parcel, acting, parts)
    terms = named.land_uses.order_by("code").values_list("code", "term", "term_until")
    assert list(terms) == [("CLN", Term.UNTIL, date(2070, 6, 30)), ("NTS", Term.UNKNOWN, None)]
    assert unnamed.land_uses.get(code="ONT").term == Term.LONG


@pytest.mark.parametrize(("second", "is_allowed"), [("212.5", True), ("213", True), ("213.1", False), ("100", False)])
def test_parts_add_up_to_the_parcel_within_the_tolerance(acting: Acting, second: str, *, is_allowed: bool) -> None:
    parcel = parcel_at(acting)
    parts = [PARTS[0], Part(number="201", area=Decimal(second))]
    if is_allowed:
        split(parcel, acting, parts)
    else:
        with pytest.raises(Invalid):
            split(parcel, acting, parts)
    parcel.refresh_from_db()
    assert parcel.is_current is not is_allowed


def test_two_parts_of_one_number_are_refused(acting: Acting) -> None:
    with pytest.raises(Conflict):
        split(
            parcel_at(acting),
            acting,
            [Part(number="200", area=Decimal(100)), Part(number="0200", area=Decimal("212.5"))],
        )


def test_a_parcel_already_split_changes_no_more_and_the_words_say_what_it_became(acting: Acting) -> None:
    parcel = parcel_at(acting)
    split(parcel, acting)
    with pytest.raises(Conflict) as caught:
        transfer_right(parcel_id=parcel.pk, recipients=together([KHOI]), source=source(), acting=acting)
    assert "200" in str(caught.value)
    assert "201" in str(caught.value)
    with pytest.raises(Conflict):
        split(parcel, acting)


def test_a_mortgage_stops_a_split_and_goes_over_to_every_part_by_consent(acting: Acting) -> None:
    parcel = parcel_at(acting)
    since = MORNING - timedelta(days=3)
    mortgaged(parcel, acting, at=since)
    with pytest.raises(Conflict):
        split(parcel, acting)
    children = split_parcel(
        parcel_id=parcel.pk, parts=PARTS, source=source(), acting=acting, consent=Consent("Văn bản đồng ý")
    )
    lines = Restriction.objects.filter(valid_until__isnull=True).order_by("pk")
    assert [line.parcel_id for line in lines] == [child.pk for child in children]
    assert {line.registered_at for line in lines} == {since}


def test_parcels_of_the_same_people_are_merged(acting: Acting) -> None:
    one = parcel_at(acting)
    other = parcel_at(acting, Place("xã Tân Lộc", "24", "117"), area="100", purposes=[Purpose(code="CLN")])
    into = Part(number="300", area=Decimal("412.5"))
    merged = merge_parcels(parcel_ids=[one.pk, other.pk], into=into, source=source(), acting=acting)
    assert {use.code for use in merged.land_uses.all()} == {"ONT", "CLN"}
    assert not Parcel.objects.filter(pk__in=[one.pk, other.pk], valid_until__isnull=True).exists()


def test_what_is_merged_with_a_parcel_nobody_verified_is_not_verified(acting: Acting) -> None:
    verified = parcel_at(acting)
    other = register_parcel(
        place=Place("xã Tân Lộc", "24", "117"),
        area=Decimal(100),
        holdings=together([NGAT]),
        source=source(),
        acting=acting,
        is_verified=False,
    )
    into = Part(number="300", area=Decimal("412.5"))
    child = merge_parcels(parcel_ids=[verified.pk, other.pk], into=into, source=source(), acting=acting)
    assert not child.descriptions.get().is_verified
    assert not child.rights.get().is_verified


def test_a_merged_parcel_lies_on_the_sheet_of_the_one_named_first(acting: Acting) -> None:
    older = parcel_at(acting, Place("xã Tân Lộc", "23", "9"), area="100")
    named_first = parcel_at(acting)
    into = Part(number="300", area=Decimal("412.5"))
    child = merge_parcels(parcel_ids=[named_first.pk, older.pk], into=into, source=source(), acting=acting)
    assert child.sheet == "24"


def test_parcels_of_different_people_are_not_merged(acting: Acting) -> None:
    one = parcel_at(acting)
    other = parcel_at(acting, Place("xã Tân Lộc", "24", "117"), people=[KHOI])
    into = Part(number="300", area=Decimal(625))
    with pytest.raises(Conflict):
        merge_parcels(parcel_ids=[one.pk, other.pk], into=into, source=source(), acting=acting)


def test_a_renumbered_parcel_keeps_everything_but_its_number(acting: Acting) -> None:
    parcel = parcel_at(acting, purposes=[Purpose(code="ONT", area=Decimal("312.5"))])
    place = Place("xã Tân Lộc", "7", "45")
    child = renumber_parcel(parcel_id=parcel.pk, place=place, source=source(), acting=acting)
    assert [use.area for use in child.land_uses.all()] == [Decimal("312.5")]
    assert held_by(child) == [("1/1", ["Phùng Thị Ngát"])]


def test_the_family_is_drawn_from_the_oldest_on(acting: Acting) -> None:
    parcel = parcel_at(acting)
    first, second = split(parcel, acting)
    thirds = split(second, acting, [Part(number="300", area=Decimal(100)), Part(number="301", area=Decimal("112.5"))])
    [tree] = family_of(thirds[0])
    assert tree.parcel == parcel
    assert [child.parcel for child in tree.children] == [first, second]
    assert [child.parcel for child in tree.children[1].children] == thirds
    assert family_of(parcel_at(acting, Place("xã Tân Lộc", "1", "1"))) == []
