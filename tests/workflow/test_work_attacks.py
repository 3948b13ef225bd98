"""Attacks on everything the work lists can do: clocks that jump, holidays, branches, posts of every new form."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Delegation, Officer
from audit.models import AuditEvent
from audit.verifier import verify
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.ferry import River, only_open, stream_of, verbs_of
from tests.workflow.leave import LAST, TODAY, away, colleague_of
from tests.workflow.lists import at_inspection, in_hands
from tests.workflow.untouched import untouched
from workflow.engine.operations.bulk import assign_steps, claim_steps
from workflow.engine.operations.carry_over import carry_over
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.hand_over import accept_hand_over, hand_over_officer, hand_over_unit
from workflow.engine.operations.marked import Mark
from workflow.engine.selectors import open_runs
from workflow.engine.work_models import HandOver
from workflow.models import Case, ClockEntry, StepRun
from worktime.models import CalendarDay, WorkingCalendar


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def colleague(river: River) -> Officer:
    return colleague_of(river)


def marks(*cases: Case) -> list[Mark]:
    return [Mark(run.pk, run.version) for case in cases for run in open_runs(case)]


def given_away(river: River) -> HandOver:
    """All the branch's work, accepted by the head of the other branch and carried out."""
    other_head = officer_at(river.office.other_branch, "update", ["head"])
    units = {"from_unit_id": river.branch.pk, "to_unit_id": river.office.other_branch.pk}
    made = hand_over_unit(**units, reason="Sắp xếp lại", acting=river.acting(river.office.head))
    accept_hand_over(hand_over_id=made.pk, acting=river.acting(other_head))
    carry_over(hand_over_id=made.pk)
    return made


# 49, 50: time ---------------------------------------------------------------------------------------


