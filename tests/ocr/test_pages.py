"""Files as pages: what is taken, at which size and resolution, and what is refused from the header."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr.domain_errors import Reason, Unreadable
from ocr.limits import Limits
from ocr.pages import WORKING_PIXELS, PageFile, credible_dpi, detect_kind, open_pages
from portal.demo.scanner import as_jpeg, as_pdf, as_png, as_tiff
from tests.ocr.papers import kept, rotated, slip_pdf, slip_picture
from tests.scans import hostile

Open = Callable[..., PageFile]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens bytes as pages; whatever was opened is closed at the end."""
    with ExitStack() as stack:

        def open_bytes(data: bytes, limits: Limits | None = None) -> PageFile:
            return stack.enter_context(closing(open_pages(kept(tmp_path, "paper", data), limits or Limits())))

        yield open_bytes


def refusal(tmp_path: Path, data: bytes, limits: Limits | None = None) -> Reason:
    """Why bytes can't be opened or their first page can't be drawn."""
    path = kept(tmp_path, "paper", data)
    with pytest.raises(Unreadable) as caught, closing(open_pages(path, limits or Limits())) as pages:
        pages.picture(0)
    return caught.value.reason_code


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4\n", "PDF"),
        (b"From: a scanner\r\n\r\n%PDF-1.4\n", "PDF"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"II*\x00", "TIFF"),
        (b"MM\x00*", "TIFF"),
    ],
)
def test_the_kind_is_told_by_the_content(tmp_path: Path, data: bytes, kind: str) -> None:
    assert detect_kind(kept(tmp_path, "named.txt", data)) == kind


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", b"GIF89a", b"PK\x03\x04", b"%!PS-Adobe", b"MZ"])
def test_other_kinds_are_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data) == Reason.UNSUPPORTED_TYPE


@pytest.mark.parametrize("data", [b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\xc5\xd0\xd3\xc6" + bytes(28)])
def test_attack_23_postscript_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data) == Reason.UNSUPPORTED_TYPE


def test_attack_13_a_programme_is_refused_whatever_its_name(tmp_path: Path) -> None:
    programme = kept(tmp_path, "paper.pdf", b"MZ\x90\x00" + bytes(2000) + b"%PDF-1.4\n")
    with pytest.raises(Unreadable) as caught:
        open_pages(programme, Limits())
    assert caught.value.reason_code == Reason.UNSUPPORTED_TYPE


def test_each_sheet_of_a_tiff_is_a_page(opened: Open) -> None:
    sheets = [np.full((300, 200 + 10 * index, 3), 255, np.uint8) for index in range(3)]
    pages = opened(as_tiff(sheets))
    assert [pages.picture(index).image.width for index in range(pages.count)] == [200, 210, 220]


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_a_scan_inside_a_pdf_is_drawn_pixel_by_pixel(opened: Open, dpi: int) -> None:
    scan = slip_picture(dpi=dpi)
    page = opened(as_pdf([scan], dpi=dpi, quality=95)).picture(0)
    assert page.dpi == dpi
    assert page.image.size == (scan.shape[1], scan.shape[0])
    assert np.abs(np.asarray(page.image, dtype=np.int16) - scan).mean() < 0.5


def test_a_drawn_page_is_rasterised_at_300_dpi(opened: Open) -> None:
    page = opened(slip_pdf()).picture(0)
    assert page.dpi == 300
    assert (page.width, page.height) == pytest.approx((595, 842), abs=1)


def test_a_page_shown_on_its_side_is_taken_as_shown(opened: Open) -> None:
    page = opened(rotated(slip_pdf(), 270)).picture(0)
    assert page.image.width > page.image.height


def test_a_photograph_is_turned_as_the_camera_says(opened: Open) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.fromarray(slip_picture()).save(buffer, "JPEG", exif=exif)
    page = opened(buffer.getvalue()).picture(0)
    assert page.image.width > page.image.height
    assert page.width > page.height


@pytest.mark.parametrize("picture", [as_png, as_jpeg])
def test_the_resolution_is_the_declared_one(opened: Open, picture: Callable[..., bytes]) -> None:
    page = opened(picture(slip_picture(), dpi=200)).picture(0)
    assert page.dpi == 200
    assert (page.width, page.height) == pytest.approx((595, 842), abs=1)


@pytest.mark.parametrize("declared", [0, 72, 96, 9999])
def test_an_incredible_resolution_gives_way_to_that_of_an_a4_sheet(declared: float) -> None:
    assert credible_dpi(declared, 1654, 2339) == 200


def test_transparent_parts_are_white_and_deep_greys_are_scaled(opened: Open) -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(clear, "PNG")
    assert opened(clear.getvalue()).picture(0).image.getpixel((5, 5)) == (255, 255, 255)
    deep = io.BytesIO()
    Image.fromarray(np.full((300, 300), 40000, np.uint16)).save(deep, "PNG")
    assert opened(deep.getvalue()).picture(0).image.getpixel((5, 5)) == pytest.approx(155, abs=1)


def test_a_very_large_sheet_is_brought_down_and_keeps_its_size_in_points(opened: Open) -> None:
    buffer = io.BytesIO()
    Image.new("1", (12000, 8000), 1).save(buffer, "PNG", dpi=(600, 600))
    page = opened(buffer.getvalue()).picture(0)
    assert page.image.width * page.image.height <= 1.01 * WORKING_PIXELS
    assert page.width == pytest.approx(12000 / 600 * 72, rel=0.01)


def test_a_sheet_of_kilometres_is_drawn_small(opened: Open) -> None:
    huge = hostile.pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200000 200000]>>",
        ]
    )
    image = opened(huge).picture(0).image
    assert image.width * image.height <= 1.01 * WORKING_PIXELS


