"""Numbers and symbols of documents (số, ký hiệu), and the types (tên loại) their codes stand for.

Codes: Decree 30/2020/NĐ-CP, Annex III; Law 64/2025/QH15 for normative acts. A year between number and symbol marks
a normative act ("28/2018/QĐ-UBND"), none an individual one ("1077/QĐ-UBND"); the Party writes "1147-QĐ/TU".
"""

import re
import unicodedata

# Official name → code in the symbol; laws and letters (công văn) have none.
CODES = {
    "Văn bản hợp nhất": "VBHN",
    "Thông tư liên tịch": "TTLT",
    "Nghị quyết liên tịch": "NQLT",
    "Bộ luật": "",
    "Luật": "",
    "Pháp lệnh": "PL",
    "Lệnh": "L",
    "Nghị quyết": "NQ",
    "Nghị định": "NĐ",
    "Quyết định": "QĐ",
    "Thông tư": "TT",
    "Chỉ thị": "CT",
    "Quy chế": "QC",
    "Quy định": "QyĐ",
    "Thông cáo": "TC",
    "Thông báo": "TB",
    "Hướng dẫn": "HD",
    "Chương trình": "CTr",
    "Kế hoạch": "KH",
    "Phương án": "PA",
    "Đề án": "ĐA",
    "Dự án": "DA",
    "Báo cáo": "BC",
    "Biên bản": "BB",
    "Tờ trình": "TTr",
    "Hợp đồng": "HĐ",
    "Công điện": "CĐ",
    "Bản ghi nhớ": "BGN",
    "Bản thỏa thuận": "BTT",
    "Giấy ủy quyền": "GUQ",
    "Giấy mời": "GM",
    "Giấy giới thiệu": "GGT",
    "Giấy nghỉ phép": "GNP",
    "Giấy chứng nhận": "GCN",
    "Giấy phép": "GP",
    "Phiếu gửi": "PG",
    "Phiếu chuyển": "PC",
    "Phiếu báo": "PB",
    "Công văn": "",
}
TYPE_OF_CODE = {code: name for name, code in CODES.items() if code}

_PART = r"[A-ZĐƯ][A-Za-zĐđƯư0-9&.]{0,14}(?![a-zà-ỹđ])"
_JOIN = r"(?:[-–]|\s[-–]|[-–]\s)"
SYMBOL = rf"(?:TTLT/)?{_PART}(?:{_JOIN}{_PART}){{0,6}}"
_SERIAL = r"\d{1,6}(?:\.\d{1,3})?[a-z]?"
_YEAR = r"(?:19|20)\d{2}"
# Recognition loses a slash now and then; before a known code it is put back.
_KNOWN_CODE = rf"(?:{'|'.join(sorted(TYPE_OF_CODE, key=len, reverse=True))})[-–]"


def _number(slash: str) -> str:
    return (
        rf"(?:(?P<serial>{_SERIAL}){slash}(?:(?P<year>{_YEAR}){slash})?(?P<symbol>{SYMBOL})"
        rf"|(?P<party>\d{{1,6}}\s?[-–]\s?[A-ZĐ][A-Za-zĐ]{{1,4}}\s?/\s?[A-ZĐƯ]{{2,10}}))"
    )


# A number with its symbol; the parts are `serial`, `year` and `symbol`, or `party` for the Party's order.
NUMBER = _number(rf"(?:\s?/\s?|[iIl|](?={_KNOWN_CODE}))")
# The same where nothing else can stand, on the number line of a head.
NUMBER_OF_HEAD = _number(rf"(?:\s?/\s?|\s?(?={_KNOWN_CODE}))")
# The same on the head of a draft: the place for the serial number may still be empty.
BLANK_NUMBER = rf"[\s._…]*/\s?(?:{_YEAR}\s?/\s?)?(?P<symbol>{SYMBOL})"

