"""What the ways of a case cost the database: with branches or opinions at most half as much again as a plain step."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.moments import MORNING, stop_the_clock
from tests.workflow.ferry import River, only_open
from tests.workflow.harbour import Harbour, open_by_code
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.consult import answer_consultation, consult
from workflow.engine.operations.undo import undo_step
from workflow.models import StepRun

AtMost = Callable[[int], AbstractContextManager[Any]]
# A plain step takes thirteen; half as much again is nineteen.
PLAIN, MOST = 13, 19
DUE_ON = date(2026, 12, 4)


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


def completing(river: River, run: StepRun, outcome: str) -> Callable[[], object]:
    acting = river.acting(river.officer_for(run))
    return lambda: complete_step(step_run_id=run.pk, outcome=outcome, version=run.version, acting=acting)


def test_a_plain_step(river: River, django_assert_max_num_queries: AtMost) -> None:
    case = river.start(at=MORNING)
    run = river.walk(case, "pass", at=MORNING)
    deed = completing(river, run, "fits")
    with django_assert_max_num_queries(PLAIN):
        deed()


def test_a_step_of_a_branch_that_waits_for_the_others(harbour: Harbour, django_assert_max_num_queries: AtMost) -> None:
    run = open_by_code(harbour.divided(at=MORNING))["water"]
    deed = completing(harbour, run, "deep")
    with django_assert_max_num_queries(PLAIN):
        deed()


def test_the_step_with_which_the_branches_come_together(
    harbour: Harbour, django_assert_max_num_queries: AtMost
) -> None:
    case = harbour.divided(at=MORNING)
    run = harbour.go(case, "fits", "over", at=MORNING)["water"]
    deed = completing(harbour, run, "deep")
    with django_assert_max_num_queries(MOST):
        deed()


def test_a_step_that_divides(harbour: Harbour, django_assert_max_num_queries: AtMost) -> None:
    case = harbour.start(at=MORNING)
    run = harbour.go(case, "pass", at=MORNING)["share"]
    deed = completing(harbour, run, "divide")
    with django_assert_max_num_queries(MOST):
        deed()


def test_asking_answering_and_going_on(river: River, django_assert_max_num_queries: AtMost) -> None:
    case = river.start(at=MORNING)
    run = river.walk(case, "pass", at=MORNING)
    acting, other = river.acting(river.office.specialist), river.acting(river.office.stranger)
    with django_assert_max_num_queries(MOST):
        question = consult(
            step_run_id=run.pk,
            content="?",
            due_on=DUE_ON,
            version=0,
            acting=acting,
            unit_id=river.office.other_branch.pk,
        )
    with django_assert_max_num_queries(MOST):
        answer_consultation(step_run_id=question.asked_id, answer="!", version=0, acting=other)
    deed = completing(river, only_open(case), "fits")
    with django_assert_max_num_queries(PLAIN):
        deed()


def test_undoing(river: River, django_assert_max_num_queries: AtMost) -> None:
    case = river.start(at=MORNING)
    river.walk(case, "pass", "fits", at=MORNING)
    run = StepRun.objects.get(process=case, step="inspect")
    acting = river.acting(river.office.specialist)
    with django_assert_max_num_queries(MOST + 4):
        undo_step(step_run_id=run.pk, version=run.version, acting=acting)


def test_the_longer_the_way_the_same_a_step_costs(river: River) -> None:
    case, counts = river.start(at=MORNING), []
    for _round in range(4):
        run = river.walk(case, "pass", at=MORNING)
        acting = river.acting(river.office.specialist)
        with CaptureQueriesContext(connection) as queries:
            complete_step(step_run_id=run.pk, outcome="ask_again", version=run.version, note="x", acting=acting)
        counts.append(len(queries))
    assert len(set(counts)) == 1
