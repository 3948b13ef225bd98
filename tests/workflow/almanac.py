"""The working calendar as an administrator changes it, and the worker that reckons due dates anew."""

from datetime import date
from uuid import UUID

from jobs.worker import drain
from tests.factories.office import Office
from workflow.deadlines.models import Recalculation
from workflow.deadlines.operations.change_calendar import change_working_calendar
from workflow.deadlines.operations.recalculate import TOPIC, recalculate_due_dates
from worktime.models import CalendarChange, ChangeKind, WorkingCalendar
from worktime.operations.change import Change

# Between the morning of the tests and what is promised then.
HOLIDAY = date(2026, 12, 4)
REASON = "Công văn 12/UBND về nghỉ bù"


def revision() -> UUID:
    return WorkingCalendar.objects.get().revision


def day_off(office: Office, day: date = HOLIDAY) -> CalendarChange:
    """The administrator closes the office on that day."""
    change = Change(kind=ChangeKind.DAY, day=day, note="Nghỉ bù")
    acting = office.acting(office.administrator)
    return change_working_calendar(change=change, reason=REASON, revision=revision(), acting=acting)


def ordered(office: Office) -> Recalculation:
    """The administrator has due dates reckoned anew; the worker has not begun."""
    acting = office.acting(office.administrator)
    return recalculate_due_dates(reason=REASON, revision=revision(), acting=acting)


def recalculated(office: Office) -> Recalculation:
    """The worker has done it."""
    made = ordered(office)
    drain([TOPIC])
    return Recalculation.objects.get(pk=made.pk)
