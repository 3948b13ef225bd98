"""Invented people and places of the province Yên Giang."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_SURNAMES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Lương",
    "Phùng",
    "Lục",
    "Sầm",
    "Nông",
    "Hà",
    "Quách",
    "Mai",
    "Tạ",
    "Chu",
    "Cao",
    "Tô",
    "Lâm",
    "Trịnh",
    "Vương",
    "Đoàn",
]
_MEN = ["Văn", "Đức", "Minh", "Quang", "Hữu", "Công", "Xuân", "Ngọc", "Đình", "Thành", "Gia", "Bảo", "Trọng", "Khắc"]
_WOMEN = ["Thị", "Thị", "Thị", "Ngọc", "Thu", "Thanh", "Bích", "Kim", "Mỹ", "Diệu", "Hồng", "Lan", "Phương"]
_GIVEN_MEN = [
    "An",
    "Bách",
    "Cường",
    "Dũng",
    "Đạt",
    "Giang",
    "Hải",
    "Hiếu",
    "Hòa",
    "Hùng",
    "Hưng",
    "Khải",
    "Khôi",
    "Kiên",
    "Lâm",
    "Long",
    "Lực",
    "Mạnh",
    "Nam",
    "Nghĩa",
    "Phong",
    "Phúc",
    "Quân",
    "Quý",
    "Sơn",
    "Tài",
    "Tâm",
    "Thạo",
    "Thắng",
    "Thiện",
    "Thịnh",
    "Toàn",
    "Trí",
    "Trung",
    "Tú",
    "Tuấn",
    "Tùng",
    "Út",
    "Vinh",
    "Vượng",
]
_GIVEN_WOMEN = [
    "Anh",
    "Ánh",
    "Bình",
    "Chi",
    "Cúc",
    "Diệp",
    "Dung",
    "Đào",
    "Gấm",
    "Hà",
    "Hạnh",
    "Hiền",
    "Hoa",
    "Huệ",
    "Hương",
    "Khuê",
    "Lan",
    "Liên",
    "Loan",
    "Ly",
    "Mai",
    "Mận",
    "Mơ",
    "Nga",
    "Ngát",
    "Nhàn",
    "Nhung",
    "Oanh",
    "Phượng",
    "Quyên",
    "Sen",
    "Thảo",
    "Thơm",
    "Thủy",
    "Trang",
    "Trúc",
    "Tuyết",
    "Vân",
    "Xuân",
    "Yến",
]
COMMUNES = [
    "xã Tân Lộc",
    "phường Hải Sơn",
    "xã Lộc Hạ",
    "xã Mường Sại",
    "xã Đồi Mây",
    "phường An Phú",
    "xã Bình Khê",
    "xã Thượng Giang",
    "xã Nà Pheo",
    "phường Yên Hải",
    "xã Cẩm Đồng",
    "xã Đông Hạnh",
    "xã Phú Lâm",
    "xã Suối Mận",
    "phường Trung Sơn",
    "xã Vạn Khê",
    "xã Hòa Bãi",
    "xã Khe Mơ",
    "phường Bến Đá",
    "xã Tây Phong",
    "xã Quảng Thịnh",
    "xã Lương Điền",
    "xã Bản Chiềng",
    "xã Giang Đông",
]
_HAMLETS = [
    "Đồng Vừng",
    "Bãi Trên",
    "Khe Nước",
    "Xóm Chùa",
    "Gốc Gạo",
    "Ao Sen",
    "Bến Đò",
    "Cầu Mới",
    "Đình Hạ",
    "Trại Mía",
    "Nà Lốc",
    "Bản Pheo",
]
# The six digits of a CCCD that tell people apart.
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True, slots=True)
class Somebody:
    """An applicant: the same number is always the same person. CCCD numbers begin with 099, which no province has."""

    name: str
    id_number: str
    birth_date: date
    address: str
    phone: str
    commune: str


def full_name(chance: Random, *, is_man: bool) -> str:
    """Surname, middle name, given name."""
    middle, given = (_MEN, _GIVEN_MEN) if is_man else (_WOMEN, _GIVEN_WOMEN)
    return f"{chance.choice(_SURNAMES)} {chance.choice(middle)} {chance.choice(given)}"


def somebody(seed: int, number: int) -> Somebody:
    """The applicant of this number, from 0 up to MOST_PEOPLE."""
    chance = Random(f"{seed} applicant {number}")  # noqa: S311 invented people, no secrets
    is_man = chance.random() < 0.5
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(23_500))
    century = 0 if born.year < 2000 else 2
    commune = COMMUNES[min(chance.randrange(len(COMMUNES)), chance.randrange(len(COMMUNES)))]
    return Somebody(
        name=full_name(chance, is_man=is_man),
        id_number=f"099{century + (0 if is_man else 1)}{born.year % 100:02d}{number:06d}",
        birth_date=born,
        address=f"thôn {chance.choice(_HAMLETS)}, {commune}, tỉnh Yên Giang",
        phone=f"0900 {number // 1000 % 1000:03d} {number % 1000:03d}",
        commune=commune,
    )
