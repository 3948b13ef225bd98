"""File names are shown cleaned; nothing is ever stored under them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.names import LONGEST, clean_name, extension_of


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\scan\\don.pdf", "don.pdf"),
        ("don\r\nSet-Cookie: a.pdf", "don Set-Cookie: a.pdf"),
        ("don\x00.pdf", "don.pdf"),
        ("don\u202efdp.exe.pdf", "donfdp.exe.pdf"),
        ("  .. don  dang ky.pdf ", "don dang ky.pdf"),
        ("...", ""),
    ],
)
def test_attack_14_a_name_is_cleaned_of_paths_line_ends_and_turns(given_name: str, shown: str) -> None:
    assert clean_name(given_name) == shown


def test_attack_15_decomposed_and_composed_names_are_one() -> None:
    name = "Đơn đăng ký biến động.pdf"
    decomposed = unicodedata.normalize("NFD", name)
    assert decomposed != name
    assert clean_name(decomposed) == clean_name(name) == name


def test_attack_16_a_long_name_is_shortened_and_keeps_its_ending() -> None:
    shown = clean_name("đ" * 400 + ".pdf")
    assert len(shown) == LONGEST
    assert shown.endswith("đ.pdf")


@given(st.text(max_size=500))
def test_whatever_comes_the_shown_name_is_harmless(name: str) -> None:
    shown = clean_name(name)
    assert len(shown) <= LONGEST
    assert not set(shown) & set("/\\\r\n\t\x00")
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in shown)
    assert unicodedata.is_normalized("NFC", shown)
    assert clean_name(shown) == shown


def test_an_ending_is_lower_case_and_short() -> None:
    assert extension_of("Don.PDF") == ".pdf"
    assert extension_of("don") == ""
    assert extension_of("don.khongphaiduoitep") == ""
