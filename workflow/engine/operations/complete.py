"""Completing a step: the one way a case moves on."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.acting import Acting
from pages.domain_errors import Invalid, Refused
from workflow.engine.flows import step_of
from workflow.engine.models import StepRun
from workflow.engine.operations.ending import end_run
from workflow.engine.operations.locked import (
    demand_doing,
    demand_open,
    demand_short,
    locked_run,
    stream_of,
    take_over,
)
from workflow.engine.system import NOBODY
from workflow.kinds import kind_of
from workflow.procedures.eforms import read_values
from workflow.procedures.schema import Outcome, Step


def complete_step(
    *,
    step_run_id: int,
    outcome: str,
    version: int,
    acting: Acting,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    ticked: Collection[int] = (),
    receipt_key: str = "",
    at: datetime | None = None,
) -> StepRun:
    """Completes an open step by one of its outcomes, runs the outcome's effect, and opens what comes next.

    `version` is the run's version when the officer opened his page, `receipt_key` a key of his form: the same form sent
    twice changes nothing the second time. `data` are the posted fields the outcome asks for, `ticked` the lines of the
    step's checklist that were ticked, counted from 0; `at` is now by default.

    Raises NotVisible, Refused (another unit's or officer's step, an outcome this step doesn't have), Conflict (somebody
    was faster) or Invalid (a note, field or requirement is missing); then nothing has changed.
    """
    moment = at or timezone.now()
    with locked_run(step_run_id, acting) as run:
        if is_repeated(run, acting, receipt_key):
            return run
        case = run.process
        step = step_of(run, case)
        demand_doing(run, acting)
        demand_open(run, version)
        demand_hands(run, acting)
        chosen = _chosen(step, outcome, note, stream_of(case))
        typed = read_values(chosen.fields, data or {})
        demand_met(run, step, chosen)
        _demand_ticked(step, chosen, ticked)
        fill_in(run, chosen, acting, note=note, typed=typed, receipt_key=receipt_key)
        end_run(run, chosen, acting=acting, at=moment)
        return run


def is_repeated(run: StepRun, acting: Acting, receipt_key: str) -> bool:
    """Whether this very form has ended the step already."""
    return bool(receipt_key) and run.receipt_key == receipt_key and run.completed_by_id == acting.officer_id


def demand_hands(run: StepRun, acting: Acting) -> None:
    """Raises Refused for a step in a colleague's hands, unless he is away and this officer stands in for him.

    After `demand_open`: from whom the step was taken meanwhile has a conflict, not a lack of rights."""
    if run.owner and not acting.may_take(run.owner_id, run.role):
        message = _("The step “%(step)s” is in the hands of %(who)s.")
        raise Refused(message % {"step": run.title, "who": run.owner.full_name}, about=stream_of(run.process))


def _chosen(step: Step, code: str, note: str, stream: str) -> Outcome:
    if not code:
        raise Invalid(_("Choose how the step ends."))
    chosen = step.outcome(code)
    if chosen is None:
        # The edition is pinned to the case, so no page of ours has ever offered this.
        raise Refused(_("The step “%(step)s” can't end this way.") % {"step": step.name}, about=stream)
    if chosen.is_note_required and not note.strip():
        raise Invalid(_("Say why: who gets it back needs to know."), {"note": _("Fill this in.")})
    demand_short(note, field="note")
    return chosen


def demand_met(run: StepRun, step: Step, chosen: Outcome) -> None:
    """Raises Invalid while something keeps the step from going forward.

    Requirements bind the way forward; sending back is how one deals with what is missing.
    """
    if chosen.manner != "forward":
        return
    if run.awaited:
        message = _("The step “%(step)s” waits for %(count)s answers. Take a question back, or wait.")
        raise Invalid(message % {"step": run.title, "count": run.awaited})
    requirements, subject_id = kind_of(run.process.kind).requirements, run.process.subject_id
    missing = [str(requirements[name].label) for name in step.needs if not requirements[name].is_met(subject_id)]
    missing += missing_files(run, step)
    if missing:
        raise Invalid(_("Not yet done: %(missing)s.") % {"missing": "; ".join(missing)})


def missing_files(run: StepRun, step: Step) -> list[str]:
    """The papers without which the step doesn't go forward and that nobody has brought in yet, by name."""
    required = {file.code: file.name for file in step.files if file.is_required}
    if not required:
        return []
    brought = kind_of(run.process.kind).brought(run.process.subject_id, list(required))
    return [name for code, name in required.items() if code not in brought]


def _demand_ticked(step: Step, chosen: Outcome, ticked: Collection[int]) -> None:
    """Who sends a step on has ticked off its checklist (danh mục kiểm tra), every line of it."""
    left = [line for number, line in enumerate(step.checklist) if number not in ticked]
    if chosen.manner == "forward" and left:
        raise Invalid(_("Not ticked off yet: %(left)s.") % {"left": "; ".join(left)})


def fill_in(
    run: StepRun,
    chosen: Outcome,
    acting: Acting,
    *,
    note: str,
    typed: Mapping[str, Any],
    receipt_key: str = "",
) -> None:
    """Writes into the run how it ends, by whom and in whose place; the system leaves it in the hands it was in."""
    if acting.officer_id != NOBODY:
        take_over(run, acting)
    run.status = STATUS.ASSIGNED
    run.outcome, run.outcome_name, run.note, run.typed = chosen.code, chosen.name, note.strip(), dict(typed)
    run.version += 1
    run.receipt_key = receipt_key


def may_complete(run: StepRun, acting: Acting) -> bool:
    """Whether the page should offer this officer the step's outcomes."""
    is_his = not run.is_opinion and acting.holds(run.role, run.unit_id)
    return run.is_open and is_his and acting.may_take(run.owner_id, run.role)
