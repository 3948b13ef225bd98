"""Deadlines near and passed: who is to know is told, once for each deadline and level."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Officer, RoleSlot, Unit
from jobs.registry import SCHEDULE
from notices.models import Notice
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.almanac import day_off, recalculated
from tests.workflow.ferry import River, only_open
from tests.workflow.leave import away, colleague_of
from tests.workflow.tide import extending, pass_on, pausing, stopping
from workflow.deadlines.models import DeadlineWarning
from workflow.deadlines.operations import warn
from workflow.deadlines.operations.warn import warn_of_deadlines
from workflow.deadlines.telling import tell
from workflow.engine.clockwork import pause_clock, resume_clock
from workflow.engine.operations.hand import claim_step
from workflow.models import Case, StepRun

# The case is due on Tuesday at closing, near from Monday at closing on.
EARLY, NEAR, DUE = moment("2026-12-04 09:00"), moment("2026-12-08 07:30"), moment("2026-12-08 17:00")


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def case(river: River) -> Case:
    """In the hands of the branch's specialist, at a step without a deadline of its own."""
    case = river.start(at=MORNING)
    river.walk(case, "pass", at=MORNING)
    claimed(river, case)
    without_own_deadlines()
    return case


def claimed(river: River, case: Case) -> StepRun:
    run = only_open(case)
    return claim_step(step_run_id=run.pk, version=run.version, acting=river.acting(river.office.specialist))


def without_own_deadlines() -> None:
    """Else what is said of steps would be heard among what is said of cases."""
    StepRun.objects.update(due_at=None, near_at=None)


def told(officer: Officer) -> list[str]:
    return list(Notice.objects.filter(recipient_id=officer.pk).order_by("pk").values_list("message", flat=True))


def given() -> list[tuple[str, bool, datetime]]:
    rows = DeadlineWarning.objects.order_by("pk").values_list("level", "step_run", "due_at")
    return [(level, run is not None, due_at) for level, run, due_at in rows]


# Cases ---------------------------------------------------------------------------------------------


def test_nobody_is_told_while_there_is_time(river: River, case: Case) -> None:
    assert warn_of_deadlines(now=EARLY) == 0
    assert not Notice.objects.exists()


@pytest.mark.parametrize(("at", "is_near"), [("2026-12-07 16:59", False), ("2026-12-07 17:00", True)])
def test_a_case_is_near_from_a_working_day_before_its_end(river: River, case: Case, at: str, *, is_near: bool) -> None:
    assert warn_of_deadlines(now=moment(at)) == is_near


def test_who_has_a_case_near_its_end_is_told_once(river: River, case: Case) -> None:
    for _sweep in range(3):
        warn_of_deadlines(now=NEAR)
    [message] = told(river.office.specialist)
    assert case.code in message
    assert "17:00 08/12/2026" in message
    assert Notice.objects.get().url.endswith(f"?ben={case.subject_id}")
    assert given() == [("near", False, DUE)]


def test_a_case_near_its_end_in_nobodys_hands_is_told_to_who_leads_the_unit(river: River) -> None:
    river.walk(river.start(at=MORNING), "pass", at=MORNING)
    without_own_deadlines()
    warn_of_deadlines(now=NEAR)
    assert (len(told(river.office.head)), told(river.office.specialist)) == (1, [])


def test_a_case_past_its_end_is_told_to_who_leads_the_unit_once(river: River, case: Case) -> None:
    for _sweep in range(3):
        warn_of_deadlines(now=moment("2026-12-09 08:00"))
    [message] = told(river.office.head)
    assert case.code in message
    assert given() == [("late", False, DUE)]


def test_near_and_late_are_two_warnings(river: River, case: Case) -> None:
    warn_of_deadlines(now=NEAR)
    warn_of_deadlines(now=DUE)
    assert [level for level, *_rest in given()] == ["near", "late"]


