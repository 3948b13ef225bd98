"""The system as the one who acts: timers and events that come back."""

from functools import cached_property

from accounts.acting import Acting
from accounts.models import RoleSlot
from audit.recording import SYSTEM, Actor

NOBODY = 0


class SystemActing(Acting):
    """Acts for no officer; its events say so. `officer_id` is nobody's."""

    @cached_property
    def actor(self) -> Actor:
        return SYSTEM


def system_acting() -> Acting:
    """The system, which sees every case and holds no role."""
    return SystemActing(
        officer_id=NOBODY,
        officer_name=SYSTEM.officer_name,
        is_superuser=True,
        unit_id=None,
        units=frozenset(),
        unit_name="",
        slot=RoleSlot.Kind.UPDATE,
        slot_id=None,
        roles=frozenset(),
        is_receiving=False,
        is_leading=False,
        tokens=frozenset(),
    )
