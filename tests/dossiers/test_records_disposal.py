"""Disposal by approved lists alone: what is kept for good stays, rows and trail stay, bytes go unless held."""

import json
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from audit.verifier import verify
from documents.models import Blob, Document, DocumentVersion, LegalDocument, ReadPage, SearchableCopy
from documents.operations.quarantine import quarantine, rescan
from documents.operations.release import drop_bytes, is_held
from documents.reasons import CLASSIFIED, SCANNER_DOWN
from documents.search_kinds import document_entries
from documents.states import Screening
from documents.vault import open_blob, put, register_blob, stored_hashes
from dossiers.models import Dossier
from dossiers.records.operations.carry_out import end_list
from dossiers.records.operations.lists import drop_list
from dossiers.records.ready import ready_files
from dossiers.records_models import RecordFile, RecordsList, RetentionClass
from dossiers.records_states import FileState, ListKind, ListState
from jobs.worker import drain
from pages.domain_errors import Conflict
from tests.factories.documents import DocumentFactory, add_version_to
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import Office
from tests.factories.records import LATER, again, approved, closed, disposed, documents_of, listed, short, transferred
from upkeep.integrity.vault import vault_findings

pytestmark = pytest.mark.django_db


def test_what_is_kept_for_good_is_never_on_a_disposal_list(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = closed(office)
    stop_the_clock(monkeypatch, moment("2190-01-05 09:00"))
    with pytest.raises(Conflict):
        listed(office, ListKind.DISPOSAL)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordFile.objects.filter(pk=file.pk).update(state=FileState.DISPOSED)


def test_what_has_not_passed_its_last_day_is_not_listed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    keeper = office.acting(office.specialist)
    stop_the_clock(monkeypatch, moment("2031-12-31 17:00"))
    assert not ready_files(ListKind.DISPOSAL, keeper).exists()
    stop_the_clock(monkeypatch, moment("2032-01-01 08:00"))
    assert list(ready_files(ListKind.DISPOSAL, keeper)) == [file]


def test_a_class_made_longer_after_the_list_was_made_keeps_the_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = short(closed(office))
    stop_the_clock(monkeypatch, LATER)
    found = listed(office, ListKind.DISPOSAL)
    RecordFile.objects.filter(pk=file.pk).update(keep_until=date(2060, 12, 31))
    with pytest.raises(Conflict):
        approved(office, found)
    RecordFile.objects.filter(pk=file.pk).update(keep_until=date(2031, 12, 31))
    approved(office, found)
    RecordFile.objects.filter(pk=file.pk).update(keep_until=None)
    end_list(list_id=found.pk)
    assert again(file).state == FileState.CURRENT
    assert not DocumentVersion.objects.filter(screening=Screening.DISPOSED).exists()


def test_disposal_lets_the_bytes_go_and_keeps_every_row(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    drain()
    dossier, documents = file.dossier, list(documents_of(file.dossier))
    hashes = {version.blob_id for document in documents for version in document.versions.all()}
    found = disposed(office, monkeypatch)
    assert (found.state, again(file).state) == (ListState.DONE, FileState.DISPOSED)
    assert hashes & set(stored_hashes()) == set()
    assert Blob.objects.filter(pk__in=hashes, released_at__isnull=False).count() == len(hashes)
    assert Dossier.objects.get(pk=dossier.pk).code == dossier.code
    assert LegalDocument.objects.filter(document__in=documents).exists()
    assert not ReadPage.objects.exists()
    assert verify().is_ok
    assert AuditEvent.objects.filter(stream=f"dossier:{dossier.pk}", verb="dossier.disposed").count() == 1
    assert list(vault_findings(is_deep=True)) == []


def test_bytes_something_else_holds_stay(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    document = Document.objects.get(component__dossier=file.dossier)
    assert document.current is not None
    sha256 = document.current.blob_id
    with open_blob(sha256) as content:
        add_version_to(DocumentFactory.create(), content.read())
    disposed(office, monkeypatch)
    assert sha256 in set(stored_hashes())
    assert Blob.objects.get(pk=sha256).released_at is None
    assert list(vault_findings(is_deep=True)) == []


def test_a_package_goes_with_the_first_file_in_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    packed = transferred(office)
    assert again(file).state == FileState.TRANSFERRED
    disposed(office, monkeypatch)
    assert RecordsList.objects.get(pk=packed.pk).package is None
    assert packed.package_id not in set(stored_hashes())


def test_a_dropped_disposal_leaves_what_was_transferred_transferred(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = short(closed(office))
    transferred(office)
    stop_the_clock(monkeypatch, LATER)
    found = listed(office, ListKind.DISPOSAL)
    drop_list(list_id=found.pk, reason="Giữ lại", acting=office.acting(office.specialist))
    assert again(file).state == FileState.TRANSFERRED


def test_a_disposed_paper_is_told_of_and_not_given_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    document = Document.objects.get(component__dossier=file.dossier)
    disposed(office, monkeypatch)
    client = Client()
    client.force_login(office.specialist)
    assert client.get(reverse("document", args=[document.pk])).status_code == 200
    assert client.get(reverse("document_original", args=[document.pk])).status_code == 403
    assert client.get(reverse("dossier", args=[file.dossier_id])).status_code == 200
    assert client.post(reverse("document_reread", args=[document.pk])).status_code == 403
    assert not SearchableCopy.objects.exists()


@pytest.mark.databases_differ
def test_bytes_that_come_again_are_held_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    document = Document.objects.get(component__dossier=file.dossier)
    assert document.current is not None
    sha256 = document.current.blob_id
    with open_blob(sha256) as kept:
        content = kept.read()
    disposed(office, monkeypatch)
    with pytest.raises(Conflict), transaction.atomic():
        register_blob(sha256=sha256, size=len(content), media_type="application/pdf")
    assert put(ContentFile(content)) == sha256
    add_version_to(DocumentFactory.create(), content)
    assert Blob.objects.get(pk=sha256).released_at is None
    assert not drop_bytes(sha256)
    assert is_held(Blob.objects.get(pk=sha256))


# What must be kept after all -------------------------------------------------------------------------


def test_a_class_that_lost_its_years_after_the_list_was_made_is_not_approved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    short(closed(office))
    stop_the_clock(monkeypatch, LATER)
    found = listed(office, ListKind.DISPOSAL)
    RetentionClass.objects.update(years=None)
    with pytest.raises(Conflict):
        approved(office, found)


def test_what_became_permanent_after_the_approval_is_kept_and_told_of(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = short(closed(office)), short(closed(office), years=6)
    stop_the_clock(monkeypatch, LATER)
    found = approved(office, listed(office, ListKind.DISPOSAL))
    RetentionClass.objects.filter(pk=kept.retention_id).update(years=None)
    end_list(list_id=found.pk)
    assert (again(kept).state, again(gone).state) == (FileState.CURRENT, FileState.DISPOSED)
    assert found.lines.get(file=kept).notes == [["kept", kept.dossier.code]]
    assert found.lines.get(file=gone).notes == []
    assert AuditEvent.objects.filter(stream=f"dossier:{kept.dossier_id}", verb="dossier.kept").count() == 1
    told = json.loads(AuditEvent.objects.get(stream=found.stream, verb="records.disposed").payload)
    assert (told["files"], told["dossiers"], told["kept"]) == (1, [gone.dossier_id], [kept.dossier_id])


# What was shut away before ---------------------------------------------------------------------------


def test_what_was_secret_is_not_found_again_after_its_disposal(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    version = DocumentVersion.objects.select_related("document__unit").get(document__component__dossier=file.dossier)
    with transaction.atomic():
        quarantine(version, CLASSIFIED)
    disposed(office, monkeypatch)
    version.refresh_from_db()
    assert (version.screening, version.quarantine_reason) == (Screening.DISPOSED, CLASSIFIED)
    assert list(document_entries([str(version.document_id)])) == []
    assert version.blob_id not in set(stored_hashes())


def test_a_paper_disposed_of_is_still_found_by_its_title(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    document = Document.objects.get(component__dossier=file.dossier)
    disposed(office, monkeypatch)
    assert [entry.title for entry in document_entries([str(document.pk)])] == [document.title]


def test_what_waited_for_the_scanner_is_not_scanned_after_its_disposal(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = short(closed(office))
    version = DocumentVersion.objects.select_related("document__unit").get(document__component__dossier=file.dossier)
    with transaction.atomic():
        quarantine(version, SCANNER_DOWN)
    disposed(office, monkeypatch)
    rescan(version_id=version.pk)
    version.refresh_from_db()
    assert version.screening == Screening.DISPOSED
