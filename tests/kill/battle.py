"""Real processes of a real office, killed at random moments while people work; then the reckoning."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connections

from jobs.outbox import waiting_count
from tests.kill.crowd import Crowd
from tests.kill.machines import running
from tests.kill.office import open_for_business, people
from tests.kill.reckoning import counts, faults, let_leases_run_out


@dataclass(frozen=True, slots=True)
class Outcome:
    """killed  by kind of process · again  requests sent once more · seconds  from the first kill to the last"""

    faults: list[str]
    killed: dict[str, int]
    counts: dict[str, int]
    again: int
    seconds: float


def fight(place: Path, database_url: str, *, kills: int, every: float, seed: int, broker: str = "") -> Outcome:
    """`kills` processes die, one about every `every` seconds; the database is migrated and empty.

    With the address of a Redis that may be emptied, the work goes by Celery over it.
    """
    staff = people(clerks=3, specialists=2, heads=1)
    open_for_business(staff)
    connections.close_all()
    environment = {**os.environ, **environment_of(place, database_url)}
    if broker:
        environment |= {"TASKS": "celery", "BROKER_URL": broker}
    rng = random.Random(seed)  # noqa: S311 told again by its seed
    with running(environment, place, broker=broker) as office:
        crowd = Crowd(office.server, staff, seed=seed)
        crowd.start()
        crowd.await_receipt()
        began = time.monotonic()
        try:
            while office.kills < kills and not crowd.told.odd:
                time.sleep(rng.uniform(0.2, 1.8) * every)
                office.kill_one(rng)
        finally:
            seconds = time.monotonic() - began
            crowd.stop()
        killed = dict(office.killed)
    drain(environment)
    return Outcome(faults(crowd.told), killed, counts(), crowd.told.again, seconds)


def environment_of(place: Path, database_url: str) -> Mapping[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(place / "data"),
        "STORAGE_URL": f"file://{place}/vault",
        "SEARCH_URL": f"embedded://{place}/index",
        "LOG_LEVEL": "WARNING",
        # What a killed worker had in hand comes back while the others still die.
        "LEASE_SECONDS": "4",
    }


def drain(environment: Mapping[str, str]) -> None:
    """Does all that is left; what was put off comes up again as if its time had come."""
    for _ in range(5):
        let_leases_run_out()
        command = [sys.executable, "manage.py", "work", "--until-idle"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=dict(environment), check=True, timeout=600)
        if not waiting_count():
            return
