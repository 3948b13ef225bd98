"""A searchable copy: looks as the file does, says what was read where it was read, acts and claims nothing."""

import ctypes
import io
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject

from ocr import Limits, Unreadable, write_searchable
from ocr.pages import open_pages
from ocr.reading import Box, RecognisedPage, Word
from ocr.searchable import write_searchable as write_here
from tests.factories.documents import locked_pdf, pdf, pdf_with_attachment, picture, scripted_pdf
from tests.factories.signatures import Identity, signed
from tests.ocr.papers import kept, rotated, slip_pdf

pdfium_c: Any = pypdfium2.raw
LINE = "Thửa đất số 116, xã Tân Lộc"
TURNS = (0, 90, 180, 270)


def words_along(line: str, *, rotation: int = 0) -> tuple[Word, ...]:
    """The words of a line 0.1 from the edge where the upright page begins, as they lie on the page as shown."""
    upright = [Word(word, (0.1 + 0.1 * place, 0.2, 0.08, 0.03)) for place, word in enumerate(line.split())]
    return tuple(Word(word.text, _lying(word.box, rotation), 0.9) for word in upright)


def _lying(box: Box, rotation: int) -> Box:
    """Where a box of the upright page lies on the page as shown, which must be turned clockwise to stand upright."""
    left, top, width, height = box
    ways: dict[int, Box] = {
        0: box,
        90: (top, 1 - left - width, height, width),
        180: (1 - left - width, 1 - top - height, width, height),
        270: (1 - top - height, left, height, width),
    }
    return ways[rotation]


def copied(tmp_path: Path, content: bytes, *pages: RecognisedPage, name: str = "goc.pdf") -> Path:
    """The copy, made in this process."""
    path, target, words = kept(tmp_path, name, content), tmp_path / "ban.pdf", tmp_path / "words"
    words.write_text("".join(json.dumps(page.as_json()) + "\n" for page in pages))
    with closing(open_pages(path, Limits())) as opened:
        list(write_here(path, opened, words, target, "Đơn"))
    assert path.read_bytes() == content
    return target


def place_of(file: Path, text: str, number: int = 0) -> Box:
    """Where a reader's search lights the text, in fractions of the page as it is shown."""
    with closing(pdfium.PdfDocument(file)) as document, closing(document[number]) as page:
        text_page = page.get_textpage()
        found = text_page.search(text, match_case=True).get_next()
        assert found is not None, text_page.get_text_range()
        edges = [text_page.get_rect(index) for index in range(text_page.count_rects(*found))]
        corners = [_shown(page, x, y) for left, bottom, right, top in edges for x, y in ((left, bottom), (right, top))]
        text_page.close()
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return xs[0], ys[0], xs[-1] - xs[0], ys[-1] - ys[0]


def _shown(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, 10_000, 10_000, 0, x, y, across, down)
    return across.value / 10_000, down.value / 10_000


def pixels(content: bytes | Path) -> list[bytes]:
    with closing(pdfium.PdfDocument(content)) as document:
        return [page.render(scale=0.5).to_pil().tobytes() for page in document]


@pytest.mark.parametrize("shown", TURNS)
@pytest.mark.parametrize("rotation", TURNS)
def test_every_word_is_found_where_it_stands_however_the_page_lies(tmp_path: Path, shown: int, rotation: int) -> None:
    page = RecognisedPage(1, rotation, words_along(LINE, rotation=rotation))
    copy = copied(tmp_path, rotated(pdf(), shown), page)
    for word in words_along(LINE):
        assert place_of(copy, word.text) == pytest.approx(word.box, abs=0.02)
    with closing(pdfium.PdfDocument(copy)) as document:
        assert document[0].get_textpage().get_text_range().strip() == LINE
    assert PdfReader(copy).pages[0].extract_text().strip() == LINE


