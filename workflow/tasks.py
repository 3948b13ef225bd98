"""Work of the engine that follows a commit or a schedule."""

from collections.abc import Sequence
from datetime import timedelta

from jobs.registry import Job, handles, scheduled
from workflow.deadlines import tasks as deadline_tasks
from workflow.engine.operations.carry_over import carry_over
from workflow.engine.operations.ending import SUB_ENDED
from workflow.engine.operations.hand_over import TOPIC
from workflow.engine.operations.time_out import TIMER, end_by_timer, report_sub_case, sweep_timers

__all__ = ["carry_hand_overs", "deadline_tasks", "end_timed_steps", "find_timed_steps", "report_sub_cases"]


# Thousands of dossiers take minutes, and nobody waits with a page open.
@handles(TOPIC, lane="slow", in_atomic=False)
def carry_hand_overs(jobs: Sequence[Job]) -> None:
    """Moves the work of accepted hand-overs."""
    for job in jobs:
        carry_over(hand_over_id=int(job.key))


@scheduled("step_timers", every=timedelta(minutes=5))
def find_timed_steps() -> None:
    """Asks for the end of the steps whose time has passed."""
    sweep_timers()


@handles(TIMER)
def end_timed_steps(jobs: Sequence[Job]) -> None:
    """Ends steps whose time has passed."""
    for job in jobs:
        end_by_timer(job)


@handles(SUB_ENDED)
def report_sub_cases(jobs: Sequence[Job]) -> None:
    """Lets steps go on whose cases of their own have ended."""
    for job in jobs:
        report_sub_case(case_id=int(job.key))
