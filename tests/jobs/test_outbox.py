"""Taking work in hand and ending it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jobs.models import OutboxRow
from jobs.outbox import take, work_through
from jobs.registry import Job
from jobs.worker import drain_once
from tests.jobs.conftest import Clock
from tests.jobs.desk import ask, ask_for, choke_on, effects, leave_effect, only_row, rows, stamping

pytestmark = pytest.mark.django_db


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


def test_a_topic_nobody_handles_is_left_waiting() -> None:
    ask("a", topic="unknown")
    assert drain_once() == 0
    assert only_row().attempts == 0
