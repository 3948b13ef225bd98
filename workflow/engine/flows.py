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
from django.utils.translation import gettext as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.status import STATUS

from pages.domain_errors import Invalid
from workflow.engine.branches import branch_under, depth_of, fork_of, outer, parent_of
from workflow.engine.breaking_off import break_off, open_beneath
from workflow.engine.locking import lock_case
from workflow.engine.models import Case, StepRun
from workflow.engine.opening import give_back, opened_run
from workflow.engine.pausing import pause_for
from workflow.engine.system import NOBODY
from workflow.kinds import kind_of
from workflow.procedures.schema import Edition, Outcome, Step
from workflow.procedures.ways import ways_of
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force


def step_of(run: StepRun, case: Case) -> Step:
    """What the pinned edition says of this step; nothing of an opinion, nor of a step passed under another edition that
    isn't there any more: it has no outcomes."""
    if not run.is_opinion:
        for step in case.edition_version.edition.steps:
            if step.code == run.step:
                return step
    return Step(code=run.step, name=run.title, role=run.role, outcomes=())


class StepActivation(ViewActivation):
    """Opens a step run with all its columns, and what comes next by the outcome chosen.

    at, calendar  the moment of the action that completes the run, and what it reckons with
    officer_id    who does it
    chosen        the outcome; the one of the edition by default, another's target when it is sent back elsewhere
    opened, broken_off  what became of it: the runs opened, and those cancelled because the case goes another way
    """

    at: datetime | None = None
    calendar: Calendar | None = None
    officer_id: int = NOBODY
    chosen: Outcome | None = None
    opened: list[StepRun]
    broken_off: list[StepRun]

    def __init__(self, task: Any) -> None:
        super().__init__(task)
        self.opened, self.broken_off = [], []

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Any:
        """One insert for the run and one for its link to the run before."""
        case, before = prev_activation.process, prev_activation.task
        step = case.edition_version.edition.step(data["step"])
        # The first run follows the start, which brings none.
        calendar = getattr(prev_activation, "calendar", None) or calendar_in_force()
        run = opened_run(case, step, at=data["at"], branch=data.get("branch", ""), calendar=calendar)
        run.flow_task, run.token = flow_task, token
        run.owner_id = data["owner_id"]
        run.status = STATUS.ASSIGNED if run.owner_id else STATUS.NEW
        if data.get("is_back"):
            give_back(run)
        run.save()
        run.previous.add(before)
        if run.unit_id is not None and run.unit_id != before.unit_id:
            kind_of(case.kind).reached(case.subject_id, run.unit_id)
        pause_for(case, step, data["at"])
        return cls(run)

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Ends the run at the moment its event, its time used and the clock's ledger have, not some seconds later."""
        self.task.finished = self.at or timezone.now()
        self.task.save()

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Any]:
        """The steps the outcome leads to, the step where branches meet once all have come, or the end."""
        run = self.task
        chosen = self.chosen or step_of(run, self.process).outcome(run.outcome)
        if chosen is not None and chosen.splits:
            for turn, code in enumerate(chosen.splits, start=1):
                yield self._next(code, branch_under(run.branch, run.number, turn))
        elif chosen is None or (not chosen.to and (chosen.manner == "stop" or not run.branch)):
            yield self._end(run.branch or run.awaited)
        elif chosen.manner == "back":
            yield self._next_back(chosen.to)
        elif chosen.to and not self._step(chosen.to).joins:
            yield self._next(chosen.to, run.branch)
        else:
            yield from self._come_together(chosen.to)

    def _step(self, code: str) -> Step:
        edition: Edition = self.process.edition_version.edition
        return edition.step(code)

    def _next(self, code: str, branch: str, *, is_back: bool = False) -> Any:
        data = {"step": code, "at": self.task.finished, "owner_id": None, "branch": branch, "is_back": is_back}
        activation = self.flow_task._create(self, self.task.token, data=data)
        self.opened.append(activation.task)
        return activation

    def _next_back(self, code: str) -> Any:
        """In the branch it stands in, which may be one around this: then what goes on beneath it is broken off."""
        run, edition = self.task, self.process.edition_version.edition
        branch = branch_for(edition, run, code) if run.branch else ""
        self._break_off(branch, is_needed=bool(run.branch != branch or run.awaited))
        return self._next(code, branch, is_back=True)

    def _end(self, may_others_be_open: Any) -> Any:
        self._break_off("", is_needed=bool(may_others_be_open))
        return self.flow_class.end._create(self, self.task.token)

    def _break_off(self, branch: str, *, is_needed: bool) -> None:
        if is_needed and self.calendar is not None:
            self.broken_off += break_off(
                self.process,
                open_beneath(self.process, branch, besides=[self.task.pk]),
                at=self.task.finished,
                officer_id=self.officer_id,
                note=self.task.note or self.task.outcome_name,
                calendar=self.calendar,
                with_run=self.task,
            )

    def _come_together(self, join: str) -> Iterator[Any]:
        """This branch has come to where branches meet, or has ended by itself (no `join`); the last one opens what
        follows. The lock of the case lets one branch come at a time, so of two that end together one is the last."""
        case, branch = self.process, self.task.branch
        while branch:
            beside = StepRun.objects.filter(process=case, finished__isnull=True, branch__startswith=fork_of(branch))
            if beside.exists():
                return
            join = join or self._joined_by_another(branch)
            branch = parent_of(branch)
            if join:
                yield self._next(join, branch)
                return
        yield self._end(may_others_be_open=False)

    def _joined_by_another(self, branch: str) -> str:
        """Where the branches beside this one have come to; empty when all of them ended by themselves."""
        runs = StepRun.objects.filter(process=self.process, status=STATUS.DONE, branch__startswith=fork_of(branch))
        for run in runs.exclude(pk=self.task.pk).order_by("-number"):
            outcome = step_of(run, self.process).outcome(run.outcome)
            is_beside = depth_of(run.branch) == depth_of(branch)
            if is_beside and outcome and outcome.manner == "forward" and outcome.to and self._step(outcome.to).joins:
                return outcome.to
        return ""


def branch_for(edition: Edition, run: StepRun, code: str) -> str:
    """The branch a step opens in when the case goes there from this run.

    Raises Invalid for a step of a branch this run doesn't stand in: nobody could say what became of those beside it.
    """
    regions = ways_of(edition).regions
    here, there = regions.get(run.step, ()), regions.get(code)
    if there is None or here[: len(there)] != there:
        message = _("The step “%(step)s” stands in another branch; it can't be reached from “%(here)s”.")
        raise Invalid(message % {"step": edition.step(code).name, "here": run.title})
    return outer(run.branch, len(there))


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
