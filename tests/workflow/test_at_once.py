"""Two who do something to the same step at the same moment: one wins, the other learns who, and it is told once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import Officer, RoleSlot
from audit.models import AuditEvent
from audit.verifier import verify
from notices.models import Notice
from pages.domain_errors import Conflict
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING
from tests.workflow.ferry import River, only_open, stream_of
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.models import Case, StepRun

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

Deed = Callable[[], StepRun]
ROUNDS = 4


def at_once(deeds: Sequence[Deed]) -> list[StepRun | Conflict]:
    """What each deed came to, all begun at the same moment; any other error is the test's."""
    gate = Barrier(len(deeds))

    def run(deed: Deed) -> StepRun | Conflict:
        try:
            gate.wait()
            return deed()
        except Conflict as lost:
            return lost
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def one_won(found: list[StepRun | Conflict]) -> StepRun:
    """The winner's run; everybody else has a conflict with words."""
    won = [one for one in found if isinstance(one, StepRun)]
    lost = [one for one in found if isinstance(one, Conflict)]
    assert (len(won), len(lost)) == (1, len(found) - 1)
    assert all(str(conflict.message) for conflict in lost)
    return won[0]


def event_count(case: Case) -> int:
    return AuditEvent.objects.filter(stream=stream_of(case.subject_id)).count()


@pytest.fixture
def people(river: River) -> list[Officer]:
    """Specialists of the branch."""
    return [officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"]) for _number in range(4)]


@pytest.fixture
def queued(river: River) -> Callable[[], tuple[Case, StepRun]]:
    """A new case whose second step waits in the branch's queue."""

    def make() -> tuple[Case, StepRun]:
        case = river.start(at=MORNING)
        return case, river.walk(case, "pass", at=MORNING)

    return make


def completing(river: River, run: StepRun, officer: Officer, outcome: str = "fits", key: str = "") -> Deed:
    acting = river.acting(officer)
    note = "Thiếu bản vẽ bến." if outcome == "ask_again" else ""
    return lambda: complete_step(
        step_run_id=run.pk, outcome=outcome, version=run.version, acting=acting, note=note, receipt_key=key
    )


def claiming(river: River, run: StepRun, officer: Officer) -> Deed:
    acting = river.acting(officer)
    return lambda: claim_step(step_run_id=run.pk, version=0, acting=acting)


def handing_on(river: River, run: StepRun, to: Officer) -> Deed:
    acting = river.acting(river.office.head)
    return lambda: reassign_step(
        step_run_id=run.pk, to_officer_id=to.pk, version=run.version, reason="nghỉ phép", acting=acting
    )


def test_attack_44_a_form_sent_twice_moves_the_case_once(
    river: River, people: list[Officer], queued: Callable[[], tuple[Case, StepRun]]
) -> None:
    for _round in range(ROUNDS):
        case, run = queued()
        before = event_count(case)
        found = at_once([completing(river, run, people[0], key="form-7")] * 3)
        assert [one.pk for one in found if isinstance(one, StepRun)] == [run.pk] * 3
        assert only_open(case).number == 3
        assert event_count(case) == before + 1
        assert river.landing.moved.count(case.subject_id) == 2


def test_attack_45_of_several_who_complete_a_step_one_does(
    river: River, people: list[Officer], queued: Callable[[], tuple[Case, StepRun]]
) -> None:
    for _round in range(ROUNDS):
        case, run = queued()
        before = event_count(case)
        outcomes = ["fits", "ask_again", "fits", "ask_again"]
        deeds = [completing(river, run, *pair) for pair in zip(people, outcomes, strict=True)]
        winner = one_won(at_once(deeds))
        run.refresh_from_db()
        assert (run.completed_by_id, run.outcome) == (winner.completed_by_id, winner.outcome)
        assert only_open(case).step == {"fits": "sound", "ask_again": "counter"}[run.outcome]
        assert event_count(case) == before + 1
    assert verify().is_ok


def test_attack_45_the_loser_learns_who_was_faster_and_with_what(
    river: River, people: list[Officer], queued: Callable[[], tuple[Case, StepRun]]
) -> None:
    _case, run = queued()
    found = at_once([completing(river, run, officer) for officer in people[:2]])
    winner = one_won(found)
    [lost] = [one for one in found if isinstance(one, Conflict)]
    [name] = [officer.full_name for officer in people if officer.pk == winner.completed_by_id]
    assert name in str(lost.message)
    assert "Bến phù hợp" in str(lost.message)


def test_attack_47_complete_against_hand_on(
    river: River, people: list[Officer], queued: Callable[[], tuple[Case, StepRun]]
) -> None:
    for _round in range(ROUNDS):
        case, run = queued()
        before = event_count(case)
        one_won(at_once([completing(river, run, people[0]), handing_on(river, run, people[1])]))
        run.refresh_from_db()
        is_handed_on = run.is_open
        assert run.owner == people[1 if is_handed_on else 0]
        assert event_count(case) == before + 1
        told = Notice.objects.filter(message__contains=case.code)
        assert told.count() == (1 if is_handed_on else 0)


def test_attack_47_who_had_the_step_before_it_was_handed_on_has_a_conflict(
    river: River, people: list[Officer], queued: Callable[[], tuple[Case, StepRun]]
) -> None:
    """Not a refusal: he had every right when he opened the page, and keeps what he typed."""
    for _round in range(ROUNDS):
        _case, run = queued()
        run = claim_step(step_run_id=run.pk, version=0, acting=river.acting(people[0]))
        one_won(at_once([completing(river, run, people[0]), handing_on(river, run, people[1])]))


def test_attack_47_complete_against_claim(
    river: River, people: list[Officer], queued: Callable[[], tuple[Case, StepRun]]
) -> None:
    for _round in range(ROUNDS):
        case, run = queued()
        before = event_count(case)
        one_won(at_once([completing(river, run, people[0]), claiming(river, run, people[1])]))
        assert event_count(case) == before + 1


def test_attack_47_complete_against_claim_against_hand_on(
    river: River, people: list[Officer], queued: Callable[[], tuple[Case, StepRun]]
) -> None:
    for _round in range(ROUNDS):
        case, run = queued()
        before = event_count(case)
        deeds = [completing(river, run, people[0]), claiming(river, run, people[1]), handing_on(river, run, people[2])]
        one_won(at_once(deeds))
        assert event_count(case) == before + 1
        assert len(StepRun.objects.filter(process=case, finished__isnull=True).exclude(step="")) == 1


def test_several_who_claim_a_step_get_it_once(
    river: River, people: list[Officer], queued: Callable[[], tuple[Case, StepRun]]
) -> None:
    for _round in range(ROUNDS):
        case, run = queued()
        before = event_count(case)
        deeds = [claiming(river, run, officer) for officer in people]
        winner = one_won(at_once(deeds))
        run.refresh_from_db()
        assert (run.owner_id, run.version) == (winner.owner_id, 1)
        assert event_count(case) == before + 1


def test_cases_beside_each_other_do_not_hinder_each_other(
    river: River, people: list[Officer], queued: Callable[[], tuple[Case, StepRun]]
) -> None:
    pairs = [queued() for _officer in people]
    deeds = [completing(river, run, officer) for (_case, run), officer in zip(pairs, people, strict=True)]
    assert all(isinstance(one, StepRun) for one in at_once(deeds))
    assert all(only_open(case).step == "sound" for case, _run in pairs)
    assert verify().is_ok
