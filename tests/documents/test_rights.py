"""Who gets at a paper's page, pictures, text and file: the same answer for hidden and for missing."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.acting import EVERYONE, officer_token, unit_token
from accounts.models import RoleSlot, Unit
from audit.models import AuditEvent
from documents.models import Blob, Document, DocumentVersion
from documents.reasons import DISPOSED, SCANNER_DOWN, words_for
from tests.factories.accounts import UnitFactory, UnitSuccessionFactory, officer_at
from tests.factories.documents import legal_document, paper, pdf

pytestmark = pytest.mark.django_db

GET = ["document", "document_text", "document_original", "document_progress", "picture", "thumbnail"]
POST = ["document_reread", "document_version_added"]
MISSING = 987_654


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def hidden() -> Document:
    """A paper of another unit."""
    return paper(tokens=[unit_token(UnitFactory.create().pk)])


def address(name: str, document_id: int) -> str:
    if name in ("picture", "thumbnail"):
        return reverse("document_page_picture", args=[document_id, 1, 1000 if name == "picture" else 160])
    return reverse(name, args=[document_id])


def upload(name: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("quet.pdf", pdf())} if name == "document_version_added" else {}


def bare(content: bytes, path: str) -> str:
    """A page without what differs anyway: its own address (for the change of language) and its form tokens."""
    text = content.decode().replace(path, "").replace(path.replace("/", "%2F"), "")
    return re.sub(r"[A-Za-z0-9]{64}", "", text)


@pytest.mark.parametrize("name", [*GET, *POST])
def test_attack_34_and_38_hidden_and_missing_answer_alike(
    client: Client, unit: Unit, hidden: Document, name: str
) -> None:
    client.force_login(officer_at(unit))
    method = client.post if name in POST else client.get
    answers = []
    for document_id in (hidden.pk, MISSING):
        path = address(name, document_id)
        response = method(path, upload(name))
        answers.append((response.status_code, bare(response.content, path)))
    assert answers[0][0] == 404
    assert answers[0] == answers[1]


@pytest.mark.parametrize("name", GET)
def test_attack_38_what_is_refused_is_recorded(client: Client, unit: Unit, hidden: Document, name: str) -> None:
    officer = officer_at(unit)
    client.force_login(officer)
    client.get(address(name, hidden.pk))
    event = AuditEvent.objects.get()
    assert (event.stream, event.verb) == (f"account:{officer.pk}", "access.refused")
    assert f"document:{hidden.pk}" in event.payload


@pytest.mark.parametrize("name", GET)
def test_attack_38_nothing_is_given_out_before_sign_in(client: Client, name: str) -> None:
    response = client.get(address(name, paper().pk))
    assert response.status_code == 302
    assert reverse("sign_in") in response["Location"]


@pytest.mark.parametrize("name", [*GET, *POST])
def test_only_the_right_verb_is_answered(client: Client, unit: Unit, name: str) -> None:
    client.force_login(officer_at(unit))
    method = client.get if name in POST else client.post
    assert method(address(name, paper().pk)).status_code == 405


@pytest.mark.parametrize("slot", RoleSlot.Kind.values)
@pytest.mark.parametrize("name", GET)
def test_both_accounts_of_a_unit_read_what_it_sees(client: Client, unit: Unit, slot: str, name: str) -> None:
    client.force_login(officer_at(unit, slot))
    document = paper(tokens=[unit_token(unit.pk)])
    response = client.get(address(name, document.pk))
    assert response.status_code == 200
    response.getvalue()


def test_attack_37_a_right_on_one_paper_alone_opens_it(client: Client, unit: Unit) -> None:
    officer = officer_at(unit)
    client.force_login(officer)
    document = paper(tokens=[officer_token(officer.pk)])
    assert client.get(address("document", document.pk)).status_code == 200


def test_attack_51_a_successor_reads_what_its_predecessor_could(client: Client, unit: Unit) -> None:
    before = UnitFactory.create()
    UnitSuccessionFactory.create(predecessor=before, successor=unit)
    client.force_login(officer_at(unit))
    assert client.get(address("document", paper(tokens=[unit_token(before.pk)]).pk)).status_code == 200


@pytest.mark.parametrize("name", POST)
def test_attack_35_a_look_up_account_changes_nothing(client: Client, unit: Unit, name: str) -> None:
    client.force_login(officer_at(unit, RoleSlot.Kind.LOOKUP))
    document = paper(unit=unit)
    before = list(DocumentVersion.objects.values())
    assert client.post(address(name, document.pk), upload(name)).status_code == 403
    assert list(DocumentVersion.objects.values()) == before


# What is given out ----------------------------------------------------------------------------------


def test_attack_01_an_original_is_only_ever_saved(client: Client, unit: Unit) -> None:
    client.force_login(officer_at(unit))
    content = pdf() + b"\n<html><script>alert(1)</script></html>"
    response = client.get(address("document_original", paper(content=content).pk))
    assert response.getvalue() == content
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_attack_14_a_files_name_goes_out_encoded(client: Client, unit: Unit) -> None:
    client.force_login(officer_at(unit))
    document = paper()
    DocumentVersion.objects.update(file_name='đơn "gốc".pdf')
    response = client.get(address("document_original", document.pk))
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C4%91%C6%A1n%20%22g%E1%BB%91c%22.pdf"
    response.getvalue()


def test_taking_the_original_away_is_recorded(client: Client, unit: Unit) -> None:
    client.force_login(officer_at(unit))
    client.get(address("document_original", paper().pk)).getvalue()
    assert AuditEvent.objects.get().verb == "document.downloaded"


def test_a_page_comes_as_a_picture_and_is_kept_for_the_next(client: Client, unit: Unit) -> None:
    client.force_login(officer_at(unit))
    document = paper()
    response = client.get(address("thumbnail", document.pk))
    drawn = response.getvalue()
    assert response["Content-Type"] == "image/jpeg"
    assert drawn.startswith(b"\xff\xd8\xff")
    kept = [path for path in Path(settings.PICTURES_DIR).rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [drawn]


@pytest.mark.parametrize("how", ["quarantined", "let go"])
def test_a_page_drawn_while_its_file_is_shut_away_is_not_kept(
    client: Client, unit: Unit, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn_and_then_shut(*arguments: Any) -> bytes:
        if how == "quarantined":
            DocumentVersion.objects.update(screening="quarantined", quarantine_reason="secret")
        else:
            Blob.objects.update(released_at=timezone.now())
        return b"drawn"

    monkeypatch.setattr("documents.pictures.render_page", drawn_and_then_shut)
    client.force_login(officer_at(unit))
    client.get(address("thumbnail", paper().pk)).getvalue()
    assert not [path for path in Path(settings.PICTURES_DIR).rglob("*") if path.is_file()]


def test_bytes_that_another_paper_still_shows_keep_their_pictures(client: Client, unit: Unit) -> None:
    client.force_login(officer_at(unit))
    shown, ended = paper(), paper()
    DocumentVersion.objects.filter(document=ended).update(screening="disposed", quarantine_reason="disposed")
    assert Blob.objects.count() == 1
    client.get(address("thumbnail", shown.pk)).getvalue()
    assert [path for path in Path(settings.PICTURES_DIR).rglob("*") if path.is_file()]


def test_what_was_disposed_of_in_quarantine_is_said_to_be_disposed_of(client: Client, unit: Unit) -> None:
    client.force_login(officer_at(unit))
    document = paper(unit=unit)
    DocumentVersion.objects.update(screening="disposed", quarantine_reason="scanner_down", reading_state="failed")
    html = client.get(reverse("document", args=[document.pk])).content.decode()
    assert words_for(DISPOSED) in html
    assert words_for(SCANNER_DOWN) not in html


@pytest.mark.parametrize(("number", "width"), [(2, 160), (0, 160), (1, 4000), (1, 161)])
def test_only_pages_and_widths_that_exist_are_drawn(client: Client, unit: Unit, number: int, width: int) -> None:
    client.force_login(officer_at(unit))
    document = paper()
    assert client.get(reverse("document_page_picture", args=[document.pk, number, width])).status_code == 404
    assert not [path for path in Path(settings.PICTURES_DIR).rglob("*") if path.is_file()]


def test_the_text_is_plain_text(client: Client, unit: Unit) -> None:
    client.force_login(officer_at(unit))
    document = paper(pages=("Trang <một>", "Trang hai"))
    response = client.get(address("document_text", document.pk))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == "Trang <một>\n\fTrang hai"
    assert client.get(address("document_text", document.pk) + "?page=2").content.decode() == "Trang hai"


@pytest.mark.parametrize("name", ["document_text", "document_original", "picture", "thumbnail"])
@pytest.mark.parametrize("reason", ["secret", "encrypted"])
def test_nothing_is_given_out_of_quarantine(client: Client, unit: Unit, name: str, reason: str) -> None:
    client.force_login(officer_at(unit))
    document = paper(unit=unit, pages=("MẬT",))
    kept = Path(settings.PICTURES_DIR) / "seen"
    DocumentVersion.objects.update(screening="quarantined", quarantine_reason=reason)
    response = client.get(address(name, document.pk))
    assert response.status_code == 403
    assert not kept.exists()


# Legal documents ------------------------------------------------------------------------------------


def test_attack_34_a_hidden_legal_document_is_not_there(client: Client, unit: Unit) -> None:
    client.force_login(officer_at(unit))
    hidden_one = legal_document(tokens=["unit:0"])
    assert client.get(reverse("legal_document", args=[hidden_one.pk])).status_code == 404
    assert client.get(reverse("legal_document", args=[MISSING])).status_code == 404
    assert client.get(reverse("legal_document", args=[legal_document(tokens=[EVERYONE]).pk])).status_code == 200
