"""A database that is busy or meets a deadlock: a few tries, then words; a step is completed once or not at all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client

from audit.models import AuditEvent
from tests.factories.moments import MORNING
from tests.workflow.ferry import River, only_open, stream_of
from tests.workflow.screen import complete, words
from workflow.models import Case, StepRun

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

TYPED = "Bến tốt, xem hai lần."


@pytest.fixture
def run(river: River, client: Client) -> StepRun:
    """A step in the queue of the branch; its specialist is signed in, and this connection waits for locks shortly."""
    case = river.start(at=MORNING)
    run = river.walk(case, "pass", at=MORNING)
    client.force_login(river.office.specialist)
    patience = "PRAGMA busy_timeout = 100" if connection.vendor == "sqlite" else "SET lock_timeout = '100ms'"
    with connection.cursor() as cursor:
        cursor.execute(patience)
    return run


@contextmanager
def held(case_id: int) -> Iterator[threading.Event]:
    """Somebody else has the case locked until the block ends or the event is set."""
    other, may_end, has_it = connection.copy(), threading.Event(), threading.Event()

    def hold() -> None:
        other.inc_thread_sharing()
        try:
            with other.cursor() as cursor:
                if other.vendor == "sqlite":
                    cursor.execute("BEGIN IMMEDIATE")
                else:
                    cursor.execute("BEGIN")
                    cursor.execute("SELECT 1 FROM workflow_case WHERE id = %s FOR UPDATE", [case_id])
                has_it.set()
                may_end.wait(20)
                cursor.execute("ROLLBACK")
        finally:
            has_it.set()
            other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert has_it.wait(10)
    try:
        yield may_end
    finally:
        may_end.set()
        holder.join()


def completed(case: Case) -> int:
    events = AuditEvent.objects.filter(stream=stream_of(case.subject_id), verb="step.completed")
    return events.filter(payload__contains="Bến phù hợp").count()


def test_attack_62_a_database_busy_too_long_is_503_and_nothing_typed_or_done_is_lost(
    client: Client, run: StepRun
) -> None:
    with held(run.process_id):
        answer = complete(client, run, "fits", note=TYPED)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert TYPED in words(answer)
    assert completed(run.process) == 0
    assert only_open(run.process).pk == run.pk
    assert complete(client, run, "fits", note=TYPED).status_code == 303
    assert completed(run.process) == 1


def test_attack_62_a_database_busy_for_a_moment_is_not_noticed(client: Client, run: StepRun) -> None:
    with held(run.process_id) as may_end:
        threading.Timer(0.25, may_end.set).start()
        answer = complete(client, run, "fits", note=TYPED)
    assert answer.status_code == 303
    assert completed(run.process) == 1


def is_waiting(cursor: CursorWrapper, backend: int) -> bool:
    cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pid = %s)", [backend])
    [found] = cursor.fetchone()
    return bool(found)


def test_attack_62_of_two_in_a_deadlock_both_come_through(client: Client, run: StepRun) -> None:
    """The request has the case and wants its trail; the other has the trail and wants the case."""
    if connection.vendor == "sqlite":
        return  # one writer at a time: nobody can wait for anybody in a circle
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute("SELECT pg_backend_pid()")
        [request] = cursor.fetchone()
    other, has_trail, ended = connection.copy(), threading.Event(), list[str]()

    def meet() -> None:
        other.inc_thread_sharing()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT 1 FROM audit_streamhead WHERE stream = %s FOR UPDATE", [stream])
                has_trail.set()
                # Whoever begins to wait first is the one the database gives up: it must be the request.
                while not is_waiting(cursor, request):
                    threading.Event().wait(0.02)
                cursor.execute("SELECT 1 FROM workflow_case WHERE id = %s FOR UPDATE", [run.process_id])
                cursor.execute("COMMIT")
            ended.append("through")
        finally:
            has_trail.set()
            other.close()

    stream = stream_of(run.process.subject_id)
    meeting = threading.Thread(target=meet)
    meeting.start()
    assert has_trail.wait(10)
    answer = complete(client, run, "fits", note=TYPED)
    meeting.join()
    assert (answer.status_code, ended) == (303, ["through"])
    assert completed(run.process) == 1
