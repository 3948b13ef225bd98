"""The words of a text, the same for both back ends."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.text import EDGE, Word, clean, edged, folded_in_place, forms_of, words

VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ 0129/.-"
)


def folded(text: str) -> list[str]:
    return [word.folded for word in words(clean(text))]


def exact(text: str) -> list[str]:
    return [word.exact for word in words(clean(text))]


def test_words_fold_to_plain_letters() -> None:
    assert " ".join(folded("Quyết định giao ĐẤT ở Thừa Thiên – Huế")) == "quyet dinh giao dat o thua thien hue"


@pytest.mark.parametrize(
    ("old", "new"),
    [("hoà", "hòa"), ("Uỷ", "Ủy"), ("khoẻ", "khỏe"), ("thuỷ", "thủy"), ("HOÀN", "hòan"), ("loè", "lòe")],
)
def test_where_the_tone_stands_makes_no_difference(old: str, new: str) -> None:
    assert exact(old) == exact(new)
    assert folded(old) == folded(new)


@pytest.mark.parametrize("pair", ["hoa hòa", "đất đạt", "dat đat", "ma má", "tu tư", "tư từ", "cân căn"])
def test_another_tone_or_letter_is_another_spelling(pair: str) -> None:
    first, second = exact(pair)
    assert first != second


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("28/2018/QĐ-UBND", ["28", "2018", "qd", "ubnd"]),
        ("H99.15-261109-0031", ["h", "99", "15", "261109", "0031"]),
        ("AA00123456", ["aa", "00123456"]),
        ("18,4 ha; 1.250 m²", ["18", "4", "ha", "1", "250", "m", "2"]),
    ],
)
def test_numbers_fall_apart_at_signs_and_between_letters_and_digits(text: str, expected: list[str]) -> None:
    assert folded(text) == expected


def test_letters_of_a_wrong_keyboard_are_read_as_meant() -> None:
    cyrillic_es, icelandic_eth = "\u0421", "\u00d0"
    assert exact(f"TT-BT{cyrillic_es}") == exact("TT-BTC")
    assert exact(f"{icelandic_eth}ất") == exact("Đất")


def test_invisible_characters_do_not_split_words() -> None:
    assert folded("giao\u00ad đ\u200bất\x00thửa") == ["giao", "dat", "thua"]


def test_a_phrase_ends_at_the_edge_of_a_part() -> None:
    assert edged([Word("a", "a"), Word("", ""), Word("b", "b")]).folded == f"{EDGE} a {EDGE} b {EDGE}"


# Blanks of several kinds, marks of their own, letters that change with their neighbours or fall apart.
ODD = " \u00a0\u2003\u0301\u0323_²½Σς\u00b4\uff41\u3001x9"


def test_nothing_is_an_edge() -> None:
    assert edged([Word("", "")]) == Word(EDGE, EDGE)


@settings(max_examples=500)
@given(st.text(st.one_of(st.characters(), st.sampled_from(ODD)), max_size=60))
def test_whole_texts_have_the_forms_of_their_words(text: str) -> None:
    found = words(clean(text))
    assert forms_of(clean(text)) == Word(
        " ".join(each.exact for each in found), " ".join(each.folded for each in found)
    )


@given(VIETNAMESE)
def test_decomposed_and_composed_text_have_the_same_words(text: str) -> None:
    assert words(clean(unicodedata.normalize("NFD", text))) == words(clean(text))


@given(st.text())
def test_no_term_holds_a_blank_or_an_edge(text: str) -> None:
    for word in words(clean(text)):
        for term in word:
            assert term
            assert not set(term) & {" ", "\t", "\n", "\u00a0", EDGE}


@given(st.text())
def test_folding_in_place_keeps_every_place(text: str) -> None:
    cleaned = clean(text)
    assert len(folded_in_place(cleaned)) == len(cleaned)


@given(VIETNAMESE)
def test_folding_in_place_gives_the_folded_words(text: str) -> None:
    cleaned = clean(text)
    assert [word.folded for word in words(cleaned)] == [word.exact for word in words(folded_in_place(cleaned))]
