"""Bundles: sheets between papers are found on scans, and pages are taken out as they are."""

import io
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from dossiers.splitting import SHEET
from ocr import Unreadable, find_marks, take_pages
from papers.catalogue import PrintedForm, form_in_force
from papers.rendering import printed, qr_code
from portal.demo.scanner import Page, as_pdf, damage, print_pages, rasterise
from tests.factories.documents import locked_pdf, pdf_with_attachment, restricted_pdf
from tests.factories.moments import moment
from tests.ocr.papers import SLIP, joined, kept, slip_pdf, slip_picture
from tests.scans import hostile


def sheet(code: str) -> Page:
    """A separator sheet as it comes out of the printer."""
    form: PrintedForm = form_in_force("separator", moment("2026-11-23 08:00").date())
    content = {"sheets": [{"name": "Đơn đăng ký biến động", "qr": qr_code(SHEET + code)}], "procedure": "Đăng ký"}
    [page] = rasterise(printed(form, content), dpi=150)
    return page


def blank(*, noise: float = 4, specks: int = 40) -> Page:
    white = np.full((1650, 1275, 3), 246, dtype=np.uint8)
    return damage(white, dpi=150, noise=noise, specks=specks, seed=3)


def test_separator_sheets_and_blank_sheets_are_found_on_a_poor_scan(tmp_path: Path) -> None:
    crooked = damage(sheet("certificate"), dpi=150, skew=2.5, noise=6, specks=120, blur=0.6, seed=5)
    upside_down = np.ascontiguousarray(sheet("application")[::-1, ::-1])
    written = print_pages(SLIP, dpi=150)[0]
    path = kept(tmp_path, "tap.pdf", as_pdf([crooked, written, blank(), upside_down, written], dpi=150))
    assert [(mark.number, mark.is_blank, mark.code) for mark in find_marks(path)] == [
        (1, False, f"{SHEET}certificate"),
        (2, False, ""),
        (3, True, ""),
        (4, False, f"{SHEET}application"),
        (5, False, ""),
    ]


@pytest.mark.parametrize("code", ["application", "registration_fee", "income_tax"])
def test_a_smudged_sheet_askew_is_read(tmp_path: Path, code: str) -> None:
    poor = damage(sheet(code), dpi=150, skew=-3, noise=8, specks=200, blur=0.8, seed=4)
    [mark] = find_marks(kept(tmp_path, "to.pdf", as_pdf([poor], dpi=150)))
    assert mark.code == f"{SHEET}{code}"


def test_a_page_with_one_line_on_it_is_not_blank(tmp_path: Path) -> None:
    page = damage(print_pages("Kính gửi: Chi nhánh", dpi=150, layout="plain")[0], dpi=150, noise=4, seed=1)
    assert [mark.is_blank for mark in find_marks(kept(tmp_path, "mot-dong.pdf", as_pdf([page], dpi=150)))] == [False]


def test_pages_are_taken_out_as_they_are(tmp_path: Path) -> None:
    whole = joined(as_pdf([slip_picture()]), slip_pdf(), slip_pdf(), as_pdf([slip_picture()]))
    path = kept(tmp_path, "tap.pdf", whole)
    first, second = take_pages(path, [(1, 2), (4, 4)], tmp_path)
    before, one, two = PdfReader(path).pages, PdfReader(first).pages, PdfReader(second).pages
    assert (len(one), len(two)) == (2, 1)
    for there, here in ((before[0], one[0]), (before[1], one[1]), (before[3], two[0])):
        assert here.get_contents().get_data() == there.get_contents().get_data()  # type: ignore[union-attr]
        assert [image.data for image in here.images] == [image.data for image in there.images]
    assert path.read_bytes() == whole


def test_the_same_pages_make_the_same_bytes(tmp_path: Path) -> None:
    path = kept(tmp_path, "tap.pdf", joined(slip_pdf(), slip_pdf()))
    [once] = [file.read_bytes() for file in take_pages(path, [(2, 2)], tmp_path)]
    [twice] = [file.read_bytes() for file in take_pages(path, [(2, 2)], tmp_path)]
    assert once == twice


def test_a_file_only_locked_against_change_is_taken_apart(tmp_path: Path) -> None:
    [part] = take_pages(kept(tmp_path, "han-che.pdf", restricted_pdf()), [(1, 1)], tmp_path)
    assert not PdfReader(part).is_encrypted


def test_attack_08_files_inside_stay_behind(tmp_path: Path) -> None:
    [part] = take_pages(kept(tmp_path, "kem.pdf", pdf_with_attachment()), [(1, 1)], tmp_path)
    assert not PdfReader(io.BytesIO(part.read_bytes())).attachments


@pytest.mark.parametrize("content", [hostile.garbage_after_the_mark(), hostile.looping_page_tree(), locked_pdf()])
def test_attack_09_what_can_not_be_opened_is_not_taken_apart(tmp_path: Path, content: bytes) -> None:
    path = kept(tmp_path, "hong.pdf", content)
    with pytest.raises(Unreadable):
        find_marks(path)
    with pytest.raises(Unreadable):
        take_pages(path, [(1, 1)], tmp_path)
