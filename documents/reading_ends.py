"""Who goes on when a file has been read, or could not be. Whoever waits for that registers in `reading_ends.py`."""

from collections.abc import Callable

from documents.models import DocumentVersion

Follower = Callable[[DocumentVersion], None]
FOLLOWERS: list[Follower] = []


def follow_reading(follower: Follower) -> None:
    """Has it called with each version whose reading has ended, in that transaction and with the version locked.

    `reading_state` and `quarantine_reason` say how it ended.
    """
    FOLLOWERS.append(follower)
