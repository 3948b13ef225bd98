"""Completing a step: what is kept, what opens next, and what must be there first."""

from typing import Any

import pytest
from viewflow.workflow.status import STATUS

from accounts.models import Officer, RoleHolding, RoleSlot
from audit.models import AuditEvent
from jobs.models import OutboxRow
from pages.domain_errors import Invalid
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment
from tests.workflow.ferry import River, boats, only_open, stream_of, verbs_of
from workflow.clock.ledger import ClockState
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.models import Case, ClockEntry, StepRun

NEXT_DAY, LATER = moment("2026-12-03 10:00"), moment("2026-12-08 08:30")


@pytest.fixture
def case(river: River) -> Case:
    return river.start(at=MORNING)


def state(case: Case) -> tuple[Any, ...]:
    """Everything a completion could have changed."""
    return (
        list(StepRun.objects.filter(process=case).order_by("id").values()),
        list(Case.objects.filter(pk=case.pk).values()),
        list(ClockEntry.objects.filter(case=case).values()),
        list(OutboxRow.objects.values()),
        list(AuditEvent.objects.values_list("stream", "sequence")),
    )


# What is kept --------------------------------------------------------------------------------------


def test_a_completed_step_keeps_who_ended_it_how_and_when(river: River, case: Case) -> None:
    run = river.end(case, "pass", at=NEXT_DAY, note="  Bản vẽ ở kẹp sau. ", receipt_key="k-1")
    run = StepRun.objects.get(pk=run.pk)
    assert (run.status, run.finished, run.completed_by) == (STATUS.DONE, NEXT_DAY, river.office.clerk)
    assert (run.outcome, run.outcome_name, run.note) == ("pass", "Chuyển đi", "Bản vẽ ở kẹp sau.")
    assert (run.version, run.receipt_key) == (1, "k-1")


def test_the_time_used_is_working_time(river: River, case: Case) -> None:
    # Wednesday 9:00 to Thursday 10:00: the lunch hour and the night don't count.
    assert river.end(case, "pass", at=NEXT_DAY).minutes_used == 540
    # Nor does a weekend.
    assert river.end(case, "fits", at=LATER).minutes_used == (480 - 150) + 480 + 480 + 60


def test_attack_49_a_clock_that_goes_slow_uses_no_time_and_keeps_the_order(river: River, case: Case) -> None:
    river.end(case, "pass", at=NEXT_DAY)
    assert river.end(case, "fits", at=MORNING).minutes_used == 0
    runs = StepRun.objects.filter(process=case).exclude(step="").order_by("number")
    assert [(run.number, run.step) for run in runs] == [(1, "counter"), (2, "inspect"), (3, "sound")]


