"""Packages register their handlers and tasks by name."""

from datetime import timedelta

import pytest

from jobs.registry import SCHEDULE, TOPICS, ScheduledTask, Topic, handles, scheduled
from tests.jobs.desk import leave_effect


def test_a_handler_is_registered_with_how_its_topic_is_done() -> None:
    assert handles("stamp", lane="slow", batch=5, attempts=2)(leave_effect) is leave_effect
    assert TOPICS["stamp"] == Topic("stamp", leave_effect, lane="slow", batch=5, attempts=2)


def test_a_lane_nobody_works_in_is_refused() -> None:
    with pytest.raises(ValueError, match="stamp"):
        handles("stamp", lane="slwo")(leave_effect)
    assert "stamp" not in TOPICS


def test_a_task_is_registered_with_its_pace() -> None:
    def sweep() -> None:
        """Sweeps."""

    assert scheduled("sweep", every=timedelta(hours=1))(sweep) is sweep
    assert SCHEDULE["sweep"] == ScheduledTask("sweep", timedelta(hours=1), sweep)
