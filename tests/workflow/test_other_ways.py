"""Ways beside outcomes: sent back further, set by hand, ended by time, waiting for a case of its own."""

from typing import Any

import pytest

from audit.models import AuditEvent
from jobs.models import OutboxRow
from jobs.outbox import send_again
from jobs.registry import TOPICS
from notices.models import Notice
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.ferry import River, only_open, stream_of, verbs_of
from tests.workflow.harbour import Harbour, open_by_code, timed_out
from tests.workflow.untouched import untouched
from workflow.clock.ledger import ClockState
from workflow.engine.operations.complete import fill_in
from workflow.engine.operations.ending import SUB_ENDED
from workflow.engine.operations.jump import jump_to_step
from workflow.engine.operations.send_back import send_back, steps_behind
from workflow.engine.operations.time_out import TIMER, report_sub_case
from workflow.engine.operations.undo import undo_step
from workflow.engine.selectors import run_seen
from workflow.models import Case, StepRun

LATER = moment("2026-12-03 08:30")
# The posting opens on 02/12: fifteen days of the calendar are over with 17/12.
POSTED = moment("2026-12-18 00:00")


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


# Sent back to any earlier step -----------------------------------------------------------------------


def behind(harbour: River, run: StepRun) -> list[str]:
    seen = run_seen(run.pk, harbour.acting(harbour.office.administrator))
    return [step.code for step in steps_behind(seen)]


def back(river: River, run: StepRun, to: str, *, note: str = "Thiếu chữ ký.", version: int | None = None) -> StepRun:
    return send_back(
        step_run_id=run.pk,
        to_step=to,
        note=note,
        version=run.version if version is None else version,
        acting=river.acting(river.officer_for(run)),
        at=LATER,
    )


