"""Files brought over the web with ill intent: refused with a reason and nothing left, or kept and harmless."""

import io
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.acting import unit_token
from accounts.models import Unit
from documents.models import Blob, Document, DocumentVersion
from jobs.models import OutboxRow
from notices.models import Notice
from tests.documents.shelter import FileShelter
from tests.factories.accounts import UnitFactory, officer_at
from tests.factories.documents import locked_pdf, paper, pdf, picture

pytestmark = pytest.mark.django_db
HTML = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def document() -> Document:
    unit = UnitFactory.create()
    return paper(unit=unit, tokens=[unit_token(unit.pk)])


@pytest.fixture
def clerk(client: Client, document: Document) -> Client:
    unit = document.unit
    assert isinstance(unit, Unit)
    client.force_login(officer_at(unit))
    client.raise_request_exception = False
    return client


def address(document: Document) -> str:
    return reverse("document_version_added", args=[document.pk])


def bring(clerk: Client, document: Document, content: bytes, name: str, media_type: str = "application/pdf") -> Any:
    return clerk.post(address(document), {"file": SimpleUploadedFile(name, content, media_type)})


def last() -> DocumentVersion:
    return DocumentVersion.objects.order_by("pk").last() or DocumentVersion()


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


REFUSED: dict[str, tuple[bytes, str]] = {
    "02 page as picture": (HTML, "anh.png"),
    "02 drawing": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "anh.svg"),
    "02 page": (HTML, "trang.html"),
    "03 docx bomb": (zipped(word__document=bytes(20_000_000)), "don.docx"),
    "03 xlsx bomb as pdf": (zipped(xl__workbook=bytes(20_000_000)), "don.pdf"),
    "04 zip slip": (zipped(**{"..__..__etc__passwd": b"x"}), "kho.zip"),
    "04 zip in zip": (zipped(trong=zipped(tep=b"x")), "kho.zip"),
    "13 program": (b"MZ\x90\x00" + bytes(200), "a.pdf.exe"),
    "13 program named pdf": (b"MZ\x90\x00" + bytes(200), "a.pdf"),
    "13 paper named program": (pdf(), "a.pdf.exe"),
    "18 empty": (b"", "don.pdf"),
    "23 eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "hinh.eps"),
    "23 postscript as pdf": (b"%!PS-Adobe-3.0\n(x) show\n", "don.pdf"),
    "23 eps with a picture": (b"\xc5\xd0\xd3\xc6" + bytes(40) + b"%!PS", "anh.tif"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_attack_02_03_04_13_18_23_are_refused_with_a_reason_and_leave_nothing(
    clerk: Client, document: Document, own_vault: Path, tmp_path: Path, case: str
) -> None:
    content, name = REFUSED[case]
    before = (FileShelter(own_vault).names(), Blob.objects.count(), OutboxRow.objects.count())
    answer = bring(clerk, document, content, name)
    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in answer.content.decode()
    assert (FileShelter(own_vault).names(), Blob.objects.count(), OutboxRow.objects.count()) == before
    assert DocumentVersion.objects.count() == 1
    assert not list((tmp_path / "incoming").iterdir())


@pytest.mark.parametrize("polyglot", [pdf() + b"\n" + HTML, pdf().replace(b"\n", b"\n%" + HTML + b"\n", 1)])
def test_attack_01_a_paper_that_is_a_page_too_is_only_ever_saved(
    clerk: Client, document: Document, polyglot: bytes
) -> None:
    assert bring(clerk, document, polyglot, "don.pdf", "text/html").status_code == 302
    answer = clerk.get(reverse("document_original", args=[document.pk]))
    assert answer.getvalue() == polyglot
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_attack_07_a_locked_paper_is_kept_set_aside_and_its_bringer_told(clerk: Client, document: Document) -> None:
    assert bring(clerk, document, locked_pdf(), "don.pdf").status_code == 302
    assert (last().screening, last().quarantine_reason) == ("quarantined", "encrypted")
    assert Notice.objects.count() == 1
    assert clerk.get(reverse("document_original", args=[document.pk])).status_code == 403
    assert clerk.get(reverse("document", args=[document.pk])).status_code == 200


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("don\u202efdp.exe.pdf", "donfdp.exe.pdf"),
        ("a.php.pdf", "a.php.pdf"),
        (unicodedata.normalize("NFD", "Đơn đăng ký biến động.pdf"), "Đơn đăng ký biến động.pdf"),
        ("đ" * 300 + ".pdf", "đ" * 196 + ".pdf"),
    ],
)
def test_attack_13_to_16_a_name_is_only_shown_and_the_file_lies_by_its_bytes(
    clerk: Client, document: Document, own_vault: Path, name: str, shown: str
) -> None:
    assert bring(clerk, document, pdf(width=700), name).status_code == 302
    assert last().file_name == shown
    stored = {Path(path).name for path in FileShelter(own_vault).names()}
    assert stored == set(Blob.objects.values_list("sha256", flat=True))
    answer = clerk.get(reverse("document_original", args=[document.pk]))
    assert "\n" not in answer["Content-Disposition"]
    answer.close()


def test_attack_19_one_byte_too_many_is_refused(clerk: Client, document: Document, settings: Any) -> None:
    content = pdf(width=700)
    settings.UPLOAD_MAX_BYTES = len(content)
    assert bring(clerk, document, content + b"\n", "don.pdf").status_code == 422
    assert bring(clerk, document, content, "don.pdf").status_code == 302


@pytest.mark.parametrize("length", [3_000_000, 10**30, "-5", "nhiều"])
def test_attack_19_what_says_it_is_too_large_is_not_even_read(
    clerk: Client, document: Document, settings: Any, length: object
) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    answer = clerk.post(
        address(document), b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=str(length)
    )
    assert answer.status_code == 413
    assert DocumentVersion.objects.count() == 1


@pytest.mark.parametrize("cut", [40, 200, 2])
def test_attack_19_a_body_shorter_than_it_says_is_no_file(
    clerk: Client, document: Document, tmp_path: Path, cut: int
) -> None:
    """The line went dead: what came would be a paper without its end."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="anh.jpg"\r\n\r\n'
    body = head + picture("JPEG") + b"\r\n--b--\r\n"
    came = io.BytesIO(body[:-cut])
    sent: dict[str, Any] = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": came}
    answer = clerk.generic("POST", address(document), body, "multipart/form-data; boundary=b", **sent)
    assert answer.status_code == 400
    assert DocumentVersion.objects.count() == 1
    assert not list((tmp_path / "incoming").iterdir())


def test_attack_19_a_whole_body_is_taken(clerk: Client, document: Document) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="anh.jpg"\r\n\r\n'
    body = head + picture("JPEG") + b"\r\n--b--\r\n"
    assert clerk.generic("POST", address(document), body, "multipart/form-data; boundary=b").status_code == 302


def test_attack_20_the_same_file_for_two_papers_lies_there_once(
    clerk: Client, document: Document, own_vault: Path
) -> None:
    unit = document.unit
    assert isinstance(unit, Unit)
    other = paper(unit=unit, tokens=[unit_token(unit.pk)])
    for one in (document, other):
        assert bring(clerk, one, pdf(width=700), "don.pdf").status_code == 302
    assert Blob.objects.count() == len(FileShelter(own_vault).names()) == 2
    assert DocumentVersion.objects.filter(blob=last().blob_id).count() == 2
