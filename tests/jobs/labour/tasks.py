"""A job that tells when it began and waits until it may end, or kills its worker."""

import os
import signal
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from jobs.outbox import enqueue
from jobs.registry import Job, handles

PLACE = Path(os.environ["LABOUR_PLACE"])


def tell(job: Job) -> None:
    """Its owner learns that the job was given up."""
    enqueue("effect", f"told/{job.key}", {"key": f"told of {job.key}"})


@handles("stamp", lease=timedelta(seconds=1), attempts=2, on_dead=tell)
def stamp(jobs: Sequence[Job]) -> None:
    """Leaves its effect before it waits: a worker killed now has it half done."""
    for job in jobs:
        enqueue("effect", f"{job.key}/{uuid4()}", {"key": job.key})
        with (PLACE / "begun").open("a") as begun:
            begun.write(f"{job.key} {job.attempt}\n")
        if job.key == "poison":
            os.kill(os.getpid(), signal.SIGKILL)
        while (PLACE / "hold").exists():
            time.sleep(0.02)
