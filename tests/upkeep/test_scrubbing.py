"""What is masked in a text nobody has vouched for, and what stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upkeep.scrubbing import scrubbed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("invalid literal for int() with base 10: 'Ngat'", "invalid literal for int() with base 10: …"),
        ("Key (name)=(Phùng Thanh Ngát) already exists", "… already exists"),
        ("no account of Phung Thanh Ngat here", "no account of … here"),
        ("rang 0900 555 018 and 099174003312", "rang … and …"),
        ("sent to ngat@example.vn", "sent to …"),
        ('violates unique constraint "dossiers_one_receipt"', 'violates unique constraint "dossiers_one_receipt"'),
        ("the lease on 12 rows ran out", "the lease on 12 rows ran out"),
        ("one\nlevel=error two\x1b[31m", "one level=error two [31m"),
    ],
)
def test_values_are_masked_and_words_of_the_code_stay(text: str, told: str) -> None:
    assert scrubbed(text) == told


@given(st.text(alphabet=st.characters(min_codepoint=0xC0, max_codepoint=0x1EF9, categories=["L"]), min_size=2))
def test_no_vietnamese_letter_comes_through(name: str) -> None:
    assert scrubbed(f"failed for {name} today") == "failed for … today"


@given(st.text())
def test_attack_82_whatever_comes_is_one_printable_line(text: str) -> None:
    assert not any(ord(letter) < 32 or ord(letter) > 126 for letter in scrubbed(text).replace("…", ""))
