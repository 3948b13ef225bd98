"""The Celery application and its only task. Imported where TASKS=celery alone: nothing else knows Celery."""

from datetime import timedelta

from celery import Celery
from django.conf import settings
from kombu.entity import Queue
from kombu.exceptions import OperationalError

from jobs.registry import LANES, Topic
from jobs.relay import NotDelivered, work_on

app = Celery("hosodat", broker=settings.BROKER_URL)
app.conf.update(
    # The outbox keeps the promise: no results, no acknowledgements, no retries of Celery's own.
    task_ignore_result=True,
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    task_queues=[Queue(lane) for lane in LANES],
    task_default_queue=LANES[0],
    accept_content=["json"],
    enable_utc=True,
    timezone=settings.TIME_ZONE,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_timeout": 10, "socket_connect_timeout": 5},
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
)


@app.task(name="hosodat.work")  # type: ignore[untyped-decorator]  # celery has no types
def work(topic: str, ids: list[int]) -> None:
    work_on(topic, ids)


def deliver(topic: Topic, ids: list[int], worth: timedelta) -> None:
    """Puts a message on the queue of the topic's lane; it expires when the relay would hand the rows over again.

    Given nothing but a queue, Celery sends straight to it: a route through an exchange would be lost with Redis.
    """
    try:
        work.apply_async(
            args=[topic.name, ids],
            queue=topic.lane,
            expires=worth.total_seconds(),
            retry=False,
        )
    except (OperationalError, OSError) as reason:
        raise NotDelivered(str(reason)) from reason
