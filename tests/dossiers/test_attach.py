"""A scan for a paper: the component's document, its next versions, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.acting import Acting, unit_token
from accounts.sight import NotVisible, tokens_of
from audit.models import AuditEvent
from documents.models import Blob, Document, DocumentToken, DocumentVersion
from documents.states import State
from dossiers.models import Dossier
from dossiers.operations.attach import attach_scan
from dossiers.operations.discarded import release_scans
from dossiers.operations.draft import discard_draft
from jobs.models import OutboxRow
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import acting_at
from tests.factories.documents import locked_pdf, pdf
from tests.factories.dossiers import begun, received, scanned
from tests.factories.office import Office

pytestmark = pytest.mark.django_db


def sent(client: Client, dossier: Dossier, component: str, name: str, content: bytes) -> HttpResponse:
    """The file as the page's line sends it."""
    address = reverse("intake_attach", args=[dossier.pk, component])
    response = client.post(address, {"file": SimpleUploadedFile(name, content)}, headers={"HX-Request": "true"})
    assert isinstance(response, HttpResponse)
    return response


def test_a_scan_becomes_the_papers_document(office: Office) -> None:
    dossier = begun(office)
    version = scanned(office, dossier, "certificate")
    line = dossier.components.get(code="certificate")
    document = version.document
    assert (line.document_id, line.is_handed_in) == (document.pk, True)
    assert (document.state, document.unit, document.title) == (State.RECEIVED, office.one_stop, line.name)
    assert document.document_type_id == "giay_chung_nhan"
    assert tokens_of(DocumentToken, [document.pk]) == {document.pk: [unit_token(office.one_stop.pk)]}
    assert OutboxRow.objects.filter(topic="read", key=str(version.pk)).exists()


def test_a_second_file_is_a_second_version(office: Office) -> None:
    dossier = begun(office)
    first, second = scanned(office, dossier, "certificate"), scanned(office, dossier, "certificate", pdf(pages=2))
    assert first.document_id == second.document_id
    assert [first.number, second.number] == [1, 2]
    assert Document.objects.get().current_id == second.pk


def test_attack_81_each_scan_is_one_event_in_its_documents_stream(office: Office) -> None:
    dossier = begun(office)
    before = AuditEvent.objects.count()
    version = scanned(office, dossier, "certificate")
    scanned(office, dossier, "certificate", pdf(pages=2))
    events = AuditEvent.objects.order_by("id")[before:]
    assert [event.verb for event in events] == ["document.received", "document.version_added"]
    assert {event.stream for event in events} == {f"document:{version.document_id}"}
    assert json.loads(events[0].payload)["dossier"] == dossier.pk


def test_the_line_shows_the_scan_and_asks_again_until_it_is_read(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    html = sent(client, dossier, "certificate", "quét 1.pdf", pdf()).content.decode()
    assert html.lstrip().startswith('<tr id="paper-certificate"')
    assert "hx-trigger=" in html
    assert reverse("document", args=[Document.objects.get().pk]) in html
    DocumentVersion.objects.update(reading_state="read", page_count=1)
    again = client.get(reverse("intake_paper", args=[dossier.pk, "certificate"])).content.decode()
    assert "load delay" not in again


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("quet.pdf", b""),
        ("quet.exe", b"MZ" + b"0" * 100),
        ("quet.pdf", b"<html><script>x</script></html>"),
        ("quet.jpg", pdf()),
    ],
    ids=["empty", "program", "page", "another kind"],
)
def test_a_refused_file_leaves_nothing_and_the_line_says_why(
    client: Client, office: Office, settings: Any, name: str, content: bytes
) -> None:
    vault = Path(settings.STORAGES["vault"]["OPTIONS"]["location"])
    client.force_login(office.clerk)
    dossier = begun(office)
    events = AuditEvent.objects.count()
    response = sent(client, dossier, "certificate", name, content)
    assert response.status_code == 422
    assert AuditEvent.objects.count() == events
    assert not Document.objects.exists()
    assert not Blob.objects.exists()
    assert not [path for path in vault.rglob("*") if path.is_file()]
    assert not dossier.components.filter(is_handed_in=True).exists()
    line = response.content.decode()
    assert line.lstrip().startswith('<tr id="paper-certificate"')
    assert 'role="alert"' in line
    assert name in line