def test_a_step_goes_back_to_any_it_came_through_the_latest_first(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    meet = harbour.go(case, "deep", "fits", "over", at=MORNING)["meet"]
    assert behind(harbour, meet) == ["share", "counter"]


def test_what_the_case_was_sent_back_over_lies_ahead_of_it_again(harbour: Harbour) -> None:
    """Or who mends a dossier could leap over everything it was sent back for."""
    case = harbour.divided(at=MORNING)
    meet = harbour.go(case, "deep", "fits", "over", at=MORNING)["meet"]
    back(harbour, meet, "counter")
    share = harbour.go(case, "pass", at=MORNING)["share"]
    assert behind(harbour, share) == ["counter"]
    with untouched(), pytest.raises(Invalid):
        back(harbour, share, "meet")
    assert behind(harbour, harbour.go(case, "whole", at=MORNING)["agree"]) == ["share", "counter"]


def test_what_a_jump_has_leapt_over_is_not_behind_but_what_came_before_is(harbour: Harbour) -> None:
    case = harbour.start(at=MORNING)
    jump(harbour, harbour.go(case, "pass", at=MORNING)["share"], "agree")
    assert behind(harbour, open_by_code(case)["agree"]) == ["counter"]


def test_it_comes_back_into_the_hands_it_came_from(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    meet = harbour.go(case, "deep", "fits", "over", at=MORNING)["meet"]
    back(harbour, meet, "counter")
    [run] = open_by_code(case).values()
    assert (run.step, run.owner, run.branch) == ("counter", harbour.office.clerk, "")
    meet.refresh_from_db()
    assert (meet.outcome_name, meet.note) == ("Phân lại: Nhận đơn", "Thiếu chữ ký.")


def test_sent_back_before_the_fork_from_one_branch_breaks_off_the_others(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    runs = open_by_code(case)
    back(harbour, runs["water"], "counter")
    assert set(open_by_code(case)) == {"counter"}
    assert StepRun.objects.get(pk=runs["shore"].pk).is_cancelled


def test_within_a_branch_the_others_go_on(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    posting = harbour.go(case, "fits", at=MORNING)["posting"]
    assert behind(harbour, posting) == ["shore", "share", "counter"]
    back(harbour, posting, "shore")
    assert set(open_by_code(case)) == {"water", "shore"}


def test_it_is_told_once_with_where_it_went(harbour: Harbour) -> None:
    case = harbour.start(at=MORNING)
    share = harbour.go(case, "pass", at=MORNING)["share"]
    back(harbour, share, "counter")
    assert verbs_of(case) == ["step.completed", "step.sent_back"]
    event = AuditEvent.objects.filter(stream=stream_of(case.subject_id)).latest("sequence")
    assert '"to":"Nhận đơn"' in event.payload


def test_nobody_is_sent_back_behind_what_stands_for_good_but_as_the_edition_says(harbour: Harbour) -> None:
    case = harbour.start(at=MORNING)
    tell = harbour.go(case, "pass", "whole", "yes", at=MORNING)["tell"]
    assert behind(harbour, tell) == ["counter"]
    with untouched(), pytest.raises(Invalid):
        back(harbour, tell, "share")


def test_attack_48_no_step_goes_back_to_one_the_case_has_not_passed(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    water = open_by_code(case)["water"]
    for code in ("water", "shore", "posting", "meet", "agree", "", "nowhere"):
        with untouched(), pytest.raises(Invalid):
            back(harbour, water, code)


def test_attack_48_a_step_without_a_way_back_has_none(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    with untouched(), pytest.raises(Refused):
        back(harbour, open_by_code(case)["shore"], "share")


def test_sending_back_needs_a_reason(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    with untouched(), pytest.raises(Invalid):
        back(harbour, open_by_code(case)["water"], "share", note=" ")


def test_attack_46_a_stale_form_sends_nothing_back(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    with untouched(), pytest.raises(Conflict):
        back(harbour, open_by_code(case)["water"], "share", version=7)


# Set on another step by hand ------------------------------------------------------------------------


def jump(river: River, run: StepRun, to: str, *, reason: str = "Mất mạng, đã ký giấy", version: int = 0) -> StepRun:
    acting = river.acting(river.office.administrator)
    return jump_to_step(step_run_id=run.pk, to_step=to, reason=reason, version=version, acting=acting, at=LATER)


def test_an_administrator_sets_a_case_on_any_step_and_no_effect_runs(harbour: Harbour) -> None:
    case = harbour.start(at=MORNING)
    share = harbour.go(case, "pass", at=MORNING)["share"]
    told = len(harbour.landing.occasions)
    jump(harbour, share, "tell")
    assert set(open_by_code(case)) == {"tell"}
    assert len(harbour.landing.occasions) == told
    share.refresh_from_db()
    assert (share.is_cancelled, share.cancelled_by) == (True, harbour.office.administrator)


def test_attack_81_a_jump_is_told_once_with_its_reason(harbour: Harbour) -> None:
    case = harbour.start(at=MORNING)
    jump(harbour, harbour.go(case, "pass", at=MORNING)["share"], "tell")
    assert verbs_of(case) == ["step.completed", "step.jumped"]
    event = AuditEvent.objects.filter(stream=stream_of(case.subject_id)).latest("sequence")
    assert '"reason":"Mất mạng, đã ký giấy"' in event.payload


def test_a_jump_out_of_a_branch_breaks_off_those_beside(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    jump(harbour, open_by_code(case)["water"], "meet")
    assert set(open_by_code(case)) == {"meet"}


@pytest.mark.parametrize("to", ["water", "shore", "nowhere", ""])
def test_attack_48_no_jump_into_a_branch_beside_or_to_nowhere(harbour: Harbour, to: str) -> None:
    case = harbour.divided(at=MORNING)
    with untouched(), pytest.raises(Invalid):
        jump(harbour, open_by_code(case)["water"], to)


def test_attack_48_nobody_but_an_administrator_jumps(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    run = open_by_code(case)["water"]
    for officer in (harbour.office.head, harbour.office.specialist, harbour.office.clerk):
        with untouched(), pytest.raises(Refused):
            jump_to_step(step_run_id=run.pk, to_step="share", reason="x", version=0, acting=harbour.acting(officer))


def test_a_jump_needs_a_reason_and_a_fresh_page(harbour: Harbour) -> None:
    run = open_by_code(harbour.divided(at=MORNING))["water"]
    with untouched(), pytest.raises(Invalid):
        jump(harbour, run, "share", reason="")
    with untouched(), pytest.raises(Conflict):
        jump(harbour, run, "share", version=3)


def test_no_jump_behind_the_beginning_of_the_appointment_that_runs(river: River) -> None:
    case = river.start(at=MORNING)
    run = river.walk(case, "pass", "fits", "deep", "low", at=MORNING)
    with untouched(), pytest.raises(Invalid):
        jump(river, run, "inspect")
    assert jump(river, run, "agree").step == "agree"


# Ended by time --------------------------------------------------------------------------------------


def test_a_posting_ends_by_itself_when_its_days_are_over(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    posting = harbour.go(case, "deep", "fits", at=MORNING)["posting"]
    assert posting.scheduled == POSTED
    assert timed_out(moment("2026-12-17 23:59")) == 0
    assert timed_out(POSTED) == 1
    assert set(open_by_code(case)) == {"meet"}
    posting.refresh_from_db()
    assert (posting.outcome, posting.completed_by, posting.finished) == ("over", None, POSTED)


def test_attack_65_a_timer_swept_twice_ends_the_step_once(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", at=MORNING)
    assert [timed_out(POSTED), timed_out(POSTED)] == [1, 0]
    assert verbs_of(case).count("step.timed_out") == 1


def test_the_trail_says_that_it_was_the_system(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", at=MORNING)
    timed_out(POSTED)
    event = AuditEvent.objects.filter(stream=stream_of(case.subject_id)).latest("sequence")
    assert (event.verb, event.officer_id) == ("step.timed_out", None)


def test_somebody_may_end_it_before_and_then_the_timer_has_nothing_to_do(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", "over", at=LATER)
    assert timed_out(POSTED) == 0
    assert verbs_of(case)[-1] == "step.completed"


def test_a_step_broken_off_has_no_timer_any_more(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", "again", at=MORNING)
    assert timed_out(POSTED) == 0
    assert set(open_by_code(case)) == {"share"}


def fail_for(monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    """The timers of this case can't end their steps."""

    def fail_for_one(run: StepRun, *given: Any, **more: Any) -> None:
        if run.process_id == case.pk:
            raise RuntimeError("broken")
        fill_in(run, *given, **more)

    monkeypatch.setattr("workflow.engine.operations.time_out.fill_in", fail_for_one)


def test_attack_64_one_timer_that_fails_does_not_keep_the_others(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = cases = [harbour.divided(at=MORNING) for _number in range(2)]
    for case in cases:
        harbour.go(case, "fits", at=MORNING)
    fail_for(monkeypatch, bad)
    assert timed_out(POSTED) == 1
    assert [set(open_by_code(case)) for case in (bad, good)] == [{"water", "posting"}, {"water"}]


def test_a_timer_that_fails_for_good_stands_once_among_the_failed_jobs_until_it_is_sent_again(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = harbour.divided(at=MORNING)
    posting = harbour.go(case, "fits", at=MORNING)["posting"]
    with monkeypatch.context() as broken:
        fail_for(broken, case)
        for _try in range(TOPICS[TIMER].attempts):
            timed_out(POSTED)
            OutboxRow.objects.filter(topic=TIMER).update(available_at=MORNING)
        [dead] = OutboxRow.objects.filter(topic=TIMER)
        assert (dead.key, dead.died_at is not None) == (str(posting.pk), True)
        assert timed_out(POSTED) == 0
        assert OutboxRow.objects.filter(topic=TIMER).count() == 1
    send_again(dead)
    assert timed_out(POSTED) == 1
    assert set(open_by_code(case)) == {"water"}


def test_a_step_that_cannot_end_yet_waits_for_another_sweep(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", at=MORNING)

    def ask_for_paper(*_given: Any) -> None:
        raise Invalid("Thiếu biên bản")

    with monkeypatch.context() as without_paper:
        without_paper.setattr("workflow.engine.operations.time_out.demand_met", ask_for_paper)
        assert timed_out(POSTED) == 0
    assert not OutboxRow.objects.filter(topic=TIMER).exists()
    assert timed_out(POSTED) == 1


# Cases of their own ---------------------------------------------------------------------------------


@pytest.fixture
def waiting(harbour: Harbour) -> tuple[Case, Case]:
    """A case that waits for one of its own, and that one."""
    case = harbour.divided(at=MORNING)
    harbour.go(case, "deep", "fits", "over", "ferry", at=MORNING)
    return case, Case.objects.get(opened_from__process=case)


def test_a_step_opens_a_case_of_its_own_and_waits_for_it(harbour: Harbour, waiting: tuple[Case, Case]) -> None:
    case, own = waiting
    [run] = open_by_code(case).values()
    assert (run.step, run.awaited, own.opened_from) == ("wait", 1, run)
    assert only_open(own).step == "counter"
    with untouched(), pytest.raises(Invalid):
        harbour.end(case, "done", at=LATER)


def test_when_it_has_ended_the_waiting_step_goes_on_and_its_owner_is_told(
    harbour: Harbour, waiting: tuple[Case, Case]
) -> None:
    case, own = waiting
    StepRun.objects.filter(process=case, step="wait").update(owner=harbour.office.specialist)
    river = River(harbour.office, harbour.edition, harbour.landing)
    river.walk(own, "pass", "fits", "deep", "low", "drawn", "yes", at=MORNING)
    river.end(own, "told", at=MORNING)
    [row] = OutboxRow.objects.filter(topic=SUB_ENDED)
    assert report_sub_case(case_id=int(row.key))
    assert open_by_code(case)["wait"].awaited == 0
    assert own.code in Notice.objects.get(recipient_id=harbour.office.specialist.pk).message
    assert set(harbour.go(case, "done", at=LATER)) == {"agree"}


def test_attack_63_told_twice_it_goes_on_once(harbour: Harbour, waiting: tuple[Case, Case]) -> None:
    case, own = waiting
    Case.objects.filter(pk=own.pk).update(finished=LATER)
    assert [report_sub_case(case_id=own.pk), report_sub_case(case_id=own.pk)] == [True, False]
    assert verbs_of(case).count("step.sub_ended") == 1


def test_what_opened_a_case_of_its_own_is_not_undone(harbour: Harbour, waiting: tuple[Case, Case]) -> None:
    meet = StepRun.objects.get(process=waiting[0], step="meet")
    acting = harbour.acting(harbour.office.specialist)
    with untouched(), pytest.raises(Invalid):
        undo_step(step_run_id=meet.pk, version=meet.version, acting=acting)


def test_the_clock_of_both_is_its_own(waiting: tuple[Case, Case]) -> None:
    case, own = waiting
    assert (own.clock_state, own.limit_minutes) == (ClockState.RUNNING, 4 * 480)
    case.refresh_from_db()
    assert case.limit_minutes == 5 * 480
