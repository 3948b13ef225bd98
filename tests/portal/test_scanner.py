"""The demo's paper and its bad scanner."""

import io

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from portal.demo.scanner import Marking, Seal, as_jpeg, as_pdf, as_png, as_tiff, damage, print_pages, print_pdf, typeset

TEXT = "ỦY BAN NHÂN DÂN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 1/QĐ-UBND\nQUYẾT ĐỊNH\nGiao đất\nCăn cứ Luật Đất đai;"


def test_a_text_is_printed_to_a4_with_its_letters() -> None:
    document = pdfium.PdfDocument(print_pdf(typeset(TEXT)))
    try:
        assert document[0].get_size() == pytest.approx((595, 842), abs=1)
        assert "Căn cứ Luật Đất đai;" in document[0].get_textpage().get_text_range()
    finally:
        document.close()
    [page] = print_pages(TEXT, dpi=100)
    assert page.shape == (1170, 827, 3)
    assert page.dtype == np.uint8


def test_markup_in_a_text_stays_text() -> None:
    assert "&lt;img src=x&gt;" in typeset("<img src=x>")


def test_nothing_is_fetched_for_a_print() -> None:
    with_picture = print_pdf('<html><body><img src="file:///etc/hostname"><p>abc</p></body></html>')
    document = pdfium.PdfDocument(with_picture)
    try:
        assert document[0].get_textpage().get_text_range().strip() == "abc"
        assert not list(document[0].get_objects(filter=[3]))
    finally:
        document.close()


def test_the_same_seed_gives_the_same_damage() -> None:
    [page] = print_pages(TEXT, dpi=100)
    worn = [damage(page, dpi=100, specks=200, noise=5, skew=1, seed=seed) for seed in (1, 1, 2)]
    assert np.array_equal(worn[0], worn[1])
    assert not np.array_equal(worn[0], worn[2])


def test_stamps_are_red_and_leave_black_print_black() -> None:
    black = np.zeros((1170, 827, 3), np.uint8)
    assert not damage(black, dpi=100, seal=Seal(), marking=Marking("MẬT")).any()
    white = np.full((1170, 827, 3), 255, np.uint8)
    stamped = damage(white, dpi=100, seal=Seal(left=0.98), marking=Marking("MẬT"))
    red, green = stamped[:, :, 0].astype(int), stamped[:, :, 1].astype(int)
    assert np.count_nonzero(red - green > 100) > 500


def test_a_page_laid_turned_on_the_glass_is_turned_clockwise() -> None:
    page = np.full((100, 60, 3), 255, np.uint8)
    page[0, 0] = 0
    assert not damage(page, quarter_turns=1)[0, -1].any()


def test_pages_become_files_that_tell_their_resolution() -> None:
    pages = print_pages(TEXT, dpi=100) * 2
    for data in (as_png(pages[0], dpi=100), as_jpeg(pages[0], dpi=100), as_tiff(pages, dpi=100)):
        with Image.open(io.BytesIO(data)) as image:
            assert image.info["dpi"] == pytest.approx((100, 100), abs=0.1)
    document = pdfium.PdfDocument(as_pdf(pages, dpi=100))
    try:
        assert len(document) == 2
        assert document[0].get_size() == pytest.approx((595, 842), abs=1)
    finally:
        document.close()
