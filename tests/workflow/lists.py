"""Cases at the branch's inspection, and the work lists as an officer's browser gets them."""

from typing import Any, cast

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories.moments import MORNING
from tests.workflow.ferry import River, only_open
from workflow.engine.operations.hand import claim_step
from workflow.models import Case, StepRun

LISTS = ["work_mine", "work_unit", "work_finished"]


def at_inspection(river: River, **asked: Any) -> Case:
    """A case whose second step is in the branch's queue since the morning, or since `at`."""
    at = asked.setdefault("at", MORNING)
    case = river.start(**asked)
    river.end(case, "pass", at=at)
    return case


def in_hands(river: River, case: Case) -> StepRun:
    """Its open step, claimed by the specialist."""
    return claim_step(step_run_id=only_open(case).pk, version=0, acting=river.acting(river.office.specialist))


def asked_for(client: Client, name: str, **query: str) -> HttpResponse:
    answer = cast("HttpResponse", client.get(reverse(name), query))
    assert answer.status_code == 200
    return answer


def listed(client: Client, name: str = "work_unit", **query: str) -> list[str]:
    """The codes on the list, in its order."""
    answer: Any = asked_for(client, name, **query)
    return [run.process.code for run in answer.context["page"].rows]


def codes(*cases: Case) -> list[str]:
    return [case.code for case in cases]


def next_key(answer: HttpResponse) -> str:
    context: Any = answer
    return str(context.context["page"].next_key)
