"""What becomes of rows whose handler fails: a pause, a dead letter, or not now."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from jobs import outbox
from jobs.models import OutboxRow
from jobs.outbox import enqueue, send_again, take, work_through
from jobs.registry import Job
from tests.jobs.conftest import Clock
from tests.jobs.desk import ask, ask_for, choke_on, effects, fail_once, leave_effect, not_now, only_row, rows, stamping

pytestmark = pytest.mark.django_db


@pytest.mark.databases_differ
def test_a_failure_takes_the_effect_back_and_keeps_the_error() -> None:
    ask("a")
    row = fail_once(stamping(choke_on("a")))
    assert effects() == []
    assert (row.lease, row.leased_until, row.died_at) == (None, None, None)
    assert "Poison" in row.last_error


def test_a_handler_that_commits_by_itself_keeps_what_it_committed() -> None:
    ask("a")
    fail_once(stamping(choke_on("a"), in_atomic=False))
    assert effects() == ["a"]


def test_each_failure_doubles_the_pause_up_to_an_hour_and_the_last_is_the_end(clock: Clock) -> None:
    ask("a")
    topic = stamping(choke_on("a"), attempts=13)
    pauses = []
    for attempt in range(1, 13):
        row = fail_once(topic)
        assert (row.attempts, row.died_at) == (attempt, None)
        pause = row.available_at - clock.now
        pauses.append(int(pause.total_seconds()))
        clock.now = row.available_at - timedelta(seconds=1)
        assert take(topic) == []
        clock.forward(seconds=1)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    row = fail_once(topic)
    assert (row.died_at, row.attempts, row.lease) == (clock.now, 13, None)
    assert "Poison" in row.last_error


def test_a_dead_row_is_left_alone_and_new_work_of_its_key_is_done(clock: Clock) -> None:
    ask("a", {"page": 1})
    fail_once(stamping(choke_on("a"), attempts=1))
    clock.forward(days=1)
    assert take(stamping()) == []
    ask("a", {"page": 2})
    assert work_through(stamping(), take(stamping()))
    assert effects() == ["a"]
    assert only_row().payload == {"page": 1}


@pytest.mark.parametrize("batch", [1, 5])
def test_attack_64_a_poisonous_row_is_set_aside_and_the_others_are_done(clock: Clock, batch: int) -> None:
    ask_for(5)
    topic = stamping(choke_on("002"), batch=batch, attempts=3)
    for _ in range(20):
        in_hand = take(topic)
        if in_hand:
            work_through(topic, in_hand)
        clock.forward(minutes=1)
    assert effects() == ["000", "001", "003", "004"]
    row = only_row()
    assert (row.key, row.attempts) == ("002", 3)
    assert row.died_at is not None


def test_attack_64_what_kills_every_worker_is_set_aside_and_takes_no_others_with_it(clock: Clock) -> None:
    class Killed(BaseException):
        """The worker ends in the middle; nothing behind the handler runs."""

    def kill(jobs: Sequence[Job]) -> None:
        leave_effect(jobs)
        if any(job.key == "002" for job in jobs):
            raise Killed

    ask_for(5)
    topic = stamping(kill, batch=5, attempts=3)
    deaths = 0
    for _ in range(30):
        in_hand = take(topic)
        if in_hand:
            try:
                work_through(topic, in_hand)
            except Killed:
                deaths += 1
        clock.forward(minutes=2)
    assert effects() == ["000", "001", "003", "004"]
    row = only_row()
    assert (row.key, deaths) == ("002", 3)
    assert row.died_at is not None
    assert row.last_error


def test_a_row_tried_before_is_taken_alone_the_fresh_together() -> None:
    ask_for(5)
    OutboxRow.objects.filter(key__in=["001", "003"]).update(attempts=1)
    topic = stamping(batch=4)
    taken = []
    while in_hand := take(topic):
        taken.append([row.key for row in in_hand])
        work_through(topic, in_hand)
    assert taken == [["000", "002"], ["001"], ["003"], ["004"]]


def test_a_failed_row_gives_way_to_newer_work_of_its_key() -> None:
    ask("a", {"page": 1})
    topic = stamping(choke_on("a"))
    in_hand = take(topic)
    ask("a", {"page": 2})
    work_through(topic, in_hand)
    row = only_row()
    assert (row.payload, row.attempts, row.lease) == ({"page": 2}, 0, None)


def test_a_row_that_dies_leaves_newer_work_of_its_key_alone() -> None:
    ask("a", {"page": 1})
    topic = stamping(choke_on("a"), attempts=1)
    in_hand = take(topic)
    ask("a", {"page": 2})
    work_through(topic, in_hand)
    assert [(row.payload["page"], row.died_at is None) for row in rows()] == [(1, False), (2, True)]


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("handler", [choke_on("a"), not_now])
def test_work_asked_for_at_the_very_moment_a_row_is_put_back_takes_its_place(
    handler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("a", {"page": 1})
    in_hand = take(stamping())
    original, asked = outbox._drop_superseded, list[bool]()

    def drop_and_be_overtaken(mine: Any) -> None:
        original(mine)
        if asked:
            return
        asked.append(True)
        if connection.vendor == "sqlite":
            # Here writers come one after the other: the nearest there is to it is the same transaction.
            enqueue("stamp", "a", {"page": 2})
            return

        def action() -> None:
            try:
                ask("a", {"page": 2})
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(action).result()

    monkeypatch.setattr(outbox, "_drop_superseded", drop_and_be_overtaken)
    assert not work_through(stamping(handler), in_hand)
    assert asked
    row = only_row()
    if connection.vendor == "sqlite":
        # The asking was undone with the transaction, as the action's would be: the old row waits.
        assert (row.payload, row.lease) == ({"page": 1}, None)
    else:
        assert (row.payload, row.lease) == ({"page": 2}, None)


# Not now, and again ------------------------------------------------------------------------------


@pytest.mark.databases_differ
def test_not_now_counts_no_attempt_and_leaves_no_effect(clock: Clock) -> None:
    ask("a")
    for _ in range(10):
        row = fail_once(stamping(not_now, attempts=2))
        assert (row.attempts, row.lease, row.died_at, row.last_error) == (0, None, None, "")
        assert take(stamping()) == []
        clock.forward(seconds=2)
    assert effects() == []
    assert len(take(stamping())) == 1


def test_not_now_puts_a_whole_batch_back() -> None:
    ask_for(3)
    topic = stamping(not_now, batch=3)
    work_through(topic, take(topic))
    assert [(row.attempts, row.lease) for row in rows()] == [(0, None)] * 3


def test_not_now_gives_way_to_newer_work_of_the_key() -> None:
    ask("a", {"page": 1})
    in_hand = take(stamping())
    ask("a", {"page": 2})
    work_through(stamping(not_now), in_hand)
    assert only_row().payload == {"page": 2}


@pytest.mark.databases_differ
def test_a_dead_row_sent_again_is_done_with_all_its_tries(clock: Clock) -> None:
    ask("a", {"page": 1})
    dead = fail_once(stamping(choke_on("a"), attempts=1))
    send_again(dead)
    row = only_row()
    assert (row.died_at, row.attempts, row.available_at) == (None, 0, clock.now)
    assert work_through(stamping(), take(stamping()))
    assert effects() == ["a"]


@pytest.mark.databases_differ
def test_a_dead_row_sent_again_gives_way_to_the_same_work_that_waits() -> None:
    ask("a", {"page": 1})
    dead = fail_once(stamping(choke_on("a"), attempts=1))
    ask("a", {"page": 2})
    send_again(dead)
    assert only_row().payload == {"page": 2}


def test_a_row_alive_is_not_sent_again(clock: Clock) -> None:
    ask("a")
    (in_hand,) = take(stamping())
    send_again(in_hand)
    row = only_row()
    assert (row.lease, row.attempts) == (in_hand.lease, 1)
