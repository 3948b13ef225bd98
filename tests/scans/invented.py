"""Invented people, places, parcels and numbers of the invented province Yên Giang, each told once they are printed."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

SURNAMES = [
    "Phùng",
    "Lưu",
    "Đàm",
    "Vũ",
    "Sầm",
    "Lương",
    "Hoàng",
    "Đỗ",
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Bùi",
    "Đặng",
    "Ngô",
    "Dương",
    "Tạ",
    "Quách",
    "Đinh",
    "Hà",
    "Mai",
    "Chu",
]
MIDDLE_MALE = ["Văn", "Quốc", "Đức", "Minh", "Hữu", "Gia", "Công", "Đình", "Xuân"]
MIDDLE_FEMALE = ["Thị", "Thị Lan", "Thị Thu", "Ngọc", "Thị Bích", "Thanh"]
GIVEN_MALE = [
    "Thử",
    "Hạnh",
    "Thiện",
    "Khuê",
    "Út",
    "Bảo",
    "Sơn",
    "Hải",
    "Toàn",
    "Lực",
    "Đông",
    "Khánh",
    "Duy",
    "Trường",
    "Kiên",
    "Vinh",
    "Phúc",
    "Nghĩa",
    "Tùng",
    "Đạt",
]
GIVEN_FEMALE = [
    "Ngát",
    "Chi",
    "Anh",
    "Hoa",
    "Nhàn",
    "Lý",
    "Hằng",
    "Yến",
    "Thoa",
    "Dung",
    "Mơ",
    "Xuyến",
    "Liễu",
    "Thảo",
    "Quyên",
    "Huệ",
    "Nga",
    "Hòa",
    "Thủy",
    "Uyên",
]
DISTRICTS = ["Hải Lộc", "Bắc Sơn Hà", "Mường Sài", "Đông Triều Giang", "Phú Khê", "An Lạc Hạ"]
COMMUNES = ["Tân Lộc", "Đồng Vừng", "Hòa Khê", "Nà Sâm", "Vĩnh Thuận", "Cẩm Đình", "Yên Thọ", "Quảng Nguyên"]
HAMLETS = ["Đồng Vừng", "Bãi Sậy", "Trại Mới", "Khe Luồng", "Tân Tiến", "Đoàn Kết", "Làng Chài", "Cây Đa"]
STREETS = ["Nguyễn Du", "Trần Phú", "Lê Lợi", "Hùng Vương", "Cửa Đông", "Bến Đoan"]
COMPANIES = ["Thủy sản Hải Lộc", "Đầu tư Xây dựng An Khê", "Năng lượng Mường Sài", "Gạch ngói Phú Khê", "May Tân Lộc"]
PROJECTS = [
    "Khu dân cư Bãi Sậy",
    "Cụm công nghiệp Phú Khê",
    "Nhà máy chế biến gỗ Mường Sài",
    "Đường nối Hải Lộc - Bắc Sơn Hà",
    "Khu nghỉ dưỡng Cửa Đông",
    "Trạm biến áp 110 kV Tân Lộc",
]
# Land by code: the words papers use for it.
PURPOSES = {
    "ONT": "đất ở tại nông thôn",
    "ODT": "đất ở tại đô thị",
    "CLN": "đất trồng cây lâu năm",
    "HNK": "đất trồng cây hàng năm khác",
    "LUC": "đất chuyên trồng lúa",
    "LUK": "đất trồng lúa còn lại",
    "NTS": "đất nuôi trồng thủy sản",
    "RSX": "đất rừng sản xuất",
    "TMD": "đất thương mại, dịch vụ",
    "SKC": "đất cơ sở sản xuất phi nông nghiệp",
    "SKK": "đất khu công nghiệp",
}
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_CITED = {
    "based_on": [
        ("Luật Đất đai số {}", "31/2024/QH15"),
        ("Luật Tổ chức chính quyền địa phương số {}", "72/2025/QH15"),
        ("Nghị định số {}", "102/2024/NĐ-CP"),
        ("Nghị định số {}", "88/2024/NĐ-CP"),
        ("Nghị định số {}", "43/2014/NĐ-CP"),
        ("Thông tư số {}", "10/2024/TT-BTNMT"),
        ("Quyết định số {}", "{n}/{y}/QĐ-UBND"),
        ("Quyết định số {}", "{n}/QĐ-UBND"),
        ("Kế hoạch số {}", "{n}/KH-UBND"),
    ],
    "proposed_by": [("Tờ trình số {}", "{n}/TTr-STNMT"), ("Tờ trình số {}", "{n}/TTr-SNNMT")],
    "replaces": [("Quyết định số {}", "{n}/QĐ-UBND"), ("Quyết định số {}", "{n}/{y}/QĐ-UBND")],
    "amends": [("Quyết định số {}", "{n}/QĐ-UBND"), ("Thông tư số {}", "{n}/{y}/TT-BTNMT")],
    "repeals": [("Quyết định số {}", "{n}/QĐ-UBND")],
    "implements": [("Kế hoạch số {}", "{n}/KH-UBND"), ("Nghị quyết số {}", "{n}/NQ-HĐND")],
    "mentions": [("Quyết định số {}", "{n}/QĐ-UBND"), ("Công văn số {}", "{n}/STNMT-QLĐĐ")],
}


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that is printed on a paper: the field it belongs to, its tidy value, and whom or what it is about."""

    name: str
    value: str
    about: str = ""


