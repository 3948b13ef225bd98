"""A relay, a Redis and Celery workers as processes of their own; Redis and workers are killed."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import redis

from tests.jobs.desk import ask, ask_for, effects, rows
from tests.jobs.processes import Process, Processes, begun, free_port, wait_for
from tests.servers import required_service

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

T = TypeVar("T")
CELERY = ("-m", "celery", "-A", "config.celery", "worker", "--queues", "quick,slow,bulk,clock", "--concurrency", "2")


class Cluster:
    """A Redis of its own, which may be killed; relay and workers are started as the test asks."""

    def __init__(self, place: Path) -> None:
        required_service("Redis", "TEST_REDIS_URL")
        self.port, self.place = free_port(), place
        self.processes = Processes(place, TASKS="celery", BROKER_URL=f"redis://127.0.0.1:{self.port}/0")

    def broker(self) -> Process:
        """Starts it empty."""
        binary = shutil.which("redis-server")
        assert binary is not None
        started = self.processes.start(binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "")
        wait_for(lambda: self.ask(lambda client: bool(client.ping()), otherwise=False))
        return started

    def ask(self, question: Callable[[redis.Redis], T], *, otherwise: T) -> T:
        try:
            with redis.Redis(port=self.port) as client:
                return question(client)
        except redis.ConnectionError:
            return otherwise

    def relay(self) -> Process:
        return self.processes.manage("relay", "--patience", "2")

    def worker(self) -> Process:
        return self.processes.start(sys.executable, *CELERY, "--loglevel", "warning")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.processes.end()


def test_attack_66_and_63_neither_a_lost_redis_nor_a_killed_celery_worker_loses_or_doubles_anything(
    cluster: Cluster, tmp_path: Path
) -> None:
    broker = cluster.broker()
    cluster.relay()
    ask_for(3)
    wait_for(lambda: cluster.ask(lambda client: int(client.llen("quick")), otherwise=0) == 3)
    cluster.processes.kill(broker)
    ask("after")
    cluster.broker()
    worker = cluster.worker()
    wait_for(lambda: rows() == [])
    assert effects() == ["000", "001", "002", "after"]

    hold = tmp_path / "hold"
    hold.touch()
    ask("held")
    wait_for(lambda: "held 1" in begun(tmp_path))
    cluster.processes.kill(worker)
    hold.unlink()
    cluster.worker()
    wait_for(lambda: rows() == [])
    assert effects() == ["000", "001", "002", "after", "held"]
    assert [line for line in begun(tmp_path) if line.startswith("held")] == ["held 1", "held 2"]
