"""The head of an administrative document (Decree 30/2020/NĐ-CP, Annex I).

Lines come from a text layer or from recognition: the two columns of a head may stand on one line, parted by a tab, or
follow each other; a name may go over several lines; marks on letters may be misread.
"""

import re
from dataclasses import dataclass
from datetime import date

from ocr.dates import DATE, date_of
from ocr.secrecy import read_marking
from ocr.symbols import (
    BLANK_NUMBER,
    CODES,
    NUMBER_OF_HEAD,
    fold,
    plain_letters,
    plain_symbols,
    tidy_number,
    tolerant,
    type_of_number,
)

HEAD_LINES = 60
LONGEST_SUBJECT = 1500
MOST_SUBJECT_LINES = 25

_STATE_TITLE = re.compile(
    rf"(?:{tolerant('cong')}|\b\w{{3,5}})\W*{tolerant('hoa xa hoi')}"
    rf"(?:[^\t\n]{{0,18}}?{tolerant('viet nam')}|\W*{tolerant('chu nghia')})?"
)
_MOTTO = re.compile(rf"{tolerant('doc lap')}[\W_]+{tolerant('tu do')}[\W_]+{tolerant('hanh phuc')}")
# Read without marks, which recognition loses.
_BODY = re.compile(
    r"^\W*(?:[cgoq]an cu|kinh gui|theo de nghi|xet de nghi|tren co so"
    r"|dieu\s+[1i]\b|chuong\s+[1i]\b|phan\s+(?:i\b|thu nhat))"
)
# What is left of a state title broken over two lines.
_REST_OF_STATE_TITLE = re.compile(r"\W*(?:viet(?: nam)?|nam)\W*")
# How a text that rests on no ground ("Căn cứ …") begins; case matters, an abstract in capitals goes on.
_TEXT_BEGINS = re.compile(
    r"(?:Thực hiện|Trong|Ngày|Để|Nhằm|Sau khi|Theo|Qua|Hiện nay|Vừa qua|Tính đến|Tiếp theo|Trước|Hôm nay|Chúng tôi)\s"
    r"|\W*(?:[IVX]{1,4}|\d{1,2}|[A-Z])\s?[.)]\s|(?i:khóa|khoá) [IVXL]+\b|\("
    r"|(?i:số\s(?:phát hành|s[êe]-?\s?ri|vào sổ))\b"
)
_PARAGRAPH_ENDS = re.compile(r"(?::|\./\.|\.)$")
_NUMBER_LINE = re.compile(
    rf"^[\W_]*(?P<named>(?i:{'|'.join(CODES)}|b[ảaạ]n [áảàạ]n)\s+)?"
    rf"[Ss][ốôóồổỗoõỐÔÓO]\s?[:.;-]?\s*(?:{NUMBER_OF_HEAD}|{BLANK_NUMBER.replace('P<symbol>', 'P<blank>')})"
)
# "BỘ TÀI CHÍNH Số 06/2026/TT-BTC": two columns or two lines run together.
_RUN_TOGETHER = re.compile(
    r"(?<=[^\W\d_])\s+(?=Số\s?[:.]?\s*\d+\s?/)|(?<=[A-ZĐ\d])\s+(?=[^\W\d_][^\W_]+[^,/]{0,30},\s*ngày\s)"
)
_WORD = r"[^\W\d_]{1,20}\.?"
_PLACE_WORDS = rf"(?<![^\W_]){_WORD}(?:(?:\s-\s|\s|-){_WORD}){{0,6}}?"
_PLACE = re.compile(rf"(?P<place>{_PLACE_WORDS})\s*[,.;][\s.,'\"]{{0,3}}(?={tolerant('ngay')}\b)")
# Recognition may lose the comma; then the line must be place and date alone.
_PLACE_WITHOUT_COMMA = re.compile(rf"(?P<place>{_PLACE_WORDS})\s(?=(?i:{DATE})\W*$)")
_DATE = re.compile(DATE, re.IGNORECASE)
_ABOUT = re.compile(r"^\W*(?:V\s?/\s?[vy]?\b|Về việc|VỀ VIỆC)\s*:?\s*")
_OPEN_END = re.compile(r"(?:[,\-–]|\b(?:và|của|do|về|tại|cho|bởi|thuộc|với|theo|trong))$", re.IGNORECASE)

