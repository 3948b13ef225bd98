"""Taking the last step back: as long as nobody has touched what came of it."""

import pytest

from accounts.models import Officer, RoleSlot
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.ferry import River, only_open, verbs_of
from tests.workflow.harbour import Harbour, open_by_code
from tests.workflow.untouched import untouched
from workflow.clock.ledger import ClockState
from workflow.engine.operations.consult import consult
from workflow.engine.operations.hand import claim_step
from workflow.engine.operations.jump import jump_to_step
from workflow.engine.operations.undo import may_undo, undo_step
from workflow.models import Case, StepRun

LATER = moment("2026-12-03 08:30")


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def case(river: River) -> Case:
    return river.start(at=MORNING)


def done(case: Case, step: str) -> StepRun:
    found: StepRun = StepRun.objects.select_related("process__edition_version").get(
        process=case, step=step, status="DONE"
    )
    return found


def undo(river: River, run: StepRun, *, by: Officer | None = None, version: int | None = None) -> StepRun:
    acting = river.acting(by or run.completed_by or river.office.head)
    return undo_step(
        step_run_id=run.pk, version=run.version if version is None else version, acting=acting, at=LATER, reason="Nhầm"
    )


def test_the_step_is_open_again_in_the_same_hands_under_its_old_limit(river: River, case: Case) -> None:
    before = only_open(case)
    river.end(case, "pass", at=MORNING, note="Xong.")
    run = undo(river, done(case, "counter"))
    assert (only_open(case), run.owner, run.due_at) == (before, river.office.clerk, before.due_at)
    assert (run.outcome, run.note, run.completed_by, run.finished, run.minutes_used) == ("", "", None, None, None)


def test_what_it_opened_is_cancelled_and_its_effect_reversed(river: River, case: Case) -> None:
    opened = river.walk(case, "pass", at=MORNING)
    undo(river, done(case, "counter"))
    opened.refresh_from_db()
    assert (opened.is_cancelled, opened.cancelled_by, opened.note) == (True, river.office.clerk, "Nhầm")
    assert [name for name, _occasion in river.landing.undone] == ["note_down"]


def test_attack_81_undoing_is_told_once(river: River, case: Case) -> None:
    river.end(case, "pass", at=MORNING)
    undo(river, done(case, "counter"))
    assert verbs_of(case) == ["step.completed", "step.undone"]


def test_the_way_goes_on_from_there_as_if_nothing_had_been(river: River, case: Case) -> None:
    river.end(case, "pass", at=MORNING)
    undo(river, done(case, "counter"))
    run = river.walk(case, "pass", "fits", at=LATER)
    assert (run.step, run.number) == ("sound", 4)


def test_who_leads_the_unit_takes_it_back_too(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", at=MORNING)
    assert undo(river, done(case, "inspect"), by=river.office.head).is_open


def test_nobody_else_takes_it_back(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", at=MORNING)
    colleague = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])
    run = done(case, "inspect")
    for officer in (colleague, river.office.clerk, river.office.look_up):
        with untouched(), pytest.raises(Refused):
            undo(river, run, by=officer)
        assert not may_undo(run, river.acting(officer))


def test_attack_47_what_a_colleague_has_claimed_since_is_not_undone(river: River, case: Case) -> None:
    run = river.walk(case, "pass", at=MORNING)
    claim_step(step_run_id=run.pk, version=0, acting=river.acting(river.office.specialist))
    with untouched(), pytest.raises(Conflict):
        undo(river, done(case, "counter"))