@dataclass(slots=True)
class Person:
    is_woman: bool
    name: str
    born: int
    number: str
    hamlet: str
    commune: str
    district: str


@dataclass(slots=True)
class Parcel:
    parcel: str
    sheet: str
    area: str
    purposes: list[str]
    hamlet: str
    commune: str
    district: str


@dataclass
class World:
    """The facts of one paper, made when first asked for; `told` fills as they are printed."""

    chance: Random
    people: dict[str, Person] = field(default_factory=dict)
    parcels: dict[str, Parcel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # How this paper's writer writes.
        self.district = self.chance.choice(DISTRICTS)
        self.commune = self.chance.choice(COMMUNES)
        self.is_spaced = self.chance.random() < 0.5
        self.square = self.chance.choice(["m²", "m2", " m²", " m2", " m2"])
        self.is_slashed = self.chance.random() < 0.25
        self.is_new = self.chance.random() < 0.5
        self.issued = date(2010, 1, 4) + timedelta(days=self.chance.randrange(6150))

    def person(self, key: str) -> Person:
        return self.people.setdefault(key, self._person())

    def _person(self) -> Person:
        chance = self.chance
        is_woman = chance.random() < 0.5
        middle = chance.choice(MIDDLE_FEMALE if is_woman else MIDDLE_MALE)
        given = chance.choice(GIVEN_FEMALE if is_woman else GIVEN_MALE)
        born = chance.randrange(1940, 2004)
        century = (0 if born < 2000 else 2) + is_woman
        number = f"099{century}{born % 100:02d}{chance.randrange(1_000_000):06d}"
        return Person(is_woman, f"{chance.choice(SURNAMES)} {middle} {given}", born, number, *self._place())

    def _place(self) -> tuple[str, str, str]:
        return self.chance.choice(HAMLETS), self.chance.choice([self.commune, *COMMUNES]), self.district

    def parcel(self, key: str) -> Parcel:
        return self.parcels.setdefault(key, self._parcel())

    def _parcel(self) -> Parcel:
        chance = self.chance
        codes = chance.choice(
            [["ONT"], ["ODT"], ["CLN"], ["ONT", "CLN"], ["LUC"], ["HNK"], ["NTS"], ["ONT", "HNK"], ["RSX"], ["TMD"]]
        )
        area = f"{chance.randrange(400, 30000) / 10:.1f}" if chance.random() < 0.8 else f"{chance.randrange(30, 90000)}"
        return Parcel(
            str(chance.randrange(1, 900)), str(chance.randrange(1, 120)), area.removesuffix(".0"), codes, *self._place()
        )

    def tax_code(self) -> str:
        while True:
            digits = [self.chance.randrange(10) for _ in range(9)]
            check = 10 - sum(one * weight for one, weight in zip(digits, _TAX_WEIGHTS, strict=True)) % 11
            if check < 10:
                return "".join(map(str, [*digits, check]))

    def serial(self, *, is_new: bool) -> str:
        letters = self.chance.choice(["AA", "AB", "AĐ", "BM", "BX", "CĐ", "CH", "CS", "DA", "DK", "BO", "CI", "DL"])
        return (
            f"{letters} {self.chance.randrange(10**7, 10**8)}"
            if is_new
            else (f"{letters} {self.chance.randrange(10**5, 10**6)}")
        )

    def register_number(self) -> str:
        letters = self.chance.choice(["CH", "CS", "CT", "CN", "VP", "H"])
        return f"{letters} {self.chance.randrange(1, 99999):05d}"

    def citation(self, relation: str) -> tuple[str, str]:
        """How another document is cited, and its number."""
        words, pattern = self.chance.choice(_CITED[relation])
        number = pattern.format(n=f"{self.chance.randrange(1, 4000):02d}", y=self.chance.randrange(2012, 2026))
        day = self.issued - timedelta(days=self.chance.randrange(5, 900))
        dated = f" ngày {day.day:02d}/{day.month}/{day.year}" if self.chance.random() < 0.5 else f" {day_in_words(day)}"
        issuer = " của Chính phủ" if "NĐ-CP" in number else " của Ủy ban nhân dân tỉnh" if "UBND" in number else ""
        return words.format(number) + dated + issuer, number

    def other_day(self) -> date:
        return self.issued - timedelta(days=self.chance.randrange(1, 400))


def day_in_words(day: date) -> str:
    """As Decree 30/2020 has it: days below 10 and the first two months with a zero."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def written_number(value: str, *, is_dotted: bool) -> str:
    """ "1250.5" as "1.250,5" or "1250,5"."""
    whole, _, part = value.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".") if is_dotted else whole
    return f"{grouped},{part}" if part else grouped
