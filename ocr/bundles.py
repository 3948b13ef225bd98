"""Bundles: several papers in one file. Finding the sheets put between them, and taking pages out as they are."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from pypdf import PdfReader, PdfWriter

from ocr.pages import PageFile

# Wide enough for the large code of a separator sheet, and quick to draw.
_ACROSS = 1000
# For a code that was seen and not read.
_NEARER = 1600
# A scanner's edge is dark; what counts stands inside.
_EDGE = 0.05
_DARK = 150
# Of a page's inside: specks and what shines through are less, one line of print is more.
_INK_OF_A_BLANK = 0.0004


def find_marks(pages: PageFile) -> Iterator[tuple[int, bool, str]]:
    """Of each page its number, whether it is blank, and what a code on it says."""
    detector = cv2.QRCodeDetector()
    for index in range(pages.count):
        picture = _grey(pages, index, _ACROSS)
        if _is_blank(picture):
            yield index + 1, True, ""
            continue
        said, is_there = _code_on(detector, picture)
        if is_there and not said:
            said, _is_there = _code_on(detector, _grey(pages, index, _NEARER))
        yield index + 1, False, said


def _grey(pages: PageFile, index: int, width: int) -> npt.NDArray[np.uint8]:
    return np.asarray(pages.picture_of_width(index, width).convert("L"), dtype=np.uint8)


def _is_blank(picture: npt.NDArray[np.uint8]) -> bool:
    down, across = picture.shape
    top, left = round(down * _EDGE), round(across * _EDGE)
    # Specks of one pixel go.
    inside = cv2.medianBlur(np.ascontiguousarray(picture[top : down - top, left : across - left]), 3)
    return float(np.mean(inside < _DARK)) < _INK_OF_A_BLANK


def _code_on(detector: cv2.QRCodeDetector, picture: npt.NDArray[np.uint8]) -> tuple[str, bool]:
    """What a code says, and whether one is there at all: on a poor scan it may be seen and not read."""
    try:
        said, corners, _straight = detector.detectAndDecode(picture)
    except cv2.error:
        # Lines that look like a code and make none.
        return "", False
    return str(said), corners is not None


def write_parts(path: Path, ranges: Sequence[tuple[int, int]], targets: Sequence[Path]) -> Iterator[int]:
    """Writes each range of pages (from 1, both ends included) of a PDF to its target, undrawn; says how many are done.

    What belongs to the file as a whole stays behind: scripts, files inside, forms and signatures.
    """
    reader = PdfReader(path)
    if reader.is_encrypted:
        # Everybody may open it; it is only locked against change.
        reader.decrypt("")
    for done, ((first, last), target) in enumerate(zip(ranges, targets, strict=True), 1):
        writer = PdfWriter()
        for number in range(first, last + 1):
            writer.add_page(reader.pages[number - 1])
        with target.open("wb") as file:
            writer.write(file)
        yield done
