"""Signed files: looked at while they are read, the outcome kept, and said on the pages."""

from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from documents.models import Document, DocumentVersion, Signature
from documents.operations.read import ask_for_reading, read_version
from documents.operations.signatures import keep_signatures
from documents.signing import UNCHECKED, shown_signing
from signatures import Checked, Found, Verdict
from tests.factories.accounts import UnitFactory, acting_at, officer_at
from tests.factories.documents import paper
from tests.factories.signatures import OFFICE, Identity, added_to, authority, signed, trust_folder
from tests.ocr.papers import slip_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(officer_at(UnitFactory.create()))
    return client


@pytest.fixture
def ca(tmp_path: Path, settings: Any) -> Identity:
    """The authority this house trusts."""
    found = authority()
    settings.SIGNATURE_TRUST_DIR = str(trust_folder(tmp_path / "trust", [found]))
    return found


def read(content: bytes) -> Document:
    document = paper(pages=(), content=content)
    read_version(version_id=document.current_id or 0)
    return Document.objects.get(pk=document.pk)


def bearing(*found: Found, is_whole: bool = True) -> Document:
    """A paper whose reading found these signatures."""
    document = paper()
    version = document.current
    assert version is not None
    assert version.reading is not None
    version.signing = keep_signatures(version.reading, Checked(found, is_whole))
    version.save()
    return document


def test_the_outcome_is_kept_with_the_reading_and_the_bytes_stay(ca: Identity, own_vault: Path) -> None:
    content = signed(Identity.of(OFFICE, ca), slip_pdf())
    document = read(content)
    assert document.current is not None
    assert document.current.signing == Verdict.VALID
    signature = Signature.objects.get(reading=document.current.reading)
    assert (signature.number, signature.signer, signature.verdict) == (1, OFFICE, Verdict.VALID)
    assert next(own_vault.rglob(document.current.blob_id)).read_bytes() == content


def test_what_was_added_to_a_signed_file_is_said_on_its_page(ca: Identity, browser: Client) -> None:
    document = read(added_to(signed(Identity.of(OFFICE, ca), slip_pdf())))
    html = browser.get(reverse("document", args=[document.pk], query={"panel": "file"})).content.decode()
    shown = shown_signing(Verdict.EXTENDED)
    assert shown is not None
    assert html.count(escape(str(shown.sentence))) == 2  # over the page and beside the signature
    assert 'class="say late"' in html
    assert OFFICE in html


def test_an_unsigned_file_says_nothing_of_signatures(browser: Client) -> None:
    document = read(slip_pdf())
    assert document.current is not None
    assert document.current.signing == "none"
    html = browser.get(reverse("document", args=[document.pk], query={"panel": "file"})).content.decode()
    assert "bi-patch" not in html


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_outcome_is_said_in_words_of_its_own(verdict: Verdict, browser: Client) -> None:
    document = bearing(Found(Verdict.VALID, signer="Người ký"), Found(verdict))
    html = browser.get(reverse("document", args=[document.pk], query={"panel": "file"})).content.decode()
    shown = shown_signing(verdict)
    assert shown is not None
    assert escape(str(shown.words)) in html
    assert ('class="say' in html) is (verdict != Verdict.VALID)


def test_signatures_that_could_not_be_looked_at_are_said_so(browser: Client) -> None:
    shown = shown_signing(UNCHECKED)
    assert shown is not None
    html = browser.get(reverse("document", args=[bearing(is_whole=False).pk])).content.decode()
    assert escape(str(shown.sentence)) in html


def test_reading_again_looks_anew_and_keeps_what_was_found_before(monkeypatch: pytest.MonkeyPatch) -> None:
    document = read(slip_pdf())
    DocumentVersion.objects.update(signing=Verdict.STRANGER)
    checked = Checked((Found(Verdict.VALID, signer="A"),))
    monkeypatch.setattr("documents.operations.signatures.check_signatures", lambda *_a, **_k: checked)
    ask_for_reading(document_id=document.pk, acting=acting_at(UnitFactory.create()))
    read_version(version_id=document.current_id or 0)
    version = DocumentVersion.objects.get()
    assert version.signing == Verdict.VALID
    assert version.reading is not None
    assert [row.verdict for row in version.reading.signatures.all()] == [Verdict.VALID]


def test_attack_95_the_name_in_a_certificate_is_only_text(browser: Client) -> None:
    evil = "<script>alert(1)</script>"
    document = bearing(Found(Verdict.STRANGER, signer=evil, issuer=evil, serial_number=evil))
    html = browser.get(reverse("document", args=[document.pk], query={"panel": "file"})).content.decode()
    assert evil not in html
    assert "&lt;script&gt;" in html


def test_no_page_looks_at_signatures_itself(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    document = paper(content=signed(Identity.of(OFFICE)))
    monkeypatch.setattr("documents.operations.signatures.check_signatures", None)
    assert browser.get(reverse("document", args=[document.pk], query={"panel": "file"})).status_code == 200


def test_a_list_of_papers_says_it_in_few_words() -> None:
    version = DocumentVersion(signing=Verdict.CHANGED)
    assert version.signing_shown is not None
    assert "bi-patch-minus" in render_to_string("documents/signing_mark.html", {"version": version})
    assert render_to_string("documents/signing_mark.html", {"version": DocumentVersion(signing="none")}).strip() == ""
