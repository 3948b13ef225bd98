"""Taking in a paper from outside: bytes first, then one action with one event; a refusal leaves nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from pytest_django import DjangoAssertNumQueries

from accounts.acting import Acting, unit_token
from accounts.models import RoleSlot
from audit.models import AuditEvent
from audit.verbs import words_of
from documents.models import Blob, Document, DocumentToken, DocumentVersion
from documents.operations.receive import receive_file
from documents.operations.store import take_in
from jobs.models import OutboxRow
from notices.models import Notice
from pages.domain_errors import Invalid, NotStored, Refused
from tests.factories.accounts import UnitFactory, acting_at
from tests.factories.documents import DocumentTypeFactory, locked_pdf, pdf, scripted_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Acting:
    DocumentTypeFactory.create(code="don", name="Đơn đăng ký biến động")
    return acting_at(UnitFactory.create())


def receive(acting: Acting, content: bytes | None = None, name: str = "don.pdf", **changes: Any) -> DocumentVersion:
    wanted: dict[str, Any] = {
        "stored": take_in(ContentFile(pdf() if content is None else content), name),
        "document_type": "don",
        "title": "Đơn của bà Ngát",
        "unit_id": acting.unit_id or UnitFactory.create().pk,
        "tokens": [unit_token(acting.unit_id or 0)],
        "acting": acting,
        "context": {"dossier": "H99.16.21-260422-0001"},
    }
    return receive_file(**{**wanted, **changes})


def no_row_is_left() -> bool:
    return not any(model.objects.exists() for model in (Document, Blob, OutboxRow, Notice, AuditEvent))


def nothing_is_left(tmp_path: Path) -> bool:
    return no_row_is_left() and not any(path.is_file() for path in tmp_path.rglob("*"))


def test_a_received_paper_has_its_file_its_sight_and_its_work(clerk: Acting) -> None:
    version = receive(clerk)
    document = Document.objects.get()
    assert (document.state, document.unit_id, document.current_id) == ("received", clerk.unit_id, version.pk)
    assert list(DocumentToken.objects.values_list("token", flat=True)) == [unit_token(clerk.unit_id or 0)]
    assert (version.screening, version.reading_state, version.uploaded_by_id) == (
        "unscanned",
        "waiting",
        clerk.officer_id,
    )
    asked = set(OutboxRow.objects.values_list("topic", "key"))
    assert asked == {("read", str(version.pk)), ("index", f"document:{document.pk}")}


def test_receiving_is_one_event_with_the_callers_context(clerk: Acting) -> None:
    receive(clerk)
    event = AuditEvent.objects.get()
    assert (event.stream, event.verb) == (f"document:{Document.objects.get().pk}", "document.received")
    assert "H99.16.21-260422-0001" in event.payload
    assert "don.pdf" in words_of(event)


def test_receiving_costs_a_fixed_number_of_queries(
    clerk: Acting, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    receive(clerk)
    # type · BEGIN · document, sight, blob, version, current · two pieces of work · three of the trail · COMMIT
    with django_assert_max_num_queries(15):
        receive(clerk, pdf(width=600))


def test_attack_20_two_papers_may_be_the_same_bytes(clerk: Acting) -> None:
    first, second = receive(clerk), receive(clerk)
    assert first.blob_id == second.blob_id
    assert first.document_id != second.document_id
    assert Blob.objects.count() == 1


def test_without_a_title_the_type_names_it(clerk: Acting) -> None:
    assert receive(clerk, title="  ").document.title == "Đơn đăng ký biến động"


def test_attack_07_a_locked_paper_is_kept_set_aside_and_its_bringer_told(clerk: Acting) -> None:
    version = receive(clerk, locked_pdf())
    assert (version.screening, version.quarantine_reason) == ("quarantined", "encrypted")
    assert not OutboxRow.objects.filter(topic="read").exists()
    notice = Notice.objects.get()
    assert notice.recipient_id == clerk.officer_id
    assert notice.url == f"/tai-lieu/{version.document_id}/"


def test_attack_08_active_content_is_flagged_and_read(clerk: Acting) -> None:
    version = receive(clerk, scripted_pdf())
    assert version.active_content == ["javascript"]
    assert version.reading_state == "waiting"


@pytest.mark.parametrize(("content", "name"), [(b"", "don.pdf"), (b"MZ" * 200, "a.pdf.exe")], ids=["empty", "program"])
def test_a_refused_file_leaves_nothing(clerk: Acting, content: bytes, name: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        receive(clerk, content, name)
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("changes", [{"document_type": "khong_co"}, {"title": "d" * 301}], ids=["type", "title"])
def test_what_can_not_be_is_refused_and_leaves_no_row(clerk: Acting, changes: Mapping[str, Any]) -> None:
    with pytest.raises(Invalid):
        receive(clerk, **changes)
    assert no_row_is_left()


def test_a_type_that_ended_is_refused(clerk: Acting) -> None:
    DocumentTypeFactory.create(code="cu", valid_from="2014-07-01", valid_to="2020-01-01")
    with pytest.raises(Invalid):
        receive(clerk, document_type="cu")


@pytest.mark.usefixtures("clerk")
def test_attack_35_a_look_up_account_brings_nothing_in() -> None:
    reader = acting_at(UnitFactory.create(), RoleSlot.Kind.LOOKUP)
    with pytest.raises(Refused):
        receive(reader)
    assert no_row_is_left()


def test_attack_61_no_row_names_bytes_the_disk_refused(
    clerk: Acting, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(NotStored, match=r"not saved|chưa"):
        receive(clerk)
    assert nothing_is_left(tmp_path)
