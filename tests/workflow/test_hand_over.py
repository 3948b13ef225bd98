"""All open work of an officer or a unit given to another: listed by one, accepted by another, carried out once."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Officer, Unit
from accounts.sight import NotVisible
from audit.models import AuditEvent
from audit.recording import record
from jobs.worker import drain
from notices.models import Notice
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.ferry import River, only_open, verbs_of
from tests.workflow.giving import accepted, of_officer, of_unit, outcomes, owners
from tests.workflow.leave import colleague_of
from tests.workflow.lists import at_inspection, in_hands
from tests.workflow.untouched import untouched
from workflow.engine.operations import carry_over as carrying
from workflow.engine.operations.carry_over import carry_over
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.hand_over import (
    accept_hand_over,
    drop_hand_over,
)
from workflow.engine.operations.jump import jump_to_step
from workflow.engine.story import passages_of, usage_of
from workflow.engine.work_models import HandOver, HandOverState, LineOutcome
from workflow.models import Case, StepRun
from worktime.selectors import calendar_in_force


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def cases(river: River) -> list[Case]:
    """Two in the specialist's hands, one in the queue of the branch."""
    found = [at_inspection(river) for _case in range(3)]
    for case in found[:2]:
        in_hands(river, case)
    return found


@pytest.fixture
def colleague(river: River) -> Officer:
    return colleague_of(river)


@pytest.fixture
def other_head(river: River) -> Officer:
    return officer_at(river.office.other_branch, "update", ["head"])


# An officer's work ---------------------------------------------------------------------------------


def test_nothing_moves_before_it_is_accepted(river: River, cases: list[Case], colleague: Officer) -> None:
    made = of_officer(river, colleague)
    drain()
    assert owners(cases) == [river.office.specialist] * 2 + [None]
    assert (made.state, made.runs, made.cases) == (HandOverState.DRAFTED, 2, 2)
    assert Notice.objects.filter(recipient_id=colleague.pk, url=reverse("hand_over", args=[made.pk])).count() == 1


def test_all_an_officer_has_goes_to_his_colleague(river: River, cases: list[Case], colleague: Officer) -> None:
    done = accepted(river, of_officer(river, colleague), colleague)
    assert owners(cases) == [colleague, colleague, None]
    assert (done.state, outcomes(done)) == (HandOverState.DONE, [LineOutcome.MOVED] * 2)
    assert river.end(cases[0], "fits", at=MORNING, by=colleague).completed_by == colleague


def test_it_goes_back_into_the_units_queue(river: River, cases: list[Case]) -> None:
    made = of_officer(river, None, by=river.office.specialist)
    accepted(river, made, river.office.head)
    assert owners(cases) == [None] * 3
    assert river.end(cases[0], "fits", at=MORNING).completed_by == river.office.specialist


def test_an_officer_who_does_not_do_these_steps_gets_none_of_them(river: River, cases: list[Case]) -> None:
    for officer in (river.office.clerk, river.office.stranger, river.office.head, river.office.look_up):
        with untouched(), pytest.raises(Invalid) as caught:
            of_officer(river, officer)
        assert "Xem bến" in str(caught.value.message)
    assert not HandOver.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "stranger", "look_up", "administrator"])
def test_attack_34_nobody_else_hands_over_what_an_officer_has(
    river: River, cases: list[Case], colleague: Officer, who: str
) -> None:
    with untouched(), pytest.raises((Refused, Conflict, Invalid)):
        of_officer(river, colleague, by=getattr(river.office, who))
    with untouched(), pytest.raises(Refused):
        of_officer(river, colleague, by=colleague)
    assert not HandOver.objects.exists()


# A unit's work -------------------------------------------------------------------------------------


