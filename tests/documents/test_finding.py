"""Words found on a page as people type them."""

import pytest

from documents.finding import Tokens, says, terms_of, wanted_in
from ocr.reading import Word

TEXT = "b) Địa chỉ: thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang; Quyết định số 28/2018/QĐ-UBND"


def found(query: str, text: str = TEXT) -> list[str]:
    tokens = Tokens.of_text(text)
    return [text[start:end] for start, end in tokens.runs(wanted_in([tokens], query))]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("tan loc", ["Tân Lộc"]),
        ("TÂN LỘC", ["Tân Lộc"]),
        ("dong vung", ["Đồng Vừng"]),
        ("28/2018", ["28/2018"]),
        ("2018 qd ubnd", ["2018/QĐ-UBND"]),
        ("18", []),
        ("", []),
        ("...", []),
    ],
)
def test_what_is_typed_is_found_as_it_stands(query: str, places: list[str]) -> None:
    assert found(query) == places


def test_without_the_phrase_its_words_are_lit() -> None:
    assert found("lộc giang a") == ["Lộc", "Giang"]


def test_the_phrase_anywhere_in_the_document_keeps_its_words_dark_elsewhere() -> None:
    pages = [Tokens.of_text(text) for text in ("Yên ổn", "xã Tân Lộc")]
    assert wanted_in(pages, "tan loc") == (("tan", "loc"),)


def test_a_phrase_is_found_across_words_of_a_page() -> None:
    words = [Word(text, (0, 0, 0.1, 0.1)) for text in ("xã", "Tân", "Lộc,", "tỉnh")]
    assert Tokens.of_words(words).runs((terms_of("tan loc"),)) == [(1, 2)]


def test_of_a_broken_value_the_part_that_stands_together_is_known() -> None:
    tokens = Tokens.of_text("UBND tỉnh\tCỘNG HÒA\nỦY BAN NHÂN DÂN\tCỘNG HÒA\nTỈNH YÊN GIANG")
    assert tokens.length_standing(terms_of("Ủy ban nhân dân tỉnh Yên Giang")) == 4
    assert tokens.length_standing(terms_of("Sở Tài chính")) == 0
    assert tokens.length_standing(()) == 0


def test_places_do_not_overlap() -> None:
    assert found("a a", "a a a a a") == ["a a", "a a"]


def test_a_page_without_any_of_the_words_is_passed_over() -> None:
    assert says(TEXT, terms_of("lộc hạ"))
    assert not says(TEXT, terms_of("hải sơn"))
    assert not says(TEXT, ())
