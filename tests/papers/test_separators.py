"""Sheets put between papers that are scanned together: one each, readable by people and by the machine."""

import io

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from papers.catalogue import form_of
from papers.rendering import printed, qr_code
from tests.papers.filled import MARKS, fonts_of, squeezed, text_of

NAMES = [MARKS, "Giấy chứng nhận đã cấp", '<img src="file:///etc/hostname"><b>A & B</b>']


@pytest.fixture(scope="module")
def sheets() -> bytes:
    rows = [{"name": name, "qr": qr_code(f"to:{number}")} for number, name in enumerate(NAMES)]
    return printed(form_of("separator", "nội bộ"), {"sheets": rows, "procedure": "Đăng ký biến động"})


def test_each_paper_has_one_a4_sheet_that_bears_its_name_as_text(sheets: bytes) -> None:
    pages = PdfReader(io.BytesIO(sheets)).pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [(595, 842)] * len(NAMES)
    for name, page in zip(NAMES, pages, strict=True):
        assert squeezed(name) in squeezed(page.extract_text())


def test_every_font_of_the_sheets_is_embedded(sheets: bytes) -> None:
    fonts = fonts_of(sheets)
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in fonts.values())
    assert MARKS.split(",")[0] in text_of(sheets)


def test_the_machine_reads_which_sheet_it_is(sheets: bytes) -> None:
    document = pdfium.PdfDocument(sheets)
    try:
        pictures = [np.ascontiguousarray(page.render(scale=2).to_numpy()[:, :, :3]) for page in document]
    finally:
        document.close()
    said = [cv2.QRCodeDetector().detectAndDecode(picture)[0] for picture in pictures]
    assert said == ["to:0", "to:1", "to:2"]
