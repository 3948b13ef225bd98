"""Colleagues at the river who are away, and who does their steps meanwhile."""

from datetime import date, timedelta
from typing import Any

from accounts.models import Delegation, Officer, RoleSlot
from accounts.operations.delegate import delegate_work
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING
from tests.workflow.ferry import River

TODAY = MORNING.date()
LAST = TODAY + timedelta(days=4)


def colleague_of(river: River, *roles: str) -> Officer:
    return officer_at(river.branch, RoleSlot.Kind.UPDATE, roles or ["specialist"])


def away(river: River, principal: Officer, delegate: Officer, **changes: Any) -> Delegation:
    """The principal has delegated his specialist's steps from today to Sunday."""
    asked: dict[str, Any] = {
        "role": "specialist",
        "valid_from": TODAY,
        "valid_to": LAST,
        "reason": "Nghỉ phép năm",
        "by": principal,
        **changes,
    }
    acting = river.acting(asked.pop("by"))
    return delegate_work(principal_id=principal.pk, delegate_id=delegate.pk, acting=acting, **asked)


def on(day: date) -> str:
    return f"{day:%Y-%m-%d} 09:00"
