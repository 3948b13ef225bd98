"""Files of the past by the thousand: each once, each by itself, behind the papers of the counter, pausable."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.acting import Acting, unit_token
from accounts.sight import NotVisible
from audit.models import AuditEvent
from documents.batch_models import Batch, BatchItem, Fate
from documents.batch_progress import Progress
from documents.importing import import_paths
from documents.models import Blob, Document, DocumentVersion, LegalDocument
from documents.operations.batches.bring import bring_file
from documents.operations.batches.open import open_batch
from documents.operations.batches.pace import pause_batch, reread_file, resume_batch, retry_failures
from documents.states import ReadingState
from jobs.models import OutboxRow
from jobs.outbox import enqueue
from jobs.registry import TOPICS
from jobs.worker import drain, drain_once
from notices.models import Notice
from ocr import Reason, Unreadable
from ocr.reading import Reading as Outcome
from pages.domain_errors import Conflict, Invalid, Refused
from portal.demo.scanner import print_pdf, typeset
from tests.documents.shelter import FileShelter
from tests.documents.test_read import DECISION
from tests.factories.accounts import UnitFactory, acting_at
from tests.factories.batches import filled, importer, opened, put_in, settled
from tests.factories.documents import locked_pdf, paper, pdf
from tests.factories.readings import outcome

pytestmark = pytest.mark.django_db

BULK = ("read_batch", "unpack")
Answers = Callable[[Path], Outcome]


@pytest.fixture
def acting() -> Acting:
    return importer()


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files the reader was given, by their SHA-256; it finds a page in each."""
    return read_by(monkeypatch, lambda path: outcome("Sổ mục kê"))


def read_by(monkeypatch: pytest.MonkeyPatch, answers: Answers) -> list[str]:
    asked: list[str] = []

    def read_file(path: Path, **_: Any) -> Outcome:
        asked.append(path.name)
        return answers(path)

    monkeypatch.setattr("documents.operations.read.read_file", read_file)
    return asked


def states(batch: Batch) -> list[str]:
    items = BatchItem.objects.filter(batch=batch, fate=Fate.BROUGHT).order_by("pk")
    return list(items.values_list("version__reading_state", flat=True))


def verbs(batch: Batch) -> list[str]:
    return list(AuditEvent.objects.filter(stream=f"batch:{batch.pk}").order_by("id").values_list("verb", flat=True))


# Bringing --------------------------------------------------------------------------------------------


def test_only_who_is_named_for_it_opens_a_batch(acting: Acting) -> None:
    assert open_batch(name="  Kệ 12 ", acting=acting).name == "Kệ 12"
    with pytest.raises(Refused):
        open_batch(name="Kệ 13", acting=acting_at(UnitFactory.create(), "update", ["specialist"]))
    with pytest.raises(Refused):
        open_batch(name="Kệ 13", acting=acting_at(UnitFactory.create(), "lookup", ["records_clerk"]))


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_batch_needs_a_name_that_can_be_shown(acting: Acting, name: str) -> None:
    with pytest.raises(Invalid):
        open_batch(name=name, acting=acting)


def test_a_file_becomes_a_paper_of_the_unit_alone_in_one_event(acting: Acting) -> None:
    batch = opened(acting)
    item = put_in(batch, acting, name="Sổ mục kê 2009.pdf").item
    assert item.version is not None
    document = item.version.document
    assert (document.title, document.unit_id, document.state) == ("Sổ mục kê 2009", acting.unit_id, "received")
    assert [token.token for token in document.tokens.all()] == [unit_token(batch.unit_id)]
    assert item.version.uploaded_by_id == acting.officer_id
    [event] = AuditEvent.objects.filter(stream=f"document:{document.pk}")
    assert (event.verb, event.officer_id) == ("document.imported", acting.officer_id)
    assert OutboxRow.objects.filter(topic="read_batch", key=str(item.version.pk)).count() == 1
    assert not OutboxRow.objects.filter(topic="read").exists()


def test_attack_34_another_units_batch_is_not_there(acting: Acting) -> None:
    batch = opened(acting)
    with pytest.raises(NotVisible):
        put_in(batch, importer())


def test_attack_35_an_administrator_without_a_place_brings_nothing(acting: Acting) -> None:
    administrator = Acting(**{**acting.__dict__, "is_superuser": True, "slot": "", "is_importing": False})
    with pytest.raises(Refused):
        put_in(opened(acting), administrator)


def test_attack_86_the_same_file_twice_is_once(acting: Acting, own_vault: Path) -> None:
    batch, other = opened(acting), opened(acting, "Kệ 13")
    first = put_in(batch, acting, name="a.pdf")
    again = put_in(batch, acting, name="b.pdf")
    elsewhere = put_in(other, acting, name="c.pdf")
    assert (first.is_new, again.is_new, elsewhere.is_new) == (True, False, False)
    assert again.item.pk == first.item.pk
    assert (elsewhere.item.fate, elsewhere.item.version_id) == (Fate.REPEATED, first.item.version_id)
    assert (Document.objects.count(), Blob.objects.count(), len(FileShelter(own_vault).names())) == (1, 1, 1)
    assert AuditEvent.objects.filter(verb="document.imported").count() == 1


