"""Whose step it is: claimed from the queue, handed on by who leads."""

from typing import Any

import pytest
from viewflow.workflow.status import STATUS

from accounts.models import Officer, RoleSlot
from accounts.sight import NotVisible
from notices.models import Notice
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import OfficerFactory, officer_at
from tests.factories.moments import MORNING
from tests.workflow.ferry import River, verbs_of
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.models import Case, StepRun


@pytest.fixture
def case(river: River) -> Case:
    """A case whose second step is in the queue of the branch."""
    case = river.start(at=MORNING)
    river.end(case, "pass", at=MORNING)
    return case


@pytest.fixture
def run(case: Case) -> StepRun:
    return StepRun.objects.get(process=case, step="inspect")


@pytest.fixture
def colleague(river: River) -> Officer:
    return officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])


def claim(river: River, run: StepRun, by: Officer, version: int | None = None) -> StepRun:
    return claim_step(step_run_id=run.pk, version=run.version if version is None else version, acting=river.acting(by))


def hand_on(river: River, run: StepRun, to: Officer, **changes: Any) -> StepRun:
    asked: dict[str, Any] = {"version": run.version, "reason": "nghỉ phép", "by": river.office.head, **changes}
    acting = river.acting(asked.pop("by"))
    return reassign_step(step_run_id=run.pk, to_officer_id=to.pk, acting=acting, **asked)


# Claiming ------------------------------------------------------------------------------------------


def test_a_step_of_the_queue_is_claimed(river: River, case: Case, run: StepRun) -> None:
    assert (run.owner, run.status) == (None, STATUS.NEW)
    claimed = claim(river, run, river.office.specialist)
    run.refresh_from_db()
    assert (run.owner, run.status, run.version) == (river.office.specialist, STATUS.ASSIGNED, 1)
    assert claimed.version == 1
    assert verbs_of(case)[-1] == "step.claimed"


def test_claimed_a_second_time_by_the_same_nothing_happens(river: River, case: Case, run: StepRun) -> None:
    claim(river, run, river.office.specialist)
    before = verbs_of(case)
    assert claim(river, run, river.office.specialist).version == 1
    assert verbs_of(case) == before


def test_attack_45_of_two_who_claim_one_gets_it_and_the_other_learns_who(
    river: River, run: StepRun, colleague: Officer
) -> None:
    claim(river, run, river.office.specialist)
    with pytest.raises(Conflict) as caught:
        claim(river, run, colleague)
    assert river.office.specialist.full_name in str(caught.value.message)
    run.refresh_from_db()
    assert run.owner == river.office.specialist


def test_a_step_somebody_has_is_not_claimed_even_with_the_newest_page(
    river: River, run: StepRun, colleague: Officer
) -> None:
    version = claim(river, run, river.office.specialist).version
    with pytest.raises(Conflict) as caught:
        claim(river, run, colleague, version)
    assert river.office.specialist.full_name in str(caught.value.message)


def test_attack_46_a_step_that_changed_since_the_page_is_not_claimed(river: River, run: StepRun) -> None:
    with pytest.raises(Conflict):
        claim(river, run, river.office.specialist, version=7)
    run.refresh_from_db()
    assert run.owner is None


def test_a_finished_step_is_not_claimed(river: River, case: Case, run: StepRun, colleague: Officer) -> None:
    river.end(case, "fits", at=MORNING)
    with pytest.raises(Conflict) as caught:
        claim(river, run, colleague)
    assert "Bến phù hợp" in str(caught.value.message)


def test_only_who_does_such_steps_in_this_unit_claims_one(river: River, run: StepRun) -> None:
    office = river.office
    for officer in (office.clerk, office.head, office.look_up):
        with pytest.raises(Refused) as refused:
            claim(river, run, officer)
        assert refused.value.about == f"ferry:{run.process.subject_id}"
    for officer in (office.stranger, OfficerFactory.create()):
        with pytest.raises(NotVisible):
            claim(river, run, officer)
    run.refresh_from_db()
    assert (run.owner, run.version) == (None, 0)


def test_the_administrator_sees_everything_and_claims_nothing(river: River, run: StepRun) -> None:
    with pytest.raises(Refused):
        claim(river, run, river.office.administrator)


