"""The close of an administrative document: who signed it and from when it holds."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ocr.dates import DATE, date_of
from ocr.symbols import fold

# Between the authority and the name stand the signature, its seal and, in the other column, the recipients.
NAME_WITHIN = 30

# On behalf of, for, by order of, by authorisation of, acting (Decree 30/2020/NĐ-CP, Annex I).
_ON_BEHALF = re.compile(r"^\W*(?:TM|KT|TL|TUQ|Q)\s?[.,]\s*[^\W\d_]{2}")
_POSITION = re.compile(
    r"(?:pho )?(?:bo truong|thu truong(?: thuong truc)?|chu tich|thu tuong|thong doc|giam doc|tong giam doc"
    r"|tong thanh tra|cuc truong|chi cuc truong|tong cuc truong|vu truong|truong phong|truong ban|chanh van phong"
    r"|chu nhiem|vien truong|chanh an|hieu truong|tong kiem toan nha nuoc)"
)
_RANK = re.compile(
    r"^(?:(?:đại|thượng|trung|thiếu)\s+(?:tướng|tá|úy)|(?:GS|PGS|TS|ThS|BS|KS|CN)\.?)[.,]?\s*", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_][^\W\d_]*(?:\s[^\W\d_]+){1,5}")
# Surnames borne in Viet Nam, compared without marks: recognition misreads those.
_SURNAMES = frozenset(
    fold(
        """
        an âu bạch bàn bành bế bùi cao cầm châu chu chử cù cung danh diệp doãn dư dương đàm đào đặng điểu
        đinh đoàn đỗ đồng đới đường giang giàng hà hàn hầu hoa hoàng hồ hồng huỳnh hứa kha khổng khuất khúc
        kiều kim kpă la lã lại lâm lầu lê lềnh liêu lò lù lục lư lữ lương lưu lý ma mã mạc mai mạnh mông
        ngân nghiêm ngô ngụy nguyễn nhâm nhan ninh nông ông phạm phan phí phó phùng quách quan quàng sầm siu
        sùng tạ tào tăng thạch thái thân thào thẩm tiêu tô tôn tống trà trang trần tráng triệu trịnh trương
        từ ung uông văn vàng vi viên võ vũ vương vừ xa y
        """
    ).split()
)

_ACT = (
    r"(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Thông tư|Thông tư liên tịch|Chỉ thị|Quy chế|Quy định)"
)
_FROM_DAY = rf"(?:{DATE}|ngày\s+(?:được\s+)?(?P<signing>ký|ban hành|công bố|thông qua))"
_FORCE = r"có\s+hiệu\s+lực(?:\s+thi\s+hành)?,?\s*(?:sau\s+(?P<delay>\d{1,3})\s+ngày,?\s+)?(?:kể\s+)?từ\s+"
_THIS_IN_FORCE = re.compile(rf"{_ACT}\s+này\s+(?:được\s+thông\s+qua\s+)?(?:và\s+)?{_FORCE}{_FROM_DAY}", re.IGNORECASE)
_IN_FORCE = re.compile(rf"{_FORCE}{_FROM_DAY}", re.IGNORECASE)
_ADOPTED = re.compile(
    rf"{_ACT}\s+này\s+(?:đã\s+)?được\s+[^.;]{{5,150}}?\s+thông\s+qua[^.;]{{0,60}}?\s+{DATE}", re.IGNORECASE
)


def find_signer(pages: Sequence[str]) -> str | None:
    """The name under the first signature: below "TM.", "KT." … or a position in capitals, without rank and degree."""
    segments = [part.strip() for page in pages for line in page.splitlines() for part in line.split("\t")]
    for index, segment in enumerate(segments):
        if segment.isupper() and (_ON_BEHALF.match(segment) or _POSITION.fullmatch(fold(segment))):
            name = _first_name(segments[index + 1 : index + 1 + NAME_WITHIN])
            if name:
                return name
    return None


def _first_name(segments: Iterable[str]) -> str | None:
    for segment in segments:
        name = _RANK.sub("", segment.strip(" .,:;|_-–*'\""))
        words = name.split()
        if not _NAME.fullmatch(name) or fold(words[0]) not in _SURNAMES or _POSITION.fullmatch(fold(name)):
            continue
        if name.istitle() or name.isupper():
            return name.title() if name.isupper() else name
    return None


def find_adoption(pages: Sequence[str]) -> date | None:
    """The day an assembly adopted the act ("được … thông qua ngày …"), which stands at its end instead of the head."""
    matches = (match for page in pages[::-1] for match in _ADOPTED.finditer(page))
    return next((day for match in matches if (day := date_of(match))), None)


def find_effective_day(pages: Sequence[str], issued_on: date | None) -> date | None:
    """The day from which the act itself holds (hiệu lực thi hành); the day of issue where it says so."""
    text = "\n".join(pages)
    match = _THIS_IN_FORCE.search(text) or _IN_FORCE.search(text)
    if match is None:
        return None
    day = issued_on if match["signing"] else date_of(match)
    return day + timedelta(days=int(match["delay"] or 0)) if day else None