def test_another_unit_with_the_same_file_learns_nothing_and_has_its_own(acting: Acting) -> None:
    mine = put_in(opened(acting), acting)
    other = importer()
    theirs = put_in(opened(other), other)
    assert theirs.is_new
    assert theirs.item.version_id != mine.item.version_id
    assert Blob.objects.count() == 1


def test_a_file_that_is_not_taken_stands_in_the_batch_with_its_reason_and_leaves_nothing(
    acting: Acting, own_vault: Path
) -> None:
    batch = opened(acting)
    put_in(batch, acting, b"MZ" * 99, "lai.exe")
    item = put_in(batch, acting, b"MZ" * 99, "lai.exe").item
    assert (item.fate, item.version, item.name) == (Fate.REFUSED, None, "lai.exe")
    assert "lai.exe" in item.reason
    assert (Document.objects.count(), Blob.objects.count(), FileShelter(own_vault).names()) == (0, 0, [])
    assert verbs(batch) == ["batch.opened", "batch.file_refused"]


def test_a_locked_file_is_set_aside_and_nobody_is_written_to(acting: Acting) -> None:
    batch = opened(acting)
    put_in(batch, acting, locked_pdf())
    assert Progress(batch).counts.away == 1
    assert not Notice.objects.exists()


# Behind the counter ----------------------------------------------------------------------------------


def test_a_paper_of_the_counter_is_read_before_the_batch_that_waits(acting: Acting, order: list[str]) -> None:
    batch = filled(acting, 4)
    drain_once(["read_batch"])
    waiting = list(DocumentVersion.objects.filter(reading_state="waiting").values_list("blob_id", flat=True))
    first, second = (paper(unit=batch.unit, pages=(), content=pdf(width=width)) for width in (801, 802))
    for document in (first, second):
        assert document.current is not None
        ask_counter(document.current)
    order.clear()
    drain()
    assert first.current is not None
    assert second.current is not None
    assert order[:2] == [first.current.blob_id, second.current.blob_id]
    assert sorted(order[2:]) == sorted(waiting)


def ask_counter(version: DocumentVersion) -> None:
    """As a paper attached at the counter is asked for."""
    with transaction.atomic():
        enqueue("read", str(version.pk))


def test_batches_are_read_in_a_lane_of_their_own_that_gives_way() -> None:
    assert {TOPICS[name].lane for name in BULK} == {"bulk"}
    assert TOPICS["read"].lane != "bulk"
    assert TOPICS["read_batch"].gives_way_to == ("read",)


def test_the_reader_of_a_batch_lets_everything_else_go_first(acting: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, Any]] = []

    def read_file(path: Path, **how: Any) -> Outcome:
        given.append(how)
        return outcome("Trang")

    monkeypatch.setattr("documents.operations.read.read_file", read_file)
    filled(acting, 1)
    drain()
    assert given[0]["limits"].niceness > 0


# Going on and standing still -------------------------------------------------------------------------


def test_a_paused_batch_begins_no_file_and_goes_on_where_it_stood(acting: Acting, order: list[str]) -> None:
    batch = filled(acting, 4)
    drain_once(["read_batch"])
    for _time in range(2):
        pause_batch(batch_id=batch.pk, acting=acting)
    drain()
    assert states(batch) == ["read", "waiting", "waiting", "waiting"]
    assert not OutboxRow.objects.filter(topic="read_batch").exists()
    for _time in range(2):
        resume_batch(batch_id=batch.pk, acting=acting)
    drain()
    assert states(batch) == ["read"] * 4
    assert len(order) == 4
    assert [verb for verb in verbs(batch) if verb != "batch.finished"] == [
        "batch.opened",
        "batch.paused",
        "batch.resumed",
    ]


def test_a_file_whose_reader_was_killed_while_the_batch_was_paused_is_read_after_it(
    acting: Acting, order: list[str]
) -> None:
    batch = filled(acting, 1)
    DocumentVersion.objects.update(reading_state=ReadingState.READING)
    pause_batch(batch_id=batch.pk, acting=acting)
    drain()
    assert states(batch) == ["waiting"]
    resume_batch(batch_id=batch.pk, acting=acting)
    drain()
    assert states(batch) == ["read"]


