"""Mortgages and other restrictions: registered to the minute, once, and struck out once."""

from datetime import datetime, timedelta

import pytest

from accounts.acting import Acting
from land.operations.change_purpose import change_purpose
from land.operations.describing import Purpose
from land.operations.restrictions import Restricting, register_restriction, release_restriction
from land.states import RestrictionKind
from pages.domain_errors import Conflict, Invalid
from tests.factories.land import mortgaged, parcel_at, source
from tests.factories.moments import MORNING


def test_a_mortgage_counts_from_its_minute(acting: Acting) -> None:
    mortgage = mortgaged(parcel_at(acting), acting, at=MORNING + timedelta(seconds=42))
    assert mortgage.registered_at == MORNING


def test_the_same_mortgage_is_registered_once(acting: Acting) -> None:
    parcel = parcel_at(acting)
    mortgaged(parcel, acting)
    with pytest.raises(Conflict):
        mortgaged(parcel, acting)


def test_a_second_mortgage_stands_behind_the_first(acting: Acting) -> None:
    parcel = parcel_at(acting)
    mortgaged(parcel, acting)
    mortgaged(parcel, acting, contract="78/2026")
    assert parcel.restrictions.filter(valid_until__isnull=True).count() == 2


def test_a_released_restriction_stays_readable_and_is_not_released_again(acting: Acting) -> None:
    parcel = parcel_at(acting)
    mortgage = mortgaged(parcel, acting)
    by = source()
    release_restriction(restriction_id=mortgage.pk, released_at=MORNING, source=by, acting=acting)
    mortgage.refresh_from_db()
    assert (mortgage.released_at, mortgage.ended_code) == (MORNING, by.code)
    with pytest.raises(Conflict, match=by.code):
        release_restriction(restriction_id=mortgage.pk, released_at=MORNING, source=source(), acting=acting)


def test_a_mortgage_without_contract_or_party_is_refused(acting: Acting) -> None:
    parcel = parcel_at(acting)
    with pytest.raises(Invalid):
        mortgaged(parcel, acting, contract=" ")
    with pytest.raises(Invalid):
        mortgaged(parcel, acting, party=" ")


def test_a_naive_moment_is_the_programmers_mistake(acting: Acting) -> None:
    with pytest.raises(TypeError):
        mortgaged(parcel_at(acting), acting, at=datetime(2026, 12, 1, 9))  # noqa: DTZ001 the mistake itself


def test_what_is_seized_changes_no_purpose(acting: Acting) -> None:
    parcel = parcel_at(acting)
    told = Restricting(kind=RestrictionKind.SEIZURE, party="Thi hành án khu vực 3", registered_at=MORNING)
    register_restriction(parcel_id=parcel.pk, told=told, source=source(), acting=acting)
    with pytest.raises(Conflict, match="Thi hành án khu vực 3"):
        change_purpose(parcel_id=parcel.pk, purposes=[Purpose(code="CLN")], source=source(), acting=acting)
