"""Pages read by the real tesseract: any way round, and each word where it stands on the page as it came."""

from functools import cache

import numpy as np
import pytest
from PIL import Image

from ocr.domain_errors import Reason, Unreadable
from ocr.pages import PageImage
from ocr.reading import Box
from ocr.recognition import Recognition, recognise
from ocr.secrecy import find_secrecy
from portal.demo.scanner import Marking, Page, Seal, damage, print_pages
from tests.ocr.papers import SLIP, slip_picture, word_named
from tests.scans.generator import character_error_rate


def read(picture: Page, dpi: int = 200, seconds: float = 60) -> Recognition:
    height, width = picture.shape[:2]
    return recognise(PageImage(Image.fromarray(picture), dpi, width / dpi * 72, height / dpi * 72), seconds=seconds)


DECISION = """ỦY BAN NHÂN DÂN
TỈNH YÊN GIANG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 28/QĐ-UBND
Yên Giang, ngày 21 tháng 9 năm 2024
QUYẾT ĐỊNH
Về việc thu hồi đất để làm kho lưu trữ
"""


@cache
def straight() -> Recognition:
    return read(slip_picture())


def box_of(recognition: Recognition, text: str) -> Box:
    return word_named(recognition.words, text).box


def turned_box(box: Box, quarter_turns: int) -> Box:
    """Where a box lands when its page is turned clockwise."""
    for _ in range(quarter_turns):
        left, top, width, height = box
        box = (1 - top - height, left, height, width)
    return box


def test_a_clean_page_is_read_letter_by_letter() -> None:
    assert character_error_rate(SLIP, straight().text) < 0.01
    assert straight().rotation == 0
    assert straight().confidence > 0.9
    assert all(0 <= (word.confidence or 0) <= 1 for word in straight().words)


def test_a_word_is_found_where_its_ink_is() -> None:
    left, top, width, height = box_of(straight(), "Phùng")
    page = slip_picture()[:, :, 0]
    down, across = page.shape
    rows, columns = np.nonzero(page[round(top * down) : round((top + height) * down)] < 128)
    assert rows.size
    word = columns[(columns > (left - 0.005) * across) & (columns < (left + width + 0.005) * across)]
    assert word.min() == pytest.approx(left * across, abs=4)
    assert word.max() == pytest.approx((left + width) * across, abs=4)


@pytest.mark.parametrize(("quarter_turns", "rotation"), [(1, 270), (2, 180), (3, 90)])
def test_a_turned_page_is_read_and_its_words_stay_where_they_are(quarter_turns: int, rotation: int) -> None:
    found = read(damage(slip_picture(), quarter_turns=quarter_turns, specks=300, skew=0.7))
    assert found.rotation == rotation
    assert character_error_rate(SLIP, found.text) < 0.03
    expected = turned_box(box_of(straight(), "Phùng"), quarter_turns)
    assert box_of(found, "Phùng") == pytest.approx(expected, abs=0.015)


def test_a_noisy_shaded_scan_of_150_dpi_is_read() -> None:
    page = damage(slip_picture(dpi=150), dpi=150, noise=8, shade=0.3, skew=1.6, specks=400)
    assert character_error_rate(SLIP, read(page, 150).text) < 0.03


def test_a_blank_page_is_empty_and_certain() -> None:
    found = read(damage(np.full((2339, 1654, 3), 250, np.uint8), specks=300, noise=3))
    assert (found.text, found.words, found.confidence) == ("", (), 1.0)


def test_a_red_marking_of_secrecy_is_read_though_red_ink_is_dropped() -> None:
    page = damage(slip_picture(), marking=Marking("TỐI MẬT", left=0.7, top=0.1), seal=Seal(top=0.22), skew=1)
    found = read(page)
    assert "MẬT" in found.text.splitlines()[0]
    left, top, width, height = box_of(found, "MẬT")
    assert left < 0.78 < left + width + 0.02
    assert top < 0.1 < top + height


@pytest.mark.parametrize(("words", "degree"), [("MẬT", "mat"), ("TUYỆT MẬT", "tuyet_mat")])
def test_a_marking_stamped_over_print_is_read(words: str, degree: str) -> None:
    page = print_pages(DECISION, layout="administrative", dpi=150)[0]
    stamped = damage(page, dpi=150, marking=Marking(words, left=0.22, top=0.08), skew=1.5, noise=8, specks=600)
    assert find_secrecy([read(stamped, dpi=150).text]) == degree


def test_the_frame_of_a_marking_is_not_read_as_letters() -> None:
    page = print_pages(DECISION, layout="administrative", dpi=150)[0]
    stamped = damage(page, dpi=150, marking=Marking("MẬT", left=0.18, top=0.095), skew=1.5, noise=8, specks=600)
    assert find_secrecy([read(stamped, dpi=150).text]) == "mat"


def test_columns_of_a_head_are_parted_by_a_tab() -> None:
    head = "BỘ TÀI CHÍNH\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 6/TB-BTC\nTHÔNG BÁO\n"
    from_columns = read(print_pages(head + SLIP, layout="administrative")[0])
    assert "BỘ TÀI CHÍNH\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in from_columns.text


def test_a_page_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(Unreadable) as caught:
        read(slip_picture(), seconds=0.2)
    assert caught.value.reason_code == Reason.TIMED_OUT
