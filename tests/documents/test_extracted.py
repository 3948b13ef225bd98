"""The fields of a reading as rows for the page, with how sure they are and where they stand."""

from typing import Any

from documents.extracted import extracted_fields
from documents.finding import Tokens

PAGES = [(1, Tokens.of_text("Số: 31/TB-UBND, thửa đất số 116, tờ bản đồ số 24, diện tích 1.250,5 m²"))]
OLD: dict[str, Any] = {
    "number": "31/TB-UBND",
    "references": [{"number": "5/QĐ-UBND", "document_type": "Quyết định", "relation": "based_on"}],
}


def noted(name: str, value: str, raw: str, group: int = 0, page: int | None = 1) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "raw": raw,
        "confidence": 0.93,
        "page": page,
        "box": [0.1, 0.2, 0.3, 0.02],
        "group": group,
    }


def test_a_reading_of_before_shows_what_it_showed() -> None:
    rows = extracted_fields(OLD, PAGES)
    assert [(row.code, row.value, row.page, row.confidence, row.box) for row in rows] == [
        ("number", "31/TB-UBND", 1, None, None),
        ("reference-0", "Quyết định 5/QĐ-UBND", None, None, None),
    ]


def test_values_bear_their_sureness_and_their_box() -> None:
    fields = OLD | {
        "extracted": [
            noted("paper_type", "thong_bao", "Thông báo"),
            noted("number", "31/TB-UBND", "31/TB-UBND"),
            noted("reference", "5/QĐ-UBND|based_on", "5/QĐ-UBND", page=3),
            noted("parcel", "116", "116", group=1),
            noted("area", "1250.5", "1.250,5 m²", group=1),
        ]
    }
    rows = {row.code: row for row in extracted_fields(fields, PAGES)}
    assert list(rows) == ["number", "reference-0", "parcel-1", "area-1"]
    assert all(row.confidence == 0.93 and row.box == (0.1, 0.2, 0.3, 0.02) for row in rows.values())
    assert rows["reference-0"].page == 3
    assert rows["area-1"].value == "1.250,5 m²"
    assert rows["parcel-1"].wanted == (("116",),)
    assert rows["parcel-1"].group == rows["area-1"].group == 1


def test_a_value_without_a_box_is_found_by_its_words() -> None:
    row = noted("parcel", "116", "thửa đất số 116") | {"box": None}
    assert extracted_fields({"extracted": [row]}, PAGES)[0].wanted == (("thua", "dat", "so", "116"),)
