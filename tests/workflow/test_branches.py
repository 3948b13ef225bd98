"""Branches side by side: opened together, each on its own way, and come together once."""

import re

import pytest

from audit.models import AuditEvent
from notices.models import Notice
from pages.domain_errors import Conflict
from tests.factories.moments import MORNING, moment
from tests.factories.office import publish
from tests.workflow.ferry import stream_of, verbs_of
from tests.workflow.harbour import HARBOUR, Harbour, open_by_code
from workflow.clock.ledger import ClockState
from workflow.engine.operations.complete import complete_step
from workflow.engine.story import steps_of
from workflow.models import Case, StepRun

LATER = moment("2026-12-08 08:30")


@pytest.fixture
def case(harbour: Harbour) -> Case:
    return harbour.divided(at=MORNING)


def test_both_branches_open_at_once_each_on_its_own_path(harbour: Harbour, case: Case) -> None:
    runs = open_by_code(case)
    assert set(runs) == {"water", "shore"}
    [fork] = StepRun.objects.filter(process=case, step="share")
    assert [runs["water"].branch, runs["shore"].branch] == [f"{fork.number}.1", f"{fork.number}.2"]
    assert sorted([runs["water"].number, runs["shore"].number]) == [fork.number + 1, fork.number + 2]


def test_a_step_of_another_units_kind_stands_on_the_list_of_the_nearest_above(harbour: Harbour, case: Case) -> None:
    assert open_by_code(case)["shore"].unit == harbour.above
    assert (case.subject_id, harbour.above.pk) in harbour.landing.sight


def test_what_joins_waits_for_the_last_branch(harbour: Harbour, case: Case) -> None:
    assert set(harbour.go(case, "deep", at=MORNING)) == {"shore"}
    assert set(harbour.go(case, "fits", at=MORNING)) == {"posting"}
    [meet] = harbour.go(case, "over", at=MORNING).values()
    assert (meet.step, meet.branch) == ("meet", "")


def test_whichever_branch_comes_last_opens_it(harbour: Harbour, case: Case) -> None:
    assert set(harbour.go(case, "fits", "over", at=MORNING)) == {"water"}
    assert set(harbour.go(case, "deep", at=MORNING)) == {"meet"}


def test_the_case_ends_once_after_the_branches_have_come_together(harbour: Harbour, case: Case) -> None:
    harbour.go(case, "deep", "fits", "over", "fine", "yes", "told", at=LATER)
    case.refresh_from_db()
    assert case.finished == LATER
    assert not open_by_code(case)
    assert list(StepRun.objects.filter(process=case, step="").order_by("pk").values_list("finished", flat=True))[1:]


def test_one_completion_of_a_branch_is_told_once(harbour: Harbour, case: Case) -> None:
    harbour.go(case, "deep", "fits", "over", at=MORNING)
    assert verbs_of(case) == ["step.completed"] * 5


def test_going_back_before_the_fork_breaks_off_the_branch_beside_it(harbour: Harbour, case: Case) -> None:
    shore = open_by_code(case)["shore"]
    assert set(harbour.go(case, "again", at=LATER)) == {"share"}
    shore.refresh_from_db()
    assert (shore.is_cancelled, shore.finished, shore.note) == (True, LATER, "Xem lại.")
    assert shore.cancelled_by == harbour.office.specialist
    assert verbs_of(case)[-1] == "step.broke_off"
    event = AuditEvent.objects.filter(stream=stream_of(case.subject_id)).latest("sequence")
    assert '"cancelled":["Đo trên bờ"]' in event.payload


def test_who_had_the_step_that_was_broken_off_is_told(harbour: Harbour, case: Case) -> None:
    shore = open_by_code(case)["shore"]
    StepRun.objects.filter(pk=shore.pk).update(owner=harbour.surveyor)
    harbour.go(case, "again", at=LATER)
    [notice] = Notice.objects.filter(recipient_id=harbour.surveyor.pk)
    assert "Xem lại." in notice.message


def test_what_was_broken_off_is_not_completed_any_more_and_says_why(harbour: Harbour, case: Case) -> None:
    shore = open_by_code(case)["shore"]
    harbour.go(case, "again", at=LATER)
    with pytest.raises(Conflict) as lost:
        complete_step(
            step_run_id=shore.pk, outcome="fits", version=shore.version, acting=harbour.acting(harbour.surveyor)
        )
    assert "Xem lại." in str(lost.value.message)