def test_a_refused_second_file_leaves_the_first(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    first = scanned(office, dossier, "certificate")
    sent(client, dossier, "certificate", "quet.exe", b"MZ" + b"0" * 100)
    assert Document.objects.get().current_id == first.pk


def test_a_quarantined_file_is_kept_and_shown_as_such(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    response = sent(client, dossier, "certificate", "khoa.pdf", locked_pdf())
    assert response.status_code == 200
    assert "shield-exclamation" in response.content.decode()
    version = DocumentVersion.objects.get()
    assert version.is_quarantined
    assert dossier.components.get(code="certificate").document_id == version.document_id
    assert not OutboxRow.objects.filter(topic="read").exists()


def test_what_is_typed_survives_a_refused_file(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    Dossier.objects.filter(pk=dossier.pk).update(draft={"name": ["Phùng Thị Ngát"]})
    sent(client, dossier, "certificate", "quet.exe", b"MZ" + b"0" * 100)
    assert Dossier.objects.get(pk=dossier.pk).draft == {"name": ["Phùng Thị Ngát"]}


def test_without_a_file_nothing_happens(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    response = client.post(reverse("intake_attach", args=[begun(office).pk, "certificate"]))
    assert response.status_code == 422
    assert not Document.objects.exists()


@pytest.mark.parametrize("component", ["contract", "nothing", "Certificate"])
def test_a_paper_the_edition_does_not_ask_for_is_refused(
    client: Client, office: Office, clerk: Acting, component: str
) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    assert sent(client, dossier, component, "quet.pdf", pdf()).status_code == 422
    assert client.get(reverse("intake_paper", args=[dossier.pk, component])).status_code == 422
    assert not Blob.objects.exists()


def test_a_received_dossier_takes_no_scan_at_the_counter(office: Office, clerk: Acting) -> None:
    dossier = received(office)
    with pytest.raises(Conflict):
        attach_scan(dossier_id=dossier.pk, component="certificate", file=ContentFile(pdf()), name="a.pdf", acting=clerk)
    assert not Document.objects.exists()


def test_only_the_one_stop_shop_that_began_it_attaches(office: Office) -> None:
    dossier = begun(office)
    file = ContentFile(pdf())
    for acting, refusal in (
        (office.acting(office.administrator), Refused),
        (acting_at(office.one_stop, "lookup", ["clerk"]), Refused),
        (office.acting(office.specialist), NotVisible),
        (office.acting(office.stranger), NotVisible),
    ):
        with pytest.raises(refusal):
            attach_scan(dossier_id=dossier.pk, component="certificate", file=file, name="a.pdf", acting=acting)
    assert not Blob.objects.exists()


def test_attack_34_another_papers_code_reaches_no_other_dossier(office: Office, clerk: Acting) -> None:
    mine, other = begun(office), begun(office, "P2")
    with pytest.raises(Invalid):
        attach_scan(dossier_id=mine.pk, component="contract", file=ContentFile(pdf()), name="a.pdf", acting=clerk)
    assert not other.components.filter(is_handed_in=True).exists()


def test_attack_22_drafts_that_are_never_received_have_a_bound(office: Office, settings: Any) -> None:
    first, second = begun(office), begun(office)
    size = len(pdf(width=701))
    scanned(office, first, "certificate", pdf(width=701))
    settings.DRAFT_BYTES = 2 * size - 1
    before = (Blob.objects.count(), OutboxRow.objects.count())
    with pytest.raises(Invalid):
        scanned(office, second, "certificate", pdf(width=702))
    assert (Blob.objects.count(), OutboxRow.objects.count()) == before
    assert not second.components.exclude(document=None).exists()
    discard_draft(dossier_id=first.pk, acting=office.acting(office.clerk))
    release_scans(dossier_id=first.pk)
    scanned(office, second, "certificate", pdf(width=702))
    assert Blob.objects.count() == 2
