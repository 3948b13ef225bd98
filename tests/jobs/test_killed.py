"""`manage.py work` as a process of its own: stopped kindly, and killed in the middle of a job."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.desk import ask, ask_for, effects, only_row, rows
from tests.jobs.processes import Processes, begun, wait_for

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    started = Processes(tmp_path)
    yield started
    started.end()


def test_attack_63_a_worker_killed_in_the_middle_of_a_job_leaves_it_to_the_next_with_one_effect(
    processes: Processes, tmp_path: Path
) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    ask("a")
    worker = processes.manage("work")
    wait_for(lambda: begun(tmp_path) == ["a 1"])
    assert processes.kill(worker) == -signal.SIGKILL
    row = only_row()
    assert (row.attempts, effects()) == (1, [])
    assert row.lease is not None

    hold.unlink()
    heir = processes.manage("work")
    wait_for(lambda: rows() == [])
    assert (effects(), begun(tmp_path)) == (["a"], ["a 1", "a 2"])
    heir.terminate()
    assert heir.wait(20) == 0


def test_a_worker_asked_to_end_ends_its_job_first(processes: Processes, tmp_path: Path) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    ask("a")
    worker = processes.manage("work")
    wait_for(lambda: begun(tmp_path) == ["a 1"])
    worker.terminate()
    hold.unlink()
    assert worker.wait(20) == 0
    assert (effects(), rows()) == (["a"], [])


def test_attack_64_what_kills_its_worker_each_time_is_set_aside_its_owner_told_and_the_queue_goes_on(
    processes: Processes, tmp_path: Path
) -> None:
    ask("poison")
    for attempt in (1, 2):
        assert processes.manage("work").wait(60) == -signal.SIGKILL
        assert only_row().attempts == attempt
    ask_for(3)
    processes.manage("work")
    wait_for(lambda: [row.died_at is not None for row in rows()] == [True])
    assert begun(tmp_path) == ["poison 1", "poison 2", "000 1", "001 1", "002 1"]
    # A killed worker raises nothing: the owner learns it from the row's end.
    assert effects() == ["000", "001", "002", "told of poison"]