def test_attack_47_what_went_on_is_not_undone(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", at=MORNING)
    with untouched(), pytest.raises(Conflict):
        undo(river, done(case, "counter"))


def test_attack_44_undone_twice_is_undone_once(river: River, case: Case) -> None:
    river.end(case, "pass", at=MORNING)
    run = done(case, "counter")
    undo(river, run)
    with untouched(), pytest.raises(Conflict):
        undo(river, run)


def test_attack_46_a_stale_page_undoes_nothing(river: River, case: Case) -> None:
    river.end(case, "pass", at=MORNING)
    with untouched(), pytest.raises(Conflict):
        undo(river, done(case, "counter"), version=0)


def test_an_effect_that_stands_for_good_is_not_undone(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", at=MORNING)
    with untouched(), pytest.raises(Invalid):
        undo(river, done(case, "sound"))


def test_what_was_drafted_or_asked_since_keeps_it(river: River, case: Case) -> None:
    run = river.walk(case, "pass", "fits", at=MORNING)
    river.landing.is_begun = True
    with untouched(), pytest.raises(Conflict):
        undo(river, done(case, "inspect"))
    river.landing.is_begun = False
    consult(
        step_run_id=run.pk,
        content="?",
        due_on=LATER.date(),
        version=0,
        acting=river.acting(river.office.specialist),
        agency="Cảng vụ",
        at=MORNING,
    )
    with untouched(), pytest.raises(Conflict):
        undo(river, done(case, "inspect"))


def test_the_end_of_a_case_is_undone(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", "low", "drawn", "yes", at=MORNING)
    river.end(case, "told", at=MORNING)
    undo(river, done(case, "tell"))
    case.refresh_from_db()
    assert (case.finished, only_open(case).step) == (None, "tell")
    river.end(case, "told", at=LATER)
    case.refresh_from_db()
    assert case.finished == LATER


# Branches -------------------------------------------------------------------------------------------


def test_dividing_is_undone_as_long_as_no_branch_went_on(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    undo(harbour, done(case, "share"))
    assert set(open_by_code(case)) == {"share"}
    again = harbour.go(case, "divide", "deep", at=LATER)
    with untouched(), pytest.raises(Conflict):
        undo(harbour, done(case, "share"))
    assert set(again) == {"shore"}


def test_a_branch_that_waits_for_the_others_is_undone(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "deep", at=MORNING)
    undo(harbour, done(case, "water"))
    assert set(open_by_code(case)) == {"water", "shore"}
    assert set(harbour.go(case, "deep", "fits", "over", at=LATER)) == {"meet"}


def test_the_last_branch_takes_back_the_coming_together_and_the_first_does_not(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "deep", "fits", "over", at=MORNING)
    with untouched(), pytest.raises(Conflict):
        undo(harbour, done(case, "water"))
    undo(harbour, done(case, "posting"))
    assert set(open_by_code(case)) == {"posting"}
    assert set(harbour.go(case, "over", at=LATER)) == {"meet"}


def test_a_pause_that_ended_with_the_step_begins_again_with_it(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", "over", at=MORNING)
    undo(harbour, done(case, "posting"))
    case.refresh_from_db()
    assert case.clock_state == ClockState.PAUSED


def test_what_the_clock_stood_still_for_what_is_cancelled_is_not_the_steps_time(harbour: Harbour) -> None:
    """A day of Wednesday at nine; posted from ten until it is undone on Thursday at half past eight."""
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", at=moment("2026-12-02 10:00"))
    undo(harbour, done(case, "shore"))
    assert open_by_code(case)["shore"].due_at == open_by_code(case)["water"].due_at == moment("2026-12-03 17:00")


def test_what_broke_others_off_is_not_undone(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "again", at=MORNING)
    with untouched(), pytest.raises(Invalid):
        undo(harbour, done(case, "water"))


def test_what_was_jumped_over_is_not_taken_back(harbour: Harbour) -> None:
    """The step it opened was left by hand: undoing would put the case into the branch a second time."""
    case = harbour.divided(at=MORNING)
    posting = harbour.go(case, "fits", at=MORNING)["posting"]
    acting = harbour.acting(harbour.office.administrator)
    jump_to_step(step_run_id=posting.pk, to_step="shore", reason="Đo lại", version=0, acting=acting, at=MORNING)
    passed = StepRun.objects.filter(process=case, step="shore", status="DONE").get()
    with untouched(), pytest.raises(Conflict):
        undo(harbour, passed)


def test_a_fork_one_of_whose_branches_was_set_on_another_step_is_not_undone(harbour: Harbour) -> None:
    """What the jump opened would go on beside the step that is open again."""
    case = harbour.divided(at=MORNING)
    shore, acting = open_by_code(case)["shore"], harbour.acting(harbour.office.administrator)
    jump_to_step(step_run_id=shore.pk, to_step="posting", reason="Đã đo", version=0, acting=acting, at=MORNING)
    with untouched(), pytest.raises(Conflict):
        undo(harbour, done(case, "share"))
    assert set(open_by_code(case)) == {"water", "posting"}


def test_it_is_due_as_much_later_as_the_clock_stood_still_meanwhile(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    before = open_by_code(case)["shore"]
    harbour.go(case, "fits", at=MORNING)
    undo(harbour, done(case, "shore"), by=harbour.surveyor)
    run = open_by_code(case)["shore"]
    assert (before.due_at, run.due_at) == (moment("2026-12-03 09:00"), moment("2026-12-04 08:30"))
