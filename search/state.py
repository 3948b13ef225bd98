"""Which index is in use, whether everything is in it, and in which order writes come."""

import logging
import time
from collections.abc import Sequence

from django.db import connection, transaction

from jobs.outbox import enqueue
from search.engine import engine
from search.kinds import KINDS
from search.models import IndexState
from search.records import key_of

logger = logging.getLogger(__name__)
REBUILD = "rebuild_index"
_THE_ROW = 1

_NEXT = """
INSERT INTO search_indexstate (id, identity, is_whole, version) VALUES (1, '', %s, %s)
ON CONFLICT (id) DO UPDATE SET version = CASE WHEN search_indexstate.version < excluded.version
    THEN excluded.version ELSE search_indexstate.version + 1 END
RETURNING version
"""


def next_version() -> int:
    """A number above every one before it. Draw it before reading what is to be written.

    Whoever drew later read later, so the higher number stands for the newer state, whichever arrives last. It runs
    ahead of the clock (milliseconds), so that it goes on upwards even when the database came back from a backup.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [True, time.time_ns() // 1_000_000])
        return int(cursor.fetchone()[0])


def is_whole() -> bool:
    """Whether everything is in the index, as far as is known."""
    return not IndexState.objects.filter(is_whole=False).exists()


def notice_loss() -> None:
    """Asks for a rebuild when another index stands where the one that was filled stood. Raises Unavailable."""
    state = IndexState.objects.filter(pk=_THE_ROW).first()
    if state is None or not state.identity or not state.is_whole:
        return
    found = engine().identity()
    if found == state.identity:
        return
    logger.error("the search index %s is gone (now: %s); it is built anew", state.identity, found or "none")
    _ask_for_rebuild()


def adopt(keys: Sequence[str], before: str) -> None:
    """Takes note of the index when it is written to for the first time; `before` is what was there before the write.

    An index begun just now is whole only if nothing else is there to be found.
    """
    if IndexState.objects.exclude(identity="").exists():
        return
    IndexState.objects.filter(pk=_THE_ROW).update(identity=engine().identity())
    if not before and _is_anything_beside(keys):
        _ask_for_rebuild()


def is_filled(identity: str) -> bool:
    """Whether this index is known to hold everything."""
    return IndexState.objects.filter(pk=_THE_ROW, identity=identity, is_whole=True).exists()


def note_rebuilt() -> None:
    """The index in use was just filled from the database."""
    IndexState.objects.filter(pk=_THE_ROW).update(identity=engine().identity(), is_whole=True)


@transaction.atomic
def _ask_for_rebuild() -> None:
    IndexState.objects.filter(pk=_THE_ROW).update(is_whole=False)
    enqueue(REBUILD, "all")


def _is_anything_beside(keys: Sequence[str]) -> bool:
    firsts = (next(kind.all_ids(), None) for kind in KINDS.values())
    first_keys = [key_of(code, one) for code, one in zip(KINDS, firsts, strict=True) if one is not None]
    return any(key not in keys for key in first_keys)
