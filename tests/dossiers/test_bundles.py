"""Several papers scanned in one go: looked through, confirmed by the clerk, split with what was read, in one go."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.acting import unit_token
from accounts.sight import NotVisible, tokens_of
from audit.models import AuditEvent
from documents.models import Document, DocumentToken, DocumentVersion, Reading, ReadPage
from documents.states import ReadingState
from documents.vault import open_blob
from documents.words import unpack
from dossiers.models import Bundle, BundlePart, Dossier
from dossiers.operations.bundle import bring_bundle, split_bundle
from dossiers.selectors import document_ids_of
from jobs.models import OutboxRow
from jobs.worker import drain
from ocr import Reason, Unreadable
from pages.domain_errors import Conflict, Invalid, Refused
from tests.dossiers.test_splitting import APPLICATION, CERTIFICATE, MORE
from tests.factories.documents import locked_pdf, pdf
from tests.factories.dossiers import begun, scanned
from tests.factories.office import Office
from tests.factories.readings import outcome

pytestmark = pytest.mark.django_db

TEXTS = (APPLICATION, MORE, CERTIFICATE)
MARKS = ["application", "", "certificate"]


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Finds the texts on the pages; the files it was given."""
    asked: list[Path] = []

    def read_file(path: Path, **_: Any) -> Any:
        asked.append(path)
        return outcome(*TEXTS)

    monkeypatch.setattr("documents.operations.read.read_file", read_file)
    return asked


def brought(office: Office, dossier: Dossier, content: bytes | None = None, name: str = "tap-quet.pdf") -> Bundle:
    file = ContentFile(pdf(pages=len(TEXTS)) if content is None else content)
    return bring_bundle(dossier_id=dossier.pk, file=file, name=name, acting=office.acting(office.clerk))


def looked_through(office: Office, dossier: Dossier) -> Bundle:
    bundle = brought(office, dossier)
    drain(["read", "bundle"])
    return Bundle.objects.get(pk=bundle.pk)


def split(office: Office, bundle: Bundle, marks: list[str] | None = None) -> Bundle:
    return split_bundle(
        dossier_id=bundle.dossier_id, bundle_id=bundle.pk, marks=marks or MARKS, acting=office.acting(office.clerk)
    )


def scans(dossier: Dossier) -> dict[str, DocumentVersion]:
    lines = dossier.components.exclude(document=None).select_related("document__current")
    return {line.code: line.document.current for line in lines if line.document and line.document.current}


# Bringing and looking through ------------------------------------------------------------------------


def test_a_bundle_is_kept_as_it_came_and_looked_through_once_it_is_read(office: Office) -> None:
    dossier = begun(office)
    bundle = brought(office, dossier)
    assert (bundle.proposal, bundle.document.state, bundle.document.unit) == (None, "received", office.one_stop)
    assert tokens_of(DocumentToken, [bundle.document_id])[bundle.document_id]
    drain(["bundle"])
    assert Bundle.objects.get().proposal is None, "it isn't read yet"
    OutboxRow.objects.filter(topic="bundle").update(available_at=bundle.brought_at)
    drain(["read", "bundle"])
    assert Bundle.objects.get().proposal == MARKS
    assert bundle.document_id in document_ids_of(dossier.pk)


def test_bringing_a_bundle_is_one_event(office: Office) -> None:
    dossier = begun(office)
    before = AuditEvent.objects.count()
    brought(office, dossier)
    [event] = AuditEvent.objects.order_by("id")[before:]
    assert (event.verb, json.loads(event.payload)["dossier"]) == ("document.received", dossier.pk)


@pytest.mark.parametrize(("content", "name"), [(pdf(), "tap.tif"), (b"MZ" * 99, "tap.pdf"), (b"", "tap.pdf")])
def test_what_is_no_pdf_is_refused_and_leaves_nothing(office: Office, content: bytes, name: str) -> None:
    dossier = begun(office)
    with pytest.raises(Invalid):
        brought(office, dossier, content, name)
    assert (Bundle.objects.count(), Document.objects.count()) == (0, 0)


