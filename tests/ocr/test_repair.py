"""What is put right in a reading, and what is never touched."""

import pytest

from ocr.reading import Word
from ocr.repair import firm_pairs, repair
from ocr.syllables import is_syllable, share_of_syllables
from tests.scans.generator import own_samples

NOWHERE = (0.0, 0.0, 0.0, 0.0)


def read(text: str) -> list[Word]:
    return [Word(word, NOWHERE, 0.9) for word in text.split()]


def repaired(text: str) -> str:
    return " ".join(word.text for line in repair([read(text)]) for word in line)


@pytest.mark.parametrize(
    ("as_read", "right"),
    [
        ("sửa đối, bố sung một số điều", "sửa đổi, bổ sung một số điều"),
        ("Luật Tố chức", "Luật Tố chức"),  # a capital is never touched
        ("cơ quan có thấm quyền", "cơ quan có thẩm quyền"),
        ("đối tượng áp dụng", "đối tượng áp dụng"),
        ("các yếu tố khác", "các yếu tố khác"),
        ("theo quỷ địnhh 12/QĐ-UBND bố, sung", "theo quỷ địnhh 12/QĐ-UBND bố, sung"),
    ],
)
def test_a_mark_is_put_right_only_where_one_pair_of_words_is_written(as_read: str, right: str) -> None:
    assert repaired(as_read) == right


def test_what_was_read_is_kept_beside_and_survives_storing() -> None:
    [[_, word]] = repair([read("sửa đối,")])
    assert (word.text, word.raw) == ("đổi,", "đối,")
    assert Word.from_json(word.as_json()) == word
    assert Word.from_json(["cũ", 0, 0, 0, 0, None]).raw is None


def test_lines_keep_their_words() -> None:
    lines = [read("sửa"), read("đối Điều 5")]
    assert [len(line) for line in repair(lines)] == [1, 3]
    assert repair(lines)[1][0].text == "đổi"


def test_right_texts_stay_as_they_are() -> None:
    for sample in own_samples():
        assert repaired(sample.text) == " ".join(sample.text.split())


def test_the_pairs_are_syllables() -> None:
    assert len(firm_pairs()) > 2000
    assert all(is_syllable(word) for pair in firm_pairs() for word in pair)


@pytest.mark.parametrize("word", ["nghiêng", "Quyết", "gì", "hoà", "hòa", "khuỷu", "được", "UỶ", "oan", "thuở", "giữa"])
def test_syllables_are_told(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["decision", "ViÖt", "đươc", "ngề2", "bx", "aa", "hòà", ""])
def test_what_is_no_syllable_is_told(word: str) -> None:
    assert not is_syllable(word)


def test_texts_of_the_law_are_nearly_all_syllables() -> None:
    assert all(share_of_syllables(sample.text.split()) > 0.9 for sample in own_samples())
