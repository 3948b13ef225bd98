"""The processes of an office, as they run in earnest, and whoever kills them."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from redis import Redis

HOST = "127.0.0.1"
PATIENCE = 60
GUNICORN = ("--workers=2", "--preload", "--timeout=60", "--log-level=warning", "--no-control-socket", "--reuse-port")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def await_answer(server: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{server}/tra-cuu/", timeout=5).close()  # noqa: S310 our own server
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"the web server did not answer within {PATIENCE} s")


class Machine:
    """One command, kept running: whenever it is killed it is started again, as systemd would."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self._command, self._environment = name, command, dict(environment)
        self._log = log.open("ab")
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._command,
            cwd=settings.BASE_DIR,
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def kill(self) -> None:
        """`kill -9` of the whole group, then a new start."""
        self.end()
        self._process = self._start()

    def kill_child(self, rng: random.Random) -> bool:
        """`kill -9` of one of its own processes; False when it has none just now."""
        children = self.children()
        if not children:
            return False
        with suppress(ProcessLookupError):
            os.kill(rng.choice(children), signal.SIGKILL)
        return True

    def children(self) -> list[int]:
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        try:
            return [int(pid) for pid in path.read_text().split()]
        except FileNotFoundError:
            return []

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        self.end()
        self._log.close()


def by_themselves() -> dict[str, list[str]]:
    """Two workers that take their work from the database."""
    work = [sys.executable, "manage.py", "work"]
    return {"worker 1": work, "worker 2": work}


def by_celery() -> dict[str, list[str]]:
    """A relay, and a Celery worker of two processes."""
    celery = [sys.executable, "-m", "celery", "--app=config.celery", "worker", "--queues=quick,slow,bulk,clock"]
    return {
        "relay": [sys.executable, "manage.py", "relay"],
        "Celery": [*celery, "--concurrency=2", "--loglevel=warning"],
    }


class Office:
    """A web server of two workers, and who does the work behind it."""

    def __init__(self, environment: Mapping[str, str], logs: Path, *, port: int, broker: str) -> None:
        self.server = f"http://{HOST}:{port}"
        gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", *GUNICORN]
        self.web = Machine("web", gunicorn, environment, logs / "web.log")
        behind = by_celery() if broker else by_themselves()
        self.workers = [Machine(name, command, environment, logs / f"{name}.log") for name, command in behind.items()]
        self._redis = Redis.from_url(broker) if broker else None
        self.killed: dict[str, int] = {}

    def kill_one(self, rng: random.Random) -> None:
        """A web worker, a worker, or now and then the whole web server, at this moment."""
        chance = rng.random()
        if chance < 0.65:
            self._count("web worker", is_done=self.web.kill_child(rng))
        elif chance < 0.97:
            worker = rng.choice(self.workers)
            worker.kill()
            self._count(worker.name, is_done=True)
            if self._redis is not None and rng.random() < 0.3:
                # What was on its way is gone too.
                self._redis.flushdb()
        else:
            self.web.kill()
            self._count("whole web server", is_done=True)
            # What follows shall hit an office at work, not one that is just opening.
            self.await_answer()

    def _count(self, name: str, *, is_done: bool) -> None:
        self.killed[name] = self.killed.get(name, 0) + is_done

    @property
    def kills(self) -> int:
        return sum(self.killed.values())

    def await_answer(self) -> None:
        await_answer(self.server)

    def close(self) -> None:
        for machine in (self.web, *self.workers):
            machine.close()


@contextmanager
def running(environment: Mapping[str, str], logs: Path, *, broker: str = "") -> Iterator[Office]:
    """An office at work; afterwards none of its processes is left."""
    office = Office(environment, logs, port=free_port(), broker=broker)
    try:
        office.await_answer()
        yield office
    finally:
        office.close()