@pytest.mark.parametrize("pk", [0, 987_654, 2**70])
def test_a_step_that_is_not_there_is_not_visible(river: River, pk: int) -> None:
    with pytest.raises(NotVisible) as caught:
        claim_step(step_run_id=pk, version=0, acting=river.acting(river.office.specialist))
    assert caught.value.about == ""


def test_start_and_end_of_a_case_are_no_steps(river: River, case: Case) -> None:
    beginning = StepRun.objects.get(process=case, step="")
    for officer in (river.office.clerk, river.office.administrator):
        with pytest.raises(NotVisible):
            claim(river, beginning, officer)


# Handing on ----------------------------------------------------------------------------------------


def test_who_leads_hands_a_step_of_the_queue_to_an_officer(
    river: River, case: Case, run: StepRun, colleague: Officer
) -> None:
    hand_on(river, run, colleague)
    run.refresh_from_db()
    assert (run.owner, run.status, run.version) == (colleague, STATUS.ASSIGNED, 1)
    assert verbs_of(case)[-1] == "step.reassigned"


def test_who_leads_takes_a_step_from_one_and_gives_it_to_another(
    river: River, run: StepRun, colleague: Officer
) -> None:
    version = claim(river, run, river.office.specialist).version
    hand_on(river, run, colleague, version=version)
    run.refresh_from_db()
    assert (run.owner, run.version) == (colleague, 2)


def test_the_new_owner_is_told_in_the_offices_language(river: River, run: StepRun, colleague: Officer) -> None:
    hand_on(river, run, colleague)
    notice = Notice.objects.get()
    assert notice.recipient_id == colleague.pk
    for word in (river.office.head.full_name, "Xem bến", run.process.code, "giao"):
        assert word in notice.message
    assert notice.url.endswith(f"?ben={run.process.subject_id}")


def test_who_hands_a_step_to_himself_is_not_told(river: River, run: StepRun) -> None:
    boss = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["head", "specialist"])
    hand_on(river, run, boss, by=boss)
    assert not Notice.objects.exists()
    run.refresh_from_db()
    assert run.owner == boss


def test_only_who_leads_the_unit_hands_its_work_on(river: River, run: StepRun, colleague: Officer) -> None:
    office = river.office
    for officer in (office.specialist, office.clerk, office.look_up, office.administrator):
        with pytest.raises(Refused):
            hand_on(river, run, colleague, by=officer)
    for officer in (office.stranger, OfficerFactory.create()):
        with pytest.raises(NotVisible):
            hand_on(river, run, colleague, by=officer)
    assert not Notice.objects.exists()
    run.refresh_from_db()
    assert (run.owner, run.version) == (None, 0)


def test_the_head_of_one_unit_does_not_lead_the_other(river: River, colleague: Officer) -> None:
    """The branch's case is at the counter: the counter's own head hands it on, not the branch's."""
    case = river.start(at=MORNING)
    run = StepRun.objects.get(process=case, step="counter")
    river.landing.sight.add((case.subject_id, river.branch.pk))
    with pytest.raises(Refused):
        hand_on(river, run, officer_at(river.office.one_stop, RoleSlot.Kind.UPDATE, ["clerk"]))


def test_a_step_is_handed_only_to_an_officer_of_the_unit_who_does_such_steps(river: River, run: StepRun) -> None:
    office = river.office
    gone = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])
    gone.is_active = False
    gone.save()
    for officer in (office.head, office.clerk, office.stranger, office.look_up, OfficerFactory.create(), gone):
        with pytest.raises(Invalid) as caught:
            hand_on(river, run, officer)
        assert set(caught.value.fields) == {"to_officer"}
    run.refresh_from_db()
    assert (run.owner, run.version) == (None, 0)


def test_attack_46_a_step_that_changed_since_the_page_is_not_handed_on(
    river: River, run: StepRun, colleague: Officer
) -> None:
    claim(river, run, river.office.specialist)
    with pytest.raises(Conflict) as caught:
        hand_on(river, run, colleague, version=0)
    assert river.office.specialist.full_name in str(caught.value.message)


def test_a_finished_step_is_not_handed_on(river: River, case: Case, run: StepRun, colleague: Officer) -> None:
    river.end(case, "fits", at=MORNING)
    with pytest.raises(Conflict):
        hand_on(river, run, colleague)
    assert not Notice.objects.exists()