def test_a_locked_bundle_is_set_aside_and_can_not_be_split(office: Office, client: Client) -> None:
    bundle = brought(office, begun(office), locked_pdf())
    assert not OutboxRow.objects.filter(topic="bundle").exists()
    with pytest.raises(Conflict):
        split(office, bundle)
    client.force_login(office.clerk)
    page = client.get(reverse("intake_bundle", args=[bundle.dossier_id, bundle.pk])).content.decode()
    assert 'id="bundle"' not in page
    assert "bi-shield-exclamation" in page


def test_attack_22_a_bundle_counts_among_the_drafts(office: Office, settings: Any) -> None:
    dossier = begun(office)
    brought(office, dossier)
    settings.DRAFT_BYTES = len(pdf(pages=len(TEXTS))) + 10
    with pytest.raises(Invalid):
        scanned(office, dossier, "application")


# Splitting -------------------------------------------------------------------------------------------


def test_each_part_becomes_the_scan_of_its_paper_with_the_words_of_its_pages(
    office: Office, reader: list[Path]
) -> None:
    dossier = begun(office)
    bundle = looked_through(office, dossier)
    original = bundle.document.current
    assert original is not None
    with open_blob(original.blob_id) as file:
        before = file.read()
    split(office, bundle)
    found = scans(dossier)
    assert {code: version.page_count for code, version in found.items()} == {"application": 2, "certificate": 1}
    assert {version.reading_state for version in found.values()} == {ReadingState.READ}
    pages = ReadPage.objects.filter(reading=found["application"].reading).order_by("number")
    assert [(page.number, page.text) for page in pages] == [(1, APPLICATION), (2, MORE)]
    assert unpack(pages[1].words)[0].text == MORE
    reading = found["certificate"].reading
    assert reading is not None
    assert reading.paper_type == "giay_chung_nhan"
    assert dossier.components.get(code="certificate").is_handed_in
    assert len(reader) == 1, "nothing is read again"
    assert not OutboxRow.objects.filter(topic="read").exists()
    with open_blob(original.blob_id) as file:
        assert file.read() == before
    parts = BundlePart.objects.order_by("first_page").values_list("first_page", "last_page", "component")
    assert list(parts) == [(1, 2, "application"), (3, 3, "certificate")]


def test_what_a_part_says_is_found_by_search_and_seen_by_the_unit_alone(office: Office) -> None:
    dossier = begun(office)
    split(office, looked_through(office, dossier))
    for version in scans(dossier).values():
        tokens = tokens_of(DocumentToken, [version.document_id])
        assert tokens == {version.document_id: [unit_token(office.one_stop.pk)]}
        assert OutboxRow.objects.filter(topic="index", key=f"document:{version.document_id}").exists()


def test_splitting_is_one_event_that_tells_the_parts(office: Office) -> None:
    dossier = begun(office)
    bundle = looked_through(office, dossier)
    before = AuditEvent.objects.count()
    split(office, bundle)
    [event] = AuditEvent.objects.order_by("id")[before:]
    assert (event.verb, event.stream) == ("dossier.bundle_split", f"dossier:{dossier.pk}")
    assert "(1-2)" in json.loads(event.payload)["parts"]


def test_attack_44_confirmed_twice_it_is_split_once(office: Office) -> None:
    dossier = begun(office)
    bundle = looked_through(office, dossier)
    split(office, bundle)
    before = (AuditEvent.objects.count(), DocumentVersion.objects.count(), Reading.objects.count())
    split(office, bundle)
    assert (AuditEvent.objects.count(), DocumentVersion.objects.count(), Reading.objects.count()) == before


def test_attack_45_who_confirms_other_cuts_later_learns_who_was_first(office: Office) -> None:
    bundle = looked_through(office, begun(office))
    split(office, bundle)
    with pytest.raises(Conflict, match=office.clerk.full_name):
        split(office, bundle, ["application", "certificate", "-"])


def test_attack_80_a_split_that_fails_leaves_everything_as_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = begun(office)
    bundle = looked_through(office, dossier)

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("the pen broke")

    monkeypatch.setattr("dossiers.operations.bundle.record", fails)
    with pytest.raises(RuntimeError):
        split(office, bundle)
    assert scans(dossier) == {}
    assert not BundlePart.objects.exists()
    assert Bundle.objects.get().split_at is None


def test_a_paper_that_has_a_scan_gets_a_further_version(office: Office) -> None:
    dossier = begun(office)
    first = scanned(office, dossier, "certificate", pdf(width=511))
    split(office, looked_through(office, dossier))
    assert scans(dossier)["certificate"].document_id == first.document_id
    assert scans(dossier)["certificate"].number == 2