_ORGANISATION = re.compile(
    r"(?:uy ban|ubnd|hdnd|hoi dong|chinh phu|thu tuong|quoc hoi|chu tich|bo|so|van phong|ban|cuc|tong cuc|chi cuc"
    r"|chi nhanh|phong|trung tam|ngan hang|thanh tra|toa an|vien|kiem toan|truong(?= \w)|cong ty|tong cong ty"
    r"|dang|tinh uy|thanh uy|huyen uy|thue|kho bac|bao hiem|dai hoc|hoc vien|hoi|lien doan|mat tran|cong an"
    r"|quan khu|nha may)\b"
)
# Names that go on in the next line, and names that stand under no other.
_UNFINISHED = re.compile(
    r"(?:thuong vu|uy ban nhan dan|uy ban|hoi dong nhan dan|hoi dong|thu tuong|van phong|ubnd|hdnd)$"
)
_NEVER_UNDER_ANOTHER = re.compile(r"(?:quoc hoi|chinh phu)\b")
_AUTHORITY = re.compile(
    r"(?:(?:bo truong|chu tich|thu tuong|thong doc|giam doc|tong|chanh|chu nhiem|truong ban|tong kiem toan)\b.*"
    r"|(?:uy ban|chinh phu|quoc hoi|hoi dong|bo|so)\b.*)"
)
_POSITION = re.compile(
    r"^(?:BỘ TRƯỞNG|CHỦ TỊCH|THỐNG ĐỐC|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|CHỦ NHIỆM|TRƯỞNG BAN|TỔNG GIÁM ĐỐC)\s+(?=[^\W\d_])"
)
_ISSUING = re.compile(r"(?P<who>[^\W\d_][^.;:]{3,80}?)\s+ban hành\s+(?:Nghị định|Thông tư|Quyết định|Nghị quyết)\b")
_URGENCY = re.compile(r"(?:hoa toc|thuong khan|khan)(?: hen gio)?")
_LETTERS = re.compile(r"[^\W\d_]+")
_HAS_LETTER = re.compile(r"[^\W_]")
_YEAR_LOST = re.compile(rf"{tolerant('thang')}\W+\d{{1,2}}\W+n\w{{1,2}}\W*$")
_EDGES = re.compile(r"^[\W_\u02b0-\u02ff]+|[\W_\u02b0-\u02ff]+$")
_SPECK_IN_NAME = re.compile(r"(?<=[^\W\d_]{2})[.,](?=[^\W\d_])")
_YEAR_ALONE = re.compile(r"\W*(?:19|20)\d{2}\W*")
CONSOLIDATED = "Văn bản hợp nhất"
LETTER = "Công văn"
CONTRACT = "Hợp đồng"
_TITLES = sorted(((fold(name), name) for name in CODES if name != LETTER), key=lambda pair: -len(pair[0]))


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says; None where it doesn't."""

    number: str | None
    document_type: str | None
    issued_on: date | None
    issued_at: str | None
    issuer: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class _Title:
    """The line that names the type: where it stands, the official name, and what follows on the same line."""

    at: int
    name: str
    rest: str


def read_head(first_page: str, *, body_at: int | None = None) -> Head:
    """The head on the first page of a document; `body_at` is the line its text begins with, where that is known."""
    segments = _segments("\n".join(first_page.splitlines()[:body_at]))
    end = next((index for index, segment in enumerate(segments) if _BODY.match(fold(segment))), len(segments))
    title = _find_title(segments[:end])
    above = segments[: title.at if title else end]
    # A contract has its number below its title.
    number = _find_number(above) or (_find_number(segments[:end]) if title and title.name == CONTRACT else None)
    issued_at, issued_on = _find_place_and_date(above)
    subject = _subject_under(title, segments[:end]) if title else _subject_of_letter(above)
    is_addressed = fold(" ".join(segments[end : end + 1])).startswith("kinh gui")
    return Head(
        number=number.number if number else None,
        document_type=_choose_type(title, number, is_letter=is_addressed or subject is not None),
        issued_on=issued_on,
        issued_at=issued_at,
        issuer=_find_issuer(above) or _issuer_in_text(segments[max(0, end - 2) :]),
        subject=subject,
    )


