"""Small papers for the tests of the reader, and a look at its processes."""

import io
from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from ocr.reading import Word
from portal.demo.scanner import Page, print_pages, print_pdf, typeset

SLIP = """ỦY BAN NHÂN DÂN
XÃ TÂN LỘC
Số: 31/GM-UBND
Tân Lộc, ngày 07 tháng 8 năm 2025
GIẤY MỜI
Ủy ban nhân dân xã Tân Lộc kính mời ông Phùng Văn Thử dự buổi họp
xác định ranh giới thửa đất số 116, tờ bản đồ số 24, lúc 8 giờ 30 phút
ngày 12 tháng 8 năm 2025 tại nhà văn hóa thôn Đồng Vừng.
Đề nghị ông mang theo giấy chứng nhận và căn cước công dân."""


def slip_pdf(text: str = SLIP) -> bytes:
    """A digital PDF with a text layer."""
    return print_pdf(typeset(text, layout="plain"))


def slip_picture(text: str = SLIP, dpi: int = 200) -> Page:
    """The first page of it as a clean scan."""
    return print_pages(text, dpi=dpi, layout="plain")[0]


def joined(*files: bytes) -> bytes:
    """The pages of several PDFs as one."""
    writer = PdfWriter()
    for file in files:
        writer.append(io.BytesIO(file))
    return _written(writer)


def laid_over(below: bytes, above: bytes) -> bytes:
    """The first page of one PDF with that of another over it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(below)))
    writer.pages[0].merge_page(PdfReader(io.BytesIO(above)).pages[0])
    return _written(writer)


def rotated(file: bytes, degrees: int) -> bytes:
    """A PDF whose pages are shown turned clockwise."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(file)))
    for page in writer.pages:
        page.rotate(degrees)
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def processes_about(word: str) -> list[int]:
    """Running processes on whose command line the word stands."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it ended meanwhile
        if word.encode() in line:
            found.append(int(folder.name))
    return found


def same_letters(left: str, right: str) -> bool:
    """Whether two texts agree but for white space."""
    return "".join(left.split()) == "".join(right.split())


def word_named(words: Sequence[Word], text: str) -> Word:
    return next(word for word in words if word.text == text)
