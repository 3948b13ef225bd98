"""A right goes from hand to hand: shares stay a whole, and nothing is moved that isn't held or is restricted."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.acting import Acting
from land.holders import Holding, Person, together
from land.models import Parcel
from land.operations.locked import Consent
from land.operations.transfer import transfer_right
from land.rights_models import LandRight
from pages.domain_errors import Conflict, Invalid
from tests.factories.land import DECIDED, KHOI, NGAT, SAU, certified, held_by, keeper, mortgaged, parcel_at, source

HALF = Fraction(1, 2)


def test_the_whole_right_goes_over_and_the_old_one_stays_readable(acting: Acting) -> None:
    parcel = parcel_at(acting)
    by = source()
    [right] = transfer_right(parcel_id=parcel.pk, recipients=together([KHOI]), source=by, acting=acting)
    assert held_by(parcel) == [("1/1", ["Lương Văn Khởi"])]
    before = LandRight.objects.exclude(pk=right.pk).get()
    assert (before.ended_id, before.valid_until) == (by.subject_id, by.decided_on)


def test_a_part_leaves_the_rest_with_who_gave_it(acting: Acting) -> None:
    parcel = parcel_at(acting)
    transfer_right(
        parcel_id=parcel.pk,
        recipients=together([KHOI]),
        share=Fraction(1, 3),
        source=source(),
        acting=acting,
    )
    assert sorted(held_by(parcel)) == [("1/3", ["Lương Văn Khởi"]), ("2/3", ["Phùng Thị Ngát"])]


def test_one_of_two_gives_his_own_share(acting: Acting) -> None:
    parcel = parcel_at(acting, holdings=[Holding((NGAT,), HALF), Holding((KHOI,), HALF)])
    transfer_right(
        parcel_id=parcel.pk, recipients=together([SAU]), givers=[KHOI.id_number], source=source(), acting=acting
    )
    assert sorted(held_by(parcel)) == [("1/2", ["Phùng Thị Ngát"]), ("1/2", ["Sầm Văn Sáu"])]


def test_who_holds_nothing_gives_nothing(acting: Acting) -> None:
    parcel = parcel_at(acting)
    with pytest.raises(Conflict, match="116"):
        transfer_right(
            parcel_id=parcel.pk, recipients=together([SAU]), givers=[KHOI.id_number], source=source(), acting=acting
        )
    assert held_by(parcel) == [("1/1", ["Phùng Thị Ngát"])]


def test_nobody_gives_more_than_he_holds(acting: Acting) -> None:
    parcel = parcel_at(acting, holdings=[Holding((NGAT,), HALF), Holding((KHOI,), HALF)])
    with pytest.raises(Conflict):
        transfer_right(
            parcel_id=parcel.pk,
            recipients=together([SAU]),
            givers=[KHOI.id_number],
            share=Fraction(2, 3),
            source=source(),
            acting=acting,
        )


def test_a_transfer_to_who_holds_it_is_none(acting: Acting) -> None:
    parcel = parcel_at(acting)
    with pytest.raises(Invalid):
        transfer_right(parcel_id=parcel.pk, recipients=together([NGAT]), source=source(), acting=acting)


def test_a_mortgaged_parcel_is_not_transferred_and_the_words_say_to_whom(acting: Acting) -> None:
    parcel = parcel_at(acting)
    mortgaged(parcel, acting, party="Quỹ tín dụng Tân Lộc", contract="77/2026")
    with pytest.raises(Conflict) as caught:
        transfer_right(parcel_id=parcel.pk, recipients=together([KHOI]), source=source(), acting=acting)
    assert "Quỹ tín dụng Tân Lộc" in str(caught.value)
    assert "77/2026" in str(caught.value)
    assert held_by(parcel) == [("1/1", ["Phùng Thị Ngát"])]


def test_with_the_consent_of_the_mortgagee_it_is(acting: Acting) -> None:
    parcel = parcel_at(acting)
    mortgage = mortgaged(parcel, acting)
    transfer_right(
        parcel_id=parcel.pk,
        recipients=together([KHOI]),
        source=source(),
        acting=acting,
        consent=Consent("Văn bản đồng ý của QTD"),
    )
    mortgage.refresh_from_db()
    assert mortgage.is_current
    assert held_by(parcel) == [("1/1", ["Lương Văn Khởi"])]


def test_a_change_decided_earlier_does_not_come_after_a_later_one(acting: Acting) -> None:
    parcel = parcel_at(acting)
    with pytest.raises(Conflict):
        transfer_right(
            parcel_id=parcel.pk,
            recipients=together([KHOI]),
            source=source(DECIDED - timedelta(days=1)),
            acting=acting,
        )


def test_a_certificate_of_what_was_given_certifies_the_rest_only(acting: Acting) -> None:
    parcel = parcel_at(acting)
    certificate = certified(parcel, acting)
    transfer_right(parcel_id=parcel.pk, recipients=together([KHOI]), share=HALF, source=source(), acting=acting)
    [line] = certificate.certified.filter(valid_until__isnull=True)
    assert [holder.user.id_number for holder in line.right.holders.all()] == [NGAT.id_number]


class SharesStayWhole(TestCase):
    """Whatever goes to whom, the rights in force are one whole, and none of them is lost."""

    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 6)), max_size=6))
    def test_shares_stay_a_whole_through_any_transfers(self, moves: list[tuple[int, int, int]]) -> None:
        people = [
            Person(kind="person", id_number=f"09908500{number:04d}", name=f"Người {number}") for number in range(5)
        ]
        acting = keeper()
        parcel: Parcel = parcel_at(acting, people=people[:1])
        for giver, taker, part in moves:
            held = sum((right.share for right in _held(parcel, people[giver])), Fraction(0))
            try:
                transfer_right(
                    parcel_id=parcel.pk,
                    recipients=together([people[taker]]),
                    givers=[people[giver].id_number],
                    share=held / part if held else None,
                    source=source(),
                    acting=acting,
                )
            except (Conflict, Invalid):
                continue
            rights = LandRight.objects.filter(parcel=parcel, valid_until__isnull=True)
            assert sum((right.share for right in rights), Fraction(0)) == 1
            assert not _held(parcel, people[giver]) or part > 1 or giver == taker


def _held(parcel: Parcel, person: Person) -> list[LandRight]:
    rights = LandRight.objects.filter(parcel=parcel, valid_until__isnull=True)
    return list(rights.filter(holders__user__id_number=person.id_number))
