"""People and organisations on papers: names, citizens' numbers, birth years, tax codes."""

import re
from collections.abc import Iterator

from ocr.close import SURNAMES
from ocr.figures import DIGIT, as_digits, is_citizen_number, is_tax_code
from ocr.finding import Finding
from ocr.placing import Script

_DIGIT = DIGIT.lower()
# Who is named after these words (folded) is a person the paper is about, not one who signs or handles it.
_ROLE = re.compile(
    r"(?:\b(?:ho\s*ten|ho,?\s*chu\s*dem,?\s*ten|ho\s*va\s*ten|ten)\b[^:;\n]{0,45}[:.;]"
    r"|\b(?:nguoi\s*(?:su\s*dung|de\s*nghi|nop|dang\s*ky|chuyen|nhan|duoc|yeu\s*cau|uy\s*quyen)|chu\s*(?:su\s*dung|so\s*huu)"
    r"|ben\s*(?:a|b|uy\s*quyen|duoc\s*uy\s*quyen|chuyen\s*nhuong|nhan\s*chuyen\s*nhuong|tang\s*cho|duoc\s*tang\s*cho"
    r"|the\s*chap|bao\s*dam|nhan)|cap\s*cho|nguyen\s*don|bi\s*don|tiep\s*nhan\s*ho\s*so\s*cua|ho\s*so\s*cua)\b[^:;\n]{0,60}[:.;]"
    r"|full\s*name\W{0,3}|\bten\s*toi\s*la\W{0,3}|\btoi\s*ten\s*la\W{0,3}|\bong\s*/\s*ba\W{0,3}"
    r"|\b(?:ho\s+)?(?:ong|ba|cu|anh|chi)\b(?:\s*\(ba\))?\W{0,3})"
)
_TITLE = re.compile(r"(?:[\s.,'-]|\b(?:ho\s+)?(?:ong|ba|cu)\b(?:\s*[/(]\s*ba\s*\)?)?\s*[:.]?\s*)*")
_WORD = re.compile(r"[^\W\d_]+")
_MOST_NAME_WORDS = 5
# Over a line's end or a speck a name goes on only if no sentence can begin there.
_GAP = re.compile(r"[ ]{1,2}[“\"\u2018\u2019']?|[ ]?[\n.][ ]?(?=[^\W\d_]+(?:[,.;:)\n\t]|\s(?![a-zà-ỹđ])|$))")
# Words that begin with a capital after a name or in its place, and are in none; marks tell "hàng" from the name "Hằng".
_NO_NAME = frozenset(
    """
    ông bà cccd cmnd căn cước địa mã năm thửa tờ ủy ban xã huyện tỉnh ty nhánh kho tòa nhà nước giám đốc trưởng và hoặc
    thường trú ngày người kính điều quyết giấy loại hình vị chủ đơn bên cục tnhh cổ
    """.split()  # noqa: SIM905 a list of words reads better
)
# The same of two words, either of which is a name.
_NO_NAMES = re.compile(
    r"sinh\s+n|sinh\s+ng|trung\s+tâm|đại\s+diện|ngân\s+hàng|nông\s+nghiệp|số\s|sở\s|mục\s+đích|thời\s+hạn", re.I
)
_CITIZEN = re.compile(
    rf"(?<![\w/-])(?<!\d[.,])(?P<number>[0oOQ]{DIGIT}{{11}}|[0oOQ]{DIGIT}{{2}}(?:[\s.]{DIGIT}{{3}}){{3}})(?![\w/-]|[.,]\d)"
)
_CITIZEN_CUE = re.compile(
    r"(?:cccd|can\s*cuoc|dinh\s*danh|cmnd|cmtnd|identification\s*number|\bno\.?|\bso\s*/\s*no)[^\d\n]{0,40}$"
)
_IDENTITY_CARD = re.compile(
    rf"\b(?:cmnd|cmtnd|chung\s*minh(?:\s*nhan\s*dan)?)(?:\s*so)?\W{{0,4}}(?P<number>{_DIGIT}{{9}})(?!\w)"
)
_BORN = re.compile(
    rf"(?:\b(?:sinh\s*\w{{2,4}}|nam\s*sinh)\W{{0,4}}|\b(?:ngay\s*sinh|sinh\s*ngay|date\s*of\s*birth)[^\d\n]{{0,40}}"
    rf"(?:{_DIGIT}{{1,2}}\s?[/.-]\s?{_DIGIT}{{1,2}}\s?[/.-]\s?|\d{{1,2}}\s*thang\s*\d{{1,2}}\s*nam\s*))(?P<year>[12il|]{_DIGIT}{{3}})(?!\d)"
)
_TAX = re.compile(
    rf"\b(?P<label>mst|ma\s*so\s*(?:thue|doanh\s*nghiep|d[on]\w*))[^\d]{{0,25}}?(?P<number>{_DIGIT}{{10}}(?:\s?-\s?{_DIGIT}{{3}})?)(?![\w])"
)
_FIRST_BIRTH_YEAR = 1900


