"""Undoing the last step (hoàn tác): as long as nobody has touched what came of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.acting import Acting
from accounts.rights import require_update
from audit.recording import record
from pages.domain_errors import Conflict, DomainError, Invalid, Refused
from workflow.engine.branches import beneath, branch_under, fork_of
from workflow.engine.breaking_off import break_off
from workflow.engine.clockwork import as_entries, ledger_of, move_steps
from workflow.engine.flows import step_of
from workflow.engine.models import OPINION, Case, StepRun
from workflow.engine.operations.ending import keep_case
from workflow.engine.operations.locked import demand_short, locked_run, may_do, stream_of
from workflow.engine.operations.time_out import recount
from workflow.engine.pausing import pause_for
from workflow.kinds import Effect, Occasion, kind_of
from workflow.procedures.schema import Outcome
from worktime.selectors import calendar_in_force


@dataclass(frozen=True, slots=True)
class Undoing:
    """A completed step as it would be undone.

    opened, ends  the steps opened by it, and the end of the case if it came to that
    effect        what it did to the subject, which can be taken back
    """

    run: StepRun
    opened: list[StepRun]
    ends: list[StepRun]
    effect: Effect | None


def undo_step(
    *, step_run_id: int, version: int, acting: Acting, reason: str = "", at: datetime | None = None
) -> StepRun:
    """Takes the completion of a step back; it is open again, in the same hands, under its old limit.

    By who completed it, or who leads its unit. What it opened is cancelled, its effect reversed. Raises NotVisible,
    Refused, Conflict when somebody went on meanwhile or undid it first, and Invalid when its effect stands for good.
    """
    moment = at or timezone.now()
    with locked_run(step_run_id, acting) as run:
        _demand_right(run, acting)
        _demand_completed(run, version)
        demand_short(reason, field="reason")
        undoing = undoing_of(run, acting)
        _reopen(undoing, acting, moment, reason.strip())
        return run


def may_undo(run: StepRun, acting: Acting) -> bool:
    """Whether a page should offer him to take this completion back."""
    if run.status != STATUS.DONE or run.is_opinion or not _has_right(run, acting):
        return False
    try:
        undoing_of(run, acting)
    except DomainError:
        return False
    return True


def undoing_of(run: StepRun, acting: Acting) -> Undoing:
    """What undoing this completion would do. Raises Conflict when it is too late, Invalid when it never can be."""
    case = run.process
    outcome = step_of(run, case).outcome(run.outcome)
    effect = _reversible(case, outcome)
    if outcome is None:
        # The case was moved to an edition that has no such step, or not this way out of it.
        raise _too_late()
    if outcome.opens:
        raise Invalid(_("A dossier of its own was opened with this step; send the dossier back instead."))
    if run.completed_by_id is None:
        raise Invalid(_("The step ended by itself when its time had passed; that can't be undone."))
    if case.finished and case.opened_from_id:
        raise Invalid(_("The dossier that waited for this one has been told already; it can't be undone."))
    if run.broken_off.exists():
        raise Invalid(_("Other branches were cancelled with this step; it can't be undone."))
    following = [one for one in run.leading.order_by("number") if not one.is_cancelled]
    # The end of a case is a run without a step.
    opened, ends = [one for one in following if one.step], [one for one in following if not one.step]
    _demand_untouched(case, opened, acting)
    if not following and not _waits_for_others(run, outcome):
        raise _too_late()
    if outcome.splits and _went_on_beneath(run, opened):
        raise _too_late()
    return Undoing(run, opened, ends, effect)


def _reversible(case: Case, outcome: Outcome | None) -> Effect | None:
    if outcome is None or not outcome.effect:
        return None
    effect = kind_of(case.kind).effects[outcome.effect]
    if effect.undo is None:
        raise Invalid(_("“%(effect)s” can't be taken back.") % {"effect": effect.label})
    return effect


def _demand_untouched(case: Case, opened: list[StepRun], acting: Acting) -> None:
    """Nobody else has claimed what came of it, nothing was asked, drafted or completed there."""
    for run in opened:
        # Changed and in nobody's hands: it was carried over to another edition.
        is_touched = run.version > 0 and run.owner_id != acting.officer_id
        if not run.is_open or is_touched or run.consultations.exists():
            raise _too_late()
    if opened and kind_of(case.kind).worked_on(case.subject_id, opened[0].created):
        raise _too_late()


def _too_late() -> Conflict:
    return Conflict(_("Somebody has gone on since; what was done can't be undone any more."))


def _waits_for_others(run: StepRun, outcome: Outcome) -> bool:
    """Its branch has come to where branches meet, and those beside it are still under way."""
    if not run.branch or outcome.manner != "forward":
        return False
    runs = StepRun.objects.filter(process_id=run.process_id).exclude(step=OPINION)
    here = Q(branch=run.branch) | Q(branch__startswith=beneath(run.branch))
    has_gone_on = runs.filter(here, number__gt=run.number).exclude(status=STATUS.CANCELED).exists()
    return not has_gone_on and runs.filter(finished__isnull=True, branch__startswith=fork_of(run.branch)).exists()


def _went_on_beneath(run: StepRun, opened: list[StepRun]) -> bool:
    """A branch of this fork stands elsewhere than where it began: after a jump the step it began at is cancelled."""
    within = fork_of(branch_under(run.branch, run.number, 1))
    runs = StepRun.objects.filter(process_id=run.process_id, branch__startswith=within).exclude(step=OPINION)
    return runs.exclude(status=STATUS.CANCELED).exclude(pk__in=[one.pk for one in opened]).exists()


def _has_right(run: StepRun, acting: Acting) -> bool:
    is_own = run.completed_by_id == acting.officer_id and may_do(run, acting)
    return is_own or acting.leads(run.unit_id)


def _demand_right(run: StepRun, acting: Acting) -> None:
    require_update(acting, about=stream_of(run.process))
    if run.status == STATUS.DONE and not _has_right(run, acting):
        message = _("Only who completed the step, or who leads its unit, takes it back.")
        raise Refused(message, about=stream_of(run.process))


def _demand_completed(run: StepRun, version: int) -> None:
    if run.status != STATUS.DONE or run.version != version:
        raise Conflict(_("The step changed meanwhile. Open the dossier again to see how it stands."))


def _reopen(undoing: Undoing, acting: Acting, at: datetime, reason: str) -> None:
    run, case, calendar = undoing.run, undoing.run.process, calendar_in_force()
    step, outcome = step_of(run, case), run.outcome_name
    why = reason or _("undone")
    break_off(case, undoing.opened, at=at, officer_id=acting.officer_id, note=why, calendar=calendar, with_run=None)
    if undoing.effect and undoing.effect.undo:
        undoing.effect.undo(Occasion(case, run, step, None, acting, at=at, note=reason, data=run.typed))
    if undoing.ends:
        StepRun.objects.filter(pk__in=[one.pk for one in undoing.ends]).update(status=STATUS.CANCELED)
        case.finished, case.status = None, STATUS.NEW
    # Who was away has it again; who stands in for him may still take it.
    run.owner_id = run.stood_in_for_id or run.completed_by_id
    run.completed_by_id, run.stood_in_for_id, run.finished = None, None, None
    run.status, run.version, run.receipt_key = STATUS.ASSIGNED, run.version + 1, ""
    run.outcome = run.outcome_name = run.note = ""
    run.minutes_used, run.typed = None, {}
    run.save()
    recount(run)
    pause_for(case, step, at)
    # While it was ended nothing moved it; the clock may have stood still meanwhile.
    move_steps([case], {case.pk: as_entries(ledger_of(case))}, calendar)
    keep_case(case, at)
    payload = {
        "step": run.title,
        "step_run": run.pk,
        "outcome": outcome,
        "reason": reason,
        "cancelled": [one.title for one in undoing.opened],
    }
    record(stream_of(case), "step.undone", actor=acting.actor, payload=payload, at=at)
    kind_of(case.kind).moved(case.subject_id)
