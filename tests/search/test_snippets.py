"""The words found, marked where they stand."""

import re
from html import unescape

from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from search.question import read
from search.snippets import LENGTH, Marker
from search.text import clean


def snippet(asked: str, text: str, *, unknown: tuple[str, ...] = (), title: str = "", number: str = "") -> str:
    marker = Marker(read(asked).rows, unknown)
    return marker.snippet({"text": clean(text), "title": title, "number": number})


def test_accents_are_kept_where_none_were_typed() -> None:
    assert snippet("giay chung nhan", "Cấp Giấy chứng nhận cho ông A") == "Cấp <mark>Giấy chứng nhận</mark> cho ông A"


def test_what_stands_apart_is_marked_apart() -> None:
    assert snippet("giao đất", "giao thửa đất này") == "<mark>giao</mark> thửa <mark>đất</mark> này"


def test_only_whole_words_are_marked() -> None:
    assert snippet("an", "Hải Lan, quan, an") == "Hải Lan, quan, <mark>an</mark>"


def test_a_number_is_marked_as_a_whole_and_its_parts_are_not() -> None:
    text = "Điều 28, năm 2018; theo 28/2018/QĐ-UBND"
    assert snippet("28/2018", text) == "Điều 28, năm 2018; theo <mark>28/2018</mark>/QĐ-UBND"


def test_an_abbreviation_marks_what_it_stands_for() -> None:
    assert snippet("GCN", "cấp giấy chứng nhận") == "cấp <mark>giấy chứng nhận</mark>"


def test_a_forgiven_slip_marks_the_word_meant() -> None:
    assert snippet("chunng", "giấy chứng nhận", unknown=("chunng",)) == "giấy <mark>chứng</mark> nhận"


def test_the_best_place_of_a_long_text_is_shown() -> None:
    text = "đất " + "chuyện khác hẳn " * 200 + "về việc giao đất cảng cạn tại xã Tân Lộc " + "lại chuyện khác " * 200
    shown = snippet("giao đất cảng cạn", text)
    assert "<mark>giao đất cảng cạn</mark> tại xã Tân Lộc" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(strip_tags(shown)) <= LENGTH + 2


def test_of_two_spellings_the_one_typed_is_shown() -> None:
    text = "ông hoa " + "chuyện khác hẳn " * 50 + "ông hòa"
    assert "<mark>hòa</mark>" in snippet("hòa", text)


def test_without_a_place_in_the_text_the_title_is_marked() -> None:
    assert snippet("cảng", "khác", title="Cảng cạn") == "<mark>Cảng</mark> cạn"
    assert snippet("28/2018", "khác", title="khác", number="28/2018/QĐ") == "<mark>28/2018</mark>/QĐ"


def test_lines_become_one() -> None:
    assert snippet("giao", "một\n\n  hai\tgiao") == "một hai <mark>giao</mark>"


def test_attack_95_markup_in_a_text_is_shown_not_run() -> None:
    shown = snippet("script", "<script>alert(1)</script> & <mark>")
    assert shown == "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; &lt;mark&gt;"


@given(st.text(), st.text(min_size=1, max_size=400))
def test_a_snippet_is_always_a_piece_of_its_text(asked: str, text: str) -> None:
    shown = unescape(snippet(asked, text).replace("<mark>", "").replace("</mark>", ""))
    assert shown.strip("… ") in " ".join(re.split(r"\s+", clean(text)))
