"""The head and the close of documents, from text as a text layer or recognition gives it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.dates import find_date
from ocr.fields import extract_fields
from ocr.reading import Fields
from ocr.symbols import CODES, fold, tidy_number, type_of_number
from tests.scans.generator import Sample, own_samples

TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
DECISION = f"""ỦY BAN NHÂN DÂN
TỈNH YÊN GIANG
{TITLE}
Số: 28/2024/QĐ-UBND
Yên Giang, ngày 21 tháng 9 năm 2024
QUYẾT ĐỊNH
Ban hành Quy chế quản lý kho lưu trữ
Căn cứ Luật Lưu trữ ngày 11 tháng 11 năm 2011;
QUYẾT ĐỊNH:
Điều 2. Quyết định này có hiệu lực thi hành kể từ ngày 01/10/2024.
Nơi nhận:
- Như Điều 3;
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
(Đã ký)
Đàm Quốc Thiện"""


def decision(*, old: str, new: str) -> Fields:
    """The fields of DECISION with a piece of its text replaced."""
    assert old in DECISION
    return extract_fields([DECISION.replace(old, new)])


@pytest.mark.parametrize("sample", own_samples(), ids=lambda sample: sample.number)
def test_the_head_of_every_sample_is_understood(sample: Sample) -> None:
    fields = extract_fields([sample.text])
    assert (fields.number, fields.issued_on, fields.document_type, fields.issuer, fields.effective_on) == (
        sample.number,
        sample.issued_on,
        sample.document_type,
        sample.issuer,
        sample.effective_on or fields.effective_on,
    )


def test_a_decision_gives_all_its_fields() -> None:
    assert extract_fields([DECISION]) == Fields(
        number="28/2024/QĐ-UBND",
        document_type="Quyết định",
        issued_on=date(2024, 9, 21),
        issued_at="Yên Giang",
        issuer="ỦY BAN NHÂN DÂN TỈNH YÊN GIANG",
        subject="Ban hành Quy chế quản lý kho lưu trữ",
        signer="Đàm Quốc Thiện",
        effective_on=date(2024, 10, 1),
    )


def test_nothing_gives_nothing() -> None:
    assert extract_fields([]) == extract_fields([""]) == Fields()


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Số: 1077/QĐ-UBND", "1077/QĐ-UBND"),
        ("Số 06/2026/TT-BTC", "06/2026/TT-BTC"),
        ("Số: 66.15/2026/NQ-CP", "66.15/2026/NQ-CP"),
        ("Nghị quyết số: 96/2025/UBTVQH15", "96/2025/UBTVQH15"),
        ("Số: 1147-QĐ/TU", "1147-QĐ/TU"),
        ("Số: 1185/STP-VB&TDTHPL", "1185/STP-VB&TDTHPL"),
        ("Số : 12 / QĐ- UBND", "12/QĐ-UBND"),
        ("Số: 12QĐ-UBND", "12/QĐ-UBND"),
        ("Số: 12/2024 QĐ-UBND", "12/2024/QĐ-UBND"),
        ("Số: 12/2024/TT-BT\u0421", "12/2024/TT-BTC"),
        ("Số: 12/Q\u00d0-UBND", "12/QĐ-UBND"),
        ("Số: 12/QD-UBND", "12/QĐ-UBND"),
        ("Sô: 45/2024/QĐ–UBND", "45/2024/QĐ-UBND"),
        ("Số: 80/QHI15", "80/QH15"),
        ("_Số 80/QĐ-UBND", "80/QĐ-UBND"),
        ("Bản ản số: 3665/2015/DS-ST", "3665/2015/DS-ST"),
        ("Số: 617/TTr-STNMTT", "617/TTr-STNMT"),
        ("Số: 2550/TTr-SNNMIT", "2550/TTr-SNNMT"),
        ("Số: 2990/PCTTI-VPĐK", "2990/PCTT-VPĐK"),
        ("Số: 29/2025/TTLT-BTP-BCA-BQP-BTC-TANDTC-VKSNDTC", "29/2025/TTLT-BTP-BCA-BQP-BTC-TANDTC-VKSNDTC"),
        ("Số:        /QĐ-UBND", None),
        ("Số: /2024/QĐ-UBND", None),
    ],
)
def test_numbers_are_read_and_tidied(line: str, number: str | None) -> None:
    assert decision(old="Số: 28/2024/QĐ-UBND", new=line).number == number


def test_a_number_in_the_abstract_is_not_the_documents_own() -> None:
    unnumbered = DECISION.replace("Số: 28/2024/QĐ-UBND\n", "").replace(
        "Quy chế quản lý kho lưu trữ", "Quy chế theo\nNghị định số 11/2020/NĐ-CP"
    )
    assert extract_fields([unnumbered]).number is None


@pytest.mark.parametrize(
    ("new", "day"),
    [
        ("Yên Giang, ngày 5/7/2024", date(2024, 7, 5)),
        ("Yên Giang, ngày 05.07.2024", date(2024, 7, 5)),
        ("Yên Giang, ngáy O1 thắng l2 hăm 2024", date(2024, 12, 1)),
        ("Yên Giang ngày 5 tháng 7 năm 2024", date(2024, 7, 5)),
        ("Yên Giang, ngày      tháng      năm 2024", None),
        ("Yên Giang, ngày 31 tháng 02 năm 2024", None),
    ],
)
def test_the_date_beside_the_place_is_the_day_of_issue(new: str, day: date | None) -> None:
    fields = decision(old="Yên Giang, ngày 21 tháng 9 năm 2024", new=new)
    assert (fields.issued_on, fields.issued_at) == (day, "Yên Giang")


@pytest.mark.parametrize("place", ["Hà Nội", "TP. Hồ Chí Minh", "Thành phố Cửa Đông", "Bà Rịa - Vũng Tàu", "Huế"])
def test_places_are_read_whole(place: str) -> None:
    assert decision(old="Yên Giang, ngày", new=f"{place}, ngày").issued_at == place


def test_a_date_in_the_text_is_not_the_day_of_issue() -> None:
    assert decision(old="Yên Giang, ngày 21 tháng 9 năm 2024\n", new="").issued_on is None


def test_an_act_of_an_assembly_is_issued_the_day_it_was_adopted() -> None:
    adopted = "Quyết định này được Hội đồng nhân dân tỉnh khóa XII, kỳ họp thứ năm thông qua ngày 09 tháng 12 năm 2024."
    text = DECISION.replace("Yên Giang, ngày 21 tháng 9 năm 2024\n", "") + f"\n{adopted}"
    assert extract_fields([text]).issued_on == date(2024, 12, 9)


@pytest.mark.parametrize(
    ("names", "issuer"),
    [
        ("BỘ NÔNG NGHIỆP VÀ\nMÔI TRƯỜNG", "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"),
        ("BỘ VĂN HÓA, THỂ THAO\nVÀ DU LỊCH", "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH"),
        ("ỦY BAN NHÂN DÂN TỈNH YÊN GIANG\nSỞ XÂY DỰNG", "SỞ XÂY DỰNG"),
        ("SỞ XÂY DỰNG\nCHI CỤC GIÁM ĐỊNH", "CHI CỤC GIÁM ĐỊNH"),
        ("ỦY BAN THƯỜNG VỤ\nQUỐC HỘI", "ỦY BAN THƯỜNG VỤ QUỐC HỘI"),
        ("MẬT\nHỎA TỐC\nBỘ CÔNG AN", "BỘ CÔNG AN"),
    ],
)
def test_the_issuer_is_the_last_name_above_the_number(names: str, issuer: str) -> None:
    assert decision(old="ỦY BAN NHÂN DÂN\nTỈNH YÊN GIANG", new=names).issuer == issuer


@pytest.mark.parametrize(
    "head",
    [
        "BỘ Y TẾ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 4/TT-BYT\tĐộc lập - Tự do - Hạnh phúc\nHà Nội, ngày 1/2/2024",
        f"{TITLE}\nHà Nội, ngày 1/2/2024\nBỘ Y TẾ\nSố: 4/TT-BYT",
        "BỘ Y TẾ GỘNG HÒA XÃ HỘI CHỦ.NGHĨA VIỆT NAM\nSố: 4/TT-BYT Độc lập - Tự do - Hạnh phúc\nHà Nội, ngày 1/2/2024",
        "BỘ Y TẾ Số: 4/TT-BYT Hà Nội, ngày 1/2/2024",
        f"BỘ Y TẾ\n_____\nSố: 4/TT-BYT\n{TITLE}\n---------\nHà Nội, ngày 1/2/2024",
    ],
)
def test_columns_may_come_in_any_order(head: str) -> None:
    fields = extract_fields([f"{head}\nTHÔNG TƯ\nQuy định về hồ sơ\nCăn cứ Luật Khám bệnh, chữa bệnh;"])
    assert (fields.issuer, fields.number, fields.issued_on, fields.issued_at, fields.subject) == (
        "BỘ Y TẾ",
        "4/TT-BYT",
        date(2024, 2, 1),
        "Hà Nội",
        "Quy định về hồ sơ",
    )


def test_a_text_without_head_names_its_issuer_in_the_text() -> None:
    text = "THÔNG TƯ\nQuy định về hồ sơ\nCăn cứ Luật Lưu trữ;\nBộ trưởng Bộ Nội vụ ban hành Thông tư quy định về hồ sơ."
    assert extract_fields([text]).issuer == "BỘ NỘI VỤ"


@pytest.mark.parametrize(
    ("number", "title", "document_type"),
    [
        ("Số: 16/VBHN-BCT", "THÔNG TƯ", "Văn bản hợp nhất"),
        ("Số: 5/QĐ-UBND", "", "Quyết định"),
        ("Số: 31/2024/QH15", "LUẬT\nĐẤT ĐAI", "Luật"),
        ("Số: 7/HĐ-TĐ", "HỢP ĐỒNG THUÊ ĐẤT", "Hợp đồng"),
        ("Số: 9/ABC", "", None),
    ],
)
def test_the_type_comes_from_title_and_symbol(number: str, title: str, document_type: str | None) -> None:
    text = f"BỘ CÔNG THƯƠNG\n{TITLE}\n{number}\n{title}\nCăn cứ Luật Đất đai;"
    assert extract_fields([text]).document_type == document_type


def test_a_letter_has_its_abstract_under_the_number() -> None:
    text = (
        "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI\tĐộc lập - Tự do - Hạnh phúc\nSố: 412/VPĐK-KTĐC\n"
        "V/v trả lời kết quả thẩm tra hồ sơ\tYên Giang, ngày 5 tháng 3 năm 2025\nđất đai của ông Phùng Văn Thử\n"
        "Kính gửi: Ủy ban nhân dân xã Tân Lộc"
    )
    fields = extract_fields([text])
    assert fields.document_type == "Công văn"
    assert fields.issuer == "VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI"
    assert fields.subject == "trả lời kết quả thẩm tra hồ sơ đất đai của ông Phùng Văn Thử"


@pytest.mark.parametrize(
    ("clause", "day"),
    [
        ("Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 10 năm 2024.", date(2024, 10, 1)),
        ("Quyết định này có hiệu lực kể từ ngày ký.", date(2024, 9, 21)),
        ("Quyết định này có hiệu lực thi hành sau 10 ngày, kể từ ngày ký ban hành.", date(2024, 10, 1)),
        ("Quyết định này có hiệu lực thi hành từ ngày được thông qua.", date(2024, 9, 21)),
        ("Hợp đồng có hiệu lực khi hai bên ký.", None),
    ],
)
def test_the_day_it_comes_into_force(clause: str, day: date | None) -> None:
    stated = "Quyết định này có hiệu lực thi hành kể từ ngày 01/10/2024."
    assert decision(old=stated, new=clause).effective_on == day


def test_the_act_itself_counts_not_another_one_named_before() -> None:
    new = "Giấy phép có hiệu lực từ ngày 02/01/2020.\nQuyết định này có hiệu lực thi hành kể từ ngày 01/10/2024."
    stated = "Quyết định này có hiệu lực thi hành kể từ ngày 01/10/2024."
    assert decision(old=stated, new=new).effective_on == date(2024, 10, 1)


@pytest.mark.parametrize(
    ("new", "signer"),
    [
        ("Đại tướng Đàm Quốc Thiện", "Đàm Quốc Thiện"),
        ("PGS. TS. Đàm Quốc Thiện", None),
        ("ĐÀM QUỐC THIỆN", "Đàm Quốc Thiện"),
        ("Y Thông", "Y Thông"),
        ("", None),
    ],
)
def test_the_signer_is_a_name_without_rank(new: str, signer: str | None) -> None:
    assert decision(old="Đàm Quốc Thiện", new=new).signer == signer


def test_the_signer_is_found_beside_the_recipients_on_a_later_page() -> None:
    last = "Nơi nhận:\tKT. GIÁM ĐỐC\n- Như trên;\tPHÓ GIÁM ĐỐC\n- Lưu: VT.\n\tVũ Minh Khuê"
    assert extract_fields([DECISION.split("Nơi nhận", maxsplit=1)[0], last]).signer == "Vũ Minh Khuê"


@pytest.mark.parametrize(
    "opening",
    ["Thực hiện Kế hoạch số 12/KH-UBND, Ủy ban nhân dân xã báo cáo như sau:", "I. MỤC ĐÍCH", "1. Rà soát hồ sơ"],
)
def test_the_abstract_ends_where_the_text_begins_without_grounds(opening: str) -> None:
    text = f"ỦY BAN NHÂN DÂN\n{TITLE}\nSố: 4/KH-UBND\nKẾ HOẠCH\nRà soát hồ sơ địa chính\n{opening}\nCăn cứ vào đó."
    assert extract_fields([text]).subject == "Rà soát hồ sơ địa chính"


def test_the_number_a_certificate_was_printed_with_is_no_part_of_its_abstract() -> None:
    lines = ["GIẤY CHỨNG NHẬN", "QUYỀN SỬ DỤNG ĐẤT", "Số phát hành: DK 248032", "I. Người sử dụng đất"]
    assert extract_fields([f"{TITLE}\n" + "\n".join(lines)]).subject == "QUYỀN SỬ DỤNG ĐẤT"


def test_the_name_of_the_authority_is_no_part_of_the_abstract() -> None:
    text = (
        f"{TITLE}\nSố: 4/QĐ-UBND\nQUYẾT ĐỊNH\nVỀ VIỆC GIAO ĐẤT\nCHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH YÊN GIANG\nCăn cứ Luật;"
    )
    fields = extract_fields([text])
    assert fields.subject == "GIAO ĐẤT"
    assert fields.issuer == "ỦY BAN NHÂN DÂN TỈNH YÊN GIANG"


def test_fields_survive_the_way_through_json() -> None:
    fields = extract_fields([own_samples()[0].text])
    assert Fields.from_json(fields.as_json()) == fields
    assert fields.as_json()["issued_on"] == "2024-06-21"
    assert fields.references


days = st.dates(date(1945, 9, 2), date(2099, 12, 31))


@given(
    days, st.sampled_from(["ngày {0} tháng {1} năm {2}", "ngày {0}/{1}/{2}", "ngày {0}-{1}-{2}", "Ngày {0}.{1}.{2}"])
)
def test_every_day_is_read_in_every_spelling(day: date, spelling: str) -> None:
    for digits in ("{}", "{:02d}"):
        written = spelling.format(digits.format(day.day), digits.format(day.month), day.year)
        assert find_date(f"Hà Nội, {written}") == day


letters = st.text("ABCDĐGHKLMNPQSTUVX", min_size=2, max_size=6)


@given(
    serial=st.integers(1, 99_999),
    year=st.none() | st.integers(1945, 2099),
    code=st.sampled_from([code for code in CODES.values() if code]),
    agency=letters,
    unit=st.none() | letters,
)
def test_every_number_is_read_back(serial: int, year: int | None, code: str, agency: str, unit: str | None) -> None:
    symbol = "-".join(filter(None, (code, agency, unit)))
    number = "/".join(str(part) for part in (serial, year, symbol) if part)
    assert decision(old="28/2024/QĐ-UBND", new=number).number == tidy_number(number)
    assert type_of_number(number) == next(name for name, one in CODES.items() if one == code)


@given(st.lists(st.text() | st.sampled_from(DECISION.split("\n")), max_size=30))
def test_no_text_is_too_odd(lines: list[str]) -> None:
    fields = extract_fields(["\n".join(lines)])
    assert fields.effective_on is None or fields.effective_on >= date.min + timedelta(days=1)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_title_in_capitals_is_no_issuer() -> None:
    page = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
ĐƠN ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI, TÀI SẢN GẮN LIỀN VỚI ĐẤT
Kính gửi: Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc"""

    assert extract_fields([page]).issuer is None