def test_attack_64_a_poisonous_file_is_set_aside_alone_and_the_batch_is_through(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = filled(acting, 3)
    poison = BatchItem.objects.order_by("pk").first()
    assert poison is not None

    def answers(path: Path) -> Outcome:
        if path.name == poison.key:
            raise RuntimeError("burst")
        return outcome("Trang")

    read_by(monkeypatch, answers)
    for _try in range(TOPICS["read_batch"].attempts + 1):
        drain()
        OutboxRow.objects.update(available_at=timezone.now())
    assert states(batch) == ["failed", "read", "read"]
    assert Progress(batch).counts.failed == 1
    settled()
    [told] = Notice.objects.all()
    assert told.recipient_id == acting.officer_id
    assert "2" in told.message
    batch.refresh_from_db()
    assert batch.finished_at is not None


def test_what_failed_is_read_again_in_one_event_but_no_secret_paper(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = filled(acting, 3)
    keys = list(BatchItem.objects.order_by("pk").values_list("key", flat=True))

    def answers(path: Path) -> Outcome:
        if path.name == keys[0]:
            raise Unreadable(Reason.TIMED_OUT)
        return outcome("Trang", secrecy="mat" if path.name == keys[1] else None)

    read_by(monkeypatch, answers)
    drain()
    assert states(batch) == ["failed", "failed", "read"]
    asked = read_by(monkeypatch, lambda path: outcome("Trang"))
    assert retry_failures(batch_id=batch.pk, acting=acting) == 1
    drain()
    assert asked == [keys[0]]
    assert states(batch) == ["read", "failed", "read"]
    assert verbs(batch).count("batch.retried") == 1
    with pytest.raises(Conflict):
        retry_failures(batch_id=batch.pk, acting=acting)


def test_one_file_is_read_again_before_those_that_wait(acting: Acting, order: list[str]) -> None:
    batch = filled(acting, 3)
    drain_once(["read_batch"])
    done = BatchItem.objects.order_by("pk").first()
    assert done is not None
    assert done.version is not None
    reread_file(batch_id=batch.pk, document_id=done.version.document_id, acting=acting)
    order.clear()
    drain()
    assert order[0] == done.key


def test_a_paper_of_no_batch_is_not_read_again_through_one(acting: Acting) -> None:
    batch = opened(acting)
    with pytest.raises(NotVisible):
        reread_file(batch_id=batch.pk, document_id=paper(unit=batch.unit).pk, acting=acting)


def test_more_files_wake_a_batch_that_was_through(acting: Acting, order: list[str]) -> None:
    batch = filled(acting, 1)
    drain()
    settled()
    put_in(batch, acting, pdf(width=900))
    batch.refresh_from_db()
    assert batch.finished_at is None
    drain()
    settled()
    assert verbs(batch).count("batch.finished") == 2


# Progress --------------------------------------------------------------------------------------------


def test_the_page_counts_files_by_what_became_of_them(acting: Acting, order: list[str]) -> None:
    batch = filled(acting, 3)
    put_in(batch, acting, locked_pdf())
    put_in(batch, acting, b"MZ" * 9, "lai.exe")
    drain_once(["read_batch"])
    counts = Progress(batch).counts
    assert (counts.waiting, counts.read, counts.away, counts.refused, counts.total) == (2, 1, 1, 1, 4)
    assert counts.share == 50


def test_pace_and_end_are_reckoned_from_the_last_minutes(acting: Acting, order: list[str]) -> None:
    filled(acting, 6)
    drain_once(["read_batch"])
    drain_once(["read_batch"])
    Batch.objects.update(going_since=timezone.now() - timedelta(minutes=2))
    progress = Progress(Batch.objects.get())
    assert progress.pace is not None
    assert progress.pace.pages_a_minute == pytest.approx(1, rel=0.05)
    assert progress.ends_at is not None
    assert progress.ends_at - timezone.now() == pytest.approx(timedelta(minutes=4), abs=timedelta(seconds=15))


def test_without_anything_read_no_end_is_promised(acting: Acting) -> None:
    progress = Progress(filled(acting, 2))
    assert (progress.pace, progress.ends_at) == (None, None)
    assert progress.is_moving


# The command -----------------------------------------------------------------------------------------


def test_a_folder_on_the_server_joins_the_batch_for_its_unit_alone(acting: Acting, tmp_path: Path) -> None:
    call_command("load_document_types", verbosity=0)
    batch = opened(acting)
    folder = tmp_path / "ke-12"
    folder.mkdir()
    (folder / "quyet-dinh.pdf").write_bytes(print_pdf(typeset(DECISION)))
    (folder / "lai.exe").write_bytes(b"MZ" * 99)
    for time, (imported, skipped) in enumerate([(1, 0), (0, 1)]):
        tally = import_paths([folder], batch=batch)
        assert (tally.imported, tally.skipped, len(tally.failed)) == (imported, skipped, 1), time
    assert states(batch) == ["read"]
    legal = LegalDocument.objects.get()
    assert [token.token for token in legal.tokens.all()] == [unit_token(batch.unit_id)]
    assert Progress(batch).counts.refused == 1


def test_files_of_a_batch_are_read_in_the_order_they_came(acting: Acting, order: list[str]) -> None:
    batch = filled(acting, 3)
    drain()
    keys: Sequence[str] = list(BatchItem.objects.filter(batch=batch).order_by("pk").values_list("key", flat=True))
    assert order == keys


def test_bring_file_asks_for_the_right_before_anything_is_stored(acting: Acting, own_vault: Path) -> None:
    batch = opened(acting)
    with pytest.raises(NotVisible):
        bring_file(batch_id=batch.pk, file=ContentFile(pdf()), name="a.pdf", acting=importer())
    assert FileShelter(own_vault).names() == []
