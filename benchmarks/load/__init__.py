"""A whole office at once: clerks and specialists at their browsers, the web server and the worker as processes.

`BENCH_LOAD_SECONDS` is how long (120), `BENCH_LOAD_DOSSIERS` how much is there before (2000).
"""

import csv
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.backends import HERE, Backend, backends, empty_database, seeded
from benchmarks.rows import Row, row

MOST_MS = 1000
THINKING = 8
SECONDS, DOSSIERS = int(os.environ.get("BENCH_LOAD_SECONDS", "120")), int(os.environ.get("BENCH_LOAD_DOSSIERS", "2000"))
_OFFICERS = {"SQLite": 30, "PostgreSQL": 200}
_PATIENCE = 60
_GUNICORN = ("--workers=2", "--threads=4", "--timeout=90", "--log-level=error", "--no-control-socket")


def run() -> list[Row]:
    """The 95th percentile over every action but signing in, which costs what a password hash must cost."""
    rows: list[Row] = []
    for backend in backends():
        with empty_database(backend) as environment:
            password = seeded(environment, DOSSIERS, "--index")["password"]
            with _running(environment) as server:
                rows += _rows(backend, _locust(environment, server, password, _OFFICERS[backend.name]))
    return rows


def _rows(backend: Backend, figures: dict[str, float]) -> list[Row]:
    officers = _OFFICERS[backend.name]
    return [
        row(
            f"load: {officers} officers, {THINKING} s of thinking, {backend.name}",
            figures["p95"],
            f"ms p95, {figures['requests']:.0f} requests, {figures['failures']:.0f} failed",
            peer=f"p50 {figures['p50']:.0f} ms",
            ratio=figures["p95"] / max(figures["p50"], 1),
            goal=f"p95 under {MOST_MS} ms, none failed",
            holds=figures["p95"] < MOST_MS and not figures["failures"],
        )
    ]


@contextmanager
def _running(environment: Mapping[str, str]) -> Iterator[str]:
    """The web server and a worker; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *_GUNICORN]
    worker = [sys.executable, "manage.py", "work"]
    processes = [subprocess.Popen(command, cwd=HERE, env=environment) for command in (web, worker)]  # noqa: S603
    try:
        _await(f"http://127.0.0.1:{port}/tra-cuu/")
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=60)


def _await(url: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 our own server
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        else:
            return


def _locust(environment: Mapping[str, str], server: str, password: str, officers: int) -> dict[str, float]:
    folder = Path(environment["DATA_DIR"])
    command = [sys.executable, "-m", "locust", "--headless", "--only-summary", "--reset-stats", "--host", server]
    command += ["--locustfile", str(Path(__file__).with_name("locustfile.py")), "--csv", str(folder / "load")]
    command += ["--users", str(officers), "--spawn-rate", "2", "--run-time", f"{SECONDS + officers // 2}s"]
    known = {**environment, "LOAD_PASSWORD": password, "LOAD_THINKING": str(THINKING)}
    subprocess.run(command, cwd=HERE, env=known, check=False, stdout=subprocess.DEVNULL)  # noqa: S603
    sys.stderr.write((folder / "load_failures.csv").read_text("utf-8"))
    with (folder / "load_stats.csv").open(encoding="utf-8") as file:
        found = next(line for line in csv.DictReader(file) if line["Name"] == "Aggregated")
    return {
        "p50": float(found["50%"]),
        "p95": float(found["95%"]),
        "requests": float(found["Request Count"]),
        "failures": float(found["Failure Count"]),
    }
