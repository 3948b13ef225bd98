"""Sending a case back to any step it has passed, as who has it chooses (trả lại bước trước)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.acting import Acting
from pages.domain_errors import Invalid, Refused
from workflow.engine.branches import beneath
from workflow.engine.flows import step_of
from workflow.engine.models import OPINION, StepRun
from workflow.engine.operations.complete import demand_hands, fill_in, is_repeated
from workflow.engine.operations.ending import end_run
from workflow.engine.operations.locked import demand_doing, demand_open, demand_reason, locked_run, stream_of
from workflow.kinds import kind_of
from workflow.procedures.eforms import read_values
from workflow.procedures.schema import Outcome, Step


def send_back(
    *,
    step_run_id: int,
    to_step: str,
    note: str,
    version: int,
    acting: Acting,
    data: Mapping[str, Any] | None = None,
    receipt_key: str = "",
    at: datetime | None = None,
) -> StepRun:
    """Ends an open step by sending the case back to `to_step`, to the hands it came from if they may still do it.

    Only where the edition lets this step be sent back at all: what its way back does to the subject is done here too.
    Branches beside it are broken off when the step stands before the fork. Raises NotVisible, Refused, Conflict, and
    Invalid for a step the case hasn't passed, one behind something that stands for good, or without a reason.
    """
    moment = at or timezone.now()
    with locked_run(step_run_id, acting) as run:
        if is_repeated(run, acting, receipt_key):
            return run
        demand_doing(run, acting)
        demand_open(run, version)
        demand_hands(run, acting)
        reason = demand_reason(note, field="note")
        chosen = _chosen(run, to_step)
        fill_in(run, chosen, acting, note=reason, typed=read_values(chosen.fields, data or {}), receipt_key=receipt_key)
        run.outcome_name = f"{chosen.name}: {step_title(run, to_step)}"[:120]
        end_run(run, chosen, acting=acting, at=moment, verb="step.sent_back", about={"to": step_title(run, to_step)})
        return run


def _chosen(run: StepRun, to_step: str) -> Outcome:
    """The step's own way back, leading to this step."""
    way = way_back(step_of(run, run.process), to_step)
    if way is None:
        message = _("The step “%(step)s” can't be sent back.")
        raise Refused(message % {"step": run.title}, about=stream_of(run.process))
    if to_step not in {step.code for step in steps_behind(run)}:
        message = _("Choose a step this case has passed and may go back to.")
        raise Invalid(message, {"to_step": _("Choose one.")})
    return replace(way, to=to_step)


def way_back(step: Step, to_step: str) -> Outcome | None:
    """How the edition lets this step be sent back: the way that leads there, else the first there is."""
    ways = [outcome for outcome in step.outcomes if outcome.manner == "back"]
    return next((way for way in ways if way.to == to_step), ways[0] if ways else None)


def step_title(run: StepRun, code: str) -> str:
    return run.process.edition_version.edition.step(code).name


def steps_behind(run: StepRun) -> Sequence[Step]:
    """The steps this case has passed and may be sent back to from here, the latest first; none twice.

    They stand in this branch or in one around it, and nothing has been done since that stands for good: what began the
    appointment that runs now, what was signed or issued. What the case was sent back over lies ahead of it again, and
    goes there step by step; only where the edition itself names such a step does a way lead straight there.
    """
    case, steps = run.process, {step.code: step for step in run.process.edition_version.edition.steps}
    if way_back(step_of(run, case), "") is None:
        return ()
    runs = _passed(run)
    on_way = _way_here(run, runs)
    passed = [one for one in runs if one.step != run.step]
    final = [one for one in runs if _stands_for_good(one)]
    named = {outcome.to for outcome in step_of(run, case).outcomes if outcome.manner == "back"}
    found = dict[str, Step]()
    for target in passed:
        is_around = target.branch == run.branch or run.branch.startswith(beneath(target.branch))
        is_barred = any(one.number >= target.number and _is_within(one.branch, target.branch) for one in final)
        is_behind = target.pk in on_way and not is_barred
        if is_around and target.step in steps and (is_behind or target.step in named):
            found.setdefault(target.step, steps[target.step])
    return list(found.values())


def _passed(run: StepRun) -> list[StepRun]:
    """The steps the case has ended, on the way to this run or beside it, the latest first."""
    done = StepRun.objects.filter(process_id=run.process_id, status=STATUS.DONE).exclude(step__in=["", OPINION])
    runs = list(done.order_by("-number"))
    for one in runs:
        one.process = run.process
    return runs


def _way_here(run: StepRun, passed: Sequence[StepRun]) -> set[int]:
    """The passages by which the case has come to this run, without those it was sent back or set back over."""
    links = StepRun.previous.through.objects.filter(from_steprun__process=run.process_id)
    opened_by = dict(links.values_list("from_steprun", "to_steprun"))
    earlier = StepRun.objects.filter(process_id=run.process_id).exclude(step__in=["", OPINION])
    known = {one.pk: one for one in earlier.only("step", "branch", "number", "status", "process")}
    forward = {one.pk for one in passed if _has_gone_forward(one)}
    found, here = set[int](), known.get(run.pk)
    while here is not None:
        before = known.get(opened_by.get(here.pk, 0))
        if before is not None and before.pk not in forward:
            # It came back here: what led to this step the time before is what lies behind it now.
            before = _time_before(here, before, known.values()) or before
        elif before is not None:
            found.add(before.pk)
        here = before
    return found


def _time_before(here: StepRun, before: StepRun, known: Iterable[StepRun]) -> StepRun | None:
    same = [one for one in known if (one.step, one.branch) == (here.step, here.branch) and one.number < before.number]
    return max(same, key=lambda one: one.number, default=None)


def _has_gone_forward(passed: StepRun) -> bool:
    outcome = step_of(passed, passed.process).outcome(passed.outcome)
    return outcome is None or outcome.manner == "forward"


def _stands_for_good(passed: StepRun) -> bool:
    """Also of what was done under another edition that this one knows nothing of: nobody could say what it did."""
    outcome = step_of(passed, passed.process).outcome(passed.outcome)
    effect = kind_of(passed.process.kind).effects.get(outcome.effect) if outcome else None
    return outcome is None or (effect is not None and (effect.is_final or effect.opens_appointment))


def _is_within(branch: str, around: str) -> bool:
    return branch == around or branch.startswith(beneath(around))
