"""`manage.py work` as a process of its own: stopped kindly, and killed in the middle of a job."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from tests.jobs.desk import ask, effects, only_row, rows

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

Start = Callable[[], subprocess.Popen[bytes]]


def database_url() -> str:
    """The test's own database, which the environment doesn't name."""
    its = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{its['NAME']}"
    return f"postgres://{quote(its['USER'])}:{quote(its['PASSWORD'])}@{its['HOST']}:{its['PORT']}/{its['NAME']}"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a worker; none outlives the test."""
    workers: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
        "DATABASE_URL": database_url(),
        "LABOUR_PLACE": str(tmp_path),
    }

    def start_one() -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "work"]
        workers.append(subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment))
        return workers[-1]

    yield start_one
    for worker in workers:
        worker.kill()
        worker.wait()


def wait_for(happened: Callable[[], bool]) -> None:
    for _ in range(600):
        if happened():
            return
        time.sleep(0.05)
    pytest.fail("nothing happened for half a minute")


def begun(place: Path) -> list[str]:
    log = place / "begun"
    return log.read_text().splitlines() if log.exists() else []


def test_attack_63_a_worker_killed_in_the_middle_of_a_job_leaves_it_to_the_next_with_one_effect(
    start: Start, tmp_path: Path
) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    ask("a")
    worker = start()
    wait_for(lambda: begun(tmp_path) == ["a 1"])
    worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    row = only_row()
    assert (row.attempts, effects()) == (1, [])
    assert row.lease is not None

    hold.unlink()
    heir = start()
    wait_for(lambda: rows() == [])
    assert (effects(), begun(tmp_path)) == (["a"], ["a 1", "a 2"])
    heir.terminate()
    assert heir.wait(20) == 0


def test_a_worker_asked_to_end_ends_its_job_first(start: Start, tmp_path: Path) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    ask("a")
    worker = start()
    wait_for(lambda: begun(tmp_path) == ["a 1"])
    worker.terminate()
    hold.unlink()
    assert worker.wait(20) == 0
    assert (effects(), rows()) == (["a"], [])
