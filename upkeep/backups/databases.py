"""The database's own tools: SQLite's online backup, pg_dump and pg_restore."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Collate

from audit.models import StreamHead
from upkeep.backups.manifest import AuditHead, Unsound, sync

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_SETTLED = (
    "PGHOST=HOST",
    "PGPORT=PORT",
    "PGUSER=USER",
    "PGPASSWORD=PASSWORD",
    "PGDATABASE=NAME",
)
# Written with their arguments and quoted by PostgreSQL itself; those of extensions stay with their extension.
_OWN_FUNCTIONS = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""


class ToolMissing(Exception):
    """A program of PostgreSQL isn't on this machine."""


@contextmanager
def snapshot_into(target: Path) -> Iterator[AuditHead]:
    """Writes the snapshot and gives the head of its trail; within the context PostgreSQL shows Django this very state.

    SQLite shows what is there now: files that came since are more, and nothing is ever taken away.
    """
    if connection.vendor == "sqlite":
        yield _copy_sqlite(target)
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            name = cursor.fetchone()[0]
        _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}", f"--file={target}"])
        sync(target)
        yield audit_head()


def audit_head() -> AuditHead:
    """Where the trail of the database in use stands."""
    # By bytes, whatever language the server sorts in.
    place = Collate("stream", "C") if connection.vendor == "postgresql" else F("stream")
    heads = StreamHead.objects.order_by(place).values_list("stream", "sequence", "hash")
    return _head_of(heads.iterator(chunk_size=2000))


def _head_of(heads: Iterable[tuple[str, int, str]]) -> AuditHead:
    digest, streams = hashlib.sha256(), 0
    for stream, sequence, own_hash in heads:
        digest.update(f"{stream}\n{sequence}\n{own_hash}\n".encode())
        streams += 1
    return AuditHead(streams, digest.hexdigest())


def _copy_sqlite(target: Path) -> AuditHead:
    # All pages in one step: a reader in WAL mode holds nobody up, and no writer makes it begin again.
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        [verdict] = copy.execute("PRAGMA quick_check").fetchone()
        head = _head_of(copy.execute("SELECT stream, sequence, hash FROM audit_streamhead ORDER BY stream"))
    if verdict != "ok":
        raise Unsound(f"SQLite finds the copy of the database damaged: {verdict}")
    sync(target)
    return head


def is_empty() -> bool:
    """Whether the database in use holds no table."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def put_in_place(source: Path, vendor: str) -> None:
    """Makes the snapshot the database in use, whatever that held. Raises Unsound for one of another vendor."""
    if vendor != connection.vendor:
        raise Unsound(f"the backup is of {vendor}, the database in use is {connection.vendor}")
    if vendor == "sqlite":
        _place_sqlite(source)
    else:
        _empty()
        arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        _run("pg_restore", [*arguments, f"--dbname={connection.settings_dict['NAME']}", str(source)])
    connection.close()


def _place_sqlite(source: Path) -> None:
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    fresh = path.with_name(f"{path.name}.restored")
    shutil.copyfile(source, fresh)
    sync(fresh)
    # What the old database hadn't yet taken over from its journal must not get into the new one.
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    fresh.replace(path)
    sync(path.parent)


def _empty() -> None:
    """Drops every table, and the functions of their triggers."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
        cursor.execute(_OWN_FUNCTIONS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function}")


def _run(program: str, arguments: Sequence[str]) -> None:
    """One of PostgreSQL's programs on the database in use; a password goes by the environment: nobody else reads it."""
    settled: dict[str, Any] = connection.settings_dict
    pairs = (pair.split("=") for pair in _SETTLED)
    given = {name: str(settled[key]) for name, key in pairs if settled.get(key)}
    if mode := settled.get("OPTIONS", {}).get("sslmode"):
        given["PGSSLMODE"] = mode
    command = [str(_program(program)), "--no-password", *arguments]
    done = subprocess.run(  # noqa: S603 a program of the system and paths the administrator gave
        command, env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unsound(f"{program} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else '?'}")


def _program(name: str) -> Path:
    """The newest version on this machine, which reads and writes what older servers know."""
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: _version(path.parts[4]))
    found = str(packaged[-1]) if packaged else shutil.which(name)
    if not found:
        raise ToolMissing(f"{name} is not on this machine: apt-get install postgresql-client")
    return Path(found)


def _version(folder: str) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.split(".") if part.isdigit())