def _segments(first_page: str) -> list[str]:
    """The columns of the first lines, without rules, state title and motto."""
    found = []
    for line in first_page.splitlines()[:HEAD_LINES]:
        for column in line.split("\t"):
            rest = _MOTTO.sub("\t", _STATE_TITLE.sub("\t", column))
            parts = (part for piece in rest.split("\t") for part in _RUN_TOGETHER.split(piece))
            found += [" ".join(part.split()) for part in parts if _HAS_LETTER.search(part)]
    return _with_whole_dates([segment for segment in found if not _REST_OF_STATE_TITLE.fullmatch(fold(segment))])


def _with_whole_dates(segments: list[str]) -> list[str]:
    """A date whose year fell into the next line of a narrow column has it put back."""
    whole: list[str] = []
    for segment in segments:
        if whole and _YEAR_ALONE.fullmatch(segment):
            broken = next(
                (at for at in range(len(whole) - 1, max(-1, len(whole) - 4), -1) if _YEAR_LOST.search(whole[at])), None
            )
            if broken is not None:
                whole[broken] += f" {segment}"
                continue
        whole.append(segment)
    return whole


def _find_title(segments: list[str]) -> _Title | None:
    """The first line in capitals that begins with the name of a type, below "Số: …" when that is there."""
    plain_numbers = (at for at, segment in enumerate(segments) if (line := _number_line(segment)) and not line["named"])
    start = next(plain_numbers, -1) + 1
    titles = (title for at, segment in enumerate(segments[start:], start) if (title := _title_of(at, segment)))
    above = (title for title in map(_title_of, range(start), segments) if title and title.name == CONTRACT)
    return next(titles, None) or next(above, None)


def _title_of(at: int, segment: str) -> _Title | None:
    """The type a line in capitals begins with; specks between its words don't matter."""
    words = list(_LETTERS.finditer(segment))
    folded = fold(" ".join(word[0] for word in words))
    for name_folded, name in _TITLES:
        length = len(name.split())
        is_named = folded == name_folded or folded.startswith(name_folded + " ")
        if is_named and "".join(word[0] for word in words[:length]).isupper():
            return _Title(at, name, segment[words[length - 1].end() :].strip(" -–.,:;'"))
    return None


@dataclass(frozen=True, slots=True)
class _Number:
    """The number line: `number` is None on a draft whose serial number is not filled in."""

    number: str | None
    code_type: str | None


def _number_line(segment: str) -> re.Match[str] | None:
    return _NUMBER_LINE.match(plain_symbols(plain_letters(segment)))


def _find_number(segments: list[str]) -> _Number | None:
    match = next((match for segment in segments if (match := _number_line(segment))), None)
    if match is None:
        return None
    named = fold(match["named"] or "")
    named_type = next((name for name_folded, name in _TITLES if name_folded == named), None)
    if match["blank"]:
        return _Number(None, type_of_number(f"1/{tidy_number(match['blank'])}") or named_type)
    number = tidy_number(match["party"] or "/".join(filter(None, (match["serial"], match["year"], match["symbol"]))))
    return _Number(number, type_of_number(number) or named_type)


def _choose_type(title: _Title | None, number: _Number | None, *, is_letter: bool) -> str | None:
    """The type by the title, save for consolidated texts, which carry the title of what they consolidate."""
    by_code = number.code_type if number else None
    if by_code == CONSOLIDATED or title is None:
        return by_code or (LETTER if is_letter else None)
    return title.name


