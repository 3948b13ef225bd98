"""Purposes of land (mục đích sử dụng đất) by code or by name: Circular 08/2024/TT-BTNMT, Annex, and codes of before."""

import re
from dataclasses import dataclass

from ocr.placing import folded_in_place

# Code → the names papers use, the usual one first.
PURPOSES = {
    "ONT": ("đất ở tại nông thôn", "đất ở nông thôn"),
    "ODT": ("đất ở tại đô thị", "đất ở đô thị"),
    "LUC": ("đất chuyên trồng lúa nước", "đất chuyên trồng lúa"),
    "LUK": ("đất trồng lúa còn lại", "đất trồng lúa nước còn lại"),
    "LUA": ("đất trồng lúa",),
    "LUN": ("đất trồng lúa nương",),
    "HNK": ("đất trồng cây hàng năm khác", "đất trồng cây hằng năm khác"),
    "BHK": ("đất bằng trồng cây hàng năm khác",),
    "NHK": ("đất nương rẫy trồng cây hàng năm khác",),
    "CLN": ("đất trồng cây lâu năm",),
    "RSX": ("đất rừng sản xuất",),
    "RPH": ("đất rừng phòng hộ",),
    "RDD": ("đất rừng đặc dụng",),
    "NTS": ("đất nuôi trồng thủy sản", "đất nuôi trồng thuỷ sản"),
    "LMU": ("đất làm muối",),
    "CNT": ("đất chăn nuôi tập trung",),
    "NKH": ("đất nông nghiệp khác",),
    "TSC": ("đất xây dựng trụ sở cơ quan",),
    "TMD": ("đất thương mại, dịch vụ", "đất thương mại dịch vụ"),
    "SKC": ("đất cơ sở sản xuất phi nông nghiệp",),
    "SKK": ("đất khu công nghiệp",),
    "SKN": ("đất cụm công nghiệp",),
    "SKS": ("đất sử dụng cho hoạt động khoáng sản",),
    "DGT": ("đất giao thông", "đất công trình giao thông"),
    "DTL": ("đất thủy lợi", "đất công trình thủy lợi"),
    "DGD": ("đất xây dựng cơ sở giáo dục và đào tạo",),
    "DYT": ("đất xây dựng cơ sở y tế",),
    "DVH": ("đất xây dựng cơ sở văn hóa",),
    "DTT": ("đất xây dựng cơ sở thể dục thể thao",),
    "DNL": ("đất công trình năng lượng",),
    "DRA": ("đất bãi thải, xử lý chất thải",),
    "CQP": ("đất quốc phòng",),
    "CAN": ("đất an ninh",),
    "TON": ("đất tôn giáo", "đất cơ sở tôn giáo"),
    "TIN": ("đất tín ngưỡng", "đất cơ sở tín ngưỡng"),
    "NTD": ("đất nghĩa trang, nghĩa địa",),
    "MNC": ("đất có mặt nước chuyên dùng",),
    "SON": ("đất sông, ngòi, kênh, rạch, suối",),
    "BCS": ("đất bằng chưa sử dụng",),
    "DCS": ("đất đồi núi chưa sử dụng",),
}


def _pattern_of(name: str) -> str:
    return r"\W*".join(re.escape(word.strip(",")) for word in folded_in_place(name).split())


_NAMES = sorted(
    ((_pattern_of(name), code) for code, names in PURPOSES.items() for name in names), key=lambda pair: -len(pair[0])
)
_NAME = re.compile("|".join(f"(?P<n{at}>{pattern})" for at, (pattern, _) in enumerate(_NAMES)))
# The letter O is misread as a nought; L and I are left alone, no code differs by them.
_CODE = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(code.lower().replace('o', '[o0]') for code in PURPOSES)})(?![a-z0-9])")
# What may stand between one purpose and the next, or before the first.
_BETWEEN = re.compile(r"(?:[\s;,.'+:()/-]|\bva\b|\bdat o\b(?=\s*\()|[\d.,]+\s?m[²2?]?|\bla\b)*")


@dataclass(frozen=True, slots=True)
class Purposes:
    """Codes in the order they stand; `is_confirmed` when a name and its code say the same."""

    codes: tuple[str, ...]
    start: int
    end: int
    is_confirmed: bool


def read_purposes(folded: str) -> Purposes | None:
    """The purposes a folded text begins with; None when it begins with something else."""
    codes: list[str] = []
    start, at, is_confirmed = -1, 0, False
    while True:
        begin = gap.end() if (gap := _BETWEEN.match(folded, at)) else at
        match = _NAME.match(folded, begin) or _CODE.match(folded, begin)
        if match is None:
            break
        code = _NAMES[int(match.lastgroup[1:])][1] if match.lastgroup else match[0].upper().replace("0", "O")
        is_confirmed = is_confirmed or (code in codes and not match.lastgroup)
        codes += [code] if code not in codes else []
        start, at = (begin if start < 0 else start), match.end()
    return Purposes(tuple(codes), start, at, is_confirmed) if codes else None
