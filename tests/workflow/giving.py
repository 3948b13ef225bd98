"""Work handed over at the river: listed, accepted, carried out."""

from typing import Any

from accounts.models import Officer
from jobs.worker import drain
from tests.workflow.ferry import River, only_open
from workflow.engine.operations.hand_over import (
    accept_hand_over,
    hand_over_officer,
    hand_over_unit,
)
from workflow.engine.work_models import HandOver
from workflow.models import Case


def of_officer(river: River, to: Officer | None, **changes: Any) -> HandOver:
    asked = {"officer_id": river.office.specialist.pk, "reason": "Chuyển công tác", "by": river.office.head, **changes}
    acting = river.acting(asked.pop("by"))
    return hand_over_officer(to_officer_id=to.pk if to else None, acting=acting, **asked)


def of_unit(river: River, **changes: Any) -> HandOver:
    asked = {
        "from_unit_id": river.branch.pk,
        "to_unit_id": river.office.other_branch.pk,
        "reason": "Sắp xếp lại tổ chức",
        "by": river.office.head,
        **changes,
    }
    acting = river.acting(asked.pop("by"))
    return hand_over_unit(acting=acting, **asked)


def accepted(river: River, made: HandOver, by: Officer) -> HandOver:
    """Accepted by this officer and carried out by the worker."""
    accept_hand_over(hand_over_id=made.pk, acting=river.acting(by))
    drain()
    return HandOver.objects.get(pk=made.pk)


def owners(cases: list[Case]) -> list[Officer | None]:
    return [only_open(case).owner for case in cases]


def outcomes(made: HandOver) -> list[str]:
    return list(made.lines.order_by("position").values_list("outcome", flat=True))
