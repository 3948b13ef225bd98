"""Texts of 8-bit Vietnamese fonts: told from Unicode, and turned back letter by letter."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.legacy import Encoding, find_encoding, to_unicode
from ocr.limits import Limits
from ocr.pages import PdfPages
from ocr.text_layer import TextLayer
from tests.ocr.papers import SLIP, kept, same_letters, slip_pdf
from tests.scans.generator import own_samples
from tests.scans.layers import coded, print_coded, to_tcvn3, to_vni

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
SMALL = sorted({unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES} | {"đ"})
CODED_CAPITALS = "ĂÂÊÔƠƯĐ"
ENCODINGS: tuple[Encoding, ...] = ("TCVN3", "VNI")


def layer_of(tmp_path: Path, data: bytes) -> TextLayer | None:
    pages = PdfPages(kept(tmp_path, "paper.pdf", data), Limits())
    try:
        return pages.text_layer(0)
    finally:
        pages.close()


@pytest.mark.parametrize("letter", SMALL)
def test_every_small_letter_comes_back_from_both_encodings(letter: str) -> None:
    assert to_unicode(to_tcvn3(letter), "TCVN3") == letter
    assert to_unicode(to_vni(letter), "VNI") == letter


@pytest.mark.parametrize("letter", [letter.upper() for letter in SMALL])
def test_every_capital_comes_back_from_vni_and_those_with_a_code_from_tcvn3(letter: str) -> None:
    assert to_unicode(to_vni(letter), "VNI") == letter
    if letter in CODED_CAPITALS:
        assert to_unicode(to_tcvn3(letter), "TCVN3") == letter


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "b", "ng", "tr", "qu", "đ"]),
            st.sampled_from(SMALL),
            st.sampled_from(["", "n", "ch", "m"]),
        ).map("".join),
        min_size=1,
    )
)
def test_words_come_back_from_both_encodings(words: list[str]) -> None:
    for word in words:
        assert to_unicode(to_tcvn3(word), "TCVN3") == word
        assert to_unicode(to_vni(word), "VNI") == word


@given(st.text(max_size=40))
def test_any_text_is_turned_without_error_into_nfc(text: str) -> None:
    for encoding in ENCODINGS:
        assert unicodedata.is_normalized("NFC", to_unicode(text, encoding))


@pytest.mark.parametrize(("coded_word", "word"), [("th-¬ng", "thương"), ("N-íc,", "Nước,"), ("31/Q§-UB", "31/QĐ-UB")])
def test_a_hyphen_is_a_u_with_horn_where_that_makes_a_syllable(coded_word: str, word: str) -> None:
    assert to_unicode(coded_word, "TCVN3") == word


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_attack_85_an_old_encoding_is_recognised(encoding: Encoding) -> None:
    for sample in own_samples():
        assert find_encoding(coded(sample.text, encoding).split()) == encoding


def test_unicode_is_never_taken_for_an_old_encoding() -> None:
    for sample in own_samples():
        assert find_encoding(sample.text.split()) is None
    foreign = "Ĝi estas nur frazo – à propos, château, Größe, señor, ça va très bien, déjà vu"
    assert find_encoding(foreign.split()) is None


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_attack_85_a_layer_in_an_old_encoding_is_turned_into_unicode(tmp_path: Path, encoding: Encoding) -> None:
    layer = layer_of(tmp_path, print_coded(SLIP, encoding))
    assert layer is not None
    assert same_letters(layer.text, SLIP)
    assert not layer.is_doubtful
    assert all(unicodedata.is_normalized("NFC", word.text) for word in layer.words)


def test_words_of_an_old_encoding_stand_where_the_page_shows_them(tmp_path: Path) -> None:
    old, new = layer_of(tmp_path, print_coded(SLIP, "TCVN3")), layer_of(tmp_path, slip_pdf())
    assert old is not None
    assert new is not None
    for before, after in zip(old.words[:12], new.words[:12], strict=True):
        assert before.box[:2] == pytest.approx(after.box[:2], abs=0.01)
