"""Attack 51: units are merged, split and renamed while their dossiers are open. Nobody's work is left lying."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.acting import acting_for
from accounts.models import Officer, Unit
from dossiers.models import Dossier
from dossiers.operations.draft import begin_draft
from dossiers.selectors import received_at_unit
from dossiers.states import Status
from pages.domain_errors import Refused
from tests.factories.accounts import UnitFactory, UnitSuccessionFactory, officer_at
from tests.factories.dossiers import at_step, complete, drafted, open_step, received
from tests.factories.office import Office, open_office
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.engine.selectors import finished_work, my_work, unit_work
from workflow.models import StepRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return open_office("P6-2025.toml")


def took_over(unit: Unit, *, has_ended: bool = True) -> Unit:
    """A new unit in the place of this one, since yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    after = UnitFactory.create(name="Chi nhánh khu vực Hải Lộc mới", kind=unit.kind, valid_from=yesterday)
    UnitSuccessionFactory.create(predecessor=unit, successor=after, succeeded_on=yesterday)
    if has_ended:
        Unit.objects.filter(pk=unit.pk).update(valid_to=yesterday)
    return after


def specialist_at(unit: Unit) -> Officer:
    return officer_at(unit, "update", ["specialist", "records_clerk"])


def steps(runs: object) -> list[int]:
    return [run.pk for run in runs]  # type: ignore[attr-defined]


def test_attack_51_open_work_of_a_merged_unit_stands_in_its_successors_queue(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    acting = acting_for(specialist_at(took_over(took_over(office.branch))))
    run = open_step(dossier)
    assert steps(unit_work(acting)) == [run.pk]
    claim_step(step_run_id=run.pk, version=run.version, acting=acting)
    assert steps(my_work(acting)) == [run.pk]


def test_attack_51_the_dossier_goes_on_to_its_end_in_the_successors_hands(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    branch, one_stop = took_over(office.branch), took_over(office.one_stop)
    moved = replace(
        office,
        branch=branch,
        one_stop=one_stop,
        specialist=specialist_at(branch),
        head=officer_at(branch, "update", ["head"]),
        clerk=officer_at(one_stop, "update", ["clerk"]),
    )
    at_step(moved, dossier, "")
    assert Dossier.objects.get(pk=dossier.pk).status == Status.RETURNED


def test_attack_51_an_ended_shop_takes_nothing_in_any_more(office: Office) -> None:
    took_over(office.one_stop)
    with pytest.raises(Refused):
        begin_draft(procedure="P6", acting=acting_for(office.clerk))


def test_attack_51_history_keeps_the_name_the_unit_had(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    run = open_step(dossier)
    specialist = specialist_at(took_over(office.branch))
    drafted(replace(office, specialist=specialist), dossier)
    complete(office, dossier, "submit", by=specialist)
    done = StepRun.objects.get(pk=run.pk)
    assert done.unit == office.branch
    assert steps(finished_work(acting_for(specialist))) == [run.pk]


def test_attack_51_the_successors_head_hands_the_work_on(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    run, after = open_step(dossier), took_over(office.branch)
    specialist, head = specialist_at(after), officer_at(after, "update", ["head"])
    reassign_step(
        step_run_id=run.pk, to_officer_id=specialist.pk, version=run.version, reason="Sáp nhập", acting=acting_for(head)
    )
    assert steps(my_work(acting_for(specialist))) == [run.pk]


def test_attack_51_who_moved_to_the_successor_keeps_what_he_had_in_hand(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    run = open_step(dossier)
    claim_step(step_run_id=run.pk, version=run.version, acting=office.acting(office.specialist))
    officer_at(took_over(office.branch), officer=office.specialist)
    acting = acting_for(office.specialist)
    assert acting.unit_id != office.branch.pk, "the place in a unit that ended comes last"
    assert steps(my_work(acting)) == [run.pk]


def test_attack_51_what_a_split_unit_left_is_taken_up_by_one_of_its_successors(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    run, first = open_step(dossier), took_over(office.branch)
    second = UnitFactory.create()
    UnitSuccessionFactory.create(predecessor=office.branch, successor=second)
    both = [acting_for(specialist_at(unit)) for unit in (first, second)]
    assert [steps(unit_work(acting)) for acting in both] == [[run.pk], [run.pk]]


def test_attack_51_a_unit_that_goes_on_keeps_its_work(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    acting = acting_for(specialist_at(took_over(office.branch, has_ended=False)))
    run = open_step(dossier)
    assert steps(unit_work(acting)) == []
    with pytest.raises(Refused):
        complete_step(step_run_id=run.pk, outcome="submit", version=run.version, acting=acting, note="", data={})


def test_attack_51_a_succession_still_to_come_changes_nothing(office: Office) -> None:
    at_step(office, received(office), "check")
    after = UnitFactory.create()
    tomorrow = timezone.localdate() + timedelta(days=1)
    UnitSuccessionFactory.create(predecessor=office.branch, successor=after, succeeded_on=tomorrow)
    acting = acting_for(specialist_at(after))
    assert steps(unit_work(acting)) == []
    assert acting.units == {after.pk}


def test_attack_51_the_counter_that_took_over_has_the_dossiers_of_the_former_one(office: Office) -> None:
    dossier = received(office)
    clerk = officer_at(took_over(office.one_stop), "update", ["clerk"])
    assert list(received_at_unit(acting_for(clerk))) == [dossier]
