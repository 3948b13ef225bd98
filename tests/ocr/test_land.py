"""What papers say of land and of people, from text as recognition gives it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.fields import extract_fields
from ocr.reading import ExtractedField
from ocr.symbols import fold
from tests.scans.kinds import paper_of
from tests.scans.printing import misread

CONTRACT = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT
Bên A: ông Phùng Văn Thử, sinh năm 1972, CCCD số: 099072001234
Thường trú: thôn Bãi Sậy, xã Tân Lộc, huyện Hải Lộc, tỉnh Yên Giang
Bên B: bà Lưu Thị Hằng, sinh năm 1985, CCCD số: 099185004321
theo Giấy chứng nhận số phát hành BM 123456, số vào sổ cấp GCN: CH 01234, cụ thể:
- Thửa đất số: 116; tờ bản đồ số: 24;
- Địa chỉ thửa đất: thôn Đồng Vừng, xã Nà Sâm, huyện Hải Lộc, tỉnh Yên Giang;
- Diện tích: 1.250,5 m² (bằng chữ: một nghìn…);
- Mục đích sử dụng: đất ở tại nông thôn; đất trồng cây lâu năm;"""


def extracted(text: str) -> list[ExtractedField]:
    return list(extract_fields([text]).extracted)


def values(text: str, name: str) -> list[str]:
    return [one.value for one in extracted(text) if one.name == name]


def test_a_contract_tells_land_people_and_certificate() -> None:
    found = {(one.name, one.value) for one in extracted(CONTRACT)}
    assert found >= {
        ("parcel", "116"),
        ("sheet", "24"),
        ("area", "1250.5"),
        ("purposes", "ONT+CLN"),
        ("address", "thôn Đồng Vừng, xã Nà Sâm, huyện Hải Lộc, tỉnh Yên Giang"),
        ("serial", "BM 123456"),
        ("register_number", "CH 01234"),
        ("person_name", "Phùng Văn Thử"),
        ("person_name", "Lưu Thị Hằng"),
        ("person_address", "thôn Bãi Sậy, xã Tân Lộc, huyện Hải Lộc, tỉnh Yên Giang"),
    }


def test_name_number_and_year_of_one_person_stand_together() -> None:
    groups: dict[int, set[str]] = {}
    for one in extracted(CONTRACT):
        if one.name in ("person_name", "person_id", "birth_year"):
            groups.setdefault(one.group, set()).add(one.value)
    assert sorted(map(sorted, groups.values())) == [
        ["099072001234", "1972", "Phùng Văn Thử"],
        ["099185004321", "1985", "Lưu Thị Hằng"],
    ]


def test_two_parcels_are_kept_apart() -> None:
    text = (
        "1. Thửa đất số 116, tờ bản đồ số 24, diện tích 120,5 m2, loại đất: ONT.\n"
        "2. Thửa đất số 117, tờ bản đồ số 25, diện tích 80 m2, loại đất: CLN."
    )
    rows = {one.group: {} for one in extracted(text)}  # type: dict[int, dict[str, str]]
    for one in extracted(text):
        rows[one.group][one.name] = one.value
    assert list(rows.values()) == [
        {"parcel": "116", "sheet": "24", "area": "120.5", "purposes": "ONT"},
        {"parcel": "117", "sheet": "25", "area": "80", "purposes": "CLN"},
    ]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Thửa đất số: l16, tờ bản đồ số: 24", "parcel", "116"),
        ("thửa-đất số 116", "parcel", "116"),
        ("Thửa đất số: 116 Tờ bản đồ sð: 10G", "sheet", "106"),
        ("diện tích: 2.993,3:'m2", "area", "2993.3"),
        ("diện tích 1:498,1 m2", "area", "1498.1"),
        ("đối với 986,4 m2:tại thửa đất số 391", "area", "986.4"),
        ("diện tích: 340,Bm2", "area", "340.8"),
        ("số phát hành: B0 I23456;", "serial", "BO 123456"),
        ("Giấy chứng nhận số AÐ 12345678", "serial", "AĐ 12345678"),
        ("số vào số cấp GCM: ŒT 13185", "register_number", "CT 13185"),
        ("Mục đích sử dụng đất: 0NT+CLN", "purposes", "ONT+CLN"),
        ("Số CCCD: O99O72OO1234", "person_id", "099072001234"),
        ("mã số thuế\n0101243150", "tax_code", "0101243150"),
        ("Loại đất: đất'ở tại nông thôn (ONT)", "purposes", "ONT"),
    ],
)
def test_slips_of_recognition_are_mended_inside_numbers(text: str, name: str, value: str) -> None:
    assert values(text, name) == [value]
    raw = next(one.raw for one in extracted(text) if one.name == name)
    assert raw in text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("giá 553.111.000 đồng, điện thoại 0991984430", "person_id"),
        ("diện tích xây dựng: 85,5 m2", "area"),
        ("cạnh dài 12,5m, chiều cao 11,5m", "area"),
        ("Số: 123456/QĐ-UBND", "serial"),
        ("số vào sổ cấp GCN: CS89933", "serial"),
        ("Công ty TNHH May Tân Lộc do ông giám đốc ký", "person_name"),
        ("Bên nhận thế chấp: Ngân hàng Nông nghiệp", "person_name"),
        ("thửa ruộng của nhà", "parcel"),
        ("tờ trình số 12", "sheet"),
    ],
)
def test_other_words_and_figures_are_left_alone(text: str, name: str) -> None:
    assert values(text, name) == []


def test_a_number_that_fails_its_check_is_less_sure() -> None:
    [right] = [one for one in extracted("mã số thuế: 0101243150") if one.name == "tax_code"]
    [wrong] = [one for one in extracted("mã số thuế: 0101243158") if one.name == "tax_code"]
    assert right.confidence > 0.9 > wrong.confidence


def test_a_year_of_birth_that_belies_the_number_is_less_sure() -> None:
    text = "ông Phùng Văn Thử, sinh năm {}, CCCD số 099072001234"
    sureness = [
        next(one.confidence for one in extracted(text.format(year)) if one.name == "birth_year")
        for year in (1972, 1977)
    ]
    assert sureness[0] > 0.9 > sureness[1]


@given(st.text() | st.text("thửađất số tờbảnồdiệntíchm2:.,\n\t0123456789ABCCDôngbà", max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    for one in extracted(text):
        assert one.value
        assert 0 < one.confidence < 1


@given(st.integers(0, 400))
def test_slips_in_words_lose_few_parcels(seed: int) -> None:
    paper = paper_of("hop_dong_tang_cho", seed)
    text = misread(paper.text, rate=0.02, seed=seed)
    told = {one.value for one in paper.told if one.name == "parcel"}
    if f"Thửa đất số: {next(iter(told))}" in text:
        assert told <= set(values(text, "parcel"))


def test_attack_93_numbers_without_end_are_read_through() -> None:
    stuff = ["thửa đất số 1 " * 8000, "AB 123456 " * 8000, "Giấy chứng nhận " * 6000, "họ và tên " * 9000]
    for text in [*stuff, "xã Tân Lộc, " * 8000, "ông Phùng Văn Thử " * 8000, "1.234" * 9000, "diện tích " * 8000]:
        assert len(extracted(text)) < 20


def test_marks_may_be_lost() -> None:
    assert fold(
        values("Dia chi thua dat: xom Bai Say, xa Na Sam, huyen Hai Loc, tinh Yen Giang", "address")[0]
    ) == fold("xóm Bãi Sậy, xã Nà Sâm, huyện Hải Lộc, tỉnh Yên Giang")
