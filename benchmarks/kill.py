"""An office whose processes are killed at random moments while people work: what is lost, doubled or forked after.

`BENCH_KILLS` is the number of kills for each way of working. With `BENCH_REDIS` (a database of Redis that may be
emptied) the work goes by Celery too, and Redis is emptied meanwhile.
"""

import os
from pathlib import Path
from typing import Any

from benchmarks.backends import backends, empty_database, manage, measured
from benchmarks.rows import Row, row

KILLS = int(os.environ.get("BENCH_KILLS", "1000"))
# Seconds between two kills, about: long enough for the dead to be back and at work.
EVERY = 0.8


def run() -> list[Row]:
    """A row for each database and way of working: how many processes were killed, how many faults there are."""
    rows: list[Row] = []
    for backend in backends():
        for broker in ("", *filter(None, [os.environ.get("BENCH_REDIS")])):
            with empty_database(backend) as environment:
                manage(environment, "migrate", "--verbosity=0")
                found = measured(environment, __name__, kills=KILLS, every=EVERY, seed=1, broker=broker)
            rows.append(_row(f"{backend.name}, {'Celery' if broker else 'own workers'}", found))
    return rows


def _row(name: str, found: dict[str, Any]) -> Row:
    killed = ", ".join(f"{count} × {what}" for what, count in sorted(found["killed"].items()))
    left = ", ".join(f"{count} {what}" for what, count in found["counts"].items())
    for fault in found["faults"]:
        print("FAULT", name, fault)
    return row(
        f"faults after kill -9 under load, {name}",
        len(found["faults"]),
        "faults",
        peer=f"{sum(found['killed'].values())} kills in {found['seconds']:.0f} s: {killed}; then there were {left}",
        goal=f"0 after {KILLS} kills",
        holds=not found["faults"] and sum(found["killed"].values()) >= KILLS,
    )


def measure(*, kills: int, every: float, seed: int, broker: str) -> dict[str, Any]:
    """Lets an office work on the database of the environment and kills; in a process of its own."""
    # Its models can't be imported before Django is ready.
    from tests.kill.battle import fight  # noqa: PLC0415

    place = Path(os.environ["DATA_DIR"])
    outcome = fight(place, os.environ["DATABASE_URL"], kills=kills, every=every, seed=seed, broker=broker)
    return {name: getattr(outcome, name) for name in ("faults", "killed", "counts", "again", "seconds")}
