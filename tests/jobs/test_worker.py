"""Workers drain the outbox and tick the schedule, however many there are."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event, current_thread
from time import sleep
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from jobs.models import OutboxRow, ScheduledRun
from jobs.outbox import enqueue
from jobs.registry import LANES, SCHEDULE, Job, NotNow, handles, scheduled
from jobs.worker import SCHEDULE_TOPIC, Worker, drain, drain_once, tick
from tests.jobs.carrying import drain_through_redis, redis_of_its_own
from tests.jobs.conftest import Clock
from tests.jobs.desk import ask, ask_for, effects, leave_effect, rows

at_once = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]


def in_threads(count: int, work: Callable[[], Any]) -> None:
    """Runs `work` in so many threads that start together."""
    start = Barrier(count)

    def one() -> None:
        try:
            start.wait(10)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        for ended in [pool.submit(one) for _ in range(count)]:
            ended.result()


@pytest.fixture(params=["database", "celery"])
def carried(request: pytest.FixtureRequest) -> Iterator[Callable[[], object]]:
    """Does all the work that is due, as `manage.py work` does it, or handed over through a real Redis."""
    if request.param == "database":
        yield drain
        return
    with redis_of_its_own():
        yield drain_through_redis


# Draining ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_draining_once_takes_one_batch_of_each_topic() -> None:
    handles("stamp", batch=2)(leave_effect)
    handles("file")(leave_effect)
    ask_for(3)
    ask("b", topic="file")
    assert drain_once() == 3
    assert effects() == ["000", "001", "b"]


@pytest.mark.django_db
def test_draining_some_topics_leaves_the_others() -> None:
    handles("stamp")(leave_effect)
    handles("file")(leave_effect)
    ask("a")
    ask("b", topic="file")
    drain(["file"])
    assert effects() == ["b"]


@pytest.mark.django_db
def test_draining_does_what_the_work_itself_asks_for(carried: Callable[[], object]) -> None:
    @handles("stamp")
    def stamp(jobs: Sequence[Job]) -> None:
        enqueue("file", jobs[0].key)

    handles("file")(leave_effect)
    ask_for(3)
    carried()
    assert effects() == ["000", "001", "002"]
    assert rows() == []


@pytest.mark.django_db
def test_draining_ends_though_something_always_says_not_now_and_something_fails(
    carried: Callable[[], object],
) -> None:
    @handles("stamp")
    def stamp(jobs: Sequence[Job]) -> None:
        raise NotNow

    @handles("file")
    def file(jobs: Sequence[Job]) -> None:
        raise RuntimeError("no such drawer")

    ask("a")
    ask("b", topic="file")
    carried()
    assert [row.attempts for row in rows()] == [0, 1]


@pytest.mark.django_db
def test_the_command_ends_when_nothing_is_left_to_do() -> None:
    handles("stamp", batch=2)(leave_effect)
    ask_for(5)
    call_command("work", "--until-idle")
    assert (len(effects()), rows()) == (5, [])


class TestSeveralWorkers:
    pytestmark = at_once

    def test_they_drain_three_hundred_rows_each_exactly_once(self, carried: Callable[[], object]) -> None:
        handles("stamp", batch=10)(leave_effect)
        ask_for(300)
        in_threads(4, carried)
        assert effects() == [f"{number:03d}" for number in range(300)]
        assert rows() == []

    def test_what_some_of_them_fail_with_at_first_is_done_once_all_the_same(
        self, carried: Callable[[], object]
    ) -> None:
        @handles("stamp", batch=5)
        def stamp(jobs: Sequence[Job]) -> None:
            leave_effect(jobs)
            if any(int(job.key) % 7 == 0 and job.attempt < 3 for job in jobs):
                raise RuntimeError("not at the first try")

        ask_for(30)
        for _ in range(3):
            in_threads(3, carried)
            OutboxRow.objects.filter(topic="stamp").update(available_at="2020-01-01T00:00:00Z")
        assert effects() == [f"{number:03d}" for number in range(30)]

    def test_work_asked_for_while_they_drain_is_not_lost(self, carried: Callable[[], object]) -> None:
        handles("stamp")(leave_effect)
        asked = Event()

        def clerk() -> None:
            try:
                for turn in range(20):
                    ask(f"{turn % 4}", {"turn": turn})
            finally:
                asked.set()
                connection.close()

        def work() -> None:
            while not asked.is_set():
                carried()
            carried()

        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(clerk)
            in_threads(2, work)
            asking.result()
        done = OutboxRow.objects.filter(topic="effect").values_list("payload", flat=True)
        # Merged or not, what was asked last for each key was done.
        assert {payload["turn"] for payload in done} >= {16, 17, 18, 19}
        assert rows() == []

    def test_they_never_work_on_one_key_together(self, carried: Callable[[], object]) -> None:
        at_work: list[str] = []
        clashes: list[str] = []

        @handles("stamp", in_atomic=False)
        def stamp(jobs: Sequence[Job]) -> None:
            (job,) = jobs
            if job.key in at_work:
                clashes.append(job.key)
            at_work.append(job.key)
            with transaction.atomic():
                if job.payload["left"]:
                    enqueue("stamp", job.key, {"left": job.payload["left"] - 1})
            at_work.remove(job.key)

        for key in ("a", "b"):
            ask(key, {"left": 15})
        in_threads(4, carried)
        carried()
        assert (clashes, rows()) == ([], [])

    def test_one_of_them_runs_what_the_schedule_has_due(self) -> None:
        runs: list[str] = []
        for name in ("sweep", "count"):
            scheduled(name, every=timedelta(hours=1))(partial(runs.append, name))
        in_threads(6, tick)
        in_threads(3, drain)
        assert sorted(runs) == ["count", "sweep"]
        ScheduledRun.objects.update(next_at="2020-01-01T00:00:00Z")
        in_threads(6, tick)
        in_threads(3, drain)
        assert sorted(runs) == ["count", "count", "sweep", "sweep"]


# The schedule ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_task_runs_at_once_and_then_at_its_pace(clock: Clock) -> None:
    runs: list[Any] = []
    scheduled("sweep", every=timedelta(minutes=10))(lambda: runs.append(clock.now))
    start = clock.now
    for _ in range(25):
        tick()
        drain()
        clock.forward(minutes=1)
    assert [(run - start).seconds // 60 for run in runs] == [0, 10, 20]


@pytest.mark.django_db
def test_a_task_that_was_due_several_times_while_nobody_worked_runs_once(clock: Clock) -> None:
    runs: list[Any] = []
    scheduled("sweep", every=timedelta(minutes=10))(lambda: runs.append(clock.now))
    for pause in (0, 2, 0):
        clock.forward(days=pause)
        tick()
        drain()
    assert len(runs) == 2


@pytest.mark.django_db
def test_a_run_that_is_still_due_when_the_next_one_is_runs_once(clock: Clock) -> None:
    runs: list[Any] = []
    scheduled("sweep", every=timedelta(minutes=10))(lambda: runs.append(clock.now))
    for _ in range(3):
        tick()
        clock.forward(minutes=10)
    drain()
    assert len(runs) == 1


@pytest.mark.django_db
def test_a_run_whose_worker_was_killed_is_made_again(clock: Clock) -> None:
    runs: list[int] = []

    @scheduled("sweep", every=timedelta(days=1))
    def sweep() -> None:
        runs.append(len(runs) + 1)
        if len(runs) == 1:
            raise KeyboardInterrupt

    tick()
    with pytest.raises(KeyboardInterrupt):
        drain()
    drain()
    assert runs == [1]
    clock.forward(minutes=1)
    drain()
    assert (runs, rows()) == ([1, 2], [])


@pytest.mark.django_db
def test_a_task_a_newer_release_no_longer_has_is_passed_over() -> None:
    ask("gone", topic=SCHEDULE_TOPIC)
    drain()
    assert rows() == []


@pytest.mark.django_db
def test_a_task_that_fails_keeps_its_pace_and_doesnt_keep_the_others_from_running(clock: Clock) -> None:
    runs: list[str] = []

    @scheduled("broken", every=timedelta(minutes=10))
    def broken() -> None:
        runs.append("broken")
        raise RuntimeError("the broom is gone")

    scheduled("sweep", every=timedelta(minutes=10))(lambda: runs.append("sweep"))
    assert list(SCHEDULE) == ["broken", "sweep"]
    tick()
    drain()
    assert runs == ["broken", "sweep"]
    clock.forward(minutes=9)
    tick()
    drain()
    assert runs == ["broken", "sweep", "broken"], "only what failed is tried again before its time"


# Lanes -------------------------------------------------------------------------------------------


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_a_worker_has_a_thread_for_each_lane_and_slow_work_holds_up_no_quick() -> None:
    quick_is_done = Event()
    lanes: dict[str, str] = {}

    @handles("read", lane="slow", in_atomic=False)
    def read(jobs: Sequence[Job]) -> None:
        lanes["slow"] = current_thread().name
        assert quick_is_done.wait(10)

    @handles("shelf", lane="bulk", in_atomic=False)
    def shelf(jobs: Sequence[Job]) -> None:
        lanes["bulk"] = current_thread().name
        assert quick_is_done.wait(10)

    @scheduled("sweep", every=timedelta(days=1))
    def sweep() -> None:
        lanes["clock"] = current_thread().name
        assert quick_is_done.wait(10)

    @handles("stamp", in_atomic=False)
    def stamp(jobs: Sequence[Job]) -> None:
        while len(lanes) < len(LANES) - 1:
            sleep(0.01)
        lanes["quick"] = current_thread().name
        quick_is_done.set()
        worker.stop()

    # The slow work comes first, and ends only when the quick work is done; so does the schedule's.
    ask("a", topic="read")
    ask("a", topic="shelf")
    ask("b")
    worker = Worker(idle=timedelta(milliseconds=10))
    worker.run()
    assert lanes == {lane: lane for lane in LANES}
    assert rows() == []


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_a_worker_goes_on_after_a_task_or_the_queue_stumbled(monkeypatch: pytest.MonkeyPatch) -> None:
    stumbled = Event()

    def stumble(*_: Any) -> int:
        monkeypatch.undo()
        stumbled.set()
        raise RuntimeError("the drawer is stuck")

    @scheduled("broken", every=timedelta(days=1))
    def broken() -> None:
        raise RuntimeError("the broom is gone")

    @handles("stamp")
    def stamp(jobs: Sequence[Job]) -> None:
        assert stumbled.wait(10)
        leave_effect(jobs)
        worker.stop()

    ask()
    worker = Worker(idle=timedelta(milliseconds=10))
    monkeypatch.setattr("jobs.worker.drain_once", stumble)
    worker.run()
    assert effects() == ["a"]


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_ends_what_it_has_in_hand() -> None:
    @handles("stamp")
    def stamp(jobs: Sequence[Job]) -> None:
        worker.stop()
        leave_effect(jobs)

    ask_for(3)
    worker = Worker(idle=timedelta(milliseconds=10))
    worker.run()
    assert effects() == ["000"]
    assert [(row.key, row.lease) for row in rows()] == [("001", None), ("002", None)]
