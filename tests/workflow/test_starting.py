"""A case begins: its first step, in whose hands, by when, and its clock."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from viewflow.workflow.status import STATUS

from accounts.models import RoleSlot
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment
from tests.workflow.ferry import River, only_open
from workflow.clock.ledger import ClockState
from workflow.models import Case, StepRun
from worktime.selectors import calendar_in_force

DAY = 480


def test_a_case_begins_at_the_first_step_of_its_edition(river: River) -> None:
    run = only_open(river.start(at=MORNING))
    assert (run.number, run.step, run.title, run.role) == (1, "counter", "Nhận đơn", "clerk")
    assert (run.unit, run.waits_for, run.version) == (river.office.one_stop, "", 0)
    assert (run.outcome, run.completed_by, run.minutes_used, run.finished) == ("", None, None, None)


def test_the_first_step_is_in_the_hands_of_who_took_it_in(river: River) -> None:
    run = only_open(river.start(at=MORNING))
    assert (run.owner, run.status) == (river.office.clerk, STATUS.ASSIGNED)


def test_who_may_not_do_the_first_step_leaves_it_in_the_queue(river: River) -> None:
    colleague = officer_at(river.office.one_stop, RoleSlot.Kind.UPDATE, ["typist"])
    for officer in (colleague, river.office.specialist, river.office.administrator):
        run = only_open(river.start(at=MORNING, by=officer))
        assert (run.owner, run.status) == (None, STATUS.NEW)


def test_a_step_is_due_by_its_own_limit_and_near_a_day_before_at_most(river: River) -> None:
    case = river.start(at=MORNING)
    run = only_open(case)
    assert (run.limit_minutes, run.created) == (DAY // 2, MORNING)
    assert (run.due_at, run.near_at) == (moment("2026-12-02 14:30"), MORNING)
    # Two and a half days, of which the last is near.
    run = river.walk(case, "pass", at=MORNING)
    assert (run.due_at, run.near_at) == (moment("2026-12-04 14:30"), moment("2026-12-03 14:30"))


@pytest.mark.parametrize(
    ("at", "due_at"),
    [
        ("2026-12-02 16:00", "2026-12-03 10:30"),
        ("2026-12-05 10:00", "2026-12-07 11:30"),
        ("2026-12-31 16:30", "2027-01-04 11:00"),
    ],
)
def test_a_step_is_due_by_working_minutes(river: River, at: str, due_at: str) -> None:
    assert only_open(river.start(at=moment(at))).due_at == moment(due_at)


def test_the_clock_of_the_first_appointment_runs_from_the_receipt(river: River) -> None:
    case = river.start(at=MORNING)
    assert (case.appointment, case.limit_minutes, case.clock_state) == (1, 4 * DAY, ClockState.RUNNING)
    assert case.due_at == moment("2026-12-08 17:00")
    [line] = case.clock_entries.all()
    assert (line.sequence, line.kind, line.at, line.due_at) == (1, "start", MORNING, case.due_at)
    assert (line.cause, line.basis) == ("complete", "Quy định thử nghiệm Điều 3")


def test_what_lists_show_stands_on_the_case(river: River) -> None:
    case = Case.objects.get(pk=river.start(at=MORNING).pk)
    assert (case.matter, case.title, case.created) == ("Bến đò", "Sầm Văn Đò · bến Cây Gạo", MORNING)
    assert (case.home_unit, case.unit, case.edition_version) == (
        river.office.one_stop,
        river.office.branch,
        river.edition,
    )
    assert (case.finished, case.version) == (None, 0)


def test_the_unit_that_has_the_first_step_sees_the_subject_and_the_next_not_yet(river: River) -> None:
    case = river.start(at=MORNING)
    assert river.landing.sight == {(case.subject_id, river.office.one_stop.pk)}


@pytest.mark.databases_differ
def test_a_subject_has_one_case(river: River) -> None:
    case = river.start(at=MORNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=river.start(at=MORNING).pk).update(subject_id=case.subject_id)


@pytest.mark.databases_differ
def test_a_code_is_given_once(river: River) -> None:
    case = river.start(at=MORNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=river.start(at=MORNING).pk).update(code=case.code)


@pytest.mark.databases_differ
def test_the_database_keeps_a_step_open_once(river: River) -> None:
    case = river.start(at=MORNING)
    values = {
        name: getattr(only_open(case), name)
        for name in ("process_id", "flow_task", "flow_task_type", "token", "step", "branch", "unit_id")
    }
    for status in (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED):
        with pytest.raises(IntegrityError), transaction.atomic():
            StepRun.objects.create(**values, status=status)
    StepRun.objects.create(**values, status=STATUS.DONE)
    StepRun.objects.create(**{**values, "branch": "2"}, status=STATUS.NEW)


@pytest.mark.databases_differ
def test_the_database_keeps_one_clock_line_of_a_number(river: River) -> None:
    case = river.start(at=MORNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        case.clock_entries.create(sequence=1, kind="pause", at=MORNING, appointment=1, cause="flood")


def test_the_near_moment_is_the_same_the_clock_says(river: River) -> None:
    """What lists filter by and what a row shows must not part."""
    run = river.walk(river.start(at=MORNING), "pass", at=MORNING)
    calendar = calendar_in_force()
    assert isinstance(run.near_at, datetime)
    assert isinstance(run.due_at, datetime)
    assert calendar.minutes_between(run.near_at, run.due_at) == DAY
