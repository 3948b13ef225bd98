"""What preparation takes off a page and what it must leave."""

import cv2
import numpy as np
import pytest

from ocr.preparation import (
    Picture,
    compare_directions,
    deepen_ink,
    find_skew,
    flatten_light,
    measure_letters,
    measure_noise,
    prepare,
    remove_specks,
    separate_inks,
)
from portal.demo.scanner import Seal, damage, print_pdf, rasterise, typeset
from tests.ocr.papers import slip_picture
from tests.scans.treatments import press_blue


def grey_slip() -> Picture:
    return separate_inks(slip_picture()).black


def marks(picture: Picture) -> int:
    """How many separate marks of ink stand on a page."""
    return int(cv2.connectedComponents((picture < 128).astype(np.uint8))[0]) - 1


def test_a_seal_fades_and_the_print_below_it_stays() -> None:
    clean = slip_picture()
    sealed = damage(clean, seal=Seal(left=0.5, top=0.2))
    inks = separate_inks(sealed)
    prepared = flatten_light(inks.black)
    assert inks.red is not None
    assert np.count_nonzero(inks.red < 128) > 5000
    assert np.count_nonzero(prepared < 128) == pytest.approx(np.count_nonzero(clean[:, :, 0] < 128), rel=0.1)


def test_a_page_of_black_ink_has_no_red() -> None:
    assert separate_inks(slip_picture()).red is None


def ink(picture: Picture) -> int:
    return int(np.count_nonzero(picture < 128))


def test_a_blue_stamp_fades_and_the_print_below_it_stays() -> None:
    clean = slip_picture()
    prepared = flatten_light(separate_inks(press_blue(clean, Seal(left=0.5, top=0.2))).black)
    assert ink(prepared) == pytest.approx(ink(clean[:, :, 0]), rel=0.1)


def test_what_a_blue_pen_wrote_beside_a_stamp_stays() -> None:
    page = press_blue(slip_picture(), Seal(left=0.5, top=0.7))
    before = ink(separate_inks(page).black)
    for left in range(300, 420, 40):
        cv2.line(page, (left, 1000), (left - 8, 1040), (34, 44, 138), 3)
    assert ink(separate_inks(page).black) > before + 300


def test_yellowed_paper_is_no_ink() -> None:
    yellow = (slip_picture() * np.array([0.89, 0.85, 0.75])).astype(np.uint8)
    assert ink(flatten_light(separate_inks(yellow).black)) == pytest.approx(ink(grey_slip()), rel=0.05)


def test_pale_print_is_made_black_and_black_print_left_alone() -> None:
    pale = (255 - (255 - grey_slip().astype(np.float32)) * 0.35).astype(np.uint8)
    assert np.median(deepen_ink(pale)[grey_slip() < 100]) < 64
    assert np.array_equal(deepen_ink(grey_slip()), grey_slip())


@pytest.mark.parametrize("typeface", ["Liberation Serif", "Liberation Sans", "DejaVu Serif"])
def test_dots_below_letters_stay_in_every_typeface(typeface: str) -> None:
    source = typeset("Phạm vị trị sự, được lập tại họp bộ một\n" * 12, layout="plain").replace(
        "Liberation Serif", typeface
    )
    grey = separate_inks(damage(rasterise(print_pdf(source))[0], skew=1)).black
    letters = measure_letters(grey, dpi=200)
    assert letters is not None
    assert marks(remove_specks(grey, letters)) == marks(grey)


def test_specks_go_and_every_dot_of_the_letters_stays() -> None:
    clean = grey_slip()
    dirty = separate_inks(damage(slip_picture(), specks=1500)).black
    letters = measure_letters(dirty, dpi=200)
    assert letters is not None
    assert marks(dirty) > marks(clean) + 700
    assert marks(remove_specks(dirty, letters)) == pytest.approx(marks(clean), rel=0.12)


def test_a_clean_page_loses_nothing() -> None:
    clean = grey_slip()
    letters = measure_letters(clean, dpi=200)
    assert letters is not None
    assert marks(remove_specks(clean, letters)) == marks(clean)


def test_a_leader_line_of_dots_is_no_dirt() -> None:
    form = slip_picture("Họ và tên người nộp đơn: ..........................................................\n" * 6)
    grey = separate_inks(form).black
    letters = measure_letters(grey, dpi=200)
    assert letters is not None
    assert marks(remove_specks(grey, letters)) == pytest.approx(marks(grey), rel=0.02)


def test_a_shaded_page_becomes_white() -> None:
    shaded = separate_inks(damage(slip_picture(), shade=0.5)).black
    assert np.median(shaded[:, -100:]) < 150
    assert np.median(flatten_light(shaded)[:, -100:]) > 250


@pytest.mark.parametrize("degrees", [-3, -1, 0, 0.5, 2, 4.5])
def test_skew_is_found_to_a_fifth_of_a_degree(degrees: float) -> None:
    assert find_skew(separate_inks(damage(slip_picture(), skew=degrees)).black) == pytest.approx(degrees, abs=0.2)


def test_a_prepared_page_lies_level_and_leads_back_to_the_original() -> None:
    skewed = separate_inks(damage(slip_picture(), skew=2)).black
    prepared = prepare(skewed, dpi=200)
    assert prepared.dpi == 300
    assert abs(find_skew(prepared.picture)) <= 0.2
    rows, columns = np.nonzero(prepared.picture < 64)
    back = np.column_stack([columns, rows, np.ones(len(rows))]) @ prepared.to_page.T
    x, y = back.round().astype(int).T
    assert np.mean(skewed[y, x] < 160) > 0.95


def test_a_fine_scan_is_brought_down_to_the_working_resolution() -> None:
    prepared = prepare(separate_inks(slip_picture(dpi=400)).black, dpi=400)
    assert prepared.dpi == 300
    assert prepared.to_page[0, 0] == pytest.approx(400 / 300, rel=0.01)


@pytest.mark.parametrize("paper", [255, 235])
def test_a_page_without_letters_is_blank(paper: int) -> None:
    blank = np.full((2339, 1654, 3), paper, np.uint8)
    assert prepare(separate_inks(damage(blank, specks=300, noise=2)).black, dpi=200).is_blank


def test_noise_is_measured_in_grey_levels() -> None:
    noisy = separate_inks(damage(np.full((900, 900, 3), 200, np.uint8), noise=9)).black
    assert measure_noise(noisy) == pytest.approx(9, rel=0.15)
    assert measure_noise(grey_slip()) == 0


@pytest.mark.parametrize(("quarter_turns", "lies"), [(0, False), (1, True), (2, False), (3, True)])
def test_a_sheet_on_its_side_is_told_by_its_lines(quarter_turns: int, *, lies: bool) -> None:
    turned = separate_inks(damage(slip_picture(), quarter_turns=quarter_turns, skew=1)).black
    assert (compare_directions(turned) < 1 / 1.3) == lies
