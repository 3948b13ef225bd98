"""Messages through a real Redis, taken off the queue and worked on by the test itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty

import redis
from kombu.connection import Connection

from jobs.by_celery import app, deliver
from jobs.relay import Relay, work_on
from tests.servers import redis_url


@contextmanager
def redis_of_its_own() -> Iterator[str]:
    """Celery's application speaks, from here on, to a database of Redis that is empty before and after."""
    app.conf.broker_url = url = redis_url()
    flush(url)
    try:
        yield url
    finally:
        flush(url)


def flush(url: str) -> None:
    """Redis loses everything."""
    with redis.Redis.from_url(url) as client:
        client.flushdb()


def messages(lane: str) -> int:
    """How many messages wait on the lane's queue."""
    with redis.Redis.from_url(app.conf.broker_url) as client:
        return int(client.llen(lane))


def take_messages() -> Iterator[tuple[str, list[int]]]:
    """What waits on the queues: topic and ids of each message."""
    with Connection(app.conf.broker_url) as connection:
        for lane in app.conf.task_queues:
            with connection.SimpleQueue(lane) as queue:
                while True:
                    try:
                        message = queue.get(block=False)
                    except Empty:
                        break
                    (topic, ids), _keywords, _embedded = message.payload
                    message.ack()
                    yield topic, ids


def drain_through_redis() -> None:
    """Hands over and works until nothing that is due is left."""
    relay = Relay(deliver)
    while relay.hand_over() + sum(work_on(topic, ids) for topic, ids in take_messages()):
        pass
