"""A worker that works long stays alive in the eyes of the others; one that hangs does not."""

import time
from collections.abc import Sequence
from datetime import timedelta
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs import moments
from jobs.models import OutboxRow
from jobs.outbox import take, work_through
from jobs.registry import Job
from tests.jobs.desk import ask, effects, leave_effect, only_row, rows, stamping

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

SHORT = timedelta(milliseconds=600)


def two_leases_later(row: OutboxRow) -> bool:
    """Whether the row's lease has run out twice over had nobody renewed it."""
    assert row.leased_until is not None
    return timezone.now() > row.leased_until + SHORT


@pytest.mark.parametrize("in_atomic", [True, False])
def test_attack_65_nobody_takes_over_what_is_worked_on_however_long_it_takes(in_atomic: bool) -> None:  # noqa: FBT001
    ask("a")
    begun, may_end, done = Event(), Event(), list[bool]()

    def handler(jobs: Sequence[Job]) -> None:
        begun.set()
        assert may_end.wait(20)
        with transaction.atomic():
            leave_effect(jobs)

    topic = stamping(handler, lease=SHORT, in_atomic=in_atomic)
    first = take(topic)

    def work() -> None:
        try:
            done.append(work_through(topic, first))
        finally:
            connection.close()

    worker = Thread(target=work)
    worker.start()
    assert begun.wait(10)
    if connection.vendor == "sqlite" and in_atomic:
        # Its transaction holds the only writer there is: nobody could take anything in hand.
        may_end.set()
    while not may_end.is_set():
        assert take(topic) == []
        if two_leases_later(first[0]):
            may_end.set()
        time.sleep(0.02)
    worker.join()
    assert (done, effects(), rows()) == ([True], ["a"], [])


def test_what_hangs_is_taken_over_when_it_has_hung_long_enough() -> None:
    ask("a")
    released = Event()

    def hang(jobs: Sequence[Job]) -> None:
        released.wait(20)

    topic = stamping(hang, lease=SHORT, longest=SHORT, in_atomic=False)
    first = take(topic)

    def work() -> None:
        try:
            work_through(topic, first)
        finally:
            connection.close()

    hanging = Thread(target=work)
    hanging.start()
    heir: list[OutboxRow] = []
    for _ in range(500):
        heir = take(stamping())
        if heir:
            break
        time.sleep(0.02)
    assert [row.attempts for row in heir] == [2]
    released.set()
    hanging.join()
    # It comes to its end too late, and changes nothing on the row of its heir.
    assert only_row().lease == heir[0].lease
    assert work_through(stamping(), heir)
    assert (effects(), rows()) == (["a"], [])


def test_a_beat_that_comes_late_leaves_the_row_of_another_alone() -> None:
    ask("a")
    topic = stamping(lease=SHORT)
    (row,) = take(topic)
    OutboxRow.objects.update(lease=uuid4(), leased_until=None)
    ended = Event()

    def handler(jobs: Sequence[Job]) -> None:
        time.sleep(SHORT.total_seconds())
        ended.set()

    assert not work_through(stamping(handler, lease=SHORT, in_atomic=False), [row])
    assert ended.is_set()
    assert only_row().leased_until is None


def test_attack_72_a_machine_whose_clock_is_wrong_takes_nothing_over_and_keeps_nothing_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor == "sqlite":
        assert moments.now() - timezone.now() < timedelta(seconds=5), "one machine has one clock"
        return
    monkeypatch.setattr(moments, "_measured", None)
    real = timezone.now

    def clock_goes(ahead: timedelta) -> None:
        monkeypatch.setattr(moments, "_measured", None)
        monkeypatch.setattr("django.utils.timezone.now", lambda: real() + ahead)

    clock_goes(timedelta(hours=2))
    ask("a")
    clock_goes(timedelta())
    topic = stamping()
    in_hand = take(topic)
    assert [row.key for row in in_hand] == ["a"], "what a fast clock asked for is due at once"
    for ahead in (timedelta(hours=2), timedelta(hours=-2)):
        clock_goes(ahead)
        assert take(topic) == [], "its lease has not run out, whatever this machine's clock says"
    assert work_through(topic, in_hand)
    clock_goes(timedelta(hours=-2))
    ask("b")
    clock_goes(timedelta())
    assert work_through(topic, take(topic))
    assert effects() == ["a", "b"]


def test_the_difference_of_the_clocks_is_measured_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(moments, "_measured", None)
    with django_assert_num_queries(0 if connection.vendor == "sqlite" else 1):
        moments.now()
        moments.now()
