"""Databases for benchmarks, each empty and for one measurement, and processes that measure on them.

`BENCH_POSTGRES` names a PostgreSQL server by a URL (as `services/postgres url` prints it) whose user may create
databases; without it everything is measured on SQLite alone.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

HERE = Path(__file__).resolve().parent.parent


DATABASES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True, slots=True)
class Backend:
    """SQLite, or a PostgreSQL server."""

    name: str
    server: str = ""


def backends() -> list[Backend]:
    """SQLite, and PostgreSQL where a server is named; those of them that `BENCH_ON` names, if it names any."""
    server, wanted = os.environ.get("BENCH_POSTGRES", ""), os.environ.get("BENCH_ON", " ".join(DATABASES)).split()
    known = [Backend("SQLite"), *([Backend("PostgreSQL", server)] if server else [])]
    return [backend for backend in known if backend.name in wanted]


def is_of_another(name: str) -> bool:
    """Whether a figure of this name was taken on a database that is not measured now."""
    measured_now = {backend.name for backend in backends()}
    return name.endswith(tuple(f", {other}" for other in DATABASES if other not in measured_now))


@contextmanager
def empty_database(backend: Backend) -> Iterator[dict[str, str]]:
    """The environment of a process that has a database, a vault and an index of its own; all go afterwards."""
    with TemporaryDirectory(prefix="bench-") as folder:
        environment = {**os.environ, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        environment |= {"LOG_LEVEL": "ERROR", "SEARCH_URL": f"embedded://{folder}/index"}
        environment |= {"STORAGE_URL": f"file://{folder}/vault"}
        if not backend.server:
            environment["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
            yield environment
            return
        name = f"bench_{uuid4().hex[:12]}"
        _on_server(backend.server, f"CREATE DATABASE {name}")
        try:
            environment["DATABASE_URL"] = urlsplit(backend.server)._replace(path=f"/{name}").geturl()
            yield environment
        finally:
            # Without FORCE, which fails while autovacuum is at work there; the plain one sends it away and waits.
            _on_server(backend.server, f"DROP DATABASE {name}")


def _on_server(server: str, statement: str) -> None:
    # By name: SQLite alone needs no psycopg.
    psycopg: Any = import_module("psycopg")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def manage(environment: Mapping[str, str], *words: str) -> str:
    """What a command of manage.py prints."""
    command = [sys.executable, "manage.py", *words]
    return _output(command, environment)


def measured(environment: Mapping[str, str], module: str, **options: object) -> Any:
    """What `measure(**options)` of this module returns in a process of its own with that database."""
    command = [sys.executable, "-m", "benchmarks.child", module, json.dumps(options)]
    return json.loads(_output(command, environment).splitlines()[-1])


def _output(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stdout


def seeded(environment: Mapping[str, str], dossiers: int, *more: str) -> dict[str, Any]:
    """Makes the tables and fills them with so many dossiers; what `seed_scale` reports."""
    manage(environment, "migrate", "--verbosity=0")
    # The peers' tables point at ours, and tables without migrations would be made first.
    manage(environment, "migrate", "--verbosity=0", "--run-syncdb")
    report: dict[str, Any] = json.loads(manage(environment, "seed_scale", f"--dossiers={dossiers}", "--json", *more))
    return report
