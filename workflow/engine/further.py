"""What else an officer may do at a step beside ending it: ask, send back further, undo, set it on another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from viewflow.workflow.status import STATUS

from accounts.acting import Acting
from accounts.models import Unit
from accounts.selectors import units_in_force
from workflow.engine.flows import step_of
from workflow.engine.models import OPINION, Case, StepRun
from workflow.engine.operations.complete import may_complete
from workflow.engine.operations.move_edition import editions_beside, may_move
from workflow.engine.operations.send_back import steps_behind, way_back
from workflow.engine.operations.undo import may_undo
from workflow.procedures.models import ProcedureVersion
from workflow.procedures.schema import Step

# So many of the steps passed last are looked at for what may still be undone.
_LAST = 5


@dataclass(frozen=True, slots=True)
class Further:
    """What the acting officer may do at an open step.

    units     whom he may ask for an opinion; none for who doesn't have the step
    behind    the steps he may send it back to, the latest first
    undoable  completed steps of the case he may take back, the latest first
    targets   the steps he may set it on by hand; none for who is no administrator
    editions  the editions he may move the case to
    """

    run: StepRun
    units: Sequence[Unit]
    behind: Sequence[Step]
    undoable: Sequence[StepRun]
    targets: Sequence[Step]
    editions: Sequence[ProcedureVersion]
    receipt_key: str

    @property
    def is_empty(self) -> bool:
        return not (self.units or self.behind or self.undoable or self.targets or self.editions)


def may_do_more(run: StepRun, acting: Acting) -> bool:
    """Whether a page should lead him on to all this; what is there then, `further_for` says."""
    if may_complete(run, acting) or acting.is_superuser:
        return True
    case = run.process
    is_at_work = acting.acts_in(case.unit_id) or acting.acts_in(case.home_unit_id)
    return acting.may_update and (is_at_work or _has_done_some(case, acting))


def _has_done_some(case: Case, acting: Acting) -> bool:
    """Whether he completed a step of it, which he may have to take back; in a unit of another kind, say."""
    return StepRun.objects.filter(process=case, completed_by=acting.officer_id, status=STATUS.DONE).exists()


def further_for(run: StepRun, acting: Acting) -> Further:
    """Everything he may do at this open step beside ending it."""
    has_it = may_complete(run, acting)
    case = run.process
    steps = case.edition_version.edition.steps
    return Further(
        run=run,
        units=[unit for unit in units_in_force().order_by("name") if unit.pk != run.unit_id] if has_it else [],
        behind=_behind(run) if has_it else [],
        undoable=[one for one in _passed_last(run) if may_undo(one, acting)],
        targets=[step for step in steps if step.code != run.step] if acting.is_superuser and run.is_open else [],
        editions=editions_beside(case) if may_move(case, acting) else [],
        receipt_key=str(uuid4()),
    )


def _behind(run: StepRun) -> Sequence[Step]:
    """Without those whose way back asks for more than a reason: they are sent back by their own button."""
    step = step_of(run, run.process)
    found = [(one, way_back(step, one.code)) for one in steps_behind(run)]
    return [one for one, way in found if way is not None and not way.fields]


def _passed_last(run: StepRun) -> list[StepRun]:
    done = StepRun.objects.filter(process=run.process_id, status=STATUS.DONE).exclude(step__in=["", OPINION])
    runs = list(done.select_related("unit", "completed_by").order_by("-finished", "-number")[:_LAST])
    for one in runs:
        one.process = run.process
    return runs
