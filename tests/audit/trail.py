"""Writing a short trail, and tampering with it past its triggers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from audit import append_only
from audit.models import AuditEvent
from audit.recording import Actor, record

CLERK = Actor(7, "Đỗ Thị Lan Chi", 3, "Chi nhánh Hải Lộc", "update", "10.20.4.31")


def stamp(
    stream: str, number: int = 1, payload: Mapping[str, object] | None = None, actor: Actor = CLERK
) -> AuditEvent:
    """One event; the paper's number tells it from its neighbours."""
    return record(stream, "paper.stamped", actor=actor, payload=payload or {"paper": f"tờ {number}"})


def write_trail(**lengths: int) -> None:
    """Streams by name with so many events each."""
    with transaction.atomic():
        for stream, length in lengths.items():
            for number in range(1, length + 1):
                stamp(stream, number)


def execute(sql: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


class _Editor:
    """A schema editor's two members, for use inside a test's transaction."""

    connection = connection

    def execute(self, sql: str, params: None = None) -> None:
        execute(sql)


@contextmanager
def guards_down() -> Iterator[None]:
    """The triggers taken down, as only the database's owner can, and put up again."""
    append_only.disarm(None, _Editor())
    yield
    append_only.arm(None, _Editor())


def tamper(sql: str, params: list[Any] | None = None) -> None:
    with guards_down():
        execute(sql, params)
