"""Nothing comes to papers whose records are on a list, in the archive or disposed of."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from documents.models import Document, DocumentVersion
from documents.operations.add_version import bring_version
from documents.operations.seal import PaperHeld, seal_version
from documents.states import State
from dossiers.models import DossierResult
from dossiers.operations.number_result import ISSUED_TOPIC, print_numbered_result
from dossiers.records.operations.carry_out import check_list
from dossiers.records.operations.lists import drop_list, take_off
from dossiers.records_models import RecordFile
from jobs.models import OutboxRow
from jobs.outbox import enqueue
from pages.domain_errors import Conflict
from tests.factories.documents import pdf
from tests.factories.dossiers import at_step, received
from tests.factories.office import Office
from tests.factories.records import approved, closed, disposed, listed, short, transferred

pytestmark = pytest.mark.django_db


def scan_of(file: RecordFile) -> Document:
    return Document.objects.get(component__dossier=file.dossier)


def bring(office: Office, document: Document) -> DocumentVersion:
    """As the counter does, years later."""
    acting, content = office.acting(office.clerk), ContentFile(pdf(width=333))
    return bring_version(document_id=document.pk, file=content, name="quet-moi.pdf", acting=acting)


def unprinted(office: Office) -> RecordFile:
    """Closed before its result was printed with its number."""
    dossier = at_step(office, received(office, scans=("application",)), "")
    return RecordFile.objects.get(dossier=dossier)


def test_a_closed_dossier_takes_a_better_scan_until_it_is_listed(office: Office) -> None:
    document = scan_of(closed(office))
    bring(office, document)
    listed(office)
    with pytest.raises(Conflict):
        bring(office, document)
    assert document.versions.count() == 2


def test_the_page_of_a_held_paper_offers_no_new_version(office: Office) -> None:
    document, client = scan_of(closed(office)), Client()
    client.force_login(office.clerk)
    page, add = reverse("document", args=[document.pk]), reverse("document_version_added", args=[document.pk])
    assert add in client.get(page).content.decode()
    listed(office)
    assert add not in client.get(page).content.decode()


def test_what_is_taken_off_or_dropped_takes_files_again(office: Office) -> None:
    document, keeper = scan_of(closed(office)), office.acting(office.specialist)
    found = listed(office)
    take_off(list_id=found.pk, line_id=found.lines.get().pk, acting=keeper)
    bring(office, document)
    drop_list(list_id=listed(office).pk, reason="Lập lại", acting=keeper)
    assert Document.objects.get(pk=document.pk).held_at is None


def test_nothing_comes_to_what_was_transferred(office: Office) -> None:
    document = scan_of(closed(office))
    transferred(office)
    with pytest.raises(Conflict):
        bring(office, document)


def test_nothing_comes_to_what_was_disposed_of(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    disposed(office, monkeypatch)
    with pytest.raises(Conflict):
        bring(office, scan_of(file))


def test_a_result_is_not_printed_late_into_disposed_records(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(unprinted(office))
    before = DocumentVersion.objects.count()
    disposed(office, monkeypatch)
    print_numbered_result(result_id=DossierResult.objects.get(dossier=file.dossier).pk)
    assert DocumentVersion.objects.count() == before


def test_a_result_without_its_number_on_it_stops_the_transfer_and_is_printed_once_off(office: Office) -> None:
    file = unprinted(office)
    OutboxRow.objects.filter(topic=ISSUED_TOPIC).delete()
    found = listed(office)
    line = found.lines.get()
    assert "not_printed" in [code for code, _about in line.faults]
    with pytest.raises(Conflict):
        approved(office, found)
    take_off(list_id=found.pk, line_id=line.pk, acting=office.acting(office.specialist))
    result = DossierResult.objects.get(dossier=file.dossier)
    assert OutboxRow.objects.filter(topic=ISSUED_TOPIC, key=str(result.pk)).exists()


def test_a_seal_that_is_still_to_come_stops_the_transfer(office: Office, settings: Any) -> None:
    file = closed(office)
    document = Document.objects.get(result__dossier=file.dossier)
    assert (document.state, document.current_id is None) == (State.ISSUED, False)
    settings.SEAL_PKCS12 = "khong-co.p12"
    with transaction.atomic():
        enqueue("seal", str(document.current_id))
    found = listed(office)
    assert [code for code, _about in found.lines.get().faults] == ["not_sealed"]
    with pytest.raises(PaperHeld):
        seal_version(version_id=document.current_id or 0)
    settings.SEAL_PKCS12 = ""
    found.refresh_from_db()
    type(found).objects.filter(pk=found.pk).update(checked_at=None)
    check_list(list_id=found.pk)
    assert found.lines.get().faults == []


def test_records_listed_before_papers_were_held_are_held_by_the_migration(office: Office) -> None:
    document = scan_of(closed(office))
    listed(office)
    other = scan_of(closed(office))
    Document.objects.update(held_at=None)
    importlib.import_module("dossiers.migrations.0008_hold_listed").hold(apps, None)
    assert Document.objects.get(pk=document.pk).held_at is not None
    assert Document.objects.get(pk=other.pk).held_at is None