def test_what_was_typed_is_kept_as_values(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", at=MORNING)
    run = river.end(case, "deep", at=MORNING, data={"depth": "2,4", **boats("Cát Bà", "")})
    assert run.typed == {"depth": "2.4", "boats": [{"name": "Cát Bà"}]}
    event = AuditEvent.objects.filter(stream=stream_of(case.subject_id)).latest("sequence")
    assert '"depth":"2.4"' in event.payload


def test_a_step_in_nobodys_hands_is_completed_by_who_does_such_steps(river: River, case: Case) -> None:
    run = river.walk(case, "pass", at=MORNING)
    assert run.owner is None
    assert river.end(case, "fits", at=MORNING).owner == river.office.specialist


def test_the_event_tells_step_outcome_and_note_at_its_moment(river: River, case: Case) -> None:
    river.end(case, "pass", at=NEXT_DAY, note="Bản vẽ ở kẹp sau.")
    event = AuditEvent.objects.get(stream=stream_of(case.subject_id))
    assert (event.verb, event.occurred_at, event.officer_id) == ("step.completed", NEXT_DAY, river.office.clerk.pk)
    for part in ('"step":"Nhận đơn"', '"outcome":"Chuyển đi"', '"note":"Bản vẽ ở kẹp sau."', '"minutes_used":540'):
        assert part in event.payload


# What opens next -----------------------------------------------------------------------------------


def test_the_outcome_opens_the_step_it_leads_to(river: River, case: Case) -> None:
    run = river.walk(case, "pass", at=NEXT_DAY)
    assert (run.number, run.step, run.title, run.role) == (2, "inspect", "Xem bến", "specialist")
    assert (run.unit, run.owner, run.status, run.version) == (river.branch, None, STATUS.NEW, 0)
    assert (run.created, run.due_at, run.limit_minutes) == (NEXT_DAY, moment("2026-12-07 15:30"), 1200)
    assert list(run.previous.values_list("step", flat=True)) == ["counter"]


def test_a_later_step_comes_back_to_the_unit_that_took_it_in(river: River, case: Case) -> None:
    run = river.walk(case, "pass", "fits", "deep", "low", "drawn", "yes", at=MORNING)
    assert (run.step, run.unit) == ("tell", river.office.one_stop)


def test_the_unit_a_case_comes_to_sees_its_subject_from_then_on(river: River, case: Case) -> None:
    here, there = (case.subject_id, river.office.one_stop.pk), (case.subject_id, river.branch.pk)
    assert river.landing.sight == {here}
    river.walk(case, "pass", at=MORNING)
    assert river.landing.sight == {here, there}


def test_lists_and_index_are_told_of_every_move(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", at=MORNING)
    assert river.landing.moved == [case.subject_id] * 2


def test_a_waiting_step_is_outside_the_limit(river: River, case: Case) -> None:
    run = river.walk(case, "pass", "fits", "deep", at=MORNING)
    assert (run.waits_for, run.limit_minutes, run.due_at, run.near_at) == ("low_water", 0, None, None)
    # It waits for an event, but somebody records it.
    assert (run.role, run.unit) == ("specialist", river.branch)


def test_the_last_outcome_ends_the_case(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", "low", "drawn", "yes", at=MORNING)
    river.end(case, "told", at=NEXT_DAY)
    case.refresh_from_db()
    assert (case.status, case.finished) == (STATUS.DONE, NEXT_DAY)
    assert not StepRun.objects.filter(process=case, finished__isnull=True).exists()


def test_an_outcome_that_leads_nowhere_ends_the_case_from_any_step(river: River, case: Case) -> None:
    river.walk(case, "pass", at=MORNING)
    river.landing.is_measured = False
    river.end(case, "stop", at=NEXT_DAY)
    case.refresh_from_db()
    assert (case.status, case.finished) == (STATUS.DONE, NEXT_DAY)


def test_the_case_counts_its_changes(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", at=MORNING)
    case.refresh_from_db()
    assert case.version == 3
    assert case.finished is None


# Sent back -----------------------------------------------------------------------------------------


def test_what_is_sent_back_goes_to_the_hands_it_came_from(river: River, case: Case) -> None:
    officer_at(river.office.one_stop, RoleSlot.Kind.UPDATE, ["clerk"])
    river.walk(case, "pass", at=MORNING)
    run = river.walk(case, "ask_again", at=NEXT_DAY)
    assert (run.step, run.number, run.owner, run.status) == ("counter", 3, river.office.clerk, STATUS.ASSIGNED)
    assert run.unit == river.office.one_stop
    assert run.due_at == moment("2026-12-03 15:30")


def test_it_goes_to_who_had_it_last(river: River, case: Case) -> None:
    second = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])
    river.walk(case, "pass", "fits", "deep", "low", "drawn", "no", at=MORNING)
    head = river.office.head
    run = only_open(case)
    reassign_step(
        step_run_id=run.pk, to_officer_id=second.pk, version=run.version, reason="", acting=river.acting(head)
    )
    river.end(case, "drawn", at=MORNING, by=second)
    assert river.walk(case, "no", at=MORNING).owner == second


@pytest.mark.parametrize("why", ["role ended", "left"])
def test_who_may_no_longer_do_the_step_does_not_get_it_back(river: River, case: Case, why: str) -> None:
    clerk = river.office.clerk
    river.walk(case, "pass", at=MORNING)
    if why == "left":
        Officer.objects.filter(pk=clerk.pk).update(is_active=False)
    else:
        RoleHolding.objects.filter(officer=clerk).update(valid_to="2024-12-31")
    run = river.walk(case, "ask_again", at=MORNING)
    assert (run.step, run.owner, run.status) == ("counter", None, STATUS.NEW)


def test_going_forward_again_the_step_is_anybodys(river: River, case: Case) -> None:
    run = river.walk(case, "pass", "ask_again", "pass", at=MORNING)
    assert (run.step, run.owner) == ("inspect", None)


# What must be there first --------------------------------------------------------------------------


def test_a_requirement_that_is_not_met_holds_the_way_forward(river: River, case: Case) -> None:
    river.walk(case, "pass", at=MORNING)
    river.landing.is_measured = False
    before = state(case)
    with pytest.raises(Invalid) as caught:
        river.end(case, "fits", at=MORNING)
    assert "Bản đo bến" in str(caught.value.message)
    assert state(case) == before


@pytest.mark.parametrize("outcome", ["ask_again", "stop"])
def test_a_requirement_holds_no_other_way(river: River, case: Case, outcome: str) -> None:
    river.walk(case, "pass", at=MORNING)
    river.landing.is_measured = False
    assert river.end(case, outcome, at=MORNING).outcome == outcome


@pytest.mark.parametrize("note", ["", "  \n "])
def test_who_sends_back_says_why(river: River, case: Case, note: str) -> None:
    river.walk(case, "pass", at=MORNING)
    before = state(case)
    with pytest.raises(Invalid) as caught:
        river.end(case, "ask_again", at=MORNING, note=note)
    assert set(caught.value.fields) == {"note"}
    assert state(case) == before


def test_the_fields_of_an_outcome_are_filled_in(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", at=MORNING)
    before = state(case)
    with pytest.raises(Invalid) as caught:
        river.end(case, "deep", at=MORNING, data={"depth": "sâu", **boats("", **{"boats-0-seats": "4"})})
    assert set(caught.value.fields) == {"depth", "boats-0-name"}
    assert state(case) == before


def test_without_an_outcome_nothing_ends(river: River, case: Case) -> None:
    before = state(case)
    with pytest.raises(Invalid):
        river.end(case, "", at=MORNING)
    assert state(case) == before


# Effects -------------------------------------------------------------------------------------------


def test_an_effect_learns_what_was_done_by_whom_and_when(river: River, case: Case) -> None:
    run = river.walk(case, "pass", "fits", at=MORNING)
    river.end(case, "deep", at=NEXT_DAY, note="Luồng tốt.")
    name, occasion = river.landing.occasions[-1]
    assert name == "wait_for_low_water"
    assert (occasion.case.pk, occasion.step_run.pk, occasion.step.code) == (case.pk, run.pk, "sound")
    assert (occasion.acting.officer_id, occasion.at) == (river.office.specialist.pk, NEXT_DAY)
    assert (occasion.note, occasion.data) == ("Luồng tốt.", {"depth": "2.4"})


def test_an_outcome_without_an_effect_has_none(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", at=MORNING)
    assert [name for name, _occasion in river.landing.occasions] == ["note_down"]


@pytest.mark.databases_differ
def test_attack_80_an_effect_that_fails_leaves_everything_as_it_was(river: River, case: Case) -> None:
    run = river.walk(case, "pass", "fits", at=MORNING)
    claim_step(step_run_id=run.pk, version=0, acting=river.acting(river.office.specialist))
    before, verbs, moved = state(case), verbs_of(case), list(river.landing.moved)
    with pytest.raises(Invalid):
        river.end(case, "leaks", at=NEXT_DAY)
    assert state(case) == before
    assert (verbs_of(case), river.landing.moved) == (verbs, moved)
    assert only_open(case).pk == run.pk


def test_after_a_failed_effect_the_step_can_still_end_well(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", at=MORNING)
    with pytest.raises(Invalid):
        river.end(case, "leaks", at=NEXT_DAY)
    assert river.walk(case, "deep", at=NEXT_DAY).step == "flood"
    case.refresh_from_db()
    assert case.clock_state == ClockState.PAUSED


# All the way ---------------------------------------------------------------------------------------


def test_a_kind_of_case_nobody_knows_is_carried_to_its_end(river: River, case: Case) -> None:
    river.walk(case, "pass", "ask_again", "pass", "fits", "deep", "low", "drawn", "no", "drawn", at=MORNING)
    runs = StepRun.objects.filter(process=case).exclude(step="").order_by("number")
    assert [run.step for run in runs] == [
        "counter", "inspect", "counter", "inspect", "sound", "flood", "draw", "agree", "draw", "agree",
    ]  # fmt: skip
    assert [run.number for run in runs] == list(range(1, 11))
    assert verbs_of(case) == ["step.completed"] * 9