def test_the_second_time_the_branches_have_other_paths(harbour: Harbour, case: Case) -> None:
    before = {run.branch for run in open_by_code(case).values()}
    after = {run.branch for run in harbour.go(case, "again", "divide", at=MORNING).values()}
    assert len(after) == 2
    assert not before & after


def test_a_branch_that_had_come_counts_no_more_after_the_fork_is_opened_again(harbour: Harbour, case: Case) -> None:
    harbour.go(case, "fits", "over", "again", "divide", at=MORNING)
    assert set(harbour.go(case, "deep", at=MORNING)) == {"shore"}


def test_stopping_in_one_branch_ends_the_case_and_the_other_branch(harbour: Harbour, case: Case) -> None:
    harbour.go(case, "stop", at=LATER)
    case.refresh_from_db()
    assert (case.finished, open_by_code(case)) == (LATER, {})
    assert StepRun.objects.get(process=case, step="shore").is_cancelled


def test_a_way_back_within_a_branch_leaves_the_other_alone(harbour: Harbour, case: Case) -> None:
    water = open_by_code(case)["water"]
    assert harbour.go(case, "fits", "measure", at=MORNING)["water"] == water


# Pauses --------------------------------------------------------------------------------------------


def test_the_clock_stands_still_while_a_step_that_pauses_it_is_open(harbour: Harbour, case: Case) -> None:
    harbour.go(case, "fits", at=MORNING)
    case.refresh_from_db()
    assert case.clock_state == ClockState.PAUSED
    [line] = case.clock_entries.filter(kind="pause")
    assert (line.cause, line.basis, line.at) == ("posting", "Quy định thử nghiệm Điều 5", MORNING)
    harbour.go(case, "over", at=LATER)
    case.refresh_from_db()
    assert case.clock_state == ClockState.RUNNING
    assert [line.kind for line in case.clock_entries.order_by("sequence")] == ["start", "pause", "resume"]


def test_a_pause_ends_with_the_step_that_is_broken_off(harbour: Harbour, case: Case) -> None:
    harbour.go(case, "fits", "again", at=MORNING)
    case.refresh_from_db()
    assert case.clock_state == ClockState.RUNNING


# Told to people --------------------------------------------------------------------------------------


def test_the_rail_shows_each_branch_by_its_number_and_what_is_still_to_come_once(harbour: Harbour, case: Case) -> None:
    harbour.go(case, "deep", at=MORNING)
    lines = [(line.title, line.branch, line.state) for line in steps_of(fresh(case), now=MORNING)]
    assert lines == [
        ("Nhận đơn", "", "done"),
        ("Phân việc", "", "done"),
        ("Đo dưới nước", "1", "done"),
        ("Đo trên bờ", "2", "now"),
        *((title, "", "") for title in ("Niêm yết", "Ghép kết quả", "Ký giấy phép", "Báo chủ cảng")),
    ]


def test_what_was_broken_off_stays_in_the_story_as_cancelled(harbour: Harbour, case: Case) -> None:
    harbour.go(case, "again", at=MORNING)
    [gone] = [line for line in steps_of(fresh(case), now=MORNING) if line.state == "gone"]
    assert (gone.title, gone.who) == ("Đo trên bờ", harbour.office.specialist.full_name)


def fresh(case: Case) -> Case:
    found: Case = Case.objects.select_related("edition_version").get(pk=case.pk)
    return found


def test_what_is_posted_beside_it_stops_the_next_appointment_too(harbour: Harbour) -> None:
    """Proof comes in the water's branch while the shore is still posted: the second appointment begins, and stands."""
    second = """
[[appointments]]
number = 2
days = 2
label = "Trả kết quả"
source = { document = "Quy định thử nghiệm", place = "Điều 4", is_confirmed = true }

[form]
"""
    text = HARBOUR.replace('code = "thu"', 'code = "hai"', 1).replace("\n[form]\n", second, 1)
    text = text.replace('name = "Đủ sâu"\n', 'name = "Đủ sâu"\neffect = "water_is_low"\n', 1)
    # No way leads back behind the beginning of an appointment.
    text = re.sub(r'\[\[steps\.outcomes\]\][^\[]*manner = "back"[^\[]*', "", text)
    port = Harbour(harbour.office, publish(text), harbour.landing, harbour.surveyor)
    case = port.divided(at=MORNING)
    port.go(case, "fits", "deep", at=MORNING)
    assert (fresh(case).appointment, fresh(case).clock_state) == (2, "paused")
    port.go(case, "over", at=moment("2026-12-17 09:00"))
    assert fresh(case).due_at == moment("2026-12-21 09:00")
