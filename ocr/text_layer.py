"""The text layer of a PDF page: its words and their places, and how far it can be believed.

Scanners and old software leave text layers that are worse than none: a line of advertising over a picture, glyph
numbers instead of letters, the text of another page. Letters of an 8-bit Vietnamese font (TCVN3, VNI) read as Latin-1
are turned back into Unicode. Of the rest, what is plainly debris is dropped, and what may be wrong is doubtful: it has
to be held against the picture of the page.
"""

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw

from ocr.legacy import Encoding, find_encoding, to_unicode
from ocr.reading import Word, compose_text
from ocr.syllables import share_of_syllables

pdfium_c: Any = pypdfium2.raw

MOST_CHARACTERS = 60_000
MOST_OBJECTS = 4000
# A picture over this share of the page makes it a scanned page: its words are in the picture.
SCAN_SHARE = 0.4
# Vietnamese prose has tone or vowel marks on about a quarter of its letters; a reader for English leaves none.
LEAST_MARKED_SHARE = 0.06
MOST_FOREIGN_SHARE = 0.015
LEAST_WORDS_OVER_A_SCAN = 12
# Of 275 published legal texts, none has less than nine tenths of Vietnamese syllables; foreign text has a third.
LEAST_SYLLABLES = 0.7
LEAST_WORDS_TO_JUDGE = 20
LEAST_SPAN_OVER_A_SCAN = 0.15

_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_MARKED = frozenset(unicodedata.normalize("NFC", v + t) for v in _VOWELS for t in _TONES) - set("aeiouy") | {"đ"}
_VIETNAMESE = _MARKED | frozenset("abcdefghijklmnopqrstuvwxyz")
# Fonts of TCVN3 whose small letters look like capitals.
_FONT_OF_CAPITALS = re.compile(r"\.Vn\w+H(?:[-,\s]|$)")
# Signs that stand inside words only when letters of an 8-bit font were taken for Latin-1.
_SIGNS_OF_OLD_FONTS = frozenset("¡¢£¤¥¦¨©ª¬®¯±µ¶·¹º¼¾¿\u00b4\u00b8")


@dataclass(frozen=True)
class Picture:
    """A picture on a page: its box in fractions of the page (left, top, right, bottom) and its size in pixels."""

    left: float
    top: float
    right: float
    bottom: float
    pixels_across: int
    pixels_down: int

    @property
    def share(self) -> float:
        """The share of the page it covers."""
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)


@dataclass(frozen=True)
class TextLayer:
    """Text and words of a page, and its size as shown in points.

    `is_doubtful`: it lies over a scan or isn't Vietnamese, and has to be held against the picture of the page.
    """

    text: str
    words: tuple[Word, ...]
    width: float
    height: float
    is_doubtful: bool = False


class PageFrame:
    """The page as it is shown: turns PDF coordinates, with their crop box and rotation, into fractions of it."""

    _GRID = 1_000_000

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.width, self.height = page.get_size()
        origin, right, up = (self._on_grid(page, *point) for point in ((0, 0), (1000, 0), (0, 1000)))
        self._origin = origin
        self._right = tuple((right[axis] - origin[axis]) / 1000 for axis in (0, 1))
        self._up = tuple((up[axis] - origin[axis]) / 1000 for axis in (0, 1))

    def _on_grid(self, page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, self._GRID, self._GRID, 0, x, y, across, down)
        return across.value / self._GRID, down.value / self._GRID

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) in fractions of the page as shown, cut to the page."""
        corners = [
            [self._origin[axis] + x * self._right[axis] + y * self._up[axis] for axis in (0, 1)]
            for x, y in ((left, bottom), (right, top))
        ]
        (x0, x1), (y0, y1) = (sorted(min(max(corner[axis], 0.0), 1.0) for corner in corners) for axis in (0, 1))
        return x0, y0, x1, y1


def read_text_layer(page: pdfium.PdfPage, frame: PageFrame, pictures: list[Picture]) -> TextLayer | None:
    """The text layer of a page, None where there is none or it can't be believed."""
    text_page = page.get_textpage()
    try:
        if not 0 < text_page.count_chars() <= MOST_CHARACTERS:
            return None
        signs = list(_lines(text_page))
        lines = [list(_words(line, frame)) for line in signs]
        encoding = find_encoding([word.text for line in lines for word in line])
        if encoding is not None:
            lines = [list(_words(_turned_back(line, encoding, text_page), frame)) for line in signs]
    finally:
        text_page.close()
    words = tuple(word for line in lines for word in line)
    is_over_scan = sum(picture.share for picture in pictures) >= SCAN_SHARE
    if not is_plausible([word.text for word in words]) or (is_over_scan and not _covers_scans(words, pictures)):
        return None
    is_doubtful = is_over_scan or not _is_vietnamese(words)
    text = compose_text(lines, aspect=frame.width / frame.height)
    return TextLayer(text, words, frame.width, frame.height, is_doubtful)


def _is_vietnamese(words: tuple[Word, ...]) -> bool:
    """Whether nearly all words are Vietnamese syllables; so, too, of a few words of which nothing can be said."""
    return len(words) < LEAST_WORDS_TO_JUDGE or share_of_syllables(word.text for word in words) >= LEAST_SYLLABLES


def is_plausible(words: list[str]) -> bool:
    """Whether words are those of a Latin script, as Vietnamese is, and not debris of a lost encoding."""
    joined = "".join(words).lower()
    letters = [sign for sign in joined if sign.isalpha() or sign in _SIGNS_OF_OLD_FONTS or _is_debris(sign)]
    if sum(sign.isalpha() for sign in letters) < 3:
        return False
    foreign = sum(sign not in _VIETNAMESE for sign in letters)
    return foreign <= MOST_FOREIGN_SHARE * len(letters) + 2