def test_a_part_of_a_sheet_is_measured_from_its_own_corner(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    for box in (writer.pages[0].mediabox, writer.pages[0].cropbox):
        box.lower_left, box.upper_right = (100, 200), (500, 700)
    buffer = io.BytesIO()
    writer.write(buffer)
    copy = copied(tmp_path, buffer.getvalue(), RecognisedPage(1, 0, words_along(LINE)))
    assert place_of(copy, "116,") == pytest.approx(words_along(LINE)[3].box, abs=0.02)


def test_decomposed_letters_are_copied_composed(tmp_path: Path) -> None:
    decomposed = "Tha\u0302\u0300n \U0001f600"
    copy = copied(tmp_path, pdf(), RecognisedPage(1, 0, words_along(decomposed)))
    assert PdfReader(copy).pages[0].extract_text().strip() == "Thần"


def test_what_the_page_draws_stays_and_stands_after_the_words(tmp_path: Path) -> None:
    content = slip_pdf()
    copy = copied(tmp_path, content, RecognisedPage(1, 0, words_along(LINE)))
    assert pixels(copy) == pixels(content)
    text = PdfReader(copy).pages[0].extract_text()
    assert LINE in text
    assert "GIẤY MỜI" in text


def test_pages_without_words_stay_as_they_are(tmp_path: Path) -> None:
    copy = copied(tmp_path, pdf(pages=3), RecognisedPage(2, 0, words_along(LINE)))
    assert [LINE in page.extract_text() for page in PdfReader(copy).pages] == [False, True, False]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_becomes_a_page_of_its_size(tmp_path: Path, kind: str) -> None:
    content = picture(kind, size=(1240, 1754))
    copy = copied(tmp_path, content, RecognisedPage(1, 0, words_along(LINE)), name="anh")
    (page,) = PdfReader(copy).pages
    assert float(page.mediabox.width) == pytest.approx(595, abs=3)
    assert place_of(copy, "116,") == pytest.approx(words_along(LINE)[3].box, abs=0.02)
    if kind == "JPEG":
        assert content in copy.read_bytes()


def test_a_photograph_taken_sideways_stands_upright(tmp_path: Path) -> None:
    buffer, turned = io.BytesIO(), Image.Exif()
    turned[0x0112] = 6
    Image.effect_noise((400, 300), 60).save(buffer, "JPEG", exif=turned)
    copy = copied(tmp_path, buffer.getvalue(), name="anh.jpg")
    (page,) = PdfReader(copy).pages
    assert page.mediabox.width < page.mediabox.height


@pytest.mark.parametrize("content", [scripted_pdf(), pdf_with_attachment()], ids=["script", "embedded file"])
def test_attack_08_what_acts_in_a_file_is_not_copied(tmp_path: Path, content: bytes) -> None:
    plain = copied(tmp_path, content, RecognisedPage(1, 0, words_along(LINE))).read_bytes()
    for name in (b"/JavaScript", b"/JS", b"/OpenAction", b"/EmbeddedFile", b"/Names", b"/AA", b"noi dung"):
        assert name not in plain


def test_attack_01_nothing_before_or_after_the_pdf_is_copied(tmp_path: Path) -> None:
    content = b"<script>alert(1)</script>\n" + pdf() + b"\n<html>"
    copy = copied(tmp_path, content, RecognisedPage(1, 0, words_along(LINE)))
    assert copy.read_bytes().startswith(b"%PDF-")
    assert b"<script>" not in copy.read_bytes()
    assert b"<html>" not in copy.read_bytes()


def test_a_copy_of_a_signed_file_claims_no_signature_and_looks_the_same(tmp_path: Path) -> None:
    content = signed(Identity.of("Văn phòng"), slip_pdf())
    copy = copied(tmp_path, content, RecognisedPage(1, 0, words_along(LINE)))
    plain = copy.read_bytes()
    for name in (b"/ByteRange", b"/AcroForm", b"/Sig", b"/Widget", b"/DSS", b"/Perms"):
        assert name not in plain
    assert pixels(copy) == pixels(content)


def test_a_field_that_was_filled_in_stays_to_be_seen(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    look = writer._add_object(PdfReader(io.BytesIO(slip_pdf())).pages[0].get_contents().clone(writer))  # type: ignore[union-attr]
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/F"): NumberObject(4),
            NameObject("/Rect"): writer.pages[0].mediabox,
            NameObject("/AP"): DictionaryObject({NameObject("/N"): look}),
            NameObject("/A"): DictionaryObject({NameObject("/S"): NameObject("/Launch")}),
        }
    )
    writer.add_annotation(0, field)
    buffer = io.BytesIO()
    writer.write(buffer)
    (page,) = PdfReader(copied(tmp_path, buffer.getvalue())).pages
    annotations: Any = page["/Annots"]
    (seen,) = [each.get_object() for each in annotations]
    assert seen["/Subtype"] == "/Stamp"
    assert "/A" not in seen
    assert "/AP" in seen


# In a process of its own -------------------------------------------------------------------------------


def test_the_copy_is_made_in_a_process_of_its_own_that_tells_how_far_it_is(tmp_path: Path) -> None:
    path, target, told = kept(tmp_path, "goc.pdf", pdf(pages=45)), tmp_path / "ban.pdf", []
    pages = [RecognisedPage(number, 0, words_along(LINE)) for number in range(1, 46)]
    write_searchable(path, target, pages, title="Đơn", on_page=lambda done, pages: told.append((done, pages)))
    assert told == [(20, 45), (40, 45), (45, 45)]
    assert LINE in PdfReader(target).pages[44].extract_text()


def test_attack_07_a_locked_file_is_not_copied(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        write_searchable(kept(tmp_path, "goc.pdf", locked_pdf()), tmp_path / "ban.pdf", [])
