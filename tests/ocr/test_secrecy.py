"""Markings of secrecy on the head of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.secrecy import find_secrecy, read_marking


@pytest.mark.parametrize(
    ("line", "degree"),
    [
        ("MẬT", "mat"),
        ("TỐI MẬT", "toi_mat"),
        ("TUYỆT MẬT", "tuyet_mat"),
        ("[MẬT|", "mat"),
        ("| TUYỆT  MẬT |", "tuyet_mat"),
        ("TUYỆT MẬT.", "tuyet_mat"),
        ("TOI MAT", "toi_mat"),
        ("M Ậ T", "mat"),
        ("Độ mật: Tối mật", "toi_mat"),
        ("Mật", None),
        ("MẤT", None),
        ("MẬT KHẨU", None),
        ("BẢO MẬT", None),
        ("Tài liệu này không có độ mật.", None),
    ],
)
def test_a_marking_is_a_line_of_its_own(line: str, degree: str | None) -> None:
    assert read_marking(line) == degree


def test_the_word_inside_a_sentence_is_no_marking() -> None:
    page = "BỘ CÔNG AN\nSố: 5/TT-BCA\nQuy định về bảo vệ bí mật nhà nước độ TUYỆT MẬT, TỐI MẬT và MẬT"
    assert find_secrecy([page]) is None


def test_a_marking_beside_another_column_counts() -> None:
    assert find_secrecy(["BỘ CÔNG AN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nMẬT\tĐộc lập - Tự do - Hạnh phúc"]) == "mat"


def test_the_highest_degree_on_any_page_counts() -> None:
    assert find_secrecy(["MẬT\nSố: 1/QĐ-UBND", "Số: 2/QĐ-UBND", "TUYỆT MẬT\nSố: 3/QĐ-UBND"]) == "tuyet_mat"


def test_a_word_far_below_the_head_is_no_marking() -> None:
    assert find_secrecy(["dòng\n" * 30 + "MẬT"]) is None


@given(st.text())
def test_no_line_is_too_odd(line: str) -> None:
    assert read_marking(line) in (None, "mat", "toi_mat", "tuyet_mat")


@pytest.mark.parametrize(
    ("line", "degree"),
    [
        ("T U Y Ệ T  M Ậ T", "tuyet_mat"),
        ("TUYÊT MÂT", "tuyet_mat"),
        ("TUYỆT MẤT", "tuyet_mat"),
        ("TUYET MAT", "tuyet_mat"),
        ("T Ố I  M Ậ T", "toi_mat"),
        ("TỐI MÁT", "toi_mat"),
        ("| T0I MẬT |", "toi_mat"),
        ("TÓI MÂT", "toi_mat"),
        ("M. Ậ. T", "mat"),
        ("MẬ7", "mat"),
        ("MẬI", "mat"),
        ("Đô mật: Mât", "mat"),
        ("Độ mật: Tuyệt mật", "tuyet_mat"),
    ],
)
def test_a_marking_is_known_when_read_imperfectly(line: str, degree: str) -> None:
    assert read_marking(line) == degree


@pytest.mark.parametrize(
    "line",
    [
        "BÍ MẬT KINH DOANH",
        "BẢO MẬT THÔNG TIN",
        "MẬT ONG",
        "MẶT BẰNG",
        "MAI",
        "MẤT",
        "MÁT",
        "MỘT",
        "TỐI MAI",
        "TÔI MẤT GIẤY CHỨNG NHẬN",
        "HỎA TỐC",
        "Cam kết giữ bí mật kinh doanh",
        "Bảo mật",
        "TỔNG MẶT BẰNG",
        "Mật độ xây dựng",
    ],
)
def test_ordinary_words_are_no_marking(line: str) -> None:
    assert read_marking(line) is None
    assert find_secrecy([f"ỦY BAN NHÂN DÂN\n{line}\nSố: 1/QĐ-UBND"]) is None
