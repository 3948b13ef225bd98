"""What the worker does for clocks; `workflow.tasks` brings it in."""

from collections.abc import Sequence
from datetime import timedelta

from jobs.registry import Job, handles, scheduled
from workflow.deadlines.operations.follow_rule import TOPIC as NEAR_RULE
from workflow.deadlines.operations.follow_rule import follow_rule
from workflow.deadlines.operations.recalculate import TOPIC, carry_on, give_up
from workflow.deadlines.operations.warn import warn_of_deadlines


def give_up_recalculating(job: Job) -> None:
    give_up(recalculation_id=int(job.key))


@handles(TOPIC, lane="bulk", on_dead=give_up_recalculating)
def recalculate(jobs: Sequence[Job]) -> None:
    """One chunk of each recalculation, in the transaction that ends its row."""
    for job in jobs:
        carry_on(recalculation_id=int(job.key))


@handles(NEAR_RULE, lane="bulk")
def follow_changed_rule(jobs: Sequence[Job]) -> None:
    """One chunk of open cases; the key is the last case looked at."""
    for job in jobs:
        follow_rule(after_id=int(job.key))


@scheduled("deadline_warnings", every=timedelta(minutes=10))
def warn() -> None:
    """Tells handlers and heads of deadlines that came near or passed."""
    warn_of_deadlines()