def test_time_until_the_hand_over_is_the_givers_and_from_then_on_the_takers(
    river: River, cases: list[Case], other_head: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, moment("2026-12-02 11:00"))
    accepted(river, of_unit(river), other_head)
    usage = usage_of(passages_of(cases[0]), [], calendar_in_force(), now=moment("2026-12-02 14:00"))
    given, taken = usage.steps[-2:]
    assert (given.passage.unit, given.passage.who, given.used) == (
        *(river.branch.short_name, river.office.specialist.full_name),
        120,
    )
    assert (taken.passage.unit, taken.used) == (river.office.other_branch.short_name, 90)
    assert taken.passage.limit == given.passage.limit - 120


def test_an_officers_work_given_to_a_colleague_stays_his_units(
    river: River, cases: list[Case], colleague: Officer
) -> None:
    before = len(passages_of(cases[0]))
    accepted(river, of_officer(river, colleague), colleague)
    assert len(usage_of(passages_of(cases[0]), [], calendar_in_force(), now=MORNING).steps) == before


def test_attack_51_all_of_a_unit_goes_to_another_and_nothing_is_left_lying(
    river: River, cases: list[Case], other_head: Officer
) -> None:
    at_the_counter = river.start(at=MORNING)
    done = accepted(river, of_unit(river), other_head)
    assert done.state == HandOverState.DONE
    assert not StepRun.objects.filter(unit=river.branch, finished__isnull=True).exists()
    assert not Case.objects.filter(unit=river.branch, finished__isnull=True).exists()
    assert {only_open(case).unit for case in cases} == {river.office.other_branch}
    at_the_counter.refresh_from_db()
    assert at_the_counter.unit == river.office.other_branch
    assert only_open(at_the_counter).owner == river.office.clerk
    run = river.walk(at_the_counter, "pass", at=MORNING)
    assert run.unit == river.office.other_branch


def test_attack_51_the_dossiers_go_on_in_the_other_unit(river: River, cases: list[Case], other_head: Officer) -> None:
    accepted(river, of_unit(river), other_head)
    assert owners(cases) == [None] * 3
    run = only_open(cases[0])
    acting = river.acting(river.office.stranger)
    done = complete_step(step_run_id=run.pk, outcome="fits", version=run.version, acting=acting, at=MORNING)
    assert done.completed_by == river.office.stranger
    with pytest.raises((NotVisible, Refused)):
        river.end(cases[1], "fits", at=MORNING)


def test_attack_51_who_does_such_steps_in_the_other_unit_keeps_what_he_has(
    river: River, cases: list[Case], other_head: Officer
) -> None:
    """He goes along with his dossiers."""
    officer_at(river.office.other_branch, "update", ["specialist"], officer=river.office.specialist)
    accepted(river, of_unit(river), other_head)
    assert owners(cases) == [river.office.specialist] * 2 + [None]


def test_attack_51_what_is_sent_back_after_it_goes_to_no_hands_of_the_unit_that_gave_it(
    river: River, cases: list[Case], other_head: Officer
) -> None:
    """Nobody of the new unit could take it from them, and they don't see it on their lists any more."""
    river.walk(cases[0], "fits", at=MORNING)
    accepted(river, of_unit(river), other_head)
    run, acting = only_open(cases[0]), river.acting(river.office.administrator)
    jump_to_step(step_run_id=run.pk, to_step="inspect", reason="Đo lại", version=run.version, acting=acting)
    run = only_open(cases[0])
    assert (run.step, run.unit, run.owner) == ("inspect", river.office.other_branch, None)


def test_attack_51_history_keeps_the_names_both_had(river: River, cases: list[Case], other_head: Officer) -> None:
    before = river.branch.name
    made = accepted(river, of_unit(river), other_head)
    Unit.objects.filter(pk=river.branch.pk).update(name="Đơn vị khác tên")
    events = AuditEvent.objects.filter(verb="case.handed_over").order_by("id")
    assert {json.loads(event.payload)["from"] for event in events} == {before}
    assert {json.loads(event.payload)["accepted_by"] for event in events} == {other_head.full_name}
    assert [line.owner_name for line in made.lines.order_by("position")] == [river.office.specialist.full_name] * 2 + [
        ""
    ]


