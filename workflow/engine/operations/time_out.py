"""Steps that end by themselves: their timers, and the cases of their own they waited for."""

from datetime import datetime
from logging import getLogger

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.sight import NotVisible
from audit.recording import record
from jobs import moments
from jobs.outbox import dead_keys, enqueue
from jobs.registry import Job
from notices.operations.notify import notify
from pages.domain_errors import DomainError
from workflow.engine.flows import step_of
from workflow.engine.locking import lock_case
from workflow.engine.models import OPEN, Case, Consultation, StepRun
from workflow.engine.operations.complete import demand_met, fill_in
from workflow.engine.operations.ending import end_run
from workflow.engine.operations.locked import locked_run, stream_of
from workflow.engine.system import system_acting
from workflow.engine.timers import timer_ends
from workflow.kinds import kind_of
from workflow.procedures.schema import Step
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force

logger = getLogger(__name__)
TIMER = "step_timer"


@transaction.atomic
def sweep_timers(at: datetime | None = None) -> int:
    """Asks for the end of every step whose time has passed, each as work of its own; how many.

    What is due is read from the steps themselves, so a sweep that is lost or made twice does no harm. What was given up
    isn't asked for again: it stands among the failed jobs until somebody deals with it.
    """
    moment = at or moments.now()
    due = StepRun.objects.filter(scheduled__lte=moment, finished__isnull=True, status__in=OPEN, awaited=0)
    given_up = dead_keys(TIMER)
    keys = [str(run_id) for run_id in due.order_by("scheduled", "pk").values_list("pk", flat=True)]
    asked = [key for key in keys if key not in given_up]
    for key in asked:
        enqueue(TIMER, key, {"at": moment})
    return len(asked)


def end_by_timer(job: Job) -> None:
    """Ends the step a sweep found due. One that can't end yet, such as one whose paper is missing, waits for another
    sweep."""
    try:
        time_out_step(step_run_id=int(job.key), at=datetime.fromisoformat(job.payload["at"]))
    except (DomainError, NotVisible) as fault:
        logger.warning("the timer of step run %s has to wait: %s", job.key, fault)


def time_out_step(*, step_run_id: int, at: datetime) -> bool:
    """Ends an open step by its timer's outcome as the system, once; False when there is nothing to end (any more)."""
    acting = system_acting()
    with locked_run(step_run_id, acting) as run:
        if not run.is_open or run.scheduled is None or run.scheduled > at or run.awaited:
            return False
        step = step_of(run, run.process)
        chosen = step.outcome(step.timer.outcome) if step.timer else None
        if chosen is None or _is_put_off(run, step, at):
            return False
        demand_met(run, step, chosen)
        fill_in(run, chosen, acting, note="", typed={})
        end_run(run, chosen, acting=acting, at=at, verb="step.timed_out")
        return True


def _is_put_off(run: StepRun, step: Step, at: datetime) -> bool:
    """Whether the working calendar was changed since the step was opened, so that its time ends later."""
    ends = timer_ends(step.timer, run.created, calendar_in_force()) if step.timer else at
    if ends <= at:
        return False
    run.scheduled = ends
    run.save(update_fields=["scheduled"])
    return True


def move_timers(calendar: Calendar) -> None:
    """Has every open step that ends by itself end when this calendar says; the clock may stand still meanwhile."""
    runs = StepRun.objects.filter(scheduled__isnull=False, finished__isnull=True, status__in=OPEN)
    moved = []
    for run in runs.select_related("process__edition_version"):
        timer = step_of(run, run.process).timer
        ends = timer_ends(timer, run.created, calendar) if timer else run.scheduled
        if ends != run.scheduled:
            run.scheduled = ends
            moved.append(run)
    StepRun.objects.bulk_update(moved, ["scheduled"])


@transaction.atomic
def report_sub_case(*, case_id: int) -> bool:
    """Tells the step that waits for this case that it has ended (hồ sơ con đã xong); False when it knows already."""
    ended = Case.objects.select_related("opened_from").get(pk=case_id)
    waiting = ended.opened_from
    if waiting is None or not lock_case(waiting.process_id):
        return False
    run = StepRun.objects.select_related("process__edition_version", "owner").get(pk=waiting.pk)
    before = run.awaited
    recount(run)
    if not run.is_open or run.awaited >= before:
        return False
    case = run.process
    payload = {"step": run.title, "step_run": run.pk, "opened": ended.code}
    record(stream_of(case), "step.sub_ended", actor=system_acting().actor, payload=payload)
    if run.owner_id:
        with override(settings.LANGUAGE_CODE):
            message = _("%(sub)s has ended; the step “%(step)s” of %(code)s goes on.")
            words = message % {"sub": ended.code, "step": run.title, "code": case.code}
        notify([run.owner_id], message=words, url=kind_of(case.kind).url(case.subject_id))
    return True


def recount(run: StepRun) -> None:
    """What the step still waits for, counted anew under the lock of its case."""
    if not run.is_open:
        return
    questions = Consultation.objects.filter(asking=run, answered_at__isnull=True, taken_back_at__isnull=True)
    run.awaited = questions.count() + run.sub_cases.filter(finished__isnull=True).count()
    run.save(update_fields=["awaited"])