@pytest.mark.parametrize("marks", [["application", ""], [*MARKS, ""], ["application", "", "drawing"], ["", "", "-"]])
def test_marks_that_do_not_fit_change_nothing(office: Office, marks: list[str]) -> None:
    dossier = begun(office)
    bundle = looked_through(office, dossier)
    with pytest.raises(Invalid):
        split(office, bundle, marks)
    assert scans(dossier) == {}


def test_a_received_dossier_is_not_split_into_any_more(office: Office) -> None:
    dossier = begun(office)
    bundle = looked_through(office, dossier)
    Dossier.objects.filter(pk=dossier.pk).update(status="received", code="H99.15-261123-0001")
    with pytest.raises(Conflict):
        split(office, bundle)


def test_attack_34_a_bundle_of_another_dossier_is_not_there(office: Office) -> None:
    bundle = looked_through(office, begun(office))
    other = begun(office)
    with pytest.raises(NotVisible):
        split_bundle(dossier_id=other.pk, bundle_id=bundle.pk, marks=MARKS, acting=office.acting(office.clerk))
    with pytest.raises((NotVisible, Refused)):
        split_bundle(
            dossier_id=bundle.dossier_id, bundle_id=bundle.pk, marks=MARKS, acting=office.acting(office.specialist)
        )


def test_attack_09_pages_that_can_not_be_looked_at_leave_the_words_to_say_where_to_cut(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(path: Path) -> Any:
        raise Unreadable(Reason.TIMED_OUT)

    monkeypatch.setattr("dossiers.operations.bundle.find_marks", refuses)
    assert looked_through(office, begun(office)).proposal == MARKS


# Pages -----------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(client: Client, office: Office) -> Client:
    client.force_login(office.clerk)
    return client


def page_of(clerk: Client, bundle: Bundle) -> str:
    answer = clerk.get(reverse("intake_bundle", args=[bundle.dossier_id, bundle.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_bundle_is_brought_from_the_counter_and_leads_to_its_page(clerk: Client, office: Office) -> None:
    dossier = begun(office)
    upload = {"bundle": SimpleUploadedFile("tap.pdf", pdf(pages=3))}
    answer = clerk.post(reverse("intake_bundle_add", args=[dossier.pk]), upload, headers={"HX-Request": "true"})
    bundle = Bundle.objects.get()
    assert (answer.status_code, answer["HX-Redirect"]) == (
        204,
        reverse("intake_bundle", args=[dossier.pk, bundle.pk]),
    )
    assert (
        reverse("intake_bundle", args=[dossier.pk, bundle.pk])
        in clerk.get(reverse("intake", args=[dossier.pk])).content.decode()
    )
    assert "hx-trigger" in page_of(clerk, bundle)


def test_the_page_shows_the_proposal_and_takes_the_confirmation(clerk: Client, office: Office) -> None:
    bundle = looked_through(office, begun(office))
    page = page_of(clerk, bundle)
    assert page.count("<select") == 3
    assert page.count("bundle-page begins") == 2
    answer = clerk.post(reverse("intake_bundle_split", args=[bundle.dossier_id, bundle.pk]), {"mark": MARKS})
    assert answer.status_code == 303
    assert page_of(clerk, bundle).count("<li>") >= 2


def test_what_is_wrong_is_said_at_its_page_and_every_choice_stays(clerk: Client, office: Office) -> None:
    bundle = looked_through(office, begun(office))
    marks = ["certificate", "", "certificate"]
    answer = clerk.post(reverse("intake_bundle_split", args=[bundle.dossier_id, bundle.pk]), {"mark": marks})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('aria-invalid="true"') == 1
    assert 'id="fault-3"' in page
    assert page.count("bundle-page begins") == 2


def test_a_bundle_with_nothing_to_split_says_so(clerk: Client, office: Office) -> None:
    bundle = looked_through(office, begun(office))
    assert "say info" not in page_of(clerk, bundle)
    Bundle.objects.update(proposal=["application", "", ""])
    assert "say info" in page_of(clerk, bundle)


def test_separator_sheets_are_printed_for_each_paper(clerk: Client, office: Office) -> None:
    dossier = begun(office)
    answer = clerk.get(reverse("intake_separators", args=[dossier.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
