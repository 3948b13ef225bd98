"""Verifying with several processes: streams don't touch each other, so each process takes a stretch of them."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

from django.db import connections

from audit.beginning import begin
from audit.models import StreamHead
from audit.verifier import Stretch, Verdict, concluded, verify_stretch

# Fewer streams are read by one process sooner than others are started.
_WORTHWHILE = 5000


def verify_side_by_side(processes: int, *, worthwhile: int = _WORTHWHILE) -> Verdict:
    """As `verify`, with so many processes on as many cores."""
    stretches = _stretches(processes, worthwhile)
    if len(stretches) == 1:
        return concluded(verify_stretch(stretches[0]))
    # Not forked: a connection must not be shared.
    way = get_context("spawn")
    with ProcessPoolExecutor(len(stretches), mp_context=way, initializer=begin, initargs=(_database(),)) as pool:
        return concluded(_together(list(pool.map(verify_stretch, stretches))))


def _stretches(processes: int, worthwhile: int) -> list[Stretch]:
    """As many stretches of about the same number of streams."""
    streams = StreamHead.objects.count()
    if processes < 2 or streams < worthwhile:
        return [Stretch()]
    heads = StreamHead.objects.order_by("stream").values_list("stream", flat=True)
    bounds = [heads[streams * part // processes] for part in range(1, processes)]
    return [Stretch(after, until) for after, until in pairwise([None, *bounds, None])]


def _together(verdicts: Sequence[Verdict]) -> Verdict:
    """Up to the first that found something, in the order of streams."""
    events = streams = 0
    for verdict in verdicts:
        events, streams = events + verdict.events, streams + verdict.streams
        if verdict.first_bad:
            return Verdict(events, streams, verdict.first_bad)
    return Verdict(events, streams, None)


def _database() -> dict[str, Any]:
    """The database of this process, which the environment need not name."""
    return {name: value for name, value in connections["default"].settings_dict.items() if name != "TEST"}
