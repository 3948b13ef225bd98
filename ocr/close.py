"""The close of an administrative document: who signed it and from when it holds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from ocr.dates import DATE, date_of
from ocr.symbols import fold, unmarked

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
SURNAMES = frozenset(
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

# The rest is read without marks, which recognition loses.
_ACT = (
    r"(?:luat|bo luat|phap lenh|nghi quyet|nghi dinh|quyet dinh|thong tu|thong tu lien tich|chi thi|quy che|quy dinh)"
)
_FROM_DAY = rf"(?:{DATE}|ngay\W+(?:duoc\s+)?(?P<signing>ky|ban hanh|cong bo|thong qua))"
_FORCE = r"co\W+hieu\W+luc(?:\W+thi\W+hanh)?,?\s*(?:sau\s+(?P<delay>\d{1,3})\s+ngay,?\s+)?(?:ke\W+)?tu\W+"
_THIS_IN_FORCE = re.compile(rf"{_ACT}\s+nay\s+(?:duoc\s+thong\s+qua\s+)?(?:va\s+)?{_FORCE}{_FROM_DAY}")
_IN_FORCE = re.compile(rf"{_FORCE}{_FROM_DAY}")
_ADOPTED = re.compile(rf"{_ACT}\s+nay\s+(?:da\s+)?duoc\s+[^.;]{{5,150}}?\s+thong\s+qua[^.;]{{0,60}}?\s+{DATE}")
_PLACE = r"(?P<place>(?:[A-Z][a-z]*\.?[ -]{1,3}){0,5}[A-Z][a-z]+)"
_CLOSING = re.compile(rf"\W*{_PLACE}\s?[,;.]\s*(?i:{DATE})\W*$")
_OPENING = re.compile(
    rf"(?m)^\W*(?:{_PLACE}[,;.]\s*|(?i:hom nay)\W*)?(?:vao hoi[^,\n]{{1,30}}?[,;]?\s*)?"
    rf"(?i:{DATE})[\s,.;]*[,.;][\s,.;]*(?=[^\W\d_])"
)
# The year may fall into the next line.
_BROKEN_YEAR = re.compile(r"(\bt\w{3,4}\W+\d{1,2}\W+n\w{1,2})\W*\n\W*((?:19|20)\d{2}\b)")
_DATED = re.compile(r"(?m)^\W*ngay\s?:\s?(?P<day>\d{1,2})\s?/\s?(?P<month>\d{1,2})\s?/\s?(?P<year>\d{4})\W*$")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and as what: "PHÓ CHỦ TỊCH" where he signs for the chairman."""

    name: str
    title: str | None


def find_signature(pages: Sequence[str]) -> Signature | None:
    """The first signature: a name below "TM.", "KT." … or a position in capitals, without rank and degree."""
    segments = [part.strip() for page in pages for line in page.splitlines() for part in line.split("\t")]
    for index, segment in enumerate(segments):
        if _is_authority(segment):
            below = segments[index + 1 : index + 1 + NAME_WITHIN]
            found = _first_name(below)
            if found:
                at, name = found
                return Signature(name, _last_position([segment, *below[:at]]))
    return None


def _is_authority(segment: str) -> bool:
    return segment.isupper() and bool(_ON_BEHALF.match(segment) or _POSITION.fullmatch(_tidy_position(segment)))


def _tidy_position(segment: str) -> str:
    return re.sub(r"[^a-z ]", "", fold(segment)).strip()


def _last_position(segments: Sequence[str]) -> str | None:
    """The position right above the name; what stands after "KT." and its like is another's."""
    found = None
    for segment in segments:
        if segment.isupper() and _POSITION.fullmatch(_tidy_position(segment)):
            found = segment.strip(" .,:;|_-–*'\"")
    return found


def _first_name(segments: Iterable[str]) -> tuple[int, str] | None:
    for at, segment in enumerate(segments):
        name = _RANK.sub("", segment.strip(" .,:;|_-–*'\""))
        words = name.split()
        if not _NAME.fullmatch(name) or fold(words[0]) not in SURNAMES or _POSITION.fullmatch(fold(name)):
            continue
        if name.istitle() or name.isupper():
            return at, name.title() if name.isupper() else name
    return None


def find_adoption(pages: Sequence[str]) -> date | None:
    """The day an assembly adopted the act ("được … thông qua ngày …"), which stands at its end instead of the head."""
    matches = (match for page in pages[::-1] for match in _ADOPTED.finditer(unmarked(page).lower()))
    return next((day for match in matches if (day := date_of(match))), None)


def find_day_of_writing(pages: Sequence[str]) -> tuple[str | None, date] | None:
    """Where and when a paper without a head was written: above the signature, or in "Hôm nay, ngày …, tại …"."""
    pages = [_BROKEN_YEAR.sub(r"\1 \2", page) for page in pages]
    lines = (part.strip() for page in pages[::-1] for line in page.splitlines()[::-1] for part in line.split("\t"))
    closing = ((line, _CLOSING.match(unmarked(line))) for line in lines)
    opening = ((page, match) for page in pages[:1] for match in _OPENING.finditer(unmarked(page)))
    dated = ((page, match) for page in pages[:1] for match in _DATED.finditer(unmarked(page).lower()))
    for text, match in chain(dated, closing, opening):
        day = date_of(match) if match else None
        if match and day:
            span = match.span("place") if match.re.groupindex.get("place") else (-1, -1)
            return (text[slice(*span)] if span[0] >= 0 else None), day
    return None


def find_effective_day(pages: Sequence[str], issued_on: date | None) -> date | None:
    """The day from which the act itself holds (hiệu lực thi hành); the day of issue where it says so."""
    text = unmarked("\n".join(pages)).lower()
    match = _THIS_IN_FORCE.search(text) or _IN_FORCE.search(text)
    if match is None:
        return None
    day = issued_on if match["signing"] else date_of(match)
    return day + timedelta(days=int(match["delay"] or 0)) if day else None
