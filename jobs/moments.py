"""One clock for all machines: leases and due times are told by the database's, however their own clocks differ."""

import time
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

_GOOD_FOR = 60.0
_measured: tuple[float, timedelta] | None = None


def now() -> datetime:
    """This moment by the database's clock; the difference from this machine's is measured once a minute.

    SQLite is used by one machine, so its clock is the machine's.
    """
    if connection.vendor == "sqlite":
        return timezone.now()
    return timezone.now() + _ahead()


def _ahead() -> timedelta:
    """How far the database's clock goes ahead of this machine's."""
    global _measured
    if _measured is None or time.monotonic() - _measured[0] > _GOOD_FOR:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (there,) = cursor.fetchone()
        _measured = time.monotonic(), there - timezone.now()
    return _measured[1]
