"""Completing a step: the one way a case moves on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.acting import Acting
from accounts.rights import require_role
from audit.recording import record
from pages.domain_errors import Invalid, Refused
from workflow.engine.clockwork import PROJECTED
from workflow.engine.flows import CaseFlow, step_of
from workflow.engine.models import Case, StepRun
from workflow.engine.operations.locked import demand_open, locked_run, stream_of
from workflow.kinds import Occasion, kind_of
from workflow.procedures.eforms import read_values
from workflow.procedures.schema import Outcome, Step
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force


def complete_step(
    *,
    step_run_id: int,
    outcome: str,
    version: int,
    acting: Acting,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    receipt_key: str = "",
    at: datetime | None = None,
) -> StepRun:
    """Completes an open step by one of its outcomes, runs the outcome's effect, and opens what comes next.

    `version` is the run's version when the officer opened his page, `receipt_key` a key of his form: the same form sent
    twice changes nothing the second time. `data` are the posted fields the outcome asks for, `at` is now by default.

    Raises NotVisible, Refused (another unit's or officer's step, an outcome this step doesn't have), Conflict (somebody
    was faster) or Invalid (a note, field or requirement is missing); then nothing has changed.
    """
    moment = at or timezone.now()
    with locked_run(step_run_id, acting) as run:
        if _is_repeated(run, acting, receipt_key):
            return run
        case = run.process
        step = step_of(run, case)
        stream = stream_of(case)
        require_role(acting, run.role, run.unit_id, about=stream)
        demand_open(run, version)
        _demand_hands(run, acting, stream)
        chosen = _chosen(step, outcome, note, stream)
        typed = read_values(chosen.fields, data or {})
        _demand_met(step, chosen, case)
        calendar = calendar_in_force()
        _fill_in(run, chosen, acting, note=note, typed=typed, receipt_key=receipt_key)
        run.minutes_used = calendar.minutes_between(run.created, moment)
        following = case.edition_version.edition.step(chosen.to) if chosen.to else None
        occasion = Occasion(case, run, step, following, acting, at=moment, note=note, data=typed)
        _move(case, run, chosen, occasion, calendar)
        return run


def _is_repeated(run: StepRun, acting: Acting, receipt_key: str) -> bool:
    return bool(receipt_key) and run.receipt_key == receipt_key and run.completed_by_id == acting.officer_id


def _demand_hands(run: StepRun, acting: Acting, stream: str) -> None:
    """After `demand_open`: from whom the step was taken meanwhile has a conflict, not a lack of rights."""
    if run.owner_id != acting.officer_id and run.owner:
        message = _("The step “%(step)s” is in the hands of %(who)s.")
        raise Refused(message % {"step": run.title, "who": run.owner.full_name}, about=stream)


def _chosen(step: Step, code: str, note: str, stream: str) -> Outcome:
    if not code:
        raise Invalid(_("Choose how the step ends."))
    chosen = step.outcome(code)
    if chosen is None:
        # The edition is pinned to the case, so no page of ours has ever offered this.
        raise Refused(_("The step “%(step)s” can't end this way.") % {"step": step.name}, about=stream)
    if chosen.is_note_required and not note.strip():
        raise Invalid(_("Say why: who gets it back needs to know."), {"note": _("Fill this in.")})
    return chosen


def _demand_met(step: Step, chosen: Outcome, case: Case) -> None:
    """Requirements bind the way forward; sending back is how one deals with what is missing."""
    if chosen.manner != "forward":
        return
    requirements = kind_of(case.kind).requirements
    missing = [str(requirements[name].label) for name in step.needs if not requirements[name].is_met(case.subject_id)]
    if missing:
        raise Invalid(_("Not yet done: %(missing)s.") % {"missing": "; ".join(missing)})


def _fill_in(
    run: StepRun,
    chosen: Outcome,
    acting: Acting,
    *,
    note: str,
    typed: Mapping[str, Any],
    receipt_key: str,
) -> None:
    run.owner_id = run.completed_by_id = acting.officer_id
    run.status = STATUS.ASSIGNED
    run.outcome, run.outcome_name, run.note, run.typed = chosen.code, chosen.name, note.strip(), dict(typed)
    run.version += 1
    run.receipt_key = receipt_key


def _move(case: Case, run: StepRun, chosen: Outcome, occasion: Occasion, calendar: Calendar) -> None:
    kind = kind_of(case.kind)
    if chosen.effect:
        kind.effects[chosen.effect].run(occasion)
    activation = CaseFlow.step.activation_class(run)
    activation.at, activation.calendar = occasion.at, calendar
    activation.start(None)
    activation.execute()
    case.version += 1
    case.finished = occasion.at if case.finished else None
    case.save(update_fields=["version", "finished", *PROJECTED])
    payload = {
        "step": run.title,
        "step_run": run.pk,
        "outcome": run.outcome_name,
        "note": run.note,
        "typed": run.typed,
        "minutes_used": run.minutes_used,
    }
    record(stream_of(case), "step.completed", actor=occasion.acting.actor, payload=payload, at=occasion.at)
    kind.moved(case.subject_id)


def may_complete(run: StepRun, acting: Acting) -> bool:
    """Whether the page should offer this officer the step's outcomes."""
    return run.is_open and acting.holds(run.role, run.unit_id) and run.owner_id in (None, acting.officer_id)
