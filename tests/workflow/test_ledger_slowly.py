"""The reckoning of a ledger against a slow calculator that walks through days and minutes.

`CLOCK_EXAMPLES` asks for more examples than an ordinary run draws; `make bench BENCH=clock_cases` tries many more,
without drawing them one by one.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings

from tests.workflow.clock_cases import ClockCase, case_by_seed, clock_cases, differences
from tests.workflow.slow_clock import A_DAY, SlowClock
from workflow.clock.ledger import Entry, EntryKind, LimitUnit

EXAMPLES = int(os.environ.get("CLOCK_EXAMPLES", "2000"))


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(clock_cases())
def test_the_reckoning_agrees_with_a_slow_calculator(case: ClockCase) -> None:
    assert differences(case) == []


def test_chance_brings_every_kind_of_entry_limit_and_edit() -> None:
    """Else agreement would prove little."""
    found = [case_by_seed(seed) for seed in range(400)]
    entries = [entry for case in found for entry in case.entries]
    assert {entry.kind for entry in entries} == set(EntryKind)
    assert {entry.unit for entry in entries} == set(LimitUnit)
    assert {0, 120, 240} < {entry.limit for entry in entries}
    assert any(entry.at.time() > case.late_after for case in found for entry in case.entries[:1])
    assert any(first.kind == then.kind == EntryKind.PAUSE for case in found for first, then in _pairs(case))
    assert any(first.at > then.at for case in found for first, then in _pairs(case))
    assert {bool(case.edited) for case in found} == {True, False}


def _pairs(case: ClockCase) -> list[tuple[Entry, Entry]]:
    return list(zip(case.entries, case.entries[1:], strict=False))


def test_a_wrong_reckoning_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow calculator that counts the rest of the first day differs soon."""

    def rest_of_day(clock: SlowClock, minute: int) -> int:
        return minute // A_DAY

    assert not any(differences(case_by_seed(seed)) for seed in range(20))
    monkeypatch.setattr(SlowClock, "_day_of_receipt", rest_of_day)
    assert any(_differs_or_fails(seed) for seed in range(20))


def _differs_or_fails(seed: int) -> bool:
    try:
        return bool(differences(case_by_seed(seed)))
    except KeyError:
        # It begins on a day off, which has no closing.
        return True
