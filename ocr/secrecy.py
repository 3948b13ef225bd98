"""Recognises markings of secrecy (dấu độ mật): Law 117/2025/QH15; this system is not approved for such papers."""

import re
from collections.abc import Iterable

from ocr.reading import Secrecy

# The head of a page: a marking stands above the text or beside the number.
_HEAD_LINES = 15
# Letters may lose or change their tone mark in a stamp; "MẮT" and "MẤT" are other words.
_MAT = r"M\s*[ẬÂẠẶA]\s*T"
_MARKING = re.compile(rf"(?P<tuyet_mat>TUY[ỆÊẸE]T\s*{_MAT})|(?P<toi_mat>T[ỐÔÓO]I\s*{_MAT})|(?P<mat>{_MAT})")
_DECLARED = re.compile(r"^\W*độ mật\s*:\s*(?P<degree>mật|tối mật|tuyệt mật)\W*$", re.IGNORECASE)
_FRAME = " \t|[](){}<>_-–.,:;'\"“”*•=~!/\\"
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