def test_another_due_date_is_warned_of_anew(river: River, case: Case) -> None:
    warn_of_deadlines(now=NEAR)
    pass_on(river, case, extending(moment("2026-12-11 17:00")), at=NEAR)
    without_own_deadlines()
    assert warn_of_deadlines(now=NEAR) == 0
    assert warn_of_deadlines(now=moment("2026-12-11 09:00")) == 1
    assert [due_at for _level, _step, due_at in given()] == [DUE, moment("2026-12-11 17:00")]


def test_a_moved_due_date_is_warned_of_anew(river: River, case: Case) -> None:
    day_off(river.office)
    recalculated(river.office)
    without_own_deadlines()
    assert warn_of_deadlines(now=NEAR) == 0
    assert warn_of_deadlines(now=moment("2026-12-09 07:30")) == 1


@pytest.mark.parametrize("deed", [pausing(), stopping()], ids=["paused", "stopped"])
def test_a_clock_that_stands_still_warns_nobody(river: River, case: Case, deed: object) -> None:
    pass_on(river, case, deed, at=MORNING)  # type: ignore[arg-type]
    without_own_deadlines()
    assert warn_of_deadlines(now=moment("2026-12-20 09:00")) == 0


def test_a_finished_case_warns_nobody(river: River, case: Case) -> None:
    river.end(case, "stop", at=MORNING)
    assert warn_of_deadlines(now=DUE) == 0


# Steps ---------------------------------------------------------------------------------------------


@pytest.fixture
def step(river: River) -> StepRun:
    """A step of two and a half days in the specialist's hands, of a case with all the time in the world."""
    case = river.start(at=MORNING)
    river.walk(case, "pass", at=MORNING)
    Case.objects.update(due_at=moment("2027-12-08 17:00"))
    return claimed(river, case)


def test_who_has_a_step_near_its_end_is_told_once(river: River, step: StepRun) -> None:
    near = moment("2026-12-03 16:00")
    for _sweep in range(2):
        warn_of_deadlines(now=near)
    [message] = told(river.office.specialist)
    assert "Xem bến" in message
    assert [(level, is_step) for level, is_step, _due in given()] == [("near", True)]


def test_a_step_past_its_end_is_told_to_who_leads_with_the_name_of_who_has_it(river: River, step: StepRun) -> None:
    warn_of_deadlines(now=moment("2026-12-07 09:00"))
    [message] = told(river.office.head)
    assert river.office.specialist.full_name in message
    assert told(river.office.specialist) == []


def test_while_he_is_away_who_stands_in_for_him_is_told_too(river: River, step: StepRun) -> None:
    stand_in = colleague_of(river)
    away(river, river.office.specialist, stand_in)
    warn_of_deadlines(now=moment("2026-12-03 16:00"))
    assert told(stand_in)[-1:] == told(river.office.specialist)
    assert "Xem bến" in told(stand_in)[-1]


def test_of_a_step_in_the_hands_of_who_has_left_who_leads_the_unit_is_told(river: River, step: StepRun) -> None:
    Officer.objects.filter(pk=river.office.specialist.pk).update(is_active=False)
    warn_of_deadlines(now=moment("2026-12-03 16:00"))
    assert (len(told(river.office.head)), told(river.office.specialist)) == (1, [])


def test_in_a_unit_nobody_leads_who_leads_the_one_above_is_told(river: River, step: StepRun) -> None:
    Officer.objects.filter(pk=river.office.head.pk).update(is_active=False)
    director = officer_at(Unit.objects.get(children=river.branch), RoleSlot.Kind.UPDATE, ["head"])
    StepRun.objects.update(owner=None)
    Case.objects.update(due_at=DUE)
    warn_of_deadlines(now=moment("2026-12-09 09:00"))
    assert len(told(director)) == 2
    assert told(river.office.head) == []


def test_a_step_that_was_completed_warns_nobody(river: River, step: StepRun) -> None:
    river.end(step.process, "fits", at=MORNING)
    without_own_deadlines()
    assert warn_of_deadlines(now=moment("2026-12-07 09:00")) == 0


def test_a_step_that_waits_for_an_event_warns_nobody(river: River, step: StepRun) -> None:
    StepRun.objects.filter(pk=step.pk).update(waits_for="low_water")
    assert warn_of_deadlines(now=moment("2026-12-07 09:00")) == 0


