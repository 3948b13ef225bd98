"""Taking work in hand and ending it: leases, retries, dead letters."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jobs import outbox
from jobs.models import OutboxRow
from jobs.outbox import enqueue, send_again, take, work_through
from jobs.registry import Job, NotNow, Topic
from jobs.worker import drain_once
from tests.jobs.conftest import Clock
from tests.jobs.desk import ask, ask_for, effects, leave_effect, only_row, rows, stamping

pytestmark = pytest.mark.django_db


class Poison(Exception):
    """What a handler chokes on."""


def choke_on(*keys: str) -> Any:
    """A handler that leaves its effects, then fails if one of the keys is among the jobs."""

    def handler(jobs: Sequence[Job]) -> None:
        leave_effect(jobs)
        if any(job.key in keys for job in jobs):
            raise Poison(*keys)

    return handler


def not_now(jobs: Sequence[Job]) -> None:
    leave_effect(jobs)
    raise NotNow


def fail_once(topic: Topic) -> OutboxRow:
    """Takes the only row in hand and fails with it."""
    in_hand = take(topic)
    assert len(in_hand) == 1
    assert not work_through(topic, in_hand)
    return only_row()


# Taking ------------------------------------------------------------------------------------------


def test_rows_are_taken_by_the_moment_they_were_due(clock: Clock) -> None:
    for key, minutes in (("c", 3), ("a", 9), ("d", 3), ("b", 5)):
        ask(key, at=clock.now - timedelta(minutes=minutes))
    taken = [take(stamping(batch=3)), take(stamping(batch=3))]
    assert [[row.key for row in part] for part in taken] == [["a", "b", "c"], ["d"]]


def test_a_row_in_hand_is_nobody_elses() -> None:
    ask_for(3)
    assert [len(take(stamping(batch=2))) for _ in range(3)] == [2, 1, 0]


def test_a_row_in_hand_says_whose_until_when_and_which_try_it_is(clock: Clock) -> None:
    ask()
    (row,) = take(stamping(lease=timedelta(minutes=15)))
    stored = only_row()
    assert stored.lease == row.lease is not None
    assert (stored.leased_until, stored.attempts) == (clock.now + timedelta(minutes=15), 1)


@pytest.mark.databases_differ
def test_two_rows_of_a_key_are_never_in_hand_together(clock: Clock) -> None:
    ask("a", {"page": 1})
    late = take(stamping())
    ask("a", {"page": 2})
    assert take(stamping()) == []
    clock.forward(minutes=5)
    # The first worker is silent: its row is taken over, its successor still waits.
    (heir,) = take(stamping(batch=10))
    assert (heir.pk, heir.payload) == (late[0].pk, {"page": 1})
    assert take(stamping()) == []
    assert work_through(stamping(), [heir])
    (successor,) = take(stamping())
    assert successor.payload == {"page": 2}


@pytest.mark.databases_differ
def test_the_database_itself_refuses_a_second_row_in_hand() -> None:
    ask("a")
    take(stamping())
    ask("a")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxRow.objects.filter(lease__isnull=True).update(lease="00000000-0000-0000-0000-000000000001")


@pytest.mark.databases_differ
def test_a_lease_that_ran_out_is_taken_over(clock: Clock) -> None:
    ask()
    (first,) = take(stamping(lease=timedelta(minutes=2)))
    clock.forward(seconds=119)
    assert take(stamping()) == []
    clock.forward(seconds=1)
    (heir,) = take(stamping())
    assert heir.pk == first.pk
    assert heir.lease != first.lease
    assert heir.attempts == 2


def test_a_topic_done_alone_is_in_one_workers_hands(clock: Clock) -> None:
    ask_for(3)
    index = stamping(alone=True, batch=2)
    in_hand = take(index)
    assert take(index) == []
    assert take(stamping(alone=False)) != []
    OutboxRow.objects.filter(key="002").update(lease=None, leased_until=None)
    assert work_through(index, in_hand)
    assert len(take(index)) == 1


def test_a_topic_done_alone_goes_on_when_its_worker_is_silent(clock: Clock) -> None:
    ask_for(3)
    index = stamping(alone=True, batch=2)
    take(index)
    clock.forward(minutes=2)
    assert [row.key for row in take(index)] == ["000"]


# Ending ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_atomic", [True, False])
def test_work_done_leaves_its_effect_and_no_row(in_atomic: bool) -> None:  # noqa: FBT001 a case
    ask_for(3)

    def handler(jobs: Sequence[Job]) -> None:
        with transaction.atomic():
            leave_effect(jobs)

    topic = stamping(handler, batch=5, in_atomic=in_atomic)
    assert work_through(topic, take(topic))
    assert (effects(), rows()) == (["000", "001", "002"], [])


def test_a_handler_is_told_the_key_what_was_asked_and_which_try_it_is() -> None:
    told: list[Job] = []
    ask("a", {"page": 4})
    topic = stamping(told.extend)
    work_through(topic, take(topic))
    assert told == [Job("a", {"page": 4}, 1)]


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_attack_65_a_worker_that_comes_too_late_leaves_no_effect(clock: Clock) -> None:
    ask("a")
    topic = stamping()
    late = take(topic)
    clock.forward(minutes=5)
    heir = take(topic)
    assert not work_through(topic, late)
    assert effects() == []
    assert only_row().lease == heir[0].lease
    assert work_through(topic, heir)
    assert (effects(), rows()) == (["a"], [])
    assert not work_through(topic, late)
    assert effects() == ["a"]


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_attack_65_a_batch_of_which_another_took_a_part_leaves_no_effect_at_all(clock: Clock) -> None:
    ask_for(3)
    late = take(stamping(batch=3))
    clock.forward(minutes=5)
    heir = take(stamping(batch=1))
    assert not work_through(stamping(batch=3), late)
    assert effects() == []
    assert work_through(stamping(), heir)
    assert effects() == ["000"]


def test_a_late_worker_that_fails_counts_nothing_on_its_heirs_row(clock: Clock) -> None:
    ask("a")
    topic = stamping(choke_on("a"), attempts=1)
    late = take(topic)
    clock.forward(minutes=5)
    (heir,) = take(topic)
    assert not work_through(topic, late)
    row = only_row()
    assert (row.lease, row.died_at, row.last_error) == (heir.lease, None, "")


# Failing -----------------------------------------------------------------------------------------


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


def test_a_topic_nobody_handles_is_left_waiting() -> None:
    ask("a", topic="unknown")
    assert drain_once() == 0
    assert only_row().attempts == 0
