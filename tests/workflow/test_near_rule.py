"""The rule of warnings counts for what is open too, as soon as it is changed."""

from datetime import date

import pytest

from jobs.worker import drain
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.almanac import REASON, revision
from tests.workflow.ferry import River, only_open
from tests.workflow.tide import pass_on, pausing
from workflow.deadlines.operations import follow_rule
from workflow.deadlines.operations.change_calendar import change_working_calendar
from workflow.deadlines.operations.follow_rule import TOPIC
from workflow.engine.operations.consult import consult
from workflow.engine.selectors import Tone, of_tone, open_work, step_deadline
from workflow.models import StepRun
from worktime.calendar import NearRule
from worktime.models import ChangeKind
from worktime.operations.change import Change
from worktime.selectors import calendar_in_force

THURSDAY = moment("2026-12-03 09:00")


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


def two_days_before(river: River) -> None:
    """The administrator has deadlines near from two days before on; the worker has done what follows."""
    change = Change(kind=ChangeKind.RULE, rule=NearRule(days=2))
    acting = river.acting(river.office.administrator)
    change_working_calendar(change=change, reason=REASON, revision=revision(), acting=acting)
    drain([TOPIC])


def test_a_step_that_is_open_is_near_by_the_rule_as_it_is_now_on_lists_as_on_its_page(river: River) -> None:
    case = river.start(at=MORNING)
    run = river.walk(case, "pass", at=MORNING)
    assert run.near_at == moment("2026-12-03 14:30")
    two_days_before(river)
    run = only_open(case)
    assert (run.due_at, run.near_at) == (moment("2026-12-04 14:30"), moment("2026-12-02 14:30"))
    assert step_deadline(run, THURSDAY, calendar_in_force()).tone == "near"
    assert list(of_tone(open_work(), Tone.NEAR, THURSDAY)) == [run]


def test_so_is_an_opinion_whose_day_stays_as_it_was_named(river: River) -> None:
    case = river.start(at=MORNING)
    run = river.walk(case, "pass", at=MORNING)
    asking = river.acting(river.office.specialist)
    question = consult(
        step_run_id=run.pk,
        content="Bến sâu bao nhiêu?",
        due_on=date(2026, 12, 11),
        version=run.version,
        acting=asking,
        agency="Cảng vụ",
        at=MORNING,
    )
    two_days_before(river)
    asked = StepRun.objects.get(pk=question.asked_id)
    assert (asked.due_at, asked.near_at) == (question.due_at, moment("2026-12-09 17:00"))


def test_every_open_case_follows_over_several_chunks_also_while_its_clock_stands_still(
    river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_rule, "CHUNK", 2)
    cases = [river.start(at=MORNING) for _number in range(5)]
    pass_on(river, cases[0], pausing(), at=MORNING)
    for case in cases[1:]:
        river.walk(case, "pass", at=MORNING)
    two_days_before(river)
    assert {only_open(case).near_at for case in cases} == {moment("2026-12-02 14:30")}
