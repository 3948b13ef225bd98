"""Recognises markings of secrecy (dấu độ mật): Law 117/2025/QH15; this system is not approved for such papers."""

import re
from collections.abc import Iterable

from ocr.reading import Secrecy

# The head of a page: a marking stands above the text or beside the number.
_HEAD_LINES = 15
# A stamp spaces its letters, and its ink bleeds: marks are lost or changed, T is read as I or 7, a dot falls out.
_GAP = r"[\s.,'\u00b4^·-]{0,3}"
_T = r"[TŢ7Iĩ]"
_M = r"(?:M|IVI)"
# Alone the word needs an A that can be one: "MẤT" and "MÁT" are other words, and so is "MAI".
_MAT = rf"{_M}{_GAP}(?:[ẬÂẠẶ]{_GAP}{_T}|[A4]{_GAP}[TŢ7])"
# After another word of a marking it may be any A.
_ANY_MAT = rf"{_M}{_GAP}(?:[ẬÂẠẶ]{_GAP}{_T}|[AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ4]{_GAP}[TŢ7])"
_TUYET = rf"{_T}{_GAP}[UÙÚỦŨỤƯ]{_GAP}[YỲÝỶỸỴV]{_GAP}[EÈÉẺẼẸÊỀẾỂỄỆ€]{_GAP}{_T}"
_TOI = rf"{_T}{_GAP}[OÒÓỎÕỌÔỒỐỔỖỘ0]{_GAP}[I1l|ÍÌ]"
_MARKING = re.compile(
    rf"(?P<tuyet_mat>{_TUYET}\s*{_GAP}{_ANY_MAT})|(?P<toi_mat>{_TOI}\s*{_GAP}{_ANY_MAT})|(?P<mat>{_MAT})"
)
_DECLARED = re.compile(
    r"^\W*(?:độ|do|đô|dộ)\s+m[aâậạ]t\s*[:.]?\s*(?P<degree>m[aâậạ]t|t[oôốó]i\s*m[aâậạ]t|tuy[eêệẹ]t\s*m[aâậạ]t)\W*$",
    re.IGNORECASE,
)
_FRAME = " \t|¡¿[](){}<>_-–.,:;'\"\u2018\u2019“”*•=~!/\\"
_DEGREES: tuple[Secrecy, ...] = ("tuyet_mat", "toi_mat", "mat")


def find_secrecy(pages: Iterable[str]) -> Secrecy | None:
    """The highest degree of secrecy marked on the head of any page.

    A marking is a line, or a column of a line, that consists of it alone; the word inside a sentence is none.
    """
    found = {
        degree
        for page in pages
        for line in page.splitlines()[:_HEAD_LINES]
        for column in line.split("\t")
        if (degree := read_marking(column)) is not None
    }
    return next((degree for degree in _DEGREES if degree in found), None)


def read_marking(line: str) -> Secrecy | None:
    """The degree of a line that is a marking in capitals, or declares one; frames and dirt around it don't matter."""
    match = _MARKING.fullmatch(line.strip(_FRAME))
    if match is None:
        declared = _DECLARED.match(line)
        match = declared and _MARKING.fullmatch(declared["degree"].upper())
    return next((degree for degree in _DEGREES if match[degree]), None) if match else None
