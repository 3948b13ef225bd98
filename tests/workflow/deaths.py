"""A process that dies in the middle of a deed: at a statement it sends, or when its transaction is to end.

What it had written goes with it, as the database would see to; what was committed stays, though nobody heard of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction

from pages.domain_errors import DomainError
from tests.workflow.untouched import everything

Execute = Callable[..., Any]
_UNDO, _KEEP = "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT"


class Killed(BaseException):
    """No code of the house catches it, as none sees a kill -9."""


@dataclass
class Death:
    """Comes at the statement of this number, before it reaches the database or after it has been carried out.

    said    what was sent to the database after death, which nobody may
    undone  the savepoint last gone back to: letting go of it then commits nothing
    """

    at: int
    is_after: bool
    statements: int = 0
    commits: int = 0
    is_dead: bool = False
    said: list[str] = field(default_factory=list)
    depth: int = 0
    undone: str = ""

    @property
    def is_committed(self) -> bool:
        return self.commits > 0

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if self.is_dead:
            if not sql.startswith((_UNDO, _KEEP)):
                self.said.append(sql)
            return execute(sql, params, many, context)
        self.statements += 1
        is_time = self.statements == self.at
        if is_time and not self.is_after:
            self._die()
        answer = execute(sql, params, many, context)
        if sql.startswith(_UNDO):
            self.undone = sql.removeprefix(_UNDO)
        # Inside a test the end of the outermost transaction is that of a savepoint.
        is_end = sql.startswith(_KEEP) and len(connection.savepoint_ids) == self.depth
        if is_end and sql.removeprefix(_KEEP) != self.undone:
            self.commits += 1
        if is_time:
            self._die()
        return answer

    def _die(self) -> None:
        self.is_dead = True
        raise Killed

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """Kills what is done inside, unless it is done before. Raises Killed."""
        savepoint, self.depth = transaction.savepoint(), len(connection.savepoint_ids)
        try:
            with connection.execute_wrapper(self):
                yield
        except Killed:
            if not self.is_committed:
                transaction.savepoint_rollback(savepoint)
            raise


def lived_through(deed: Callable[[], object], death: Death | None) -> None:
    """The deed is done once, though its process dies of it and whoever asked for it asks again.

    Raises what the deed raises where it is refused.
    """
    if death is None:
        deed()
        return
    before = everything()
    try:
        with death.awaited():
            deed()
    except Killed:
        assert death.said == []
        if death.is_committed:
            _asked_again(deed)
            return
        assert everything() == before
        deed()
    # One deed, one transaction: nothing of it can be left without the rest.
    assert death.commits <= 1


def _asked_again(deed: Callable[[], object]) -> None:
    """It was done, but the answer never came: asked again it is refused, and nothing is done twice."""
    done = everything()
    with pytest.raises(DomainError):
        deed()
    assert everything() == done
