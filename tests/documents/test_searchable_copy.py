"""The searchable copy beside a scan: asked for, made behind the pages, given out, and never a version."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.acting import Acting
from accounts.models import RoleSlot, Unit
from audit.models import AuditEvent
from documents.models import Blob, Document, DocumentVersion, ReadPage, SearchableCopy
from documents.operations.searchable_copy import ask_for_copy, give_up_copy, make_copy
from documents.selectors import one_version
from documents.states import CopyState
from documents.vault import stored_hashes
from jobs.models import OutboxRow
from jobs.registry import TOPICS
from jobs.worker import drain, drain_once
from ocr import Reason, Unreadable, write_searchable
from pages.domain_errors import Conflict, Refused
from tests.factories.accounts import UnitFactory, acting_at, officer_at
from tests.factories.documents import add_version_to, paper, pdf
from tests.factories.signatures import Identity, signed

pytestmark = pytest.mark.django_db

TEXT = "Thửa đất số 116, xã Tân Lộc"


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def clerk(unit: Unit) -> Acting:
    return acting_at(unit)


@pytest.fixture
def browser(client: Client, unit: Unit) -> Client:
    client.force_login(officer_at(unit))
    return client


def asked(document: Document, acting: Acting) -> SearchableCopy:
    return ask_for_copy(document_id=document.pk, number=None, acting=acting)


def made(document: Document, acting: Acting) -> SearchableCopy:
    copy = asked(document, acting)
    make_copy(reading_id=copy.pk)
    copy.refresh_from_db()
    return copy


def panel(browser: Client, document: Document) -> str:
    return browser.get(reverse("document", args=[document.pk], query={"panel": "file"})).content.decode()


def test_a_copy_holds_the_words_and_leaves_original_and_versions_alone(clerk: Acting, own_vault: Path) -> None:
    document = paper(pages=(TEXT, "Trang hai"))
    assert document.current is not None
    original = next(own_vault.rglob(document.current.blob_id))
    before = original.read_bytes()
    copy = made(document, clerk)
    assert copy.state == CopyState.MADE
    assert copy.blob is not None
    assert original.read_bytes() == before
    assert document.versions.count() == 1
    stored = next(own_vault.rglob(copy.blob.pk)).read_bytes()
    assert [page.extract_text() for page in PdfReader(io.BytesIO(stored)).pages] == [TEXT, "Trang hai"]


def test_pages_with_a_text_layer_of_their_own_get_no_second_one(clerk: Acting, browser: Client) -> None:
    document = paper(pages=(TEXT, "Trang hai"))
    ReadPage.objects.filter(number=1).update(source="text-layer")
    made(document, clerk)
    response = browser.get(reverse("document_copy", args=[document.pk]))
    pages = PdfReader(io.BytesIO(response.getvalue())).pages
    assert [page.extract_text() for page in pages] == ["", "Trang hai"]


def test_asking_twice_makes_one_copy_and_one_event(clerk: Acting) -> None:
    document = paper(pages=(TEXT,))
    asked(document, clerk)
    asked(document, clerk)
    assert OutboxRow.objects.filter(topic="copy").count() == 1
    assert AuditEvent.objects.filter(verb="document.copy_asked").count() == 1
    made(document, clerk)
    asked(document, clerk)
    assert SearchableCopy.objects.get().state == CopyState.MADE


def test_another_reading_has_a_copy_of_its_own(clerk: Acting) -> None:
    document = paper(pages=(TEXT,))
    made(document, clerk)
    add_version_to(document, pdf(pages=2), pages=("Bản mới", "hai"))
    assert made(Document.objects.get(pk=document.pk), clerk).blob != SearchableCopy.objects.order_by("pk")[0].blob


def test_a_copy_needs_a_reading(clerk: Acting) -> None:
    with pytest.raises(Conflict):
        asked(paper(pages=()), clerk)


def test_who_may_only_look_up_asks_for_none(unit: Unit) -> None:
    with pytest.raises(Refused):
        asked(paper(pages=(TEXT,)), acting_at(unit, RoleSlot.Kind.LOOKUP))
    assert not SearchableCopy.objects.exists()


def test_what_lies_in_quarantine_is_neither_copied_nor_its_copy_given_out(clerk: Acting, browser: Client) -> None:
    document = paper(pages=(TEXT,))
    made(document, clerk)
    DocumentVersion.objects.update(screening="quarantined", quarantine_reason="secret")
    with pytest.raises(Refused):
        asked(document, clerk)
    assert browser.get(reverse("document_copy", args=[document.pk])).status_code == 403
    assert "ban-tim-duoc" not in panel(browser, document)


def test_a_file_shut_away_while_somebody_asks_is_not_copied(clerk: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    document = paper(pages=(TEXT,))

    def seen_and_then_shut(*arguments: Any) -> DocumentVersion:
        found = one_version(*arguments)
        DocumentVersion.objects.update(screening="quarantined", quarantine_reason="secret")
        return found

    monkeypatch.setattr("documents.operations.searchable_copy.one_version", seen_and_then_shut)
    with pytest.raises(Refused):
        asked(document, clerk)
    assert not SearchableCopy.objects.exists()


@pytest.mark.parametrize("then", ["shut away", "disposed of"])
def test_the_copy_of_a_file_shut_away_meanwhile_is_not_kept(
    then: str, clerk: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = paper(pages=(TEXT,))
    asked(document, clerk)

    def written_and_then_shut(*arguments: Any, **named: Any) -> None:
        write_searchable(*arguments, **named)
        DocumentVersion.objects.update(screening="disposed", quarantine_reason="disposed")
        if then == "disposed of":
            SearchableCopy.objects.all().delete()

    monkeypatch.setattr("documents.operations.searchable_copy.write_searchable", written_and_then_shut)
    drain()
    assert not SearchableCopy.objects.exists()
    assert set(stored_hashes()) == set(document.versions.values_list("blob_id", flat=True))
    assert not AuditEvent.objects.filter(verb="document.copy_made").exists()


def test_attack_57_and_63_a_copy_that_was_cut_off_is_made_once(clerk: Acting) -> None:
    copy = asked(paper(pages=(TEXT,)), clerk)
    SearchableCopy.objects.update(state=CopyState.MAKING, pages_done=1)  # as a killed worker leaves it
    make_copy(reading_id=copy.pk)
    first = SearchableCopy.objects.get().blob_id
    make_copy(reading_id=copy.pk)
    assert SearchableCopy.objects.get().blob_id == first
    assert Blob.objects.filter(copies__isnull=False).count() == 1
    assert AuditEvent.objects.filter(verb="document.copy_made").count() == 1


def test_a_file_that_yields_no_copy_says_so_and_may_be_tried_again(
    clerk: Acting, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise Unreadable(Reason.BROKEN)

    document = paper(pages=(TEXT,))
    with monkeypatch.context() as patch:
        patch.setattr("documents.operations.searchable_copy.write_searchable", refuse)
        assert made(document, clerk).failure == Reason.BROKEN
    html = panel(browser, document)
    assert "say near" in html
    assert "/ban-tim-duoc/lap/" in html
    assert made(document, clerk).state == CopyState.MADE


def test_attack_71_a_copy_of_a_lost_original_waits_and_is_given_up_aloud(clerk: Acting, own_vault: Path) -> None:
    document = paper(pages=(TEXT,))
    assert document.current is not None
    next(own_vault.rglob(document.current.blob_id)).unlink()
    copy = asked(document, clerk)
    OutboxRow.objects.exclude(topic="copy").delete()
    for _try in range(TOPICS["copy"].attempts):
        OutboxRow.objects.update(available_at=timezone.now() - timedelta(hours=2))
        drain_once()
    copy.refresh_from_db()
    assert (copy.state, copy.failure) == (CopyState.FAILED, "internal")
    assert AuditEvent.objects.filter(verb="document.file_missing").exists()
    give_up_copy(reading_id=copy.pk)


def test_attack_71_a_lost_copy_is_named(clerk: Acting, browser: Client, own_vault: Path) -> None:
    document = paper(pages=(TEXT,))
    copy = made(document, clerk)
    next(own_vault.rglob(str(copy.blob_id))).unlink()
    assert browser.get(reverse("document_copy", args=[document.pk])).status_code == 503


# On the page ------------------------------------------------------------------------------------------


def test_the_page_offers_shows_progress_and_gives_it_out(browser: Client) -> None:
    document = paper(pages=(TEXT,), content=pdf(pages=1))
    assert "/ban-tim-duoc/lap/" in panel(browser, document)
    assert browser.post(reverse("document_copy_asked", args=[document.pk])).status_code == 302
    progress = reverse("document_copy_progress", args=[document.pk])
    assert 'hx-trigger="every 2s"' in panel(browser, document)
    SearchableCopy.objects.update(pages_done=1)
    assert (
        "1 trên 1" in browser.get(progress).content.decode() or "page 1 of 1" in browser.get(progress).content.decode()
    )
    drain(["copy"])
    html = browser.get(progress).content.decode()
    assert "hx-trigger" not in html
    assert f'href="{reverse("document_copy", args=[document.pk])}"' in html


def test_attack_01_a_copy_is_saved_and_never_shown(browser: Client, clerk: Acting) -> None:
    document = paper(pages=(TEXT,))
    made(document, clerk)
    response = browser.get(reverse("document_copy", args=[document.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="don-dang-ky-tim-duoc.pdf"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.get(verb="document.copy_downloaded").stream.startswith("account:")


def test_there_is_nothing_to_give_out_before_it_is_made(browser: Client, clerk: Acting) -> None:
    document = paper(pages=(TEXT,))
    asked(document, clerk)
    assert browser.get(reverse("document_copy", args=[document.pk])).status_code == 404


def test_a_file_whose_words_can_be_sought_already_is_offered_none(browser: Client) -> None:
    document = paper(pages=(TEXT,))
    ReadPage.objects.update(source="text-layer")
    assert "ban-tim-duoc" not in panel(browser, document)


def test_a_look_up_account_sees_the_copy_and_no_button(client: Client, unit: Unit, clerk: Acting) -> None:
    client.force_login(officer_at(unit, RoleSlot.Kind.LOOKUP))
    document = paper(pages=(TEXT,))
    assert "/ban-tim-duoc/lap/" not in panel(client, document)
    made(document, clerk)
    assert reverse("document_copy", args=[document.pk]) in panel(client, document)


def test_the_copy_of_a_signed_file_is_said_not_to_be_the_signed_original(browser: Client, clerk: Acting) -> None:
    document = paper(pages=(TEXT,), content=signed(Identity.of("Văn phòng")))
    DocumentVersion.objects.update(signing="stranger")
    made(document, clerk)
    response = browser.get(reverse("document_copy", args=[document.pk]))
    assert b"/ByteRange" not in response.getvalue()
    html = panel(browser, document)
    note = "not the signed original" in html or "không phải bản gốc" in html
    assert note
