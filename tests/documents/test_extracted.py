"""The fields of a reading as rows for the page, with how sure they are and where they stand."""

from typing import Any

from documents.extracted import extracted_fields
from documents.finding import Tokens

PAGES = [(1, Tokens.of_text("Số: 31/TB-UBND, thửa đất số 116, tờ bản đồ số 24, diện tích 1.250,5 m²"))]
OLD: dict[str, Any] = {
    "number": "31/TB-UBND",
    "references": [{"number": "5/QĐ-UBND", "document_type": "Quyết định", "relation": "based_on"}],
}


def noted(name: str, value: str, raw: str, page: int | None = 1) -> dict[str, Any]:
    place = {"page": page, "box": [0.1, 0.2, 0.3, 0.02]}
    return {"name": name, "value": value, "raw": raw, "confidence": 0.93, "group": 0, **place}


def test_a_reading_of_before_shows_what_it_showed() -> None:
    rows = extracted_fields(OLD, PAGES)
    assert [(row.code, row.value, row.page, row.confidence, row.box) for row in rows] == [
        ("number", "31/TB-UBND", 1, None, None),
        ("reference-0", "Quyết định 5/QĐ-UBND", None, None, None),
    ]


def test_values_bear_their_sureness_and_their_box() -> None:
    noted_rows = [
        noted("paper_type", "thong_bao", "Thông báo"),
        noted("number", "31/TB-UBND", "31/TB-UBND"),
        noted("reference", "5/QĐ-UBND|based_on", "5/QĐ-UBND", page=3),
        noted("parcel", "116", "116"),
        noted("parcel", "117", "117"),
        noted("area", "1250.5", "1.250,5 m²"),
    ]
    rows = extracted_fields(OLD | {"extracted": noted_rows}, PAGES)
    assert [(row.code, row.value, row.page) for row in rows] == [
        ("number", "31/TB-UBND", 1),
        ("reference", "5/QĐ-UBND", 3),
        ("parcel", "116", 1),
        ("parcel-2", "117", 1),
        ("area", "1.250,5 m²", 1),
    ]
    assert all(row.confidence == 0.93 and row.box == (0.1, 0.2, 0.3, 0.02) for row in rows)


def test_a_value_without_a_box_is_found_by_its_words() -> None:
    row = noted("parcel", "116", "thửa đất số 116") | {"box": None}
    assert extracted_fields({"extracted": [row]}, PAGES)[0].wanted == (("thua", "dat", "so", "116"),)