def test_attack_51_a_shop_hands_over_what_it_took_in_and_will_give_back(river: River, cases: list[Case]) -> None:
    shop_head = officer_at(river.office.one_stop, "update", ["head"])
    other = officer_at(river.office.other_branch, "update", ["head"])
    made = of_unit(river, from_unit_id=river.office.one_stop.pk, by=shop_head)
    accepted(river, made, other)
    assert {Case.objects.get(pk=case.pk).home_unit for case in cases} == {river.office.other_branch}
    assert {only_open(case).unit for case in cases} == {river.branch}


@pytest.mark.parametrize("who", ["specialist", "clerk", "stranger", "look_up", "administrator"])
def test_attack_34_who_does_not_lead_the_unit_hands_none_of_it_over(river: River, cases: list[Case], who: str) -> None:
    with untouched(), pytest.raises(Refused):
        of_unit(river, by=getattr(river.office, who))


@pytest.mark.parametrize("to", ["itself", "ended", "missing"])
def test_it_goes_to_a_unit_that_exists(river: River, cases: list[Case], to: str) -> None:
    Unit.objects.filter(pk=river.office.other_branch.pk).update(valid_to="2026-01-01")
    unit_id = {"itself": river.branch.pk, "ended": river.office.other_branch.pk, "missing": 987_654}[to]
    with untouched(), pytest.raises(Invalid):
        of_unit(river, to_unit_id=unit_id)


# Two people ----------------------------------------------------------------------------------------


def test_attack_53_who_made_the_list_does_not_accept_it(river: River, cases: list[Case]) -> None:
    """A head of both units, and a head who hands his officer's work to himself."""
    officer_at(river.office.other_branch, "update", ["head"], officer=river.office.head)
    made = of_unit(river)
    with untouched(), pytest.raises(Refused):
        accept_hand_over(hand_over_id=made.pk, acting=river.acting(river.office.head))
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.filter(pk=made.pk).update(accepted_by=river.office.head, accepted_at=MORNING)


@pytest.mark.parametrize("who", ["specialist", "clerk", "stranger", "look_up", "administrator"])
def test_attack_48_only_who_takes_the_work_accepts_it(
    river: River, cases: list[Case], colleague: Officer, who: str
) -> None:
    made = of_officer(river, colleague)
    with untouched(), pytest.raises((Refused, NotVisible)):
        accept_hand_over(hand_over_id=made.pk, acting=river.acting(getattr(river.office, who)))


@pytest.mark.parametrize("state", ["accepted", "dropped"])
def test_attack_44_and_46_what_is_settled_is_settled_once(
    river: River, cases: list[Case], colleague: Officer, state: str
) -> None:
    made, acting = of_officer(river, colleague), river.acting(colleague)
    {"accepted": accept_hand_over, "dropped": drop_hand_over}[state](hand_over_id=made.pk, acting=acting)
    for again in (accept_hand_over, drop_hand_over):
        with untouched(), pytest.raises(Conflict):
            again(hand_over_id=made.pk, acting=acting)


def test_attack_44_the_same_form_twice_makes_one_list(river: River, cases: list[Case], colleague: Officer) -> None:
    of_officer(river, colleague)
    with untouched(), pytest.raises(Conflict):
        of_officer(river, colleague)
    assert HandOver.objects.count() == 1


def test_dropped_everything_is_where_it_was(river: River, cases: list[Case], colleague: Officer) -> None:
    made = of_officer(river, colleague)
    drop_hand_over(hand_over_id=made.pk, acting=river.acting(river.office.head))
    drain()
    assert owners(cases) == [river.office.specialist] * 2 + [None]
    assert of_officer(river, colleague).pk != made.pk


def test_nothing_to_hand_over_and_no_reason_are_said_in_words(river: River, colleague: Officer) -> None:
    with pytest.raises(Conflict):
        of_officer(river, colleague)
    in_hands(river, at_inspection(river))
    for reason in ("", "  ", "x" * 251):
        with pytest.raises(Invalid):
            of_officer(river, colleague, reason=reason)


