"""A bare viewflow flow with one step node that takes the next step from a table: no rights, clock, audit or outbox."""

from collections.abc import Iterator
from typing import Any

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.status import STATUS

from benchmarks.peer.models import PeerProcess, PeerTask

# One step that leads back to itself: as many transitions as one likes.
STEPS = {"check": ("specialist", "check")}


class CatalogueStep(ViewActivation):
    """Opens the next task with its columns."""

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Any:
        process = prev_activation.process
        role, _ = STEPS[data["step"]]
        task = PeerTask(
            process=process, flow_task=flow_task, token=token, step=data["step"], role=role, unit_id=process.unit_id
        )
        task.save()
        task.previous.add(prev_activation.task)
        return cls(task)

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Any]:
        yield self.flow_task._create(self, self.task.token, data={"step": STEPS[self.task.step][1]})


class StepNode(flow.View):
    activation_class = CatalogueStep
    _owner_permission_obj = None

    def _outgoing(self) -> Iterator[Edge]:
        node: Any = self
        yield Edge(src=node, dst=node, edge_class="next")
        yield Edge(src=node, dst=node.flow_class.instance.node("end"), edge_class="next")


class PeerFlow(flow.Flow):
    process_class = PeerProcess
    task_class = PeerTask
    lock_impl = lock.SelectForUpdateLock(nowait=False, attempts=1)

    start = flow.StartHandle(this.opened).Next(this.step, task_data=this.first)
    step = StepNode(None)
    end = flow.End()

    def opened(self, activation: Any, *, code: str, unit_id: int) -> PeerProcess:
        process: PeerProcess = activation.process
        process.code, process.unit_id = code, unit_id
        return process

    def first(self, activation: Any) -> dict[str, str]:
        return {"step": "check"}
