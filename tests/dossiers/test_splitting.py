"""Where a bundle is cut: by sheets between papers, by blank sheets, by papers of another kind; and what can't be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.splitting import GOES_ON, LEFT_OUT, SHEET, UNKNOWN, Cut, Place, cuts_of, is_one_paper, propose
from ocr import PageMark
from pages.domain_errors import Invalid
from tests.scans.kinds import paper_of

PLACES = (
    Place("application", "don_dang_ky_bien_dong"),
    Place("certificate", "giay_chung_nhan"),
    Place("contract", "hop_dong_chuyen_nhuong"),
)
CODES = tuple(place.code for place in PLACES)
APPLICATION, CERTIFICATE, CONTRACT = (paper_of(place.document_type, 3001).text for place in PLACES)
MORE = "và cam đoan nội dung kê khai trên đơn là đúng sự thật"


def proposed(*pages: str) -> list[str]:
    """A page is a text, "blank", or "sheet:" with the code of a component."""
    marks = [
        PageMark(number, page == "blank", SHEET + page[6:] if page.startswith("sheet:") else "")
        for number, page in enumerate(pages, 1)
    ]
    texts = ["" if page == "blank" or page.startswith("sheet:") else page for page in pages]
    return propose(marks, texts, PLACES)


def test_papers_of_another_kind_begin_a_part() -> None:
    found = proposed(APPLICATION, MORE, CERTIFICATE, MORE, MORE, CONTRACT)
    assert found == ["application", GOES_ON, "certificate", GOES_ON, GOES_ON, "contract"]


def test_a_sheet_says_which_paper_follows_whatever_it_looks_like() -> None:
    found = proposed("sheet:contract", MORE, MORE, "sheet:application", APPLICATION)
    assert found == [LEFT_OUT, "contract", GOES_ON, LEFT_OUT, "application"]


def test_a_sheet_of_a_paper_this_dossier_has_not_leaves_the_choice_open() -> None:
    assert proposed("sheet:drawing", MORE) == [LEFT_OUT, UNKNOWN]


def test_after_a_blank_sheet_a_paper_begins_told_by_its_words_or_not() -> None:
    found = proposed(APPLICATION, "blank", CERTIFICATE, "blank", MORE)
    assert found == ["application", LEFT_OUT, "certificate", LEFT_OUT, UNKNOWN]


def test_two_blank_sheets_are_one_cut() -> None:
    assert proposed(APPLICATION, "blank", "blank", CERTIFICATE) == ["application", LEFT_OUT, LEFT_OUT, "certificate"]


def test_a_second_paper_of_a_kind_whose_place_is_taken_goes_on() -> None:
    assert proposed(APPLICATION, CERTIFICATE, APPLICATION) == ["application", "certificate", GOES_ON]


def test_one_paper_has_nothing_to_split() -> None:
    assert is_one_paper(proposed(APPLICATION, MORE, "blank"))
    assert is_one_paper(proposed(MORE))
    assert not is_one_paper(proposed(APPLICATION, CERTIFICATE))


def test_marks_make_parts() -> None:
    marks = [LEFT_OUT, "application", GOES_ON, LEFT_OUT, "certificate", "contract", GOES_ON, GOES_ON]
    assert cuts_of(marks, CODES) == [Cut("application", 2, 3), Cut("certificate", 5, 5), Cut("contract", 6, 8)]


@pytest.mark.parametrize(
    ("marks", "page"),
    [
        ([GOES_ON, "application"], 1),
        (["application", LEFT_OUT, GOES_ON], 3),
        (["application", UNKNOWN], 2),
        (["application", "drawing"], 2),
        (["application", "certificate", "application"], 3),
    ],
)
def test_what_makes_no_part_is_named_by_its_page(marks: list[str], page: int) -> None:
    with pytest.raises(Invalid) as refusal:
        cuts_of(marks, CODES)
    assert list(refusal.value.fields) == [f"page-{page}"]


@pytest.mark.parametrize("marks", [[], [LEFT_OUT, LEFT_OUT]])
def test_a_bundle_of_no_paper_is_refused(marks: list[str]) -> None:
    with pytest.raises(Invalid):
        cuts_of(marks, CODES)


@given(st.lists(st.sampled_from([GOES_ON, LEFT_OUT, UNKNOWN, *CODES]), max_size=12))
def test_each_page_is_in_one_part_or_none(marks: list[str]) -> None:
    try:
        cuts = cuts_of(marks, CODES)
    except Invalid:
        return
    pages = [number for cut in cuts for number in range(cut.first, cut.last + 1)]
    assert pages == sorted(set(pages))
    assert set(pages) == {number for number, mark in enumerate(marks, 1) if mark != LEFT_OUT}
    assert len({cut.component for cut in cuts}) == len(cuts)
