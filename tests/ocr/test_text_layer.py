"""What is believed of a PDF's text layer, and what is read from its picture instead."""

import unicodedata
from pathlib import Path

import pytest

from ocr.limits import Limits
from ocr.pages import PdfPages
from ocr.text_layer import TextLayer, is_plausible
from portal.demo.scanner import as_pdf, print_pdf
from tests.ocr.papers import SLIP, joined, kept, laid_over, rotated, same_letters, slip_pdf, slip_picture, word_named
from tests.scans import hostile


def layer_of(tmp_path: Path, data: bytes, index: int = 0) -> TextLayer | None:
    pages = PdfPages(kept(tmp_path, "paper.pdf", data), Limits())
    try:
        return pages.text_layer(index)
    finally:
        pages.close()


def test_a_digital_page_gives_its_letters_line_by_line(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, slip_pdf())
    assert layer is not None
    assert layer.text == SLIP


def test_text_is_nfc_whatever_the_file_holds(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, slip_pdf(unicodedata.normalize("NFD", SLIP)))
    assert layer is not None
    assert same_letters(layer.text, SLIP)
    assert all(unicodedata.is_normalized("NFC", word.text) for word in layer.words)


def test_words_stand_where_the_page_shows_them(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, slip_pdf())
    assert layer is not None
    number, place = word_named(layer.words, "31/GM-UBND"), word_named(layer.words, "Tân")
    assert 0 < number.box[0] < 0.4
    assert number.box[1] < place.box[1] < 0.3
    assert number.confidence is None


def test_boxes_of_a_page_shown_turned_are_turned_with_it(tmp_path: Path) -> None:
    straight, turned = layer_of(tmp_path, slip_pdf()), layer_of(tmp_path, rotated(slip_pdf(), 90))
    assert straight is not None
    assert turned is not None
    assert (turned.width, turned.height) == pytest.approx((straight.height, straight.width))
    left, top, width, height = word_named(straight.words, "31/GM-UBND").box
    assert word_named(turned.words, "31/GM-UBND").box == pytest.approx(
        (1 - top - height, left, height, width), abs=1e-3
    )


def test_columns_of_one_line_are_parted_by_a_tab(tmp_path: Path) -> None:
    columns = '<html><body><p>Số: 5/QĐ-UBND<span style="float:right">Tân Lộc, ngày 7 tháng 8</span></p></body></html>'
    layer = layer_of(tmp_path, print_pdf(columns))
    assert layer is not None
    assert {"Số: 5/QĐ-UBND", "Tân Lộc, ngày 7 tháng 8"} == set(layer.text.replace("\n", "\t").split("\t"))


def test_what_was_filled_into_a_form_is_read_with_its_label(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, hostile.filled_form("Filled in by hand"))
    assert layer is not None
    assert layer.text.splitlines() == ["Printed label", "Filled in by hand"]
    assert word_named(layer.words, "Filled").box[1] > word_named(layer.words, "Printed").box[1]


def test_a_scan_has_no_text_layer(tmp_path: Path) -> None:
    assert layer_of(tmp_path, as_pdf([slip_picture()])) is None


def test_a_stray_line_over_a_scan_is_no_text_layer(tmp_path: Path) -> None:
    advert = slip_pdf("Scanned with a free trial of the scanning programme, buy it today and scan without this line")
    assert layer_of(tmp_path, laid_over(as_pdf([slip_picture()]), advert)) is None


def test_a_full_text_layer_over_a_scan_is_believed(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, laid_over(as_pdf([slip_picture()]), slip_pdf()))
    assert layer is not None
    assert same_letters(layer.text, SLIP)


def test_a_layer_without_vietnamese_marks_over_a_scan_is_not_believed(tmp_path: Path) -> None:
    bare = "".join(sign for sign in unicodedata.normalize("NFD", SLIP) if not unicodedata.combining(sign))
    assert layer_of(tmp_path, laid_over(as_pdf([slip_picture()]), slip_pdf(bare))) is None


def test_each_page_of_a_mixed_file_is_judged_by_itself(tmp_path: Path) -> None:
    mixed = joined(slip_pdf(), as_pdf([slip_picture()]))
    assert layer_of(tmp_path, mixed, 0) is not None
    assert layer_of(tmp_path, mixed, 1) is None


@pytest.mark.parametrize(
    "debris",
    [
        "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp - Tù do - H¹nh phóc",  # TCVN3 taken for Latin-1
        "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam Ñoäc laäp - Töï do - Haïnh phuùc",  # VNI
        "\ue001\ue002\ue003 \ue004\ue005 \ue006\ue007 \ue008\ue009\ue00a",  # glyph numbers
        "\ufffd\ufffd\ufffd \ufffd\ufffd abc \ufffd\ufffd",
        "12 34 56 / 78",
    ],
)
def test_letters_of_a_lost_encoding_are_not_believed(debris: str) -> None:
    assert not is_plausible(debris.split())


@pytest.mark.parametrize(
    "text",
    [
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Diện tích: 121,5 m² (một trăm hai mươi mốt phẩy năm mét vuông)",
        "This decision takes effect on the day of signing",
    ],
)
def test_vietnamese_and_plain_latin_are_believed(text: str) -> None:
    assert is_plausible(text.split())
