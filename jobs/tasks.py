"""The schedule's own topic: a run that is due is work like any other."""

import logging
from collections.abc import Sequence

from jobs.registry import SCHEDULE, Job, handles
from jobs.worker import SCHEDULE_TOPIC

logger = logging.getLogger(__name__)


@handles(SCHEDULE_TOPIC, lane="clock", in_atomic=False, attempts=3)
def run_scheduled(jobs: Sequence[Job]) -> None:
    """Runs tasks of the schedule; one that broke off runs again, so each must bear that."""
    for job in jobs:
        if job.key in SCHEDULE:
            SCHEDULE[job.key].run()
        else:
            logger.warning("schedule: nobody knows %s any more", job.key)
