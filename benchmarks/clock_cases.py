"""Cases of the statutory clock by chance, reckoned as the house does and by walking through days and minutes.

Calendars with swapped Saturdays and half days, limits in quarters and in days of the calendar, late receipts, pauses
side by side, resets, extensions, days changed after receipt: those the tests draw, only many more.
`BENCH_CASES` is their number, `BENCH_SEED` where chance begins.
"""

import os
import time
from collections import Counter

from benchmarks.rows import Row, row
from tests.workflow.clock_cases import case_by_seed, differences

CASES, SEED = int(os.environ.get("BENCH_CASES", "100000")), int(os.environ.get("BENCH_SEED", "1"))
_SHOWN = 5


def run() -> list[Row]:
    """One row: in how many cases the two say otherwise. Each case is told again by its seed, which is printed."""
    began, differing, held = time.perf_counter(), 0, Counter[str]()
    for seed in range(SEED, SEED + CASES):
        case = case_by_seed(seed)
        found = differences(case)
        held.update({entry.kind.value for entry in case.entries})
        held["days changed afterwards"] += bool(case.edited)
        if found:
            differing += 1
            if differing <= _SHOWN:
                print("DIFFERS", seed, *found, sep="\n  ")
    what = ", ".join(f"{count:,} × {name}" for name, count in sorted(held.items()))
    return [
        row(
            f"clock_cases: {CASES:,} ledgers by chance, those in which two calculators differ",
            differing,
            "ledgers",
            peer=f"a slow calculator, {time.perf_counter() - began:.0f} s for both; cases with {what}",
            goal=f"0 of {CASES:,}",
            holds=differing == 0,
        )
    ]
