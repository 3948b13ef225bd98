"""Which documents a text names, and what it says it does to them."""

import pytest

from ocr.fields import extract_fields
from ocr.reading import Reference
from ocr.references import find_references


def relations(*lines: str, own: str | None = None) -> dict[str, str]:
    return {reference.number: reference.relation for reference in find_references(["\n".join(lines)], own)}


@pytest.mark.parametrize(
    ("sentence", "relation"),
    [
        ("Căn cứ Nghị định số 11/2020/NĐ-CP ngày 20 tháng 01 năm 2020 của Chính phủ;", "based_on"),
        ("Theo đề nghị của Giám đốc Sở tại Tờ trình số 11/TTr-STC ngày 3/6/2024;", "proposed_by"),
        ("Xét Tờ trình số 301/TTr-UBND ngày 22 tháng 11 năm 2024 của Ủy ban nhân dân tỉnh;", "proposed_by"),
        ("Quyết định này thay thế Quyết định số 33/2017/QĐ-UBND ngày 12 tháng 9 năm 2017.", "replaces"),
        ("Bãi bỏ Thông tư số 9/2015/TT-BTC.", "repeals"),
        ("Thông tư số 9/2015/TT-BTC ngày 1/1/2015 hết hiệu lực kể từ ngày Thông tư này có hiệu lực.", "repeals"),
        ("Sửa đổi, bổ sung một số điều của Thông tư số 9/2015/TT-BTC", "amends"),
        ("Bãi bỏ khoản 3 Điều 11 Thông tư số 9/2015/TT-BTC.", "amends"),
        ("Thay thế một số cụm từ tại Thông tư số 9/2015/TT-BTC như sau:", "amends"),
        ("Triển khai thực hiện Nghị quyết số 27/NQ-HĐND ngày 09 tháng 12 năm 2024", "implements"),
        ("(Ban hành kèm theo Quyết định số 14/2024/QĐ-UBND ngày 21 tháng 6 năm 2024)", "attached_to"),
        ("Hồ sơ thực hiện theo quy định tại Điều 8 Nghị định số 43/2014/NĐ-CP.", "mentions"),
        ("Nghị định số 43/2014/NĐ-CP đã được sửa đổi, bổ sung", "mentions"),
    ],
)
def test_the_relation_is_told_by_its_cue(sentence: str, relation: str) -> None:
    assert list(relations(sentence).values()) == [relation]


def test_a_list_goes_on_with_type_and_relation() -> None:
    text = (
        "Quyết định này thay thế Quyết định số 5/2014/QĐ-UBND ngày 1 tháng 2 năm 2014 của Ủy ban nhân dân tỉnh "
        "quy định về hạn mức và Quyết định số 6/2015/QĐ-UBND."
    )
    assert relations(text) == {"5/2014/QĐ-UBND": "replaces", "6/2015/QĐ-UBND": "replaces"}
    laws = find_references(["Các Luật số 43/2024/QH15, số 47/2024/QH15 và số 58/2024/QH15."], None)
    assert [(law.number, law.document_type) for law in laws] == [
        ("43/2024/QH15", "Luật"),
        ("47/2024/QH15", "Luật"),
        ("58/2024/QH15", "Luật"),
    ]


def test_what_another_act_does_is_not_done_by_this_one() -> None:
    text = "Nghị định số 74/2025/NĐ-CP sửa đổi, bổ sung một số điều của Nghị định số 70/2015/NĐ-CP."
    assert relations(text) == {"74/2025/NĐ-CP": "mentions", "70/2015/NĐ-CP": "mentions"}


def test_an_article_speaks_for_the_items_below_it() -> None:
    found = relations(
        "Điều 1. Bãi bỏ toàn bộ các quyết định sau đây:",
        "1. Quyết định số 5/2014/QĐ-UBND ngày 1 tháng 2 năm 2014.",
        "2. Quyết định số 6/2015/QĐ-UBND ngày 1 tháng 2 năm 2015.",
        "Điều 2. Tổ chức thực hiện",
        "1. Báo cáo theo mẫu của Quyết định số 7/2016/QĐ-UBND.",
    )
    assert found == {"5/2014/QĐ-UBND": "repeals", "6/2015/QĐ-UBND": "repeals", "7/2016/QĐ-UBND": "mentions"}


def test_the_strongest_relation_stays() -> None:
    found = relations(
        "Căn cứ Quyết định số 5/2014/QĐ-UBND;", "Điều 3. Quyết định này thay thế Quyết định số 5/2014/QĐ-UBND."
    )
    assert found == {"5/2014/QĐ-UBND": "replaces"}


def test_a_number_broken_over_lines_is_read_whole() -> None:
    assert relations("Căn cứ Nghị định số", "34/2016/NĐ-CP ngày 14/5/2016 của Chính phủ;") == {
        "34/2016/NĐ-CP": "based_on"
    }


def test_the_documents_own_number_is_no_reference() -> None:
    head = "Số: 14/2024/QĐ-UBND\nQUYẾT ĐỊNH\nSửa đổi Quyết định số 5/2014/QĐ-UBND"
    text = f"{head}\n(Kèm theo Quyết định số 14/2024/QĐ-UBND)"
    assert extract_fields([text]).references == (Reference("5/2014/QĐ-UBND", "Quyết định", "amends"),)


@pytest.mark.parametrize(
    "sentence",
    [
        "Mẫu số 04/ĐK-TT ban hành kèm theo",
        "Quy chuẩn QCVN 29:2026/BCT",
        "tốc độ 60 km/h",
        "thửa đất số 52/6",
        "số 01/LPTB",
    ],
)
def test_forms_standards_and_measures_are_no_documents(sentence: str) -> None:
    assert relations(sentence) == {}


def test_symbol_beats_type_word() -> None:
    found = find_references(["Căn cứ Thông tư số 06/VBHN-BTNMT;"], None)
    assert found == (Reference("06/VBHN-BTNMT", "Văn bản hợp nhất", "based_on"),)


def test_attack_93_a_text_made_to_stall_patterns_is_read_through() -> None:
    numbers = "12/2024/QĐ-UBND " * 4000
    stuff = [numbers, "Số: 1/" + "A-" * 20_000, "Hà-Nội " * 9000 + ", ngày", "sửa đổi " * 9000, "A\t" * 20_000]
    assert len(extract_fields(["\n".join(stuff)]).references) <= 1