def _is_debris(sign: str) -> bool:
    """Private-use, unassigned, control and replacement characters."""
    return unicodedata.category(sign) in ("Co", "Cn", "Cc", "Cs") or sign == "\ufffd"


def _covers_scans(words: tuple[Word, ...], pictures: list[Picture]) -> bool:
    """Whether text lies all over the scan on a page, with the marks that a good reader leaves.

    A scan under a full text layer was read before, by a good reader or a bad one; a scan under a stray line was not.
    """
    # Scanners may cut a page into strips: together they are one scan.
    left, top = min(picture.left for picture in pictures), min(picture.top for picture in pictures)
    right, bottom = max(picture.right for picture in pictures), max(picture.bottom for picture in pictures)
    over = []
    for word in words:
        x, y = word.box[0] + word.box[2] / 2, word.box[1] + word.box[3] / 2
        if left <= x <= right and top <= y <= bottom:
            over.append(word)
    if len(over) < LEAST_WORDS_OVER_A_SCAN or not _has_marks(over):
        return False
    heights = [word.box[1] for word in over]
    return max(heights) - min(heights) >= LEAST_SPAN_OVER_A_SCAN * (bottom - top)


def _has_marks(words: list[Word]) -> bool:
    letters = [sign for word in words for sign in word.text.lower() if sign.isalpha()]
    return sum(sign in _MARKED for sign in letters) >= LEAST_MARKED_SHARE * len(letters)


@dataclass(frozen=True, slots=True)
class _Sign:
    """A character, its edges in PDF units and its number in the layer; `text` may be several letters once turned back.

    Edges are (left, bottom, right, top).
    """

    text: str
    edges: tuple[float, float, float, float]
    index: int = -1


def _edges_of(signs: list[_Sign]) -> tuple[float, float, float, float]:
    lefts, bottoms, rights, tops = zip(*(sign.edges for sign in signs), strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _lines(text_page: pdfium.PdfTextPage) -> Iterator[list[_Sign]]:
    """The characters of each line with their edges, in the order of the layer."""
    line: list[_Sign] = []
    bounds = pdfium_c.FS_RECTF()
    for index in range(text_page.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(text_page.raw, index)
        if code in (0x0A, 0x0D):
            if line:
                yield line
            line = []
            continue
        if not pdfium_c.FPDFText_GetLooseCharBox(text_page.raw, index, bounds):
            continue
        line.append(_Sign(_character(code), (bounds.left, bounds.bottom, bounds.right, bounds.top), index))
    if line:
        yield line


def _character(code: int) -> str:
    """The character of a code; the mark of a hyphen at a line's end becomes a hyphen."""
    if code in (0x02, 0xFFFE, 0xAD):
        return "-"
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _turned_back(line: list[_Sign], encoding: Encoding, text_page: pdfium.PdfTextPage) -> list[_Sign]:
    """The line in Unicode: a word at a time, for a letter and its marks may be several signs."""
    turned: list[_Sign] = []
    for is_blank, group in groupby(line, key=lambda sign: sign.text.isspace()):
        signs = list(group)
        if is_blank:
            turned += signs
            continue
        text = to_unicode("".join(sign.text for sign in signs), encoding)
        if encoding == "TCVN3" and len(text) == len(signs):
            pairs = zip(text, signs, strict=True)
            text = "".join(letter.upper() if _shows_capitals(text_page, sign) else letter for letter, sign in pairs)
        turned.append(_Sign(text, _edges_of(signs), signs[0].index))
    return turned


def _shows_capitals(text_page: pdfium.PdfTextPage, sign: _Sign) -> bool:
    return bool(_FONT_OF_CAPITALS.match(_font_of(text_page, sign.index)))


def _font_of(text_page: pdfium.PdfTextPage, index: int) -> str:
    """The name of a character's font, without the mark of a subset; empty when it has none."""
    flags = ctypes.c_int()
    length = pdfium_c.FPDFText_GetFontInfo(text_page.raw, index, None, 0, flags)
    buffer = ctypes.create_string_buffer(length)
    pdfium_c.FPDFText_GetFontInfo(text_page.raw, index, buffer, length, flags)
    return buffer.value.decode("utf-8", "replace").rpartition("+")[2]


def _words(line: list[_Sign], frame: PageFrame) -> Iterator[Word]:
    word: list[_Sign] = []
    for sign in [*line, _Sign(" ", (0, 0, 0, 0))]:
        if not sign.text.isspace():
            word.append(sign)
            continue
        text = unicodedata.normalize("NFC", "".join(part.text for part in word)).strip("\u200b\u200e\u200f\ufeff\x00")
        if text:
            left, top, right, bottom = frame.box(*_edges_of(word))
            yield Word(text, (left, top, right - left, bottom - top))
        word = []


def find_pictures(page: pdfium.PdfPage, frame: PageFrame) -> list[Picture]:
    """The pictures on a page, looked at without decoding them."""
    found = []
    for item in islice(page.get_objects(max_depth=4), MOST_OBJECTS):
        if item.type != pdfium_c.FPDF_PAGEOBJ_IMAGE:
            continue
        bounds = item.get_bounds()
        container = item.container
        while container is not None:
            bounds = container.get_matrix().on_rect(*bounds)
            container = container.container
        found.append(Picture(*frame.box(*bounds), *item.get_px_size()))
    return found
