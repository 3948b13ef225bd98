"""Keeping the index up to date, from the outbox."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from jobs.registry import Job, NotNow, handles
from search.engine import Busy, Unavailable
from search.indexing import TOPIC, index_now
from search.rebuilding import HOLD, is_held

logger = logging.getLogger(__name__)


# The engine commits by itself, so the rows can't end in one transaction with it; doing it again does no harm.
@handles(TOPIC, batch=200, alone=True, in_atomic=False, lease=timedelta(minutes=5))
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
    try:
        index_now([key for key in keys if key != HOLD])
    except (Busy, Unavailable) as reason:
        logger.warning("%d things wait to be indexed: %s", len(keys), str(reason) or "another process writes")
        raise NotNow from reason
