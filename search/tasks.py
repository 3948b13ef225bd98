"""Keeping the index up to date, from the outbox."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from jobs.registry import Job, NotNow, handles, scheduled
from search.engine import Busy, Unavailable, engine
from search.indexing import TOPIC, index_now
from search.rebuilding import HOLD, AlreadyRebuilding, HoldLost, is_held, rebuild
from search.state import REBUILD, adopt, is_filled, notice_loss

logger = logging.getLogger(__name__)


# The engine commits by itself, so the rows can't end in one transaction with it; doing it again does no harm.
@handles(TOPIC, batch=200, alone=True, in_atomic=False)
def index(jobs: Sequence[Job]) -> None:
    """Writes what exists and removes what doesn't, as the database has it now.

    While the engine is out of reach, another process writes or a rebuild goes on, the rows wait and no attempt
    counts: it is not their fault, and they must not be given up. An entry the engine doesn't take, or that can't be
    loaded, is tried again by itself and in the end set aside with its error.
    """
    keys = [job.key for job in jobs]
    if HOLD in keys:
        logger.error("a rebuild of the index broke off; run rebuild_index again")
    elif is_held():
        raise NotNow
    wanted = [key for key in keys if key != HOLD]
    if not wanted:
        return
    try:
        notice_loss()
        before = engine().identity()
        index_now(wanted)
        adopt(wanted, before)
    except (Busy, Unavailable) as reason:
        logger.warning("%d things wait to be indexed: %s", len(keys), str(reason) or "another process writes")
        raise NotNow from reason


# In the slow lane: what changes meanwhile must be asked for, and searching goes on in what there is.
@handles(REBUILD, lane="slow", alone=True, in_atomic=False)
def rebuild_lost(jobs: Sequence[Job]) -> None:
    """Fills a new index after the one in use was lost. Running it again does nothing."""
    try:
        if not is_filled(engine().identity()):
            counts = rebuild()
            logger.info("the index was built anew: %d entries", sum(counts.values()))
    except (AlreadyRebuilding, HoldLost, Unavailable) as reason:
        logger.warning("the index can't be built anew yet: %s", str(reason) or type(reason).__name__)
        raise NotNow from reason


@scheduled("search.watch", every=timedelta(minutes=1))
def watch() -> None:
    """Notices a lost index even while nothing is written."""
    try:
        notice_loss()
    except Unavailable as reason:
        logger.warning("the index can't be looked at: %s", reason)
