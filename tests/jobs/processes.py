"""Real processes of a cluster, each in a group of its own so that nothing of it outlives the test."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

Process = subprocess.Popen[bytes]


def database_url() -> str:
    """The test's own database, which the environment doesn't name."""
    its = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{its['NAME']}"
    return f"postgres://{quote(its['USER'])}:{quote(its['PASSWORD'])}@{its['HOST']}:{its['PORT']}/{its['NAME']}"


def wait_for(happened: Callable[[], bool]) -> None:
    for _ in range(1200):
        if happened():
            return
        time.sleep(0.05)
    pytest.fail("nothing happened for a minute")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Processes:
    """Starts what is asked for over the test's database; `end` kills whatever is left."""

    def __init__(self, place: Path, **environment: str) -> None:
        self._all: list[Process] = []
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
            "DATABASE_URL": database_url(),
            "LABOUR_PLACE": str(place),
            **environment,
        }

    def manage(self, *command: str) -> Process:
        return self.start(sys.executable, "manage.py", *command)

    def start(self, *command: str) -> Process:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=self._environment, start_new_session=True)
        self._all.append(process)
        return process

    def kill(self, process: Process) -> int:
        """Kills it and its children as the kernel would for want of memory, without a word."""
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()

    def end(self) -> None:
        for process in self._all:
            if process.poll() is None:
                self.kill(process)


def begun(place: Path) -> list[str]:
    """Which jobs were begun, each with its attempt, in order."""
    log = place / "begun"
    return log.read_text().splitlines() if log.exists() else []
