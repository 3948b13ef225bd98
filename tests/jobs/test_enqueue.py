"""Asking for work: in the action's transaction, once for each key."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jobs.models import OutboxRow
from jobs.outbox import OutsideTransaction, enqueue, take, waiting_count, work_through
from tests.jobs.conftest import Clock
from tests.jobs.desk import ask, only_row, rows, stamping

pytestmark = pytest.mark.django_db


class GivesUp(Exception):
    """The action rolls back."""


@pytest.mark.django_db(transaction=True)
def test_asking_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        enqueue("stamp", "a")
    assert rows() == []


def test_work_asked_for_by_an_action_that_rolls_back_is_not_done() -> None:
    with pytest.raises(GivesUp), transaction.atomic():
        enqueue("stamp", "a")
        raise GivesUp
    assert take(stamping()) == []


def test_asking_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(2):
        with django_assert_num_queries(1):
            enqueue("stamp", "a", {"page": 1})


def test_work_asked_for_twice_waits_once_with_the_newest_payload() -> None:
    ask("a", {"page": 1, "only": "first"})
    ask("a", {"page": 2})
    row = only_row()
    assert (row.payload, row.generation, row.attempts) == ({"page": 2}, 2, 0)


def test_other_keys_and_topics_are_other_work() -> None:
    ask("a")
    ask("b")
    ask("a", topic="file")
    assert len(rows()) == 3
    assert [row.key for row in take(stamping(batch=10))] == ["a", "b"]


def test_a_payload_may_hold_dates_and_vietnamese() -> None:
    ask("a", {"day": date(2026, 11, 9), "name": "Đỗ Thị Lan Chi"})
    assert only_row().payload == {"day": "2026-11-09", "name": "Đỗ Thị Lan Chi"}


@pytest.mark.databases_differ
def test_the_database_itself_refuses_a_second_waiting_row() -> None:
    ask("a")
    moment = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxRow.objects.create(topic="stamp", key="a", created_at=moment, available_at=moment)


@pytest.mark.databases_differ
def test_a_row_in_hand_doesnt_keep_new_work_from_being_asked_for() -> None:
    ask("a", {"page": 1})
    (in_hand,) = take(stamping())
    ask("a", {"page": 2})
    ask("a", {"page": 3})
    in_hand.refresh_from_db()
    waiting = OutboxRow.objects.get(lease__isnull=True)
    assert (in_hand.payload, waiting.payload, waiting.generation) == ({"page": 1}, {"page": 3}, 2)


@pytest.mark.databases_differ
def test_work_asked_for_while_it_is_done_is_done_once_more() -> None:
    ask("a")
    in_hand = take(stamping())
    ask("a")
    assert work_through(stamping(), in_hand)
    (again,) = take(stamping())
    assert again.attempts == 1


def test_work_for_later_is_not_taken_before(clock: Clock) -> None:
    ask("a", at=clock.now + timedelta(hours=1))
    assert take(stamping()) == []
    clock.forward(minutes=60)
    assert len(take(stamping())) == 1


@pytest.mark.databases_differ
@pytest.mark.parametrize("hours", [(1, 0), (0, 1), (2, 1), (1, 2)])
def test_asked_for_at_two_moments_it_is_done_at_the_earlier(clock: Clock, hours: tuple[int, int]) -> None:
    for number in hours:
        ask("a", {"hours": number}, at=clock.now + timedelta(hours=number))
    row = only_row()
    assert row.available_at == clock.now + timedelta(hours=min(hours))
    assert row.payload == {"hours": hours[-1]}


def test_asking_again_doesnt_cut_the_pause_after_a_failure_short(clock: Clock) -> None:
    ask("a")
    OutboxRow.objects.update(attempts=3, available_at=clock.now + timedelta(minutes=20))
    ask("a", {"page": 2})
    row = only_row()
    assert (row.available_at, row.attempts) == (clock.now + timedelta(minutes=20), 3)
    assert row.payload == {"page": 2}


def test_what_waits_is_counted_by_topic_without_the_dead() -> None:
    ask("a")
    ask("b")
    ask("a", topic="file")
    take(stamping())
    OutboxRow.objects.filter(key="b").update(died_at=timezone.now())
    assert (waiting_count(), waiting_count(["stamp"]), waiting_count([])) == (2, 1, 0)
