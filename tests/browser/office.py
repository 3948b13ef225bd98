"""A whole office behind the browser: its officers at their desks, the worker at work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connections

from jobs.worker import Worker, drain


@contextmanager
def worker() -> Iterator[None]:
    """The worker beside the server, in a thread of its own; nothing that is due is left behind."""
    hand = Worker(idle=timedelta(milliseconds=100))
    thread = threading.Thread(target=_work, args=[hand])
    thread.start()
    try:
        yield
    finally:
        hand.stop()
        thread.join(timeout=60)
    # What the last jobs asked for while the worker was going home.
    drain()


def _work(hand: Worker) -> None:
    try:
        hand.run()
    finally:
        connections.close_all()