def test_attack_49_deeds_are_told_in_the_order_they_happened_however_the_clocks_jump(
    river: River, colleague: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = at_inspection(river)
    for at in (MORNING, MORNING - timedelta(days=1), MORNING + timedelta(days=1)):
        stop_the_clock(monkeypatch, at)
        if at == MORNING:
            claim_steps(marks=marks(case), acting=river.acting(river.office.specialist))
        elif at < MORNING:
            assign_steps(
                marks=marks(case), to_officer_id=colleague.pk, reason="", acting=river.acting(river.office.head)
            )
        else:
            given_away(river)
    assert verbs_of(case)[-3:] == ["step.claimed", "step.reassigned", "case.handed_over"]
    assert verify().is_ok


def test_attack_49_who_stands_in_on_a_machine_a_day_behind_completes_after_what_came_before(
    river: River, colleague: Officer
) -> None:
    case = at_inspection(river)
    in_hands(river, case)
    away(river, river.office.specialist, colleague)
    run = only_open(case)
    complete_step(
        step_run_id=run.pk,
        outcome="fits",
        version=run.version,
        acting=river.acting(colleague),
        at=MORNING - timedelta(days=1),
    )
    assert verbs_of(case)[-2:] == ["step.claimed", "step.completed_for"]
    assert StepRun.objects.get(pk=run.pk).minutes_used == 0
    assert only_open(case).number == 3


@pytest.mark.parametrize("deed", ["claimed", "handed on", "handed over"])
def test_attack_50_a_holiday_entered_since_moves_no_promise_by_what_is_done_to_a_list(
    river: River, colleague: Officer, deed: str
) -> None:
    cases = [at_inspection(river) for _case in range(2)]
    ledgers = list(ClockEntry.objects.order_by("pk").values())
    columns = ("due_at", "limit_minutes", "clock_state", "appointment")
    promised = list(Case.objects.order_by("pk").values_list(*columns))
    steps = list(StepRun.objects.order_by("pk").values_list("due_at", "near_at", "limit_minutes"))
    holiday = (MORNING + timedelta(days=1)).date()
    CalendarDay.objects.create(calendar=WorkingCalendar.objects.get(), date=holiday, note="Nghỉ bù", source="thử")
    WorkingCalendar.objects.update(revision=UUID(int=holiday.toordinal()))
    if deed == "claimed":
        claim_steps(marks=marks(*cases), acting=river.acting(river.office.specialist))
    elif deed == "handed on":
        acting = river.acting(river.office.head)
        assign_steps(marks=marks(*cases), to_officer_id=colleague.pk, reason="", acting=acting)
    else:
        given_away(river)
    assert list(ClockEntry.objects.order_by("pk").values()) == ledgers
    assert list(Case.objects.order_by("pk").values_list(*columns)) == promised
    assert list(StepRun.objects.order_by("pk").values_list("due_at", "near_at", "limit_minutes")) == steps


# 52: branches ---------------------------------------------------------------------------------------


def branched(river: River) -> Case:
    """A case with two steps open beside each other."""
    case = at_inspection(river)
    run = only_open(case)
    run.pk, run.number, run.step, run.title = None, run.number + 1, "sound", "Xem bến đối diện"
    StepRun.objects.bulk_create([run])
    return case


def test_attack_52_branches_of_one_dossier_are_claimed_and_handed_on_in_one_event_each(
    river: River, colleague: Officer
) -> None:
    case = branched(river)
    results = claim_steps(marks=marks(case), acting=river.acting(river.office.specialist))
    assert [result.is_done for result in results] == [True, True]
    assign_steps(marks=marks(case), to_officer_id=colleague.pk, reason="", acting=river.acting(river.office.head))
    assert {run.owner for run in open_runs(case)} == {colleague}
    assert verbs_of(case)[-2:] == ["step.claimed", "step.reassigned"]


def test_attack_52_branches_of_one_dossier_go_over_together(river: River) -> None:
    case = branched(river)
    made = given_away(river)
    assert {run.unit for run in open_runs(case)} == {river.office.other_branch}
    assert (made.runs, made.cases) == (2, 1)
    assert verbs_of(case).count("case.handed_over") == 1


def test_attack_52_a_branch_completed_meanwhile_leaves_the_other_to_go_over(river: River, colleague: Officer) -> None:
    case = branched(river)
    claim_steps(marks=marks(case), acting=river.acting(river.office.specialist))
    made = hand_over_officer(
        officer_id=river.office.specialist.pk,
        to_officer_id=colleague.pk,
        reason="Nghỉ hưu",
        acting=river.acting(river.office.head),
    )
    first, second = open_runs(case)
    StepRun.objects.filter(pk=first.pk).update(status="DONE", finished=MORNING)
    accept_hand_over(hand_over_id=made.pk, acting=river.acting(colleague))
    carry_over(hand_over_id=made.pk)
    assert StepRun.objects.get(pk=second.pk).owner == colleague
    assert StepRun.objects.get(pk=first.pk).owner == river.office.specialist


# Every new form --------------------------------------------------------------------------------------

Form = tuple[str, dict[str, Any]]


def forms(river: River, colleague: Officer, made: HandOver, leave: Delegation, case: Case) -> dict[str, Form]:
    """What each form of these pages sends when all goes well, and where."""
    ticked = [f"{mark.run_id}:{mark.version}" for mark in marks(case)]
    days = {"valid_from": f"{LAST + timedelta(days=9):%d/%m/%Y}", "valid_to": f"{LAST + timedelta(days=9):%d/%m/%Y}"}
    return {
        "claimed": (reverse("work_unit_bulk"), {"row": ticked, "deed": "claim"}),
        "handed on": (reverse("work_unit_bulk"), {"row": ticked, "deed": "assign", "to_officer": colleague.pk}),
        "followed": (reverse("work_unit_bulk"), {"row": ticked, "deed": "follow"}),
        "delegated": (
            reverse("delegation_make"),
            {
                "principal": river.office.specialist.pk,
                "delegate": f"specialist:{colleague.pk}",
                "reason": "Nghỉ phép",
                **days,
            },
        ),
        "ended": (reverse("delegation_end", args=[leave.pk]), {}),
        "listed": (
            reverse("hand_over_officer"),
            {"officer": colleague.pk, "to_officer": river.office.specialist.pk, "reason": "Nghỉ hưu"},
        ),
        "accepted": (reverse("hand_over_accept", args=[made.pk]), {}),
        "dropped": (reverse("hand_over_drop", args=[made.pk]), {}),
    }


# Who sends it, and the one event it leaves.
DEEDS = {
    "claimed": ("specialist", "step.claimed"),
    "handed on": ("head", "step.reassigned"),
    "followed": ("specialist", "work.followed"),
    "delegated": ("specialist", "delegation.made"),
    "ended": ("specialist", "delegation.ended"),
    "listed": ("head", "hand_over.drafted"),
    "accepted": ("colleague", "hand_over.accepted"),
    "dropped": ("colleague", "hand_over.dropped"),
}


@pytest.fixture
def form(river: River, colleague: Officer) -> Callable[[str], tuple[Officer, Form]]:
    """Who sends a deed's form, and what it sends; there is something for each deed to be done with."""
    queued, own, others = (at_inspection(river) for _case in range(3))
    in_hands(river, own)
    claim_steps(marks=marks(others), acting=river.acting(colleague))
    leave = away(river, river.office.specialist, colleague)
    made = hand_over_officer(
        officer_id=river.office.specialist.pk,
        to_officer_id=colleague.pk,
        reason="Nghỉ hưu",
        acting=river.acting(river.office.head),
    )
    found = forms(river, colleague, made, leave, queued)
    people = {"colleague": colleague, "specialist": river.office.specialist, "head": river.office.head}
    return lambda deed: (people[DEEDS[deed][0]], found[deed])


@pytest.mark.parametrize("deed", DEEDS)
def test_attack_44_and_81_each_form_leaves_one_event_however_often_it_is_sent(
    client: Client, form: Callable[[str], tuple[Officer, Form]], deed: str
) -> None:
    officer, (address, typed) = form(deed)
    client.force_login(officer)
    known = list(AuditEvent.objects.values_list("pk", flat=True))
    answers = [client.post(address, typed).status_code for _time in range(3)]
    assert answers[0] == 303
    assert set(answers[1:]) <= {303, 409}
    assert list(AuditEvent.objects.exclude(pk__in=known).values_list("verb", flat=True)) == [DEEDS[deed][1]]


@pytest.mark.parametrize("deed", DEEDS)
def test_attack_35_and_94_no_form_is_taken_from_a_look_up_account_or_without_its_token(
    river: River, form: Callable[[str], tuple[Officer, Form]], deed: str
) -> None:
    officer, (address, typed) = form(deed)
    looking, strict = Client(), Client(enforce_csrf_checks=True)
    looking.force_login(river.office.look_up)
    strict.force_login(officer)
    with untouched(refusals=1):
        assert looking.post(address, typed).status_code in {403, 404}
    with untouched():
        assert strict.post(address, typed).status_code == 403


@pytest.mark.parametrize("deed", DEEDS)
def test_attack_95_what_was_typed_into_a_form_is_inert_where_it_is_shown(
    client: Client, river: River, form: Callable[[str], tuple[Officer, Form]], deed: str
) -> None:
    officer, (address, typed) = form(deed)
    client.force_login(officer)
    script = "<script>canary()</script>"
    client.post(address, {**typed, "reason": script})
    client.force_login(river.office.head)
    for name in ("work_unit", "delegations", "hand_overs", "work_late"):
        assert "<script>canary" not in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("deed", ["delegated", "ended", "listed", "accepted", "dropped"])
@pytest.mark.parametrize("evil", ["", "x", "-1", "9" * 40, "²", "1 OR 1=1"])
def test_attack_92_numbers_that_are_none_are_answered_in_words(
    client: Client, form: Callable[[str], tuple[Officer, Form]], deed: str, evil: str
) -> None:
    officer, (address, typed) = form(deed)
    client.force_login(officer)
    torn = {name: evil if name != "reason" else value for name, value in typed.items()}
    with untouched():
        status = client.post(address, torn).status_code if torn else 422
    assert status == 422


def test_attack_36_a_hand_overs_trail_is_in_the_dossiers_own_history(river: River) -> None:
    case = at_inspection(river)
    given_away(river)
    assert AuditEvent.objects.filter(stream=stream_of(case.subject_id), verb="case.handed_over").count() == 1


def test_handing_over_many_dossiers_costs_each_the_same(river: River, colleague: Officer) -> None:
    def queries(count: int) -> int:
        for _case in range(count):
            in_hands(river, at_inspection(river))
        made = hand_over_officer(
            officer_id=river.office.specialist.pk,
            to_officer_id=colleague.pk,
            reason="Nghỉ hưu",
            acting=river.acting(river.office.head),
        )
        accept_hand_over(hand_over_id=made.pk, acting=river.acting(colleague))
        with CaptureQueriesContext(connection) as captured:
            carry_over(hand_over_id=made.pk)
        return len(captured)

    few, more, many = queries(2), queries(6), queries(10)
    assert many - more == more - few
    assert (more - few) / 4 <= 4


def test_a_delegation_over_new_year_lasts_to_its_day(
    river: River, colleague: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(river, river.office.specialist, colleague, valid_from=TODAY, valid_to=moment("2027-01-03 00:00").date())
    for at, count in (("2026-12-31 23:59", 1), ("2027-01-01 00:00", 1), ("2027-01-04 00:00", 0)):
        stop_the_clock(monkeypatch, moment(at))
        assert len(river.acting(colleague).principals) == count
