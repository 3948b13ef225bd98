"""An office whose processes are killed at random moments loses, doubles and forks nothing."""

from pathlib import Path

import pytest

from tests.jobs.processes import database_url
from tests.kill.battle import fight

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

KILLS = 50


def test_attack_55_to_58_and_63_fifty_kills_lose_double_and_fork_nothing(tmp_path: Path) -> None:
    outcome = fight(tmp_path, database_url(), kills=KILLS, every=0.7, seed=55)
    print(outcome)  # noqa: T201 shown when it fails
    assert outcome.faults == []
    assert sum(outcome.killed.values()) >= KILLS
    # It was no idle office that was killed.
    assert outcome.counts["dossiers"] >= 1
    assert outcome.counts["steps"] >= 1
