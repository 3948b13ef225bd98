"""Two who move the same case at the same moment, each another way: one wins, and the case stands in one place."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import Officer, RoleSlot
from audit.verifier import verify
from pages.domain_errors import DomainError
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment
from tests.factories.office import publish
from tests.workflow.ferry import River, only_open, verbs_of
from tests.workflow.harbour import Harbour, open_by_code
from tests.workflow.test_attacks import newer
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.consult import answer_consultation, consult, take_back_consultation
from workflow.engine.operations.jump import jump_to_step
from workflow.engine.operations.move_edition import move_to_edition
from workflow.engine.operations.send_back import send_back
from workflow.engine.operations.time_out import time_out_step
from workflow.engine.operations.undo import undo_step
from workflow.models import Case, ProcedureVersion, StepRun

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

Deed = Callable[[], object]
ROUNDS = 3
POSTED = moment("2026-12-18 00:00")


def at_once(*deeds: Deed) -> list[bool]:
    """Which of the deeds, all begun at the same moment, were done; the others were refused with words."""
    gate = Barrier(len(deeds))

    def run(deed: Deed) -> bool:
        try:
            gate.wait()
            return deed() is not False
        except DomainError as lost:
            assert str(lost.message)
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def completing(river: River, run: StepRun, outcome: str, *, by: Officer | None = None) -> Deed:
    acting = river.acting(by or river.officer_for(run))
    return lambda: complete_step(
        step_run_id=run.pk, outcome=outcome, version=run.version, acting=acting, note="x", at=MORNING
    )


def answering(river: River, opinion: StepRun, officer: Officer) -> Deed:
    acting = river.acting(officer)
    return lambda: answer_consultation(
        step_run_id=opinion.pk, answer=officer.full_name, version=0, acting=acting, at=MORNING
    )


def taking_back(river: River, opinion: StepRun) -> Deed:
    acting = river.acting(river.office.specialist)
    return lambda: take_back_consultation(step_run_id=opinion.pk, reason="x", version=0, acting=acting, at=MORNING)


def undoing(river: River, passed: StepRun) -> Deed:
    acting = river.acting(river.office.clerk)
    return lambda: undo_step(step_run_id=passed.pk, version=passed.version, acting=acting, at=MORNING)


def sending_back(river: River, run: StepRun, to: str) -> Deed:
    acting = river.acting(river.office.specialist)
    return lambda: send_back(step_run_id=run.pk, to_step=to, note="x", version=0, acting=acting, at=MORNING)


def jumping(river: River, run: StepRun, to: str) -> Deed:
    acting = river.acting(river.office.administrator)
    return lambda: jump_to_step(step_run_id=run.pk, to_step=to, reason="x", version=0, acting=acting, at=MORNING)


def timing_out(run: StepRun) -> Deed:
    return lambda: time_out_step(step_run_id=run.pk, at=POSTED)


def moving(river: River, case: Case, to: ProcedureVersion) -> Deed:
    case.refresh_from_db()
    acting, version = river.acting(river.office.head), case.version
    return lambda: move_to_edition(
        case_id=case.pk, version_id=to.pk, reason="x", version=version, acting=acting, at=MORNING
    )


def told(case: Case, verbs: Sequence[str]) -> int:
    return sum(verb in verbs for verb in verbs_of(case))


def test_attack_52_branches_that_end_together_open_the_join_once(harbour: Harbour) -> None:
    for _round in range(ROUNDS):
        case = harbour.divided(at=MORNING)
        runs = harbour.go(case, "fits", at=MORNING)
        deeds = completing(harbour, runs["water"], "deep"), completing(harbour, runs["posting"], "over")
        assert at_once(*deeds) == [True, True]
        assert set(open_by_code(case)) == {"meet"}
        assert StepRun.objects.filter(process=case, step="meet").count() == 1
    assert verify().is_ok


def test_attack_52_one_branch_breaks_the_other_off_while_that_one_ends(harbour: Harbour) -> None:
    """Whoever is first, the case goes on from one place: broken off, or completed and then left behind."""
    for _round in range(ROUNDS):
        case = harbour.divided(at=MORNING)
        runs = harbour.go(case, "fits", at=MORNING)
        found = at_once(completing(harbour, runs["water"], "again"), completing(harbour, runs["posting"], "over"))
        assert found[0]
        assert set(open_by_code(case)) == {"share"}


def test_attack_45_of_two_who_answer_one_does(river: River) -> None:
    for _round in range(ROUNDS):
        case = river.start(at=MORNING)
        run = river.walk(case, "pass", at=MORNING)
        asking = river.acting(river.office.specialist)
        unit = river.office.other_branch
        asked = consult(
            step_run_id=run.pk,
            content="?",
            due_on=date(2026, 12, 4),
            version=0,
            acting=asking,
            unit_id=unit.pk,
            at=MORNING,
        ).asked
        people = [river.office.stranger, officer_at(unit, RoleSlot.Kind.UPDATE)]
        found = at_once(*(answering(river, asked, officer) for officer in people), taking_back(river, asked))
        assert sum(found) == 1
        assert only_open(case).awaited == 0
        assert told(case, ["consultation.answered", "consultation.taken_back"]) == 1


def test_attack_47_undoing_against_going_on(river: River) -> None:
    for _round in range(ROUNDS):
        case = river.start(at=MORNING)
        following = river.walk(case, "pass", at=MORNING)
        passed = StepRun.objects.get(process=case, step="counter")
        found = at_once(undoing(river, passed), completing(river, following, "fits"))
        assert sum(found) == 1
        assert only_open(case).step == ("counter" if found[0] else "sound")


def test_attack_47_completing_against_sending_back_against_jumping(river: River) -> None:
    for _round in range(ROUNDS):
        case = river.start(at=MORNING)
        run = river.walk(case, "pass", at=MORNING)
        deeds = completing(river, run, "fits"), sending_back(river, run, "counter"), jumping(river, run, "tell")
        found = at_once(*deeds)
        assert sum(found) == 1
        assert only_open(case).step == ["sound", "counter", "tell"][found.index(True)]
        assert told(case, ["step.completed", "step.sent_back", "step.jumped"]) == 2


def test_attack_47_the_timer_against_who_ends_the_step_himself(harbour: Harbour) -> None:
    for _round in range(ROUNDS):
        case = harbour.divided(at=MORNING)
        posting = harbour.go(case, "deep", "fits", at=MORNING)["posting"]
        found = at_once(completing(harbour, posting, "over"), timing_out(posting), timing_out(posting))
        assert sum(found) == 1
        assert StepRun.objects.filter(process=case, step="meet").count() == 1


def test_attack_54_moving_to_another_edition_against_going_on(river: River) -> None:
    new = publish(newer())
    for _round in range(ROUNDS):
        case = river.start(at=MORNING)
        run = river.walk(case, "pass", at=MORNING)
        found = at_once(completing(river, run, "fits"), moving(river, case, new))
        assert sum(found) == 1
        case.refresh_from_db()
        assert case.edition_version == (new if found[1] else river.edition)