def _find_place_and_date(segments: list[str]) -> tuple[str | None, date | None]:
    for segment in segments:
        dated = _DATE.search(segment)
        placed = _PLACE.search(segment) or _PLACE_WITHOUT_COMMA.match(segment)
        if placed or (dated and not dated.start()):
            return (" ".join(placed["place"].split()) if placed else None), (date_of(dated) if dated else None)
    return None, None


def _find_issuer(segments: list[str]) -> str | None:
    """The issuing body: the last of the names above the number, the ones before it being those it belongs to."""
    names: list[str] = []
    for segment in segments:
        if _number_line(segment):
            break
        if _PLACE.search(segment):
            continue
        if not _is_name(segment, fewest=2 if names else 3):
            if names:
                break
            continue
        name = _EDGES.sub("", _SPECK_IN_NAME.sub(" ", segment))
        is_new = not names or (_ORGANISATION.match(fold(name)) and _is_complete(names[-1], fold(name)))
        if is_new:
            names.append(name)
        else:
            names[-1] += f" {name}"
    # Applications and contracts begin in capitals too, but nobody issues them.
    return names[-1] if names and _ORGANISATION.match(fold(names[-1])) else None


def _is_name(segment: str, *, fewest: int) -> bool:
    """Whether a line can be (part of) the name of a body: capitals, or beginning as one."""
    letters = [sign for sign in segment if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    if len(letters) < fewest or read_marking(segment) or _URGENCY.fullmatch(fold(segment)):
        return False
    return capitals > 0.8 * len(letters) or segment.split(maxsplit=1)[0].isupper()


def _is_complete(name: str, following: str) -> bool:
    if _NEVER_UNDER_ANOTHER.match(following) or _OPEN_END.search(name):
        return False
    return not _UNFINISHED.search(fold(name))


def _subject_under(title: _Title, segments: list[str]) -> str | None:
    """The abstract (trích yếu): what stands between the type and the text, the name of the authority left out."""
    lines = [title.rest] if title.rest else []
    rest = segments[title.at + 1 : title.at + 1 + MOST_SUBJECT_LINES]
    for index, segment in enumerate(rest):
        is_whole = bool(lines) and not _OPEN_END.search(lines[-1])
        if is_whole and (_begins_text(segment) or (len(rest) - index <= 3 and _is_authority(segment))):
            break
        lines.append(segment)
    return _tidy_subject(lines)


def _begins_text(segment: str) -> bool:
    return bool(_TEXT_BEGINS.match(segment) or (_PARAGRAPH_ENDS.search(segment) and len(segment) > 60))


def _is_authority(segment: str) -> bool:
    return segment.isupper() and bool(_AUTHORITY.match(fold(segment).lstrip(".,:;|_-*'\" ")))


def _subject_of_letter(segments: list[str]) -> str | None:
    """The abstract of a letter (công văn): "V/v …" under the number."""
    start = next((index for index, segment in enumerate(segments) if _ABOUT.match(segment)), None)
    if start is None:
        return None
    lines = [segments[start]]
    for segment in segments[start + 1 :]:
        if _PLACE.search(segment) or _number_line(segment):
            continue
        if segment.isupper():
            break
        lines.append(segment)
    return _tidy_subject(lines)


def _tidy_subject(lines: list[str]) -> str | None:
    subject = _ABOUT.sub("", " ".join(lines)).strip(" _-–*")
    return subject[:LONGEST_SUBJECT] or None


def _issuer_in_text(segments: list[str]) -> str | None:
    """The issuer where the head names none: the authority above the text, or who "ban hành" (issues) in it."""
    for segment in segments:
        if _is_authority(segment):
            return _body_of(segment)
    for segment in segments:
        issuing = _ISSUING.match(segment)
        if issuing and _AUTHORITY.match(fold(issuing["who"])):
            return _body_of(issuing["who"].upper())
    return None


def _body_of(authority: str) -> str:
    """ "BỘ TRƯỞNG BỘ TÀI CHÍNH" → "BỘ TÀI CHÍNH"."""
    return _POSITION.sub("", authority)
