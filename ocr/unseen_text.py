"""Words as unseen text of a PDF page: a font whose glyph draws nothing, and the marks that set each word in its box."""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from ocr.reading import Box, Word

FONT_NAME = "/UnseenWords"
# Every letter is half as wide as high; the marks stretch a word to the width of its box.
_ADVANCE = 500
_EM = 1000
_ASCENT, _DESCENT = 800, -200
# Of a line's height, how far down letters stand.
_BASELINE = 0.78
_CODES = 1 << 16
_MOST_IN_A_LIST = 100
_TO_UNICODE = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{lists}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""

Matrix = tuple[float, float, float, float, float, float]


def spelled(text: str) -> str:
    """The text as it is laid down: NFC, without what two bytes can't say."""
    return "".join(
        sign for sign in unicodedata.normalize("NFC", text) if " " <= sign < "\ud800" or "\ue000" <= sign <= "\uffff"
    )


def add_font(writer: PdfWriter, letters: Iterable[str]) -> IndirectObject:
    """The font as an object of the PDF, able to say these letters when they are copied or searched."""
    file = DecodedStreamObject()
    file.set_data(_font_file())
    glyphs = DecodedStreamObject()
    glyphs.set_data(b"\x00\x01" * _CODES)
    meaning = DecodedStreamObject()
    meaning.set_data(_TO_UNICODE.format(lists="\n".join(_lists(sorted(set(letters))))).encode())
    name = NameObject(FONT_NAME)
    descriptor = _dictionary(
        Type=NameObject("/FontDescriptor"),
        FontName=name,
        Flags=NumberObject(5),
        FontBBox=_numbers(0, _DESCENT, _ADVANCE, _ASCENT),
        ItalicAngle=NumberObject(0),
        Ascent=NumberObject(_ASCENT),
        Descent=NumberObject(_DESCENT),
        CapHeight=NumberObject(700),
        StemV=NumberObject(80),
        FontFile2=writer._add_object(file.flate_encode()),
    )
    descendant = _dictionary(
        Type=NameObject("/Font"),
        Subtype=NameObject("/CIDFontType2"),
        BaseFont=name,
        CIDSystemInfo=_dictionary(
            Registry=TextStringObject("Adobe"), Ordering=TextStringObject("Identity"), Supplement=NumberObject(0)
        ),
        FontDescriptor=writer._add_object(descriptor),
        DW=NumberObject(_ADVANCE),
        CIDToGIDMap=writer._add_object(glyphs.flate_encode()),
    )
    font = _dictionary(
        Type=NameObject("/Font"),
        Subtype=NameObject("/Type0"),
        BaseFont=name,
        Encoding=NameObject("/Identity-H"),
        DescendantFonts=ArrayObject([writer._add_object(descendant)]),
        ToUnicode=writer._add_object(meaning.flate_encode()),
    )
    return writer._add_object(font)


def marks_of(words: Sequence[Word], *, rotation: int, shown: Matrix, across: float, down: float) -> bytes:
    """The content stream that lays the words down, drawing nothing.

    `across` and `down` are the page's size as it is shown, in points; `shown` leads from there (origin bottom left)
    to the page's own coordinates; `rotation` is how far clockwise the shown page must be turned to stand upright.
    """
    lines = ["q BT 3 Tr"]
    for word, following in pairwise([*words, None]):
        if word is None:
            continue
        text = spelled(word.text)
        place = _place_of(word.box, rotation, across, down)
        if text.strip() and place is not None:
            size, stretch, matrix = place
            is_parted = following is not None and _on_one_line(word.box, following.box, rotation)
            code = (text + " " if is_parted else text).encode("utf-16-be").hex()
            matrix = _times(matrix, shown)
            percent = 100 * stretch / (len(text) * size * _ADVANCE / _EM)
            numbers = " ".join(f"{number:.3f}" for number in matrix)
            lines.append(f"{FONT_NAME} {size:.2f} Tf {percent:.2f} Tz {numbers} Tm <{code}> Tj")
    lines.append("ET Q\n")
    return "\n".join(lines).encode()


def _place_of(box: Box, rotation: int, across: float, down: float) -> tuple[float, float, Matrix] | None:
    """Size of the letters, length of the word, and where on the shown page it begins and which way it runs."""
    left, right = box[0] * across, (box[0] + box[2]) * across
    bottom, top = (1 - box[1] - box[3]) * down, (1 - box[1]) * down
    long, high = (right - left, top - bottom) if rotation % 180 == 0 else (top - bottom, right - left)
    if long <= 0 or high <= 0:
        return None
    under = high * (1 - _BASELINE)
    ways: dict[int, Matrix] = {
        0: (1, 0, 0, 1, left, bottom + under),
        90: (0, 1, -1, 0, right - under, bottom),
        180: (-1, 0, 0, -1, right, top - under),
        270: (0, -1, 1, 0, left + under, top),
    }
    return high, long, ways[rotation % 360]


def _on_one_line(box: Box, following: Box, rotation: int) -> bool:
    """Whether the next word goes on where this one ends."""
    start, length = (1, 3) if rotation % 180 == 0 else (0, 2)
    middle = following[start] + following[length] / 2
    return box[start] <= middle <= box[start] + box[length]


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _lists(letters: Sequence[str]) -> Iterable[str]:
    codes = [f"{ord(letter):04X}" for letter in letters]
    for start in range(0, len(codes), _MOST_IN_A_LIST):
        part = codes[start : start + _MOST_IN_A_LIST]
        yield "\n".join([f"{len(part)} beginbfchar", *(f"<{code}> <{code}>" for code in part), "endbfchar"])


def _font_file() -> bytes:
    """A TrueType font of one glyph, a line there and back: it covers nothing, yet readers see how high it stands."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, _DESCENT))
    pen.lineTo((_ADVANCE, _ASCENT))
    pen.lineTo((0, _DESCENT))
    pen.closePath()
    glyph = pen.glyph()
    builder = FontBuilder(_EM, isTTF=True)
    names = [".notdef", "unseen"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x20: "unseen"})
    builder.setupGlyf(dict.fromkeys(names, glyph))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (_ADVANCE, 0)))
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupNameTable({"familyName": "Unseen Words", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT, usWinAscent=_ASCENT, usWinDescent=-_DESCENT)
    builder.setupPost()
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def _dictionary(**entries: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def _numbers(*numbers: float) -> ArrayObject:
    return ArrayObject(FloatObject(number) for number in numbers)