def test_while_the_clock_stands_still_nobody_is_late_and_then_so_much_later(river: River, step: StepRun) -> None:
    """Two and a half days of Wednesday at nine end on Friday afternoon; the clock stood from Thursday to Monday."""
    case = Case.objects.get(pk=step.process_id)
    with transaction.atomic():
        pause_clock(case, at=moment("2026-12-03 09:00"), cause="flood")
        case.save()
    assert warn_of_deadlines(now=moment("2026-12-07 08:00")) == 0
    with transaction.atomic():
        resume_clock(case, at=moment("2026-12-07 09:00"), cause="flood")
        case.save()
    Case.objects.update(due_at=moment("2027-12-08 17:00"))
    step.refresh_from_db()
    assert step.due_at == moment("2026-12-08 14:30")
    assert warn_of_deadlines(now=moment("2026-12-07 09:01")) == 0
    assert warn_of_deadlines(now=moment("2026-12-08 14:31")) == 1


def test_a_step_that_was_late_before_the_clock_stood_still_is_late_since_then_and_told_once(
    river: River, step: StepRun
) -> None:
    """Late since Friday afternoon; the clock stood from Monday to Tuesday."""
    assert warn_of_deadlines(now=moment("2026-12-04 16:00")) == 1
    case = Case.objects.get(pk=step.process_id)
    with transaction.atomic():
        pause_clock(case, at=moment("2026-12-07 09:00"), cause="flood")
        resume_clock(case, at=moment("2026-12-08 09:00"), cause="flood")
        case.save()
    Case.objects.update(due_at=moment("2027-12-08 17:00"))
    step.refresh_from_db()
    assert step.due_at == moment("2026-12-04 14:30")
    assert warn_of_deadlines(now=moment("2026-12-08 16:00")) == 0


# Many at once, two workers, one that dies ---------------------------------------------------------


def test_many_deadlines_of_one_officer_are_one_message(river: River) -> None:
    for _number in range(6):
        river.start(at=MORNING)
    without_own_deadlines()
    assert warn_of_deadlines(now=NEAR) == 6
    [message] = told(river.office.clerk)
    assert "6" in message


def test_a_sweep_costs_the_same_however_many_deadlines_it_finds(river: River) -> None:
    counted = []
    for _round in range(2):
        for _number in range(4):
            river.start(at=MORNING)
        without_own_deadlines()
        with CaptureQueriesContext(connection) as captured:
            warn_of_deadlines(now=NEAR)
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_attack_63_a_sweep_that_dies_in_the_middle_is_made_again_and_tells_everybody_once(
    river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warn, "CHUNK", 2)
    for _number in range(5):
        river.start(at=MORNING)
    without_own_deadlines()
    sweeps = iter([True, False])

    def die_once(*args: object, **kwargs: object) -> None:
        tell(*args, **kwargs)  # type: ignore[arg-type]
        if not next(sweeps, True):
            raise SystemExit

    monkeypatch.setattr(warn, "tell", die_once)
    with pytest.raises(SystemExit):
        warn_of_deadlines(now=NEAR)
    monkeypatch.setattr(warn, "tell", tell)
    # What was said before it died stays said.
    assert (len(given()), len(told(river.office.clerk))) == (2, 2)
    warn_of_deadlines(now=NEAR)
    assert (len(given()), len(told(river.office.clerk))) == (5, 5)


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_attack_65_two_workers_that_sweep_at_once_tell_everybody_once(river: River) -> None:
    for _number in range(3):
        river.start(at=MORNING)
    without_own_deadlines()
    gate = Barrier(2)

    def sweep(_worker: int) -> int:
        try:
            gate.wait()
            return warn_of_deadlines(now=NEAR)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(sweep, range(2))) == 3
    assert (len(given()), len(told(river.office.clerk))) == (3, 3)


def test_the_schedule_sweeps_every_few_minutes(river: River, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch, NEAR)
    SCHEDULE["deadline_warnings"].run()
    assert len(given()) == 1
