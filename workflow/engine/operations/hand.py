"""Whose step it is: claiming from the unit's queue, and handing on by who leads the unit."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from viewflow.workflow.status import STATUS

from accounts.acting import Acting
from accounts.models import Officer
from accounts.rights import require_update
from accounts.selectors import officers_updating, officers_with_role
from audit.recording import record
from notices.operations.notify import notify
from pages.domain_errors import Conflict, Invalid, Refused
from workflow.engine.models import StepRun
from workflow.engine.operations.locked import demand_doing, demand_open, demand_short, locked_run, stream_of
from workflow.kinds import kind_of


def claim_step(*, step_run_id: int, version: int, acting: Acting) -> StepRun:
    """Takes a step of the unit's queue into one's own hands (nhận việc). Of two who try, one gets it."""
    with locked_run(step_run_id, acting) as run:
        stream = stream_of(run.process)
        demand_doing(run, acting)
        if run.owner_id == acting.officer_id and run.is_open:
            return run
        demand_open(run, version)
        if run.owner is not None:
            message = _("%(who)s has already claimed the step “%(step)s”.")
            raise Conflict(message % {"who": run.owner.full_name, "step": run.title})
        _give(run, acting.officer_id)
        payload = {"step": run.title, "step_run": run.pk}
        record(stream, "step.claimed", actor=acting.actor, payload=payload)
        return run


def reassign_step(*, step_run_id: int, to_officer_id: int, version: int, reason: str, acting: Acting) -> StepRun:
    """Hands an open step to another officer of the unit who may do it (giao cho). Only who leads the unit may."""
    with locked_run(step_run_id, acting) as run:
        stream = stream_of(run.process)
        require_update(acting, about=stream)
        if not acting.leads(run.unit_id):
            raise Refused(_("Only who leads the unit hands its work on."), about=stream)
        demand_open(run, version)
        demand_short(reason, field="reason")
        officer = officers_for(run, acting.unit_id or 0).filter(pk=to_officer_id).first()
        if officer is None:
            raise Invalid(_("Choose an officer of the unit who may do this step."), {"to_officer": _("Choose one.")})
        before = run.owner.full_name if run.owner else ""
        _give(run, officer.pk)
        payload = {
            "step": run.title,
            "step_run": run.pk,
            "before": before,
            "after": officer.full_name,
            "reason": reason,
        }
        record(stream, "step.reassigned", actor=acting.actor, payload=payload)
        if officer.pk != acting.officer_id:
            _tell(officer.pk, run, acting)
        return run


def officers_for(run: StepRun, unit_id: int) -> QuerySet[Officer]:
    """Who of the unit may do this step today."""
    return able_officers(run.role, unit_id)


def able_officers(role: str, unit_id: int) -> QuerySet[Officer]:
    """Who of the unit does this role's steps today; who updates there, for an opinion, which has none."""
    return officers_with_role(role, [unit_id]) if role else officers_updating([unit_id])


def _tell(officer_id: int, run: StepRun, acting: Acting) -> None:
    """In the office's language: who reads it need not have chosen the one who writes has."""
    case = run.process
    with override(settings.LANGUAGE_CODE):
        message = _("%(who)s handed you the step “%(step)s” of %(code)s.")
        words = message % {"who": acting.officer_name, "step": run.title, "code": case.code}
    notify([officer_id], message=words, url=kind_of(case.kind).url(case.subject_id))


def _give(run: StepRun, officer_id: int) -> None:
    run.owner_id, run.status, run.version, run.assigned = officer_id, STATUS.ASSIGNED, run.version + 1, timezone.now()
    run.save(update_fields=["owner", "status", "version", "assigned"])