def find_people(script: Script) -> Iterator[Finding]:
    """Names, numbers and birth years on a page, and tax codes; in any order."""
    yield from _names(script)
    yield from _citizens(script)
    yield from _births(script)
    yield from _taxes(script)


def _names(script: Script) -> Iterator[Finding]:
    taken = 0
    for match in _ROLE.finditer(script.folded):
        title = _TITLE.match(script.folded, match.end())
        start = title.end() if title else match.end()
        if start < taken:
            continue
        end = _name_from(script.text, start)
        if end is None:
            continue
        taken = end
        raw = script.text[start:end]
        rule = (
            "person_name:title"
            if re.search(r"\b(?:ong|ba|cu|anh|chi)\b", script.folded[match.start() : start])
            else "person_name:role"
        )
        name = " ".join(word.capitalize() for word in re.findall(r"[^\W\d_]+", raw))
        is_whole = min(map(len, name.split())) > 1 or name.startswith("Y ")
        is_known = is_whole and re.split(r"[\s.]+", script.folded[start:end])[0] in SURNAMES
        yield Finding("person_name", name, raw, (script.place(start, end),), rule, check=is_known)


def _name_from(text: str, start: int) -> int | None:
    """Where a name that begins here ends: two to five words, each in title case or all in capitals."""
    end, words, at = start, 0, start
    while words < _MOST_NAME_WORDS and (word := _WORD.match(text, at)):
        written = word[0]
        is_capital = written.istitle() or (written.isupper() and (words == 0 or text[start:end].isupper()))
        if not is_capital or written.lower() in _NO_NAME or _NO_NAMES.match(text, at):
            break
        words, end = words + 1, word.end()
        gap = _GAP.match(text, end)
        if gap is None:
            break
        at = gap.end()
    is_heading = words == _MOST_NAME_WORDS and text[start:end].isupper()
    return end if words >= 2 and not is_heading else None


def _citizens(script: Script) -> Iterator[Finding]:
    for match in _CITIZEN.finditer(script.text):
        written = re.sub(r"[\s.]", "", match["number"])
        number = as_digits(written)
        is_named = bool(_CITIZEN_CUE.search(script.folded[max(0, match.start() - 60) : match.start()]))
        if not is_named and (sum(sign.isdigit() for sign in written) < 11 or not is_citizen_number(number)):
            continue
        rule = "person_id:labelled" if is_named else "person_id:bare"
        place = script.place(match.start(), match.end())
        yield Finding(
            "person_id",
            number,
            match[0],
            (place,),
            rule,
            check=is_citizen_number(number),
            is_repaired=number != written,
        )
    for match in _IDENTITY_CARD.finditer(script.folded):
        place = script.place(match.start("number"), match.end("number"))
        number, raw = as_digits(match["number"]), script.text[match.start("number") : match.end("number")]
        yield Finding("person_id", number, raw, (place,), "person_id:old_card", is_repaired=number != match["number"])


def _births(script: Script) -> Iterator[Finding]:
    for match in _BORN.finditer(script.folded):
        year = as_digits(match["year"])
        if not year.isdigit() or int(year) < _FIRST_BIRTH_YEAR:
            continue
        place = script.place(match.start("year"), match.end("year"))
        yield Finding(
            "birth_year", year, match["year"], (place,), "birth_year:labelled", is_repaired=year != match["year"]
        )


def _taxes(script: Script) -> Iterator[Finding]:
    for match in _TAX.finditer(script.folded):
        written = re.sub(r"\s", "", match["number"])
        code = as_digits(written)
        place = script.place(match.start("number"), match.end("number"))
        raw = script.text[place.start : place.end]
        yield Finding(
            "tax_code", code, raw, (place,), "tax_code:labelled", check=is_tax_code(code), is_repaired=code != written
        )
