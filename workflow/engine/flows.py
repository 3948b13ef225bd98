"""The one flow: every case of every procedure goes through this single step node.

What a step is called, who does it, how long it may take and where its outcomes lead stands in the edition pinned to the
case. Nobody calls the nodes directly: `workflow.engine.operations` locks, asks for rights and checks versions first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.status import STATUS

from accounts.selectors import officers_with_role, units_at_work_for
from workflow.engine.locking import lock_case
from workflow.engine.models import Case, StepRun
from workflow.kinds import kind_of
from workflow.procedures.schema import Step
from worktime.calendar import Calendar
from worktime.deadline import near_minutes
from worktime.selectors import calendar_in_force


def step_of(run: StepRun, case: Case) -> Step:
    """What the pinned edition says of this step."""
    return case.edition_version.edition.step(run.step)


class StepActivation(ViewActivation):
    """Opens a step run with all its columns, and the next one by the outcome chosen.

    `at` is the moment of the action that completes the run, `calendar` the one it reckons with.
    """

    at: datetime | None = None
    calendar: Calendar | None = None

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Any:
        """One insert for the run and one for its link to the run before."""
        case, before = prev_activation.process, prev_activation.task
        step = case.edition_version.edition.step(data["step"])
        # The first run follows the start, which brings none.
        calendar = getattr(prev_activation, "calendar", None) or calendar_in_force()
        run = opened_run(case, step, before, at=data["at"], calendar=calendar)
        run.flow_task, run.token = flow_task, token
        run.owner_id = data["owner_id"]
        run.status = STATUS.ASSIGNED if run.owner_id else STATUS.NEW
        run.save()
        run.previous.add(before)
        if run.unit_id is not None and run.unit_id != before.unit_id:
            kind_of(case.kind).reached(case.subject_id, run.unit_id)
        return cls(run)

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Ends the run at the moment its event, its time used and the clock's ledger have, not some seconds later."""
        self.task.finished = self.at or timezone.now()
        self.task.save()

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Any]:
        """The step the outcome leads to, or the end."""
        case, run = self.process, self.task
        outcome = step_of(run, case).outcome(run.outcome)
        if outcome is None or not outcome.to:
            yield self.flow_class.end._create(self, run.token)
            return
        is_back = outcome.manner == "back"
        owner_id = earlier_owner(case, outcome.to) if is_back else None
        data = {"step": outcome.to, "at": run.finished, "owner_id": owner_id}
        yield self.flow_task._create(self, run.token, data=data)


def opened_run(case: Case, step: Step, before: StepRun, *, at: datetime, calendar: Calendar) -> StepRun:
    """A run of this step, not yet saved, due by its own limit from `at`."""
    limit, due_at, near_at = 0, None, None
    if step.days is not None:
        limit = int(step.days * calendar.day_minutes)
        due_at = calendar.add(at, limit)
        near_at = calendar.add(at, limit - near_minutes(limit, calendar))
    return StepRun(
        process=case,
        number=before.number + 1,
        step=step.code,
        title=step.name,
        role=step.role,
        unit_id=case.home_unit_id if step.place == "received" else case.unit_id,
        waits_for=step.waits_for,
        created=at,
        due_at=due_at,
        near_at=near_at,
        limit_minutes=limit,
    )


def earlier_owner(case: Case, step: str) -> int | None:
    """Who completed this step the last time, if he may still do it: what is sent back goes back to the same hands."""
    runs = StepRun.objects.filter(process=case, step=step, completed_by__isnull=False)
    run = runs.order_by("-number").first()
    if run is None or run.unit_id is None:
        return None
    who = officers_with_role(run.role, units_at_work_for(run.unit_id)).filter(pk=run.completed_by_id).first()
    return who.pk if who else None


class StepNode(flow.View):
    """The single step node; it draws its edges for viewflow's checks."""

    activation_class = StepActivation
    # A View without Permission() would ask for a process-wide permission object.
    _owner_permission_obj = None

    def _outgoing(self) -> Iterator[Edge]:
        node: Any = self
        yield Edge(src=node, dst=node, edge_class="next")
        yield Edge(src=node, dst=node.flow_class.instance.node("end"), edge_class="next")


class CaseLock:
    """One transaction in which nobody else can change the case.

    viewflow's own turns every fault of the database into its own error: a deadlock could not be told from a bug, and
    what passes by itself would not be tried again.
    """

    @contextmanager
    def __call__(self, flow_class: "type[CaseFlow]", process_pk: int) -> Iterator[None]:
        with transaction.atomic():
            lock_case(process_pk)
            yield


class CaseFlow(flow.Flow):
    """From the first step to the end. The lock waits its turn: to give up at once would let two go on."""

    process_class = Case
    task_class = StepRun
    lock_impl = CaseLock()

    start = flow.StartHandle(this.opened).Next(this.step, task_data=this.first_step)
    step = StepNode(None)
    end = flow.End()

    def opened(self, activation: Any, *, case: Case, owner_id: int | None) -> Case:
        """Takes over a case that is filled in but not saved, and who gets its first step."""
        case.flow_class = CaseFlow
        case.status = activation.process.status
        activation.process = activation.task.process = case
        activation.first_owner_id = owner_id
        return case

    def first_step(self, activation: Any) -> dict[str, Any]:
        edition = activation.process.edition_version.edition
        at = activation.process.created or timezone.now()
        return {"step": edition.steps[0].code, "at": at, "owner_id": activation.first_owner_id}