# Cyrillic letters and the Icelandic eth (Ð), which keyboards of old gave for Đ.
_LOOK_ALIKES = str.maketrans(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u00d0\u00f0\u2013\u2014",
    "ABESIJKMHOPCTYXaeopcyxiĐđ--",
)
_LOST_STROKES = {
    "ND": "NĐ",
    "QD": "QĐ",
    "HDND": "HĐND",
    "CD": "CĐ",
    "LDTBXH": "LĐTBXH",
    "BGDDT": "BGDĐT",
    "TIr": "TTr",
    "Tlr": "TTr",
    "TTHr": "TTr",
    "T1r": "TTr",
    "UUBND": "UBND",
    "TTrr": "TTr",
    "PCTTI": "PCTT",
    **{f"{agency}NM{misread}": f"{agency}NMT" for agency in ("ST", "SN", "BT", "BN") for misread in ("TT", "IT", "TI")},
}

_STROKED = frozenset(code for code in (*TYPE_OF_CODE, "HĐND", "LĐTBXH") if "Đ" in code)

_AFTER_SLASH = re.compile(r"(?<=/)[^\s/]{2,25}")

_MARKED = {"a": "àáảãạăằắẳẵặâầấẩẫậ", "e": "èéẻẽẹêềếểễệ", "i": "ìíỉĩị", "o": "òóỏõọôồốổỗộơờớởỡợ", "u": "ùúủũụưừứửữự"}
_VARIANTS = {
    letter: f"[{letter}{marked}{letter.upper()}{marked.upper()}]"
    for letter, marked in {**_MARKED, "y": "ỳýỷỹỵ", "d": "đ", **dict.fromkeys("bcghklmnpqrstvx", "")}.items()
}


def plain_letters(text: str) -> str:
    """Text in NFC with Cyrillic and other look-alikes turned into the Latin letters they imitate."""
    return unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)


def plain_symbols(text: str) -> str:
    """Text whose symbols, after a slash, have no marks but those of Đ and Ư: specks are read as such."""
    return _AFTER_SLASH.sub(lambda run: "".join(map(_symbol_letter, run[0])), text)


def _symbol_letter(sign: str) -> str:
    return sign if sign < "\x80" or sign in "ĐđƯư–" else unmarked(sign)


def fold(text: str) -> str:
    """Lower case without marks, for comparing what scanners and typists spell differently ("Uỷ", "Ủy")."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


def unmarked(text: str) -> str:
    """Text, or a pattern, without marks, letter for letter and in its own case: places in it are places in `text`."""
    return "".join(sign if sign < "\x80" else _unmarked_letter(sign) for sign in text)


def _unmarked_letter(sign: str) -> str:
    return {"đ": "d", "Đ": "D"}.get(sign) or unicodedata.normalize("NFD", sign)[0]


def tolerant(folded: str) -> str:
    """A pattern for words whose marks, case and gaps may be misread: "nam" matches "NĂM", "Nấm" and "nam"."""
    return "".join(_VARIANTS.get(sign, r"\W*" if sign == " " else re.escape(sign)) for sign in folded)


def tidy_number(raw: str) -> str:
    """A number as it should be written: Latin letters, no blanks, strokes of Đ put back."""
    number = re.sub(r"\s+", "", plain_letters(raw)).rstrip(".&")
    number = re.sub(rf"(?<=\d)[iIl|](?={_KNOWN_CODE})", "/", number)
    parts = re.split(r"([-/])", number)
    return "".join(_LOST_STROKES.get(part) or _tidy_part(part) for part in parts)


def _tidy_part(part: str) -> str:
    """One stroke too many in a code, as "QĐĐ" for "QĐ": the mark over a capital was read as a letter of its own."""
    single = part.replace("ĐĐ", "Đ")
    return single if single in _STROKED else _tidy_assembly(part)


def _tidy_assembly(part: str) -> str:
    """ "QHI15", a slip of recognition, is the 15th National Assembly."""
    return re.sub(r"^((?:UBTV)?QH)[Il|]+1?(?=\d)", r"\g<1>1", part)


def type_of_number(number: str) -> str | None:
    """The type a symbol stands for: "28/2018/QĐ-UBND" → Quyết định; None when it tells nothing."""
    match = re.match(NUMBER, number)
    if match is None:
        return None
    first = re.split(r"[-/]", match["symbol"])[0] if match["symbol"] else re.split(r"[-/]", match["party"])[1]
    return TYPE_OF_CODE.get(first)
