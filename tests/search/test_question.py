"""What was typed, understood as words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.question import LONGEST_QUESTION, MOST_WORDS, Question, read


def units(question: Question) -> list[str]:
    return [" ".join(word.folded for word in unit.words) for unit in question.units]


@pytest.mark.parametrize("text", ["", "   ", "***", "?", "“” – …", "\x00"])
def test_without_words_nothing_is_asked(text: str) -> None:
    assert not read(text).units


def test_what_is_typed_as_one_belongs_together() -> None:
    question = read("số 28/2018/QĐ-UBND, thửa 12")
    assert units(question) == ["so", "28 2018 qd ubnd", "thua", "12"]
    assert [unit.is_joined for unit in question.units] == [False, True, False, False]


@pytest.mark.parametrize(
    ("text", "is_telling"),
    [("28/2018", True), ("0031", True), ("H99.15", True), ("AA00123456", True), ("2018", False), ("12", False)],
)
def test_a_number_tells_when_it_is_more_than_a_year_or_a_day(text: str, *, is_telling: bool) -> None:
    [unit] = read(text).units
    assert unit.is_number
    assert unit.is_telling is is_telling


def test_an_abbreviation_stands_for_its_wording_and_back() -> None:
    [short] = read("GCN").units
    [full] = read("giấy chứng nhận").units
    assert "giay chung nhan" in [" ".join(word.folded for word in way) for way in short.ways]
    assert "gcn" in [" ".join(word.folded for word in way) for way in full.ways]


def test_the_longest_wording_wins() -> None:
    assert units(read("cấp giấy chứng nhận quyền sử dụng đất")) == ["cap", "giay chung nhan quyen su dung dat"]


def test_a_long_question_is_cut_between_words() -> None:
    question = read("đất " * 1_000 + "vàng")
    assert units(question) == ["dat"]
    assert len(read(" ".join(f"từ{n}x" for n in range(200))).sequence) <= MOST_WORDS


def test_one_endless_word_is_cut() -> None:
    [unit] = read("a" * 10 * LONGEST_QUESTION).units
    assert len(unit.words[0].folded) <= LONGEST_QUESTION


@given(st.text())
def test_any_text_is_understood(text: str) -> None:
    question = read(text)
    assert len(question.sequence) <= MOST_WORDS * 10
    assert all(unit.words for unit in question.units)
