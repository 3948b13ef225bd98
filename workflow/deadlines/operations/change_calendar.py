"""Changing the working calendar: the rules are worktime's, the right and the words are here."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from jobs.outbox import enqueue
from pages.domain_errors import Conflict, Invalid
from workflow.deadlines.operations.follow_rule import TOPIC as NEAR_RULE
from workflow.deadlines.operations.recalculate import stream_of_calendar
from workflow.deadlines.rights import require_calendar_rights
from worktime.models import CalendarChange, ChangeKind
from worktime.operations.change import (
    LONGEST_REASON,
    Change,
    ChangedMeanwhile,
    FaultyChange,
    NothingChanged,
    change_calendar,
)


def change_working_calendar(*, change: Change, reason: str, revision: UUID, acting: Acting) -> CalendarChange:
    """Makes a change an administrator asks for. No due date moves by it (attack 50); a rule of warnings counts at once.

    Raises Refused, Invalid with the fault of each field, and Conflict when somebody changed the calendar meanwhile.
    """
    require_calendar_rights(acting, about=stream_of_calendar())
    try:
        with transaction.atomic():
            made = change_calendar(
                code=settings.PROVINCE, change=change, reason=reason, actor=acting.actor, revision=revision
            )
            if made.kind == ChangeKind.RULE:
                enqueue(NEAR_RULE, "0")
            return made
    except FaultyChange as fault:
        raise Invalid(_("The change can't be made like this."), {fault.field: words_of_fault(fault)}) from fault
    except NothingChanged as fault:
        raise Invalid(_("The calendar says so already. Nothing was changed.")) from fault
    except ChangedMeanwhile as fault:
        raise Conflict(_("Somebody else changed the calendar meanwhile. Look at it once more.")) from fault


def words_of_fault(fault: FaultyChange) -> str:
    """What is wrong with a field of the change, in the reader's language."""
    words = {
        "day": _("Choose a day."),
        "hours": _("Write hours as 07:30-11:30, 13:00-17:00; an ordinary day is as long as before."),
        "note": _("Say in up to 200 characters what day it is."),
        "reason": _("Say in up to %(count)s characters why.") % {"count": LONGEST_REASON},
        "rule": _("Days and shares are whole numbers; an apology is drafted at least one day before."),
    }
    return words[fault.field]
