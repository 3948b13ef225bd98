"""Many steps at once: claimed by one officer, or handed to one by who leads the unit. Every row has its own result."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from viewflow.workflow.status import STATUS

from accounts.acting import Acting
from accounts.models import Officer
from accounts.rights import require_update
from audit.recording import record
from notices.operations.notify import notify
from pages.domain_errors import Conflict, Invalid, Refused
from workflow.engine.models import StepRun
from workflow.engine.operations.hand import able_officers
from workflow.engine.operations.locked import demand_doing, demand_open, demand_short, stream_of
from workflow.engine.operations.marked import Mark, Result, by_case, judged, locked_runs

LONGEST_REASON = 250


def claim_steps(*, marks: Sequence[Mark], acting: Acting) -> list[Result]:
    """Takes steps of the unit's queue into one's own hands (nhận việc); those one has already stay.

    What changed meanwhile is left alone and said of its row; one row he has no right to, and nothing is done at all.
    One event a dossier. Raises Invalid, NotVisible, Refused, and NoneDone when every row changed.
    """
    with locked_runs(marks, acting) as runs:
        results = judged(runs, lambda run, version: _demand_claimable(run, version, acting))
        fresh = [result.run for result in results if result.is_done and result.run.owner_id != acting.officer_id]
        _give(fresh, acting.officer_id)
        for case, together in by_case(fresh):
            record(stream_of(case), "step.claimed", actor=acting.actor, payload=_told(together))
        return results


def assign_steps(*, marks: Sequence[Mark], to_officer_id: int, reason: str, acting: Acting) -> list[Result]:
    """Hands open steps to one officer of the unit (giao cho), as far as he does such steps in it.

    Only who leads the unit may. One event a dossier, one message to the officer. Row by row, and raises, as
    `claim_steps`.
    """
    require_update(acting)
    demand_short(reason, field="reason", most=LONGEST_REASON)
    with locked_runs(marks, acting) as runs:
        officers = _able(runs, to_officer_id, acting)
        results = judged(runs, lambda run, version: _demand_assignable(run, version, officers, acting))
        moved = [result.run for result in results if result.is_done and result.run.owner_id != to_officer_id]
        befores = {run.pk: run.owner.full_name if run.owner else "" for run in moved}
        _give(moved, to_officer_id)
        after = next(officer.full_name for officer in officers.values() if officer)
        for case, together in by_case(moved):
            before = ", ".join(sorted({befores[run.pk] for run in together} - {""}))
            payload = {**_told(together), "before": before, "after": after, "reason": reason.strip()}
            record(stream_of(case), "step.reassigned", actor=acting.actor, payload=payload)
        if moved and to_officer_id != acting.officer_id:
            _tell(to_officer_id, len(moved), acting)
        return results


def _demand_claimable(run: StepRun, version: int, acting: Acting) -> None:
    demand_doing(run, acting)
    if run.owner_id == acting.officer_id and run.is_open:
        return
    demand_open(run, version)
    if run.owner is not None:
        message = _("%(who)s has already claimed the step “%(step)s”.")
        raise Conflict(message % {"who": run.owner.full_name, "step": run.title})


def _able(runs: Sequence[tuple[StepRun, int]], officer_id: int, acting: Acting) -> Mapping[str, Officer | None]:
    """The officer, by each role among the steps; None for those he doesn't do in the unit."""
    roles = sorted({run.role for run, _version in runs})
    return {role: able_officers(role, acting.unit_id or 0).filter(pk=officer_id).first() for role in roles}


def _demand_assignable(run: StepRun, version: int, officers: Mapping[str, Officer | None], acting: Acting) -> None:
    if not acting.leads(run.unit_id):
        raise Refused(_("Only who leads the unit hands its work on."))
    demand_open(run, version)
    if officers[run.role] is None:
        raise Invalid(_("Who was chosen doesn't do the step “%(step)s”.") % {"step": run.title})


def _give(runs: Sequence[StepRun], officer_id: int) -> None:
    """One statement for all: they are locked, and what each was has been judged."""
    if not runs:
        return
    StepRun.objects.filter(pk__in=[run.pk for run in runs]).update(
        owner=officer_id, status=STATUS.ASSIGNED, version=F("version") + 1, assigned=timezone.now()
    )
    for run in runs:
        run.owner_id, run.status, run.version = officer_id, STATUS.ASSIGNED, run.version + 1


def _told(runs: Sequence[StepRun]) -> dict[str, object]:
    return {
        "step": ", ".join(run.title for run in runs),
        "step_run": runs[0].pk,
        "step_runs": [run.pk for run in runs],
        "is_bulk": True,
    }


def _tell(officer_id: int, count: int, acting: Acting) -> None:
    """In the office's language: who reads it need not have chosen the one who writes has."""
    with override(settings.LANGUAGE_CODE):
        message = ngettext("%(who)s handed you %(count)s step.", "%(who)s handed you %(count)s steps.", count)
        words = message % {"who": acting.officer_name, "count": count}
    notify([officer_id], message=words, url=reverse("work_mine"))
