"""A registry of the tests' own and a clock they can turn."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jobs import registry
from jobs.worker import SCHEDULE_TOPIC


class Clock:
    """What `timezone.now` says; it stands still until it is turned."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: Any) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock()
    monkeypatch.setattr("django.utils.timezone.now", turned)
    return turned


@pytest.fixture(autouse=True)
def no_tasks_but_the_tests_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shipped topics and tasks don't run here; the topic that carries the schedule stays."""
    with monkeypatch.context() as patch:
        for known in (registry.TOPICS, registry.SCHEDULE):
            for name in set(known) - {SCHEDULE_TOPIC}:
                patch.delitem(known, name)
        yield
        registry.SCHEDULE.clear()
        for name in set(registry.TOPICS) - {SCHEDULE_TOPIC}:
            del registry.TOPICS[name]
