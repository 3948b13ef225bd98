"""Who works where in the month, and who stands in for whom."""

from datetime import date

from tests.month.script import LEAVE_FROM, LEAVE_TO

AWAY, STANDS_IN = "Lò Thị Vân", "Đặng Văn Bình"
_HEAD_OF_GIVER, _HEAD_OF_TAKER = "Cầm Văn Thiết", "Nguyễn Hữu Tấn"
# By unit and role. Who has no role answers for his unit when its opinion is asked for.
STAFF = {
    ("tt-pvhcc", "clerk"): "Phạm Thị Hạnh",
    ("cn-hai-loc", "specialist"): AWAY,
    ("cn-hai-loc", "head"): _HEAD_OF_TAKER,
    ("cn-hai-loc", "records_clerk"): "Mai Thị Thơm",
    ("cn-muong-sai", "specialist"): "Hà Văn Pó",
    ("cn-muong-sai", "head"): _HEAD_OF_GIVER,
    ("cn-muong-sai", "records_clerk"): "Quàng Thị Ín",
    ("phong-kt-tan-loc", "specialist"): "Tạ Văn Đông",
    ("phong-kt-tan-loc", "head"): "Vũ Thị Miên",
    ("ubnd-tan-loc", "head"): "Trịnh Bá Lược",
    ("vpdkdd", "specialist"): "Khúc Thị Diệp",
    ("vpdkdd", "head"): "Lã Văn Quýnh",
    ("vpdkdd", "records_clerk"): "Ngô Thị Sâm",
    ("phong-dat-dai", "specialist"): "Bế Văn Trọng",
    ("phong-dat-dai", "head"): "Ông Thị Khuê",
    ("ubnd-tinh", "head"): "Đoàn Thế Vĩnh",
    ("ubnd-tinh", "records_clerk"): "Chử Thị Nhạn",
    ("so-nnmt", "head"): "Lục Văn Kiên",
    ("so-xay-dung", ""): "Thân Văn Cự",
    ("thue-co-so-3", ""): "Doãn Thị Lụa",
}


def on_duty(unit: str, role: str, day: date) -> str:
    """Who does such steps of the unit on that day."""
    name = STAFF[unit, role]
    return STANDS_IN if name == AWAY and LEAVE_FROM <= day <= LEAVE_TO else name
