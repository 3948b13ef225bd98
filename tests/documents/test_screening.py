"""A file is refused, kept in quarantine, or kept; a refused one leaves nothing behind."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile
from PIL import Image

from documents.screening import Screened, screen
from ocr import Limits
from pages.domain_errors import Invalid
from tests.factories import documents as samples


def screened(content: bytes, name: str) -> Screened:
    return screen(ContentFile(content), name)


def header_only_png(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (samples.pdf(), "don.pdf", "application/pdf"),
        (samples.picture("JPEG"), "anh.JPG", "image/jpeg"),
        (samples.picture("PNG"), "anh.png", "image/png"),
        (samples.picture("TIFF"), "quet.tif", "image/tiff"),
    ],
)
def test_what_offices_scan_is_taken(content: bytes, name: str, media_type: str) -> None:
    result = screened(content, name)
    assert (result.name, result.media_type, result.size) == (name, media_type, len(content))
    assert result.quarantine_reason == ""
    assert result.active_content == ()


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script></html>", b"<svg onload='x()'/>"])
def test_attack_02_pages_and_drawings_with_scripts_are_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="PDF, JPEG, PNG"):
        screened(content, "anh.png")


def test_attack_06_a_file_of_too_many_pages_is_kept_in_quarantine(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [Image.new("1", (8, 8)) for _ in range(12)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    monkeypatch.setattr("documents.screening.LIMITS", Limits(pages=10))
    assert screened(buffer.getvalue(), "quet.tif").quarantine_reason == "too_many_pages"


def test_attack_07_a_locked_pdf_is_kept_in_quarantine() -> None:
    assert screened(samples.locked_pdf(), "don.pdf").quarantine_reason == "encrypted"


def test_a_pdf_that_only_forbids_printing_is_taken() -> None:
    assert screened(samples.restricted_pdf(), "don.pdf").quarantine_reason == ""


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (samples.scripted_pdf(), ("javascript",)),
        (samples.pdf_with_attachment(), ("embedded_file",)),
        (samples.pdf() + b"\n% /Launch", ("launch",)),
        (samples.pdf() + b"\n% /J#61vaScript", ("javascript",)),
        (
            samples.pdf()
            + b"9 0 obj <</Type /ObjStm /Filter /FlateDecode>> stream\r\n"
            + zlib.compress(b"/JavaScript"),
            ("javascript",),
        ),
    ],
    ids=["script", "attachment", "launch", "escaped name", "inside an object stream"],
)
def test_attack_08_active_content_is_flagged_and_kept(content: bytes, kinds: tuple[str, ...]) -> None:
    result = screened(content, "don.pdf")
    assert result.active_content == kinds
    assert result.quarantine_reason == ""


def test_attack_09_a_pdf_that_can_not_be_opened_is_kept_in_quarantine() -> None:
    assert screened(b"%PDF-1.7\n" + b"\x00\xff" * 400, "don.pdf").quarantine_reason == "broken"


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "anh.jpg"), ("PNG", "anh.png")])
def test_attack_10_a_cut_picture_is_kept_in_quarantine(kind: str, name: str) -> None:
    content = samples.picture(kind)
    assert screened(content[: len(content) // 2], name).quarantine_reason == "truncated"


def test_what_a_telephone_adds_after_the_picture_is_no_cut() -> None:
    assert screened(samples.picture("JPEG") + b"film" * 1000, "anh.jpg").quarantine_reason == ""


@pytest.mark.parametrize("size", [(10_001, 10_000), (60_000, 60_000)])
def test_attack_11_a_picture_of_too_many_pixels_is_refused_from_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match="100"):
        screened(header_only_png(*size), "anh.png")


def test_attack_11_every_page_of_a_tiff_is_looked_at() -> None:
    frames = [Image.new("1", (8, 8)), Image.new("1", (20_000, 10_000))]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:], compression="group4")
    with pytest.raises(Invalid, match="100"):
        screened(buffer.getvalue(), "quet.tif")


def test_attack_12_an_ending_that_belies_the_content_is_refused() -> None:
    with pytest.raises(Invalid, match=r"\.pdf.*\.jpg"):
        screened(samples.picture("JPEG"), "don.pdf")


def test_attack_13_a_program_behind_a_harmless_name_is_refused() -> None:
    with pytest.raises(Invalid):
        screened(b"MZ\x90\x00" + b"\x00" * 200, "a.pdf.exe")
    with pytest.raises(Invalid):
        screened(samples.pdf(), "a.pdf.exe")


def test_attack_13_a_script_name_before_the_ending_is_only_a_name() -> None:
    assert screened(samples.pdf(), "a.php.pdf").name == "a.php.pdf"


def test_attack_18_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid, match=r"empty|rỗng"):
        screened(b"", "don.pdf")


def test_attack_19_one_byte_too_many_is_refused(settings: Any) -> None:
    content = samples.pdf()
    settings.UPLOAD_MAX_BYTES = len(content)
    assert screened(content, "don.pdf").size == len(content)
    with pytest.raises(Invalid, match=r"don\.pdf"):
        screened(content + b"\n", "don.pdf")


def test_attack_23_postscript_is_refused() -> None:
    with pytest.raises(Invalid):
        screened(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "anh.jpg")


def test_a_name_without_an_ending_is_refused() -> None:
    with pytest.raises(Invalid):
        screened(samples.pdf(), "don")


def test_looking_leaves_nothing_behind_and_rewinds(tmp_path: Path) -> None:
    file = ContentFile(samples.pdf())
    screen(file, "don.pdf")
    assert file.tell() == 0
    assert list((tmp_path / "incoming").iterdir()) == []


def test_an_upload_on_the_disk_is_looked_at_where_it_lies() -> None:
    with TemporaryUploadedFile("don.pdf", "text/html", 0, None) as upload:
        upload.write(samples.locked_pdf())
        upload.size = upload.tell()
        upload.flush()
        assert screen(upload, "don.pdf").quarantine_reason == "encrypted"
