"""The relay hands over ids; what becomes of a message never decides what becomes of the work."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from jobs.by_celery import deliver
from jobs.models import OutboxRow
from jobs.outbox import take, work_through
from jobs.registry import TOPICS, Job, NotNow, Topic, handles, scheduled
from jobs.relay import PATIENCE, WINDOW, NotDelivered, Relay, work_on
from jobs.worker import tick
from tests.jobs.carrying import drain_through_redis, flush, messages, redis_of_its_own, take_messages
from tests.jobs.conftest import Clock
from tests.jobs.desk import ask, ask_for, choke_on, effects, leave_effect, only_row, rows

pytestmark = pytest.mark.django_db

Sent = list[tuple[str, list[int]]]


@pytest.fixture
def redis_there() -> Iterator[str]:
    with redis_of_its_own() as url:
        yield url


@pytest.fixture
def sent() -> Sent:
    return []


@pytest.fixture
def relay(sent: Sent) -> Relay:
    """Its messages are noted, not sent."""

    def note(topic: Topic, ids: list[int], worth: timedelta) -> None:
        sent.append((topic.name, ids))

    return Relay(note)


def ids_of(*keys: str) -> list[int]:
    return [OutboxRow.objects.get(key=key).pk for key in keys]


# Handing over --------------------------------------------------------------------------------------


def test_what_is_due_is_handed_over_once_in_the_order_it_was_due(clock: Clock, relay: Relay, sent: Sent) -> None:
    handles("stamp", batch=2)(leave_effect)
    for key, minutes in (("c", 3), ("a", 9), ("b", 5)):
        ask(key, at=clock.now - timedelta(minutes=minutes))
    ask("later", at=clock.now + timedelta(minutes=1))
    assert (relay.hand_over(), relay.hand_over()) == (3, 0)
    assert sent == [("stamp", ids_of("a", "b")), ("stamp", ids_of("c"))]


def test_what_no_worker_took_is_handed_over_again_when_patience_is_at_an_end(
    clock: Clock, relay: Relay, sent: Sent
) -> None:
    handles("stamp")(leave_effect)
    ask("a")
    relay.hand_over()
    clock.now += PATIENCE - timedelta(seconds=1)
    assert relay.hand_over() == 0
    clock.forward(seconds=1)
    assert relay.hand_over() == 1
    assert sent == [("stamp", ids_of("a"))] * 2


def test_what_is_in_hand_is_not_handed_over_until_its_lease_runs_out(clock: Clock, relay: Relay) -> None:
    handles("stamp", lease=timedelta(minutes=5))(leave_effect)
    ask("a")
    relay.hand_over()
    take(TOPICS["stamp"], ids_of("a"))
    clock.forward(minutes=4)
    assert relay.hand_over() == 0
    clock.forward(minutes=1)
    assert relay.hand_over() == 1


def test_the_successor_of_what_is_in_hand_waits_for_its_end(clock: Clock, relay: Relay) -> None:
    handles("stamp")(leave_effect)
    ask("a", {"page": 1})
    relay.hand_over()
    in_hand = take(TOPICS["stamp"], ids_of("a"))
    ask("a", {"page": 2})
    assert relay.hand_over() == 0
    work_through(TOPICS["stamp"], in_hand)
    assert relay.hand_over() == 1


def test_a_row_tried_before_goes_alone(relay: Relay, sent: Sent) -> None:
    handles("stamp", batch=10)(leave_effect)
    ask_for(4)
    OutboxRow.objects.filter(key="001").update(attempts=1)
    relay.hand_over()
    assert sent == [("stamp", ids_of(*keys)) for keys in (["000"], ["001"], ["002", "003"])]


@pytest.mark.parametrize("tried", ["", "000"])
def test_of_a_topic_done_alone_one_message_is_under_way(clock: Clock, relay: Relay, sent: Sent, tried: str) -> None:
    handles("stamp", batch=2, alone=True)(leave_effect)
    ask_for(4)
    OutboxRow.objects.filter(key=tried).update(attempts=1)
    expected = ids_of("000") if tried else ids_of("000", "001")
    assert (relay.hand_over(), relay.hand_over()) == (len(expected), 0)
    assert sent == [("stamp", expected)]
    in_hand = take(TOPICS["stamp"], expected)
    assert relay.hand_over() == 0
    work_through(TOPICS["stamp"], in_hand)
    assert relay.hand_over() == 2


def test_no_more_than_a_window_of_messages_is_under_way(clock: Clock, relay: Relay, sent: Sent) -> None:
    handles("stamp")(leave_effect)
    ask_for(WINDOW + 5)
    assert (relay.hand_over(), relay.hand_over()) == (WINDOW, 0)
    for topic, ids in sent[:5]:
        work_on(topic, ids)
    assert relay.hand_over() == 5


def test_a_broker_that_is_down_holds_nothing_back(clock: Clock) -> None:
    def down(topic: Topic, ids: list[int], worth: timedelta) -> None:
        raise NotDelivered("no route")

    handles("stamp")(leave_effect)
    ask_for(3)
    with pytest.raises(NotDelivered):
        Relay(down).hand_over()
    assert not OutboxRow.objects.filter(handed_until__isnull=False).exists()
    arrived: list[int] = []
    assert Relay(lambda topic, ids, worth: arrived.extend(ids)).hand_over() == 3
    assert len(arrived) == 3


# What the worker does with a message ---------------------------------------------------------------


@pytest.mark.usefixtures("redis_there")
def test_attack_66_what_redis_lost_is_handed_over_again_and_done_once(clock: Clock, redis_there: str) -> None:
    handles("stamp", batch=2)(leave_effect)
    ask_for(5)
    relay = Relay(deliver)
    assert (relay.hand_over(), messages("quick")) == (5, 3)
    flush(redis_there)
    drain_through_redis()
    assert (effects(), len(rows())) == ([], 5)
    clock.now += PATIENCE
    drain_through_redis()
    assert (effects(), rows()) == (["000", "001", "002", "003", "004"], [])


@pytest.mark.usefixtures("redis_there")
def test_attack_63_what_is_delivered_twice_is_done_once() -> None:
    handles("stamp", batch=2)(leave_effect)
    ask_for(5)
    Relay(deliver).hand_over()
    for topic, ids in list(take_messages()) * 2:
        work_on(topic, ids)
    assert (effects(), rows()) == (["000", "001", "002", "003", "004"], [])


@pytest.mark.usefixtures("redis_there")
def test_a_message_carries_names_and_numbers_alone() -> None:
    handles("stamp", lane="slow")(leave_effect)
    ask("hồ sơ", {"name": "Đỗ Thị Lan Chi"})
    Relay(deliver).hand_over()
    assert (messages("slow"), messages("quick")) == (1, 0)
    assert list(take_messages()) == [("stamp", ids_of("hồ sơ"))]


def test_a_message_for_work_another_has_in_hand_does_nothing(clock: Clock) -> None:
    handles("stamp")(leave_effect)
    ask("a")
    in_hand = take(TOPICS["stamp"])
    assert work_on("stamp", [in_hand[0].pk]) == 0
    assert only_row().lease == in_hand[0].lease


def test_a_message_for_a_row_that_must_wait_does_nothing(clock: Clock) -> None:
    handles("stamp")(choke_on("a"))
    ask("a")
    pk = only_row().pk
    assert (work_on("stamp", [pk]), work_on("stamp", [pk])) == (1, 0)
    assert only_row().attempts == 1


def test_what_a_worker_could_not_take_just_now_is_handed_over_again_at_once(clock: Clock, relay: Relay) -> None:
    handles("stamp")(leave_effect)
    ask("a", {"page": 1})
    in_hand = take(TOPICS["stamp"])
    ask("a", {"page": 2})
    successor = OutboxRow.objects.get(lease=None)
    OutboxRow.objects.filter(pk=successor.pk).update(handed_until=clock.now + PATIENCE)
    assert work_on("stamp", [successor.pk]) == 0
    work_through(TOPICS["stamp"], in_hand)
    assert relay.hand_over() == 1


@pytest.mark.parametrize("row", [10**9, 0])
def test_a_message_for_nothing_does_nothing(row: int) -> None:
    handles("stamp")(leave_effect)
    assert work_on("stamp", [row]) == 0
    assert work_on("a topic of tomorrow", [row]) == 0


def test_not_now_lets_the_row_be_handed_over_a_little_later(clock: Clock, relay: Relay) -> None:
    @handles("stamp", alone=True)
    def stamp(jobs: Sequence[Job]) -> None:
        raise NotNow

    ask("a")
    relay.hand_over()
    work_on("stamp", ids_of("a"))
    assert relay.hand_over() == 0
    clock.forward(seconds=2)
    assert relay.hand_over() == 1


def test_poison_is_set_aside_through_celery_too(clock: Clock, relay: Relay, sent: Sent) -> None:
    handles("stamp", attempts=3, batch=5)(choke_on("002"))
    ask_for(5)
    for _ in range(20):
        relay.hand_over()
        while sent:
            work_on(*sent.pop(0))
        clock.forward(minutes=1)
    assert effects() == ["000", "001", "003", "004"]
    assert (only_row().key, only_row().attempts) == ("002", 3)
    assert only_row().died_at is not None


# The schedule and the command ----------------------------------------------------------------------


def test_the_schedule_is_carried_as_all_work_is(clock: Clock, relay: Relay, sent: Sent) -> None:
    runs: list[Any] = []
    scheduled("sweep", every=timedelta(minutes=10))(lambda: runs.append(clock.now))
    for _ in range(21):
        tick()
        relay.hand_over()
        while sent:
            work_on(*sent.pop(0))
        clock.forward(minutes=1)
    assert len(runs) == 3


def test_without_celery_there_is_nothing_to_relay(settings: Any) -> None:
    settings.TASKS = "database"
    with pytest.raises(CommandError, match=r"manage\.py work"):
        call_command("relay")


def test_a_relay_goes_on_when_the_broker_comes_back(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    handles("stamp")(leave_effect)
    ask("a")
    asked: list[str] = []

    def moody(topic: Topic, ids: list[int], worth: timedelta) -> None:
        asked.append(str(uuid4()))
        if len(asked) == 1:
            raise NotDelivered("not yet")
        stubborn.stop()

    stubborn = Relay(moody, idle=timedelta(milliseconds=1))
    monkeypatch.setattr("jobs.relay.close_old_connections", lambda: None)
    monkeypatch.setattr("jobs.relay.connections", Unclosed())
    stubborn.run()
    assert len(asked) == 2


class Unclosed:
    """Stands for the connections: the test's own must stay open."""

    close_all: Callable[[], None] = staticmethod(lambda: None)
