"""When a batch is through, told once; and what comes, fails or is asked for again at the same moment is not lost."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.acting import Acting
from documents.batch_models import Batch, BatchItem, Fate
from documents.models import Document, DocumentVersion
from documents.operations.batches import bring, settle
from documents.operations.batches.pace import reread_file, retry_failures
from documents.operations.store import take_in
from documents.states import ReadingState, Screening
from jobs.models import OutboxRow
from jobs.worker import drain, drain_once
from notices.models import Notice
from pages.domain_errors import Conflict
from tests.documents.test_batches import read_by
from tests.factories.batches import filled, importer, opened, put_in, settled
from tests.factories.documents import pdf
from tests.factories.readings import outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def acting() -> Acting:
    return importer()


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return read_by(monkeypatch, lambda path: outcome("Trang"))


def finished(batch: Batch) -> bool:
    return Batch.objects.get(pk=batch.pk).finished_at is not None


def before(start: str, what: Callable[[], object]) -> AbstractContextManager[None]:
    """Has something done before the first statement that starts so."""
    happened: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if sql.startswith(start) and not happened:
            happened.append(sql)
            what()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(listen)


def waiting() -> list[int]:
    return list(DocumentVersion.objects.filter(reading_state=ReadingState.WAITING).values_list("pk", flat=True))


def asked_for() -> set[int]:
    rows = OutboxRow.objects.filter(topic__in=("read", "read_batch"), died_at=None)
    return {int(key) for key in rows.values_list("key", flat=True)}


# The end -----------------------------------------------------------------------------------------------


def test_files_that_come_one_by_one_and_are_read_at_once_are_told_of_once(acting: Acting) -> None:
    batch = opened(acting)
    for number in range(3):
        put_in(batch, acting, pdf(width=600 + number))
        drain()
        OutboxRow.objects.filter(topic="settle_batch").update(available_at=timezone.now())
        drain_once(["settle_batch"])
        assert not finished(batch), "more may come"
    settled()
    assert finished(batch)
    assert Notice.objects.count() == 1


def test_a_batch_ends_whichever_queue_its_last_file_is_read_from(acting: Acting) -> None:
    batch = filled(acting, 1)
    drain_once(["read_batch"])
    item = BatchItem.objects.select_related("version").get()
    assert item.version is not None
    OutboxRow.objects.all().delete()
    reread_file(batch_id=batch.pk, document_id=item.version.document_id, acting=acting)
    drain(["read"])
    settled()
    assert finished(batch)


def test_a_batch_of_refused_files_is_through_as_well(acting: Acting) -> None:
    batch = opened(acting)
    put_in(batch, acting, b"MZ" * 99, "lai.exe")
    settled()
    assert finished(batch)
    assert Notice.objects.count() == 1


def test_a_batch_of_files_the_unit_has_already_is_through_as_well(acting: Acting) -> None:
    first, batch = opened(acting), opened(acting, "Kệ 13")
    for each in (first, batch):
        put_in(each, acting)
    drain()
    settled()
    assert finished(batch)
    assert Notice.objects.count() == 2


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_a_file_that_comes_while_the_end_is_looked_for_keeps_the_batch_going(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, has_work, others = filled(acting, 1), settle._has_work, list[threading.Thread]()
    drain(["read_batch"])

    def bring_another() -> None:
        try:
            put_in(batch, acting, pdf(width=900))
        finally:
            connection.close()

    def and_then_another_comes(batch_id: int) -> bool:
        answer = has_work(batch_id)
        if not others:
            others.append(threading.Thread(target=bring_another))
            others[0].start()
            others[0].join(timeout=1)
        return answer

    monkeypatch.setattr(settle, "_has_work", and_then_another_comes)
    settled()
    others[0].join()
    assert waiting()
    assert not finished(batch)


# At the same moment ------------------------------------------------------------------------------------


def test_a_file_that_fails_while_failures_are_asked_for_again_is_not_left_waiting_for_nobody(acting: Acting) -> None:
    batch = filled(acting, 2)
    OutboxRow.objects.all().delete()
    first, second = DocumentVersion.objects.order_by("pk")

    def fails(version: DocumentVersion) -> None:
        rows = DocumentVersion.objects.filter(pk=version.pk)
        rows.update(reading_state=ReadingState.FAILED, reading_error="internal")

    fails(first)
    DocumentVersion.objects.filter(pk=second.pk).update(reading_state=ReadingState.READING)
    with before('UPDATE "documents_documentversion"', lambda: fails(second)):
        assert retry_failures(batch_id=batch.pk, acting=acting) == 1
    assert waiting() == [first.pk]
    assert asked_for() == {first.pk}


def test_what_was_disposed_of_is_not_read_again(acting: Acting) -> None:
    batch = filled(acting, 1)
    DocumentVersion.objects.update(
        reading_state=ReadingState.FAILED, reading_error="internal", screening=Screening.DISPOSED
    )
    with pytest.raises(Conflict):
        retry_failures(batch_id=batch.pk, acting=acting)


def test_attack_86_the_same_file_brought_twice_at_once_stays_in_the_batch(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other brings it after this one has seen that the batch hasn't got it."""
    batch, known, others = opened(acting), bring._known, list[Any]()

    def after_the_other(*asked: Any) -> Any:
        if not others:
            others.append(None)
            others[0] = put_in(batch, acting, name="a.pdf")
        return known(*asked)

    monkeypatch.setattr(bring, "_known", after_the_other)
    mine = put_in(batch, acting, name="b.pdf")
    assert (mine.is_new, mine.item.fate, mine.item.name) == (False, Fate.BROUGHT, "a.pdf")
    assert BatchItem.objects.get().fate == Fate.BROUGHT


def test_attack_86_two_who_keep_the_same_file_at_once_have_it_once(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other keeps it while this one is being screened."""
    batch, others = opened(acting), list[Any]()

    def after_the_other(*given: Any, **how: Any) -> Any:
        if not others:
            others.append(None)
            others[0] = put_in(batch, acting, name="a.pdf")
        return take_in(*given, **how)

    monkeypatch.setattr("documents.operations.batches.bring.take_in", after_the_other)
    assert put_in(batch, acting, name="b.pdf").item.pk == others[0].item.pk
    assert (Document.objects.count(), BatchItem.objects.get().fate) == (1, Fate.BROUGHT)


def test_another_broken_rule_of_the_database_is_said_and_not_tried_for_ever(
    acting: Acting, monkeypatch: pytest.MonkeyPatch, own_vault: Path
) -> None:
    def breaks(*_: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(bring, "_keep", breaks)
    with pytest.raises(IntegrityError):
        put_in(opened(acting), acting)
