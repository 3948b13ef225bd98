"""Setting a case on another step by hand, when nothing else helps (chuyển bước)."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.acting import Acting
from audit.recording import record
from pages.domain_errors import Invalid, Refused
from workflow.engine.branches import beneath
from workflow.engine.breaking_off import break_off, open_beneath
from workflow.engine.flows import CaseFlow, branch_for
from workflow.engine.models import StepRun
from workflow.engine.opening import give_back, opened_run
from workflow.engine.operations.ending import keep_case, tell_broken_off
from workflow.engine.operations.locked import demand_open, demand_reason, locked_run, stream_of
from workflow.engine.pausing import pause_for
from workflow.kinds import kind_of
from workflow.procedures.schema import Step
from workflow.procedures.spans import behind_appointment
from worktime.selectors import calendar_in_force


def jump_to_step(
    *, step_run_id: int, to_step: str, reason: str, version: int, acting: Acting, at: datetime | None = None
) -> StepRun:
    """Breaks the open step off and opens another one in its place; the run opened. Only an administrator may, with a
    reason.

    Nothing is done to the subject on the way: no paper is signed, numbered or returned by it, so what the steps leapt
    over would have done is still missing, and a step that needs it says so. Raises NotVisible, Refused, Conflict, and
    Invalid for a step this edition doesn't have, one of a branch beside, or one behind the appointment that runs.
    """
    moment = at or timezone.now()
    with locked_run(step_run_id, acting) as run:
        if not acting.is_superuser:
            raise Refused(_("Only an administrator sets a case on another step."), about=stream_of(run.process))
        demand_open(run, version)
        why = demand_reason(reason)
        step = _demand_step(run, to_step)
        return _set_on(run, step, why, acting, moment)


def _demand_step(run: StepRun, code: str) -> Step:
    edition = run.process.edition_version.edition
    if run.is_opinion or code == run.step or code not in {step.code for step in edition.steps}:
        raise Invalid(_("Choose another step of this procedure."), {"to_step": _("Choose one.")})
    if code in behind_appointment(edition, kind_of(run.process.kind).effects, run.process.appointment):
        raise Invalid(_("The appointment that runs now has begun after this step; it can't begin again."))
    return edition.step(code)


def _set_on(run: StepRun, step: Step, why: str, acting: Acting, at: datetime) -> StepRun:
    case, calendar = run.process, calendar_in_force()
    branch = branch_for(case.edition_version.edition, run, step.code)
    runs = [run, *open_beneath(case, branch, besides=[run.pk])]
    broken_off = break_off(case, runs, at=at, officer_id=acting.officer_id, note=why, calendar=calendar)
    opened = opened_run(case, step, at=at, branch=branch, calendar=calendar)
    opened.flow_task, opened.token = CaseFlow.step, run.token
    opened.status = STATUS.NEW
    give_back(opened)
    opened.save()
    opened.previous.add(run)
    kind = kind_of(case.kind)
    if opened.unit_id is not None:
        kind.reached(case.subject_id, opened.unit_id)
    pause_for(case, step, at)
    keep_case(case, at)
    tell_broken_off(case, broken_off, acting)
    payload = {
        "step": run.title,
        "step_run": run.pk,
        "to": step.name,
        "reason": why,
        "cancelled": [one.title for one in broken_off if one.branch.startswith(beneath(branch)) and one.pk != run.pk],
    }
    record(stream_of(case), "step.jumped", actor=acting.actor, payload=payload, at=at)
    kind.moved(case.subject_id)
    return opened
