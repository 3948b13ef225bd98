"""Letters of 8-bit Vietnamese fonts read as Latin-1, turned back into Unicode (NFC).

TCVN3 (TCVN 5712:1993, ABC, fonts ".VnTime") has a code for each small letter; its capitals with tones are small
letters in a font of capitals (".VnTimeH"). VNI ("VNI-Times") writes a letter and then its marks.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Literal

from ocr.syllables import is_syllable, share_of_syllables

Encoding = Literal["TCVN3", "VNI"]

# Of a text in an old encoding, nearly all is Vietnamese once turned back, and much less was before.
LEAST_SHARE = 0.7
LEAST_GAIN = 0.15
LEAST_WORDS = 4

_TCVN3_CODES = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
_TCVN3 = {chr(first + place): letter for first, row in _TCVN3_CODES.items() for place, letter in enumerate(row)}
# The same codes by the names that fonts give their glyphs: Greek mu, a dot of mathematics.
_OTHER_NAMES = str.maketrans("\u03bc\u2219\u02c9\u2044", "\u00b5\u00b7\u00af/")

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ù": _ACUTE,
    "ø": _GRAVE,
    "û": _HOOK,
    "õ": _TILDE,
    "ï": _DOT,
    "â": _CIRCUMFLEX,
    "á": _CIRCUMFLEX + _ACUTE,
    "à": _CIRCUMFLEX + _GRAVE,
    "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE,
    "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE,
    "é": _BREVE + _ACUTE,
    "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}
_VNI_LETTERS |= {old.upper(): new.upper() for old, new in _VNI_LETTERS.items()}
_VNI_SIGNS = "".join(_VNI_MARKS) + "".join(_VNI_MARKS).upper()
_VNI_MARKED = re.compile(rf"([aeouyôöAEOUYÔÖ])([{_VNI_SIGNS}])")
# A mark of VNI after a letter that bears it not is the letter itself.
_VNI_BEARERS = {_CIRCUMFLEX: "aeoAEO", _BREVE: "aA"}
_OLD_SIGNS = re.compile(r"[\u00a1-\u00ff\u03bc\u2219]")


def find_encoding(words: Sequence[str]) -> Encoding | None:
    """The old encoding the words are in; None when they aren't, or when it can't be told."""
    if sum(bool(_OLD_SIGNS.search(word)) for word in words) < LEAST_WORDS:
        return None
    as_it_is = share_of_syllables(words)
    shares = [(share_of_syllables(to_unicode(word, encoding) for word in words), encoding) for encoding in _TURNED_BACK]
    share, encoding = max(shares)
    return encoding if share >= max(LEAST_SHARE, as_it_is + LEAST_GAIN) else None


def to_unicode(word: str, encoding: Encoding) -> str:
    """A word of an old encoding in Unicode (NFC); words with letters that no old font has stay as they are."""
    word = word.translate(_OTHER_NAMES)
    if any("\u00ff" < sign < "\u2000" for sign in word):
        return unicodedata.normalize("NFC", word)
    return unicodedata.normalize("NFC", _TURNED_BACK[encoding](word))


def _from_tcvn3(word: str) -> str:
    turned = "".join(_TCVN3.get(sign, sign) for sign in word)
    # ư is the soft hyphen's code, and many fonts call its glyph "hyphen".
    if "-" in turned and len(turned) > 1:
        letters = turned.strip(".,;:()\"'“”")
        if is_syllable(letters.replace("-", "ư")):
            return turned.replace("-", "ư")
    return turned


def _from_vni(word: str) -> str:
    def marked(found: re.Match[str]) -> str:
        letter, marks = found[1], _VNI_MARKS[found[2].lower()]
        if marks[0] in _VNI_BEARERS and letter not in _VNI_BEARERS[marks[0]]:
            return letter + _VNI_LETTERS.get(found[2], found[2])
        return _VNI_LETTERS.get(letter, letter) + marks

    parts = _VNI_MARKED.split(word)
    # split leaves: between, letter, mark, between, …
    turned = "".join(_VNI_LETTERS.get(sign, sign) for sign in parts[0])
    for letter, mark, between in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        found = _VNI_MARKED.match(letter + mark)
        turned += marked(found) if found else letter + mark
        turned += "".join(_VNI_LETTERS.get(sign, sign) for sign in between)
    return turned


_TURNED_BACK: dict[Encoding, Callable[[str], str]] = {"TCVN3": _from_tcvn3, "VNI": _from_vni}
