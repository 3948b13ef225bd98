"""Kills the processes of a real office N times at random moments, then reckons up: `python -m benchmarks.kill -n 1000`.

DATABASE_URL names an empty database (SQLite in a temporary folder by default). Exit 1 when anything was lost,
doubled or forked.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--kills", type=int, default=200)
    parser.add_argument("--every", type=float, default=0.8, help="seconds between two kills, about")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{place}/kill.sqlite3"
        _prepare(place, url)
        # Django must be ready before the models are imported.
        from tests.kill.battle import fight  # noqa: PLC0415

        outcome = fight(place, url, kills=asked.kills, every=asked.every, seed=asked.seed)
    for word, found in (("killed", outcome.killed), ("left", outcome.counts)):
        print(f"{word:8}", ", ".join(f"{name} {count}" for name, count in found.items()))
    print(f"{'asked':8} {outcome.again} requests once more, {outcome.seconds:.1f} s from the first kill to the last")
    for fault in outcome.faults:
        print("FAULT   ", fault)
    print(f"{sum(outcome.killed.values())} kills, {len(outcome.faults)} faults")
    return 1 if outcome.faults else 0


def _prepare(place: Path, url: str) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        DATABASE_URL=url,
        DATA_DIR=str(place / "data"),
        STORAGE_URL=f"file://{place}/vault",
        SEARCH_URL=f"embedded://{place}/index",
        LOG_LEVEL="WARNING",
    )
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
