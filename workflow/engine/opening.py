"""A step run as it begins: whose it is, until when, and when it ends by itself."""

from datetime import datetime

from viewflow.workflow.status import STATUS

from accounts.selectors import officers_with_role, units_at_work_for
from workflow.engine.models import Case, StepRun
from workflow.engine.places import unit_for
from workflow.engine.timers import timer_ends
from workflow.procedures.schema import Step
from worktime.calendar import Calendar
from worktime.deadline import near_minutes


def opened_run(case: Case, step: Step, *, at: datetime, branch: str, calendar: Calendar) -> StepRun:
    """A run of this step, not yet saved; the case counts it, and whoever calls saves the case."""
    case.passages += 1
    run = StepRun(
        process=case,
        number=case.passages,
        step=step.code,
        title=step.name,
        role=step.role,
        unit_id=unit_for(case, step),
        branch=branch,
        waits_for=step.waits_for,
        created=at,
        scheduled=timer_ends(step.timer, at, calendar) if step.timer else None,
    )
    set_limit(run, step, calendar)
    return run


def set_limit(run: StepRun, step: Step, calendar: Calendar) -> None:
    """Due by the step's own limit from when it was opened; outside the limit when it has none."""
    run.limit_minutes, run.due_at, run.near_at = 0, None, None
    if step.days is not None:
        run.limit_minutes = int(step.days * calendar.day_minutes)
        set_due(run, calendar)


def set_due(run: StepRun, calendar: Calendar, *, stood: int = 0) -> bool:
    """Due by its limit from when it was opened, and as much later as the clock `stood` meanwhile; whether it moved."""
    before = (run.due_at, run.near_at)
    run.due_at = calendar.add(run.created, run.limit_minutes + stood)
    run.near_at = near_from(run, calendar, stood=stood)
    return (run.due_at, run.near_at) != before


def near_from(run: StepRun, calendar: Calendar, *, stood: int = 0) -> datetime:
    """From when on it is near its end, by the calendar's rule."""
    return calendar.add(run.created, run.limit_minutes + stood - near_minutes(run.limit_minutes, calendar))


def give_back(run: StepRun) -> None:
    """Into whose hands a run goes that is about to be saved: whose this step was the last time, if he may still do it.

    By the unit and the role it has now: the case may have been handed over since, or moved to another edition.
    """
    passed = StepRun.objects.filter(process=run.process_id, step=run.step, completed_by__isnull=False)
    last = passed.order_by("-number").first()
    if last is None or run.unit_id is None:
        return
    able = officers_with_role(run.role, units_at_work_for(run.unit_id))
    who = able.filter(pk=last.stood_in_for_id or last.completed_by_id).first()
    if who is not None:
        run.owner_id, run.status = who.pk, STATUS.ASSIGNED
