"""Every value has the page and the box of its words, and how surely those were read."""

from datetime import date

import pytest

from ocr.fields import read_fields
from ocr.layout import body_line
from ocr.placing import Script, folded_in_place
from ocr.reading import ExtractedField, Fields, PageReading, PaperType, Word, compose_text, with_type

# Left, top and confidence of each line's words; a gap of columns after "|".
LINES = [
    "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "XÃ TÂN LỘC | Độc lập - Tự do - Hạnh phúc",
    "Số: 31/TB-UBND | Tân Lộc, ngày 07 tháng 8 năm 2025",
    "THÔNG BÁO",
    "Về việc niêm yết hồ sơ",
    "Ủy ban nhân dân xã thông báo hồ sơ của ông Phùng Văn Thử tại thửa đất số 116, tờ bản đồ số 24.",
]


def page(lines: list[str], *, confidence: float | None = 0.95, number: int = 1) -> PageReading:
    rows = []
    for at, line in enumerate(lines):
        left, right = 0.1, 0.55
        words, start = [], left if len(line) > 40 or "|" in line else 0.4
        for part in line.split():
            if part == "|":
                start = right
                continue
            width = 0.008 * len(part)
            words.append(Word(part, (start, 0.05 + 0.03 * at, width, 0.02), confidence))
            start += width + 0.005
        rows.append(words)
    text = compose_text(rows, aspect=0.7)
    standing = tuple(word for row in rows for word in row)
    return PageReading(number, "ocr", text, confidence, 0, standing, 0.0, 595, 842)


def by_name(fields: Fields) -> dict[str, ExtractedField]:
    return {one.name: one for one in fields.extracted}


def test_values_stand_where_their_words_stand() -> None:
    read = page(LINES)
    found = by_name(read_fields([read]))
    for name, text in (("number", "31/TB-UBND"), ("parcel", "116,"), ("sheet", "24.")):
        word = next(word for word in read.words if word.text == text)
        assert found[name].page == 1
        assert found[name].box == pytest.approx(word.box)
    assert found["issued_on"].value == date(2025, 8, 7).isoformat()
    assert found["issued_on"].raw == "ngày 07 tháng 8 năm 2025"


def test_a_name_broken_over_two_lines_of_a_column_has_one_box() -> None:
    issuer = by_name(read_fields([page(LINES)]))["issuer"]
    assert issuer.value == "ỦY BAN NHÂN DÂN XÃ TÂN LỘC"
    assert issuer.box is not None
    left, _, width, height = issuer.box
    assert left + width < 0.55
    assert height > 0.04


def test_what_was_read_badly_is_less_sure() -> None:
    good = by_name(read_fields([page(LINES)]))
    bad = by_name(read_fields([page(LINES, confidence=0.4)]))
    assert all(bad[name].confidence < good[name].confidence for name in ("number", "parcel", "issuer", "issued_on"))


def test_the_text_below_a_centred_abstract_begins_at_the_margin() -> None:
    assert body_line(page(LINES)) == 5
    assert read_fields([page(LINES)]).subject == "niêm yết hồ sơ"


def test_values_on_a_later_page_bear_its_number() -> None:
    later = page(["Diện tích 120,5 m2 của thửa đất số 99, tờ bản đồ số 7 tại xã."], number=2)
    found = {(one.name, one.value): one for one in read_fields([page(LINES), later]).extracted}
    assert found["parcel", "99"].page == 2
    assert found["parcel", "116"].page == 1


def test_folding_keeps_every_place() -> None:
    text = "Thửa Đất số 116 – ĐƯỜNG, ½ ﬁ İ"
    assert len(folded_in_place(text)) == len(text)
    assert folded_in_place("ĐƯỜNG Ậ") == "duong a"


def test_a_value_is_found_across_another_column() -> None:
    script = Script.of(page(LINES))
    places = script.find("ỦY BAN NHÂN DÂN XÃ TÂN LỘC")
    assert "".join(script.text[place.start : place.end] for place in places) == "ỦYBANNHÂNDÂNXÃTÂNLỘC"
    assert script.find("không có ở đây") == []


def test_readings_of_before_are_still_understood() -> None:
    row = Fields(number="1/QĐ", issued_on=date(2024, 1, 2)).as_json()
    del row["extracted"]
    assert Fields.from_json(row) == Fields(number="1/QĐ", issued_on=date(2024, 1, 2))
    assert Fields.from_json(row).extracted == ()


def test_extracted_fields_survive_the_way_through_json() -> None:
    fields = with_type(read_fields([page(LINES)]), PaperType("thong_bao", 0.97))
    again = Fields.from_json(fields.as_json())
    assert [(one.name, one.value, one.page, one.group) for one in again.extracted] == [
        (one.name, one.value, one.page, one.group) for one in fields.extracted
    ]
    assert again.extracted[0] == ExtractedField("paper_type", "thong_bao", "Thông báo", 0.97, page=1)
    assert with_type(fields, PaperType()) == fields
