"""Several who act on the same rows, leaves and lists at the same moment: one wins, nobody waits for ever."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Delegation, Officer
from accounts.operations.delegate import delegate_work, end_delegation
from audit.models import AuditEvent
from audit.verifier import verify
from pages.domain_errors import Conflict
from tests.factories.moments import MORNING
from tests.workflow.ferry import River, only_open, verbs_of
from tests.workflow.leave import colleague_of
from tests.workflow.lists import at_inspection, in_hands
from workflow.engine.operations.bulk import assign_steps, claim_steps
from workflow.engine.operations.carry_over import carry_over
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.hand_over import accept_hand_over, drop_hand_over, hand_over_officer
from workflow.engine.operations.marked import Mark, Result
from workflow.engine.work_models import HandOver, HandOverState
from workflow.models import Case

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

Deed = Callable[[], Any]
ROUNDS = 3


def at_once(*deeds: Deed) -> list[Any]:
    """What each deed came to, all begun at the same moment; a conflict is an answer, anything else the test's."""
    gate = Barrier(len(deeds))

    def run(deed: Deed) -> Any:
        try:
            gate.wait()
            return deed()
        except Conflict as lost:
            return lost
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def conflicts(found: Sequence[Any]) -> list[Conflict]:
    return [one for one in found if isinstance(one, Conflict)]


def marks(cases: Sequence[Case]) -> list[Mark]:
    return [Mark(run.pk, run.version) for run in map(only_open, cases)]


def done(found: Any) -> set[int]:
    """The runs a bulk deed was done with."""
    results: Sequence[Result] = found.results if isinstance(found, Conflict) else found  # type: ignore[attr-defined]
    return {result.run.pk for result in results if result.is_done}


@pytest.fixture
def people(river: River) -> list[Officer]:
    return [colleague_of(river) for _number in range(3)]


def test_attack_45_several_who_claim_the_same_rows_in_any_order_get_each_row_once(
    river: River, people: list[Officer]
) -> None:
    """Ticked from below and from above they meet in the middle; locked in one order they don't wait for each other."""
    for _round in range(ROUNDS):
        cases = [at_inspection(river) for _case in range(4)]
        ticked = marks(cases)
        orders = [ticked, ticked[::-1], ticked[1:] + ticked[:1]]
        actings = [river.acting(officer) for officer in people]
        found = at_once(
            *(partial(claim_steps, marks=order, acting=acting) for order, acting in zip(orders, actings, strict=True))
        )
        taken = [done(one) for one in found]
        assert sum(len(each) for each in taken) == len(cases)
        for case in cases:
            run = only_open(case)
            assert run.owner_id == people[next(n for n, each in enumerate(taken) if run.pk in each)].pk
            assert verbs_of(case).count("step.claimed") == 1
    assert verify().is_ok


def test_attack_47_rows_handed_on_against_one_completed_against_all_claimed(
    river: River, people: list[Officer]
) -> None:
    for _round in range(ROUNDS):
        cases = [at_inspection(river) for _case in range(3)]
        ticked = marks(cases)
        head, first, second = (river.acting(who) for who in (river.office.head, people[0], people[1]))
        at_once(
            partial(assign_steps, marks=ticked, to_officer_id=people[2].pk, reason="", acting=head),
            partial(claim_steps, marks=ticked[::-1], acting=first),
            partial(complete_step, step_run_id=ticked[1].run_id, outcome="fits", version=0, acting=second, at=MORNING),
        )
        for case in cases:
            told = [verb for verb in verbs_of(case) if verb != "step.completed"]
            # Its first step was completed; then one of the three came first, and of those after it none.
            assert len(verbs_of(case)) == 2 or told == ["step.claimed"] or told == ["step.reassigned"]
            run = only_open(case)
            assert run.step in {"inspect", "sound"}


def test_attack_44_two_who_delegate_the_same_days_make_one_delegation(river: River, people: list[Officer]) -> None:
    today = timezone.localdate()
    head = river.acting(river.office.head)
    for number in range(ROUNDS):
        day = today + timedelta(days=10 * number)

        def delegate(to: Officer, day: Any = day) -> Delegation:
            return delegate_work(
                principal_id=river.office.specialist.pk,
                delegate_id=to.pk,
                role="specialist",
                valid_from=day,
                valid_to=day + timedelta(days=3),
                reason="Nghỉ ốm",
                acting=head,
            )

        found = at_once(*(partial(delegate, to) for to in people))
        assert len(conflicts(found)) == 2
        assert Delegation.objects.filter(valid_from=day).count() == 1
    made = Delegation.objects.get(valid_from=today)
    found = at_once(*(partial(end_delegation, delegation_id=made.pk, acting=head) for _time in range(3)))
    assert len(conflicts(found)) == 2
    assert AuditEvent.objects.filter(verb="delegation.ended").count() == 1


def test_attack_45_accepted_against_dropped_against_accepted(river: River, people: list[Officer]) -> None:
    head, taker = river.acting(river.office.head), river.acting(people[0])
    for _round in range(ROUNDS):
        case = at_inspection(river)
        in_hands(river, case)
        made = hand_over_officer(
            officer_id=river.office.specialist.pk, to_officer_id=people[0].pk, reason="Nghỉ hưu", acting=head
        )
        found = at_once(
            partial(accept_hand_over, hand_over_id=made.pk, acting=taker),
            partial(drop_hand_over, hand_over_id=made.pk, acting=head),
            partial(accept_hand_over, hand_over_id=made.pk, acting=taker),
        )
        assert len(conflicts(found)) == 2
        made = HandOver.objects.get(pk=made.pk)
        told = list(AuditEvent.objects.filter(stream=made.stream).order_by("sequence").values_list("verb", flat=True))
        assert told == ["hand_over.drafted", f"hand_over.{made.state}"]
        if made.state == HandOverState.ACCEPTED:
            carry_over(hand_over_id=made.pk)
        river.end(case, "stop", at=MORNING, by=people[0] if made.state == HandOverState.ACCEPTED else None)


def test_attack_47_and_65_carried_out_twice_at_once_against_completing(river: River, people: list[Officer]) -> None:
    head, specialist = river.acting(river.office.head), river.acting(river.office.specialist)
    cases = [at_inspection(river) for _case in range(4)]
    runs = [in_hands(river, case) for case in cases]
    made = hand_over_officer(
        officer_id=river.office.specialist.pk, to_officer_id=people[0].pk, reason="Nghỉ hưu", acting=head
    )
    accept_hand_over(hand_over_id=made.pk, acting=river.acting(people[0]))
    at_once(
        partial(carry_over, hand_over_id=made.pk),
        partial(carry_over, hand_over_id=made.pk),
        partial(
            complete_step,
            step_run_id=runs[2].pk,
            outcome="fits",
            version=runs[2].version,
            acting=specialist,
            at=MORNING,
        ),
    )
    for number, case in enumerate(cases):
        after = verbs_of(case)[2:]
        assert after == ["case.handed_over"] or (number == 2 and after == ["step.completed"])
    assert HandOver.objects.get(pk=made.pk).state == HandOverState.DONE
    assert AuditEvent.objects.filter(verb="hand_over.done").count() == 1
    assert verify().is_ok