# What happened meanwhile ---------------------------------------------------------------------------


def test_attack_46_and_47_what_was_completed_or_handed_on_meanwhile_is_left_where_it_is(
    river: River, cases: list[Case], colleague: Officer
) -> None:
    made = of_officer(river, colleague)
    river.end(cases[0], "fits", at=MORNING)
    done = accepted(river, made, colleague)
    assert outcomes(done) == [LineOutcome.GONE, LineOutcome.MOVED]
    assert owners(cases) == [None, colleague, None]
    assert verbs_of(cases[0])[-1] == "step.completed"


def test_attack_46_a_page_from_before_the_hand_over_is_stale(
    client: Client, river: River, cases: list[Case], colleague: Officer
) -> None:
    run = only_open(cases[0])
    accepted(river, of_officer(river, colleague), colleague)
    acting = river.acting(river.office.specialist)
    with untouched(), pytest.raises(Conflict) as caught:
        complete_step(step_run_id=run.pk, outcome="fits", version=run.version, acting=acting, at=MORNING)
    assert colleague.full_name in str(caught.value.message)


def test_attack_47_and_81_of_a_dossier_that_ended_meanwhile_nothing_is_told(
    river: River, cases: list[Case], other_head: Officer
) -> None:
    made = of_unit(river)
    river.end(cases[0], "stop", at=MORNING)
    known = AuditEvent.objects.count()
    done = accepted(river, made, other_head)
    assert sorted(outcomes(done)) == sorted([LineOutcome.GONE, LineOutcome.MOVED, LineOutcome.MOVED])
    verbs = list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))[known:]
    assert sorted(verbs) == ["case.handed_over"] * 2 + ["hand_over.accepted", "hand_over.done"]


def test_attack_54_a_handed_over_case_keeps_its_edition_its_clock_and_its_code(
    river: River, cases: list[Case], other_head: Officer
) -> None:
    columns = ("code", "edition_version", "due_at", "limit_minutes", "clock_state", "appointment", "created")
    before = list(Case.objects.order_by("pk").values_list(*columns))
    limits = list(StepRun.objects.order_by("pk").values_list("due_at", "near_at", "limit_minutes", "created"))
    accepted(river, of_unit(river), other_head)
    assert list(Case.objects.order_by("pk").values_list(*columns)) == before
    assert list(StepRun.objects.order_by("pk").values_list("due_at", "near_at", "limit_minutes", "created")) == limits


# Killed and delivered twice ------------------------------------------------------------------------


def test_attack_56_and_63_killed_between_two_dossiers_it_goes_on_where_it_stopped(
    river: River, cases: list[Case], other_head: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "AT_ONCE", 1)
    made = of_unit(river)
    accept_hand_over(hand_over_id=made.pk, acting=river.acting(other_head))
    calls = iter(range(99))

    def killed(*told: Any, **more: Any) -> None:
        record(*told, **more)
        if next(calls) == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(carrying, "record", killed)
        carry_over(hand_over_id=made.pk)
    assert sorted(outcomes(made)) == sorted([LineOutcome.MOVED, LineOutcome.WAITING, LineOutcome.WAITING])
    assert StepRun.objects.filter(unit=river.branch, finished__isnull=True).count() == 2
    drain()
    assert outcomes(made) == [LineOutcome.MOVED] * 3
    assert [verbs_of(case).count("case.handed_over") for case in cases] == [1, 1, 1]
    assert AuditEvent.objects.filter(verb="hand_over.done").count() == 1


def test_attack_65_carried_out_again_nothing_happens(river: River, cases: list[Case], colleague: Officer) -> None:
    made = accepted(river, of_officer(river, colleague), colleague)
    river.end(cases[0], "fits", at=MORNING, by=colleague)
    with untouched():
        carry_over(hand_over_id=made.pk)
        carry_over(hand_over_id=987_654)