def test_attack_06_a_hundred_thousand_pages_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, hostile.pages_of(100_000)) == Reason.TOO_MANY_PAGES


def test_attack_06_a_tiff_of_too_many_sheets_is_refused(tmp_path: Path) -> None:
    sheets = [np.full((20, 20, 3), 255, np.uint8)] * 4
    assert refusal(tmp_path, as_tiff(sheets), Limits(pages=3)) == Reason.TOO_MANY_PAGES


def test_attack_07_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, hostile.locked(slip_pdf(), password="open sesame")) == Reason.ENCRYPTED


def test_a_pdf_that_only_forbids_printing_is_read(opened: Open) -> None:
    layer = opened(hostile.locked(slip_pdf(), password="", owner="keep out")).text_layer(0)
    assert layer is not None
    assert "31/GM-UBND" in layer.text


@pytest.mark.parametrize("data", [hostile.looping_page_tree(), hostile.garbage_after_the_mark()])
def test_attack_09_a_broken_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data) == Reason.BROKEN


def test_attack_09_a_lost_table_of_objects_is_rebuilt_and_said(opened: Open) -> None:
    sound, repaired = opened(slip_pdf()), opened(hostile.without_table(slip_pdf()))
    assert not sound.is_repaired
    assert repaired.is_repaired
    assert repaired.count == 1


def test_attack_09_a_tiff_that_names_itself_as_next_page_ends(opened: Open) -> None:
    assert opened(hostile.looping_tiff()).count == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_attack_10_a_truncated_picture_is_refused(tmp_path: Path, kind: str) -> None:
    whole = hostile.blank_picture(kind)
    assert refusal(tmp_path, whole[: len(whole) // 2]) == Reason.TRUNCATED


@pytest.mark.parametrize("bomb", [hostile.png_of(60_000, 60_000), hostile.tiff_of(60_000, 60_000)])
def test_attack_11_a_pixel_bomb_is_refused_from_its_header(tmp_path: Path, bomb: bytes) -> None:
    assert refusal(tmp_path, bomb) == Reason.TOO_MANY_PIXELS


def test_attack_11_a_pixel_bomb_inside_a_pdf_is_refused_from_its_header(tmp_path: Path) -> None:
    assert refusal(tmp_path, hostile.bomb_inside_a_page(60_000)) == Reason.TOO_MANY_PIXELS


def test_attack_18_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"") == Reason.EMPTY
