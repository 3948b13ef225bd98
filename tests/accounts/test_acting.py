"""Who acts: through which slot, with which roles, and what he may see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.acting import EVERYONE, acting_for, kind_token, officer_token, unit_token
from accounts.models import Officer, RoleSlot, Unit
from tests.factories.accounts import (
    OfficerFactory,
    RoleHoldingFactory,
    SlotFactory,
    SlotHoldingFactory,
    StepRoleFactory,
    UnitFactory,
    UnitSuccessionFactory,
    acting_at,
    officer_at,
)

pytestmark = pytest.mark.django_db
UPDATE, LOOKUP = RoleSlot.Kind.UPDATE, RoleSlot.Kind.LOOKUP


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create(name="Chi nhánh Hải Lộc", short_name="CN Hải Lộc")


def unit_tokens(officer: Officer) -> set[str]:
    return {token for token in acting_for(officer).tokens if token.startswith("unit:")}


def test_an_officer_acts_in_the_name_of_his_unit(unit: Unit) -> None:
    officer = officer_at(unit, UPDATE, ["specialist"])
    acting = acting_for(officer, address="10.20.4.31")
    assert (acting.officer_id, acting.unit_id, acting.slot) == (officer.pk, unit.pk, "update")
    assert acting.actor.officer_name == officer.full_name
    assert (acting.actor.unit_name, acting.actor.address) == ("Chi nhánh Hải Lộc", "10.20.4.31")


def test_who_holds_no_slot_may_look_at_what_is_for_everyone_and_change_nothing() -> None:
    officer = OfficerFactory.create()
    acting = acting_for(officer)
    assert acting.tokens == {EVERYONE, officer_token(officer.pk)}
    assert (acting.unit_id, acting.slot, acting.may_update, acting.places) == (None, "", False, ())


def test_update_goes_before_look_up_however_they_were_given(unit: Unit) -> None:
    officer = officer_at(UnitFactory.create(), LOOKUP)
    officer_at(unit, UPDATE, officer=officer)
    acting = acting_for(officer)
    assert (acting.unit_id, acting.slot) == (unit.pk, "update")
    assert [place.kind for place in acting.places] == ["update", "lookup"]


def test_the_slot_chosen_is_the_one_acted_through(unit: Unit) -> None:
    officer = officer_at(UnitFactory.create(), UPDATE)
    officer_at(unit, LOOKUP, officer=officer)
    chosen = SlotFactory.create(unit=unit, kind=LOOKUP)
    acting = acting_for(officer, slot_id=chosen.pk)
    assert (acting.unit_id, acting.slot, acting.may_update) == (unit.pk, "lookup", False)
    assert acting.place is not None
    assert acting.place.unit_short_name == "CN Hải Lộc"


def test_a_slot_of_somebody_else_is_not_acted_through(unit: Unit) -> None:
    officer = officer_at(unit, LOOKUP)
    foreign = SlotFactory.create(kind=UPDATE)
    assert acting_for(officer, slot_id=foreign.pk).slot == "lookup"


@pytest.mark.parametrize(("days", "is_held"), [(-1, False), (0, True), (1, True)])
def test_a_holding_counts_to_the_end_of_its_last_day(unit: Unit, days: int, is_held: bool) -> None:  # noqa: FBT001 a case
    officer = OfficerFactory.create()
    last_day = timezone.localdate() + timedelta(days=days)
    SlotHoldingFactory.create(officer=officer, slot=SlotFactory.create(unit=unit), valid_to=last_day)
    assert (acting_for(officer).unit_id == unit.pk) is is_held


def test_a_holding_that_begins_tomorrow_does_not_count_today(unit: Unit) -> None:
    officer = OfficerFactory.create()
    tomorrow = timezone.localdate() + timedelta(days=1)
    SlotHoldingFactory.create(officer=officer, slot=SlotFactory.create(unit=unit), valid_from=tomorrow)
    assert acting_for(officer).unit_id is None


def test_a_role_of_another_unit_gives_nothing_here(unit: Unit) -> None:
    officer = officer_at(unit, UPDATE, ["specialist"])
    RoleHoldingFactory.create(officer=officer, unit=UnitFactory.create(), role=StepRoleFactory.create(code="head"))
    assert acting_for(officer).roles == {"specialist"}


def test_a_role_that_ended_gives_nothing(unit: Unit) -> None:
    officer = officer_at(unit)
    yesterday = timezone.localdate() - timedelta(days=1)
    RoleHoldingFactory.create(officer=officer, unit=unit, valid_to=yesterday)
    assert acting_for(officer).roles == frozenset()


def test_a_step_is_done_in_ones_own_unit_role_and_update_slot_only(unit: Unit) -> None:
    acting = acting_at(unit, UPDATE, ["specialist"])
    assert acting.holds("specialist", unit.pk)
    assert not acting.holds("head", unit.pk)
    assert not acting.holds("specialist", UnitFactory.create().pk)
    assert not acting.holds("specialist", None)
    assert not acting_at(unit, LOOKUP, ["specialist"]).holds("specialist", unit.pk)


def test_who_leads_hands_work_around_in_his_own_unit_only(unit: Unit) -> None:
    StepRoleFactory.create(code="head", leads=True)
    acting = acting_at(unit, UPDATE, ["head"])
    assert acting.leads(unit.pk)
    assert not acting.leads(UnitFactory.create().pk)
    assert not acting_at(unit, LOOKUP, ["head"]).leads(unit.pk)
    assert not acting_at(unit, UPDATE, ["specialist"]).leads(unit.pk)


def test_an_officer_sees_what_is_for_him_his_unit_or_everyone(unit: Unit) -> None:
    UnitFactory.create()
    officer = officer_at(unit)
    own = {officer_token(officer.pk), unit_token(unit.pk), kind_token(unit.kind)}
    assert acting_for(officer).tokens == {EVERYONE, *own}


def test_what_a_unit_took_over_its_officers_see_however_long_ago(unit: Unit) -> None:
    district, older = UnitFactory.create(), UnitFactory.create()
    UnitSuccessionFactory.create(predecessor=district, successor=unit)
    UnitSuccessionFactory.create(predecessor=older, successor=district)
    assert unit_tokens(officer_at(unit)) == {unit_token(pk) for pk in (unit.pk, district.pk, older.pk)}


def test_who_was_taken_over_does_not_see_the_successors_own(unit: Unit) -> None:
    district = UnitFactory.create()
    UnitSuccessionFactory.create(predecessor=district, successor=unit)
    assert unit_tokens(officer_at(district)) == {unit_token(district.pk)}


def test_units_that_followed_each_other_in_a_circle_end_the_search(unit: Unit) -> None:
    other = UnitFactory.create()
    UnitSuccessionFactory.create(predecessor=other, successor=unit)
    UnitSuccessionFactory.create(predecessor=unit, successor=other)
    assert unit_tokens(officer_at(unit)) == {unit_token(unit.pk), unit_token(other.pk)}


def test_who_oversees_sees_the_units_below_at_any_depth(unit: Unit) -> None:
    StepRoleFactory.create(code="head", oversees=True)
    below = UnitFactory.create(parent=unit)
    far_below = UnitFactory.create(parent=below)
    UnitFactory.create()
    expected = {unit_token(pk) for pk in (unit.pk, below.pk, far_below.pk)}
    assert unit_tokens(officer_at(unit, UPDATE, ["head"])) == expected


def test_who_oversees_sees_what_the_units_below_took_over(unit: Unit) -> None:
    StepRoleFactory.create(code="head", oversees=True)
    below, before = UnitFactory.create(parent=unit), UnitFactory.create()
    UnitSuccessionFactory.create(predecessor=before, successor=below)
    assert unit_token(before.pk) in unit_tokens(officer_at(unit, UPDATE, ["head"]))


def test_who_does_not_oversee_sees_nothing_below_or_above(unit: Unit) -> None:
    below = UnitFactory.create(parent=unit)
    assert unit_tokens(officer_at(unit, UPDATE, ["specialist"])) == {unit_token(unit.pk)}
    assert unit_tokens(officer_at(below, UPDATE, ["specialist"])) == {unit_token(below.pk)}
