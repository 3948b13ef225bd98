"""A PDF that looks as a file does and can be searched: its pages untouched, the words read from them unseen below.

What makes a PDF act or claim is left behind: scripts, files inside, forms and, above all, signatures, which would
be false on a copy. Fields and signatures stay to be seen as they were.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from ocr.domain_errors import Reason, Unreadable
from ocr.pages import ORIENTATION_TAG, PageFile, detect_kind
from ocr.reading import RecognisedPage
from ocr.unseen_text import FONT_NAME, Matrix, add_font, marks_of, spelled

# Kept of an annotation whatever it does: how and where it looks.
_LOOKS = ("/Type", "/Rect", "/AP", "/AS", "/F", "/C", "/Border", "/BS", "/Contents", "/QuadPoints", "/OC", "/CA")
_SEEN = {
    "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Link",
}  # fmt: skip
_PICTURE_QUALITY = 90
_SHOWN_WORDS_A_BATCH = 20


def write_searchable(path: Path, pages: PageFile, words: Path, target: Path, title: str) -> Iterator[int]:
    """Writes the copy to `target`; says after every few pages how many are done.

    `words` holds a `RecognisedPage` a line, as JSON, in the order of the pages.
    """
    writer = PdfWriter()
    is_pdf = detect_kind(path) == "PDF"
    for done in _copied(path, writer) if is_pdf else _pictured(path, pages, writer):
        if done % _SHOWN_WORDS_A_BATCH == 0:
            yield done
    letters: set[str] = {" "}
    with words.open(encoding="utf-8") as lines:
        for line in lines:
            letters.update(*(spelled(word.text) for word in RecognisedPage.from_json(json.loads(line)).words))
    font = add_font(writer, letters)
    with words.open(encoding="utf-8") as lines:
        for line in lines:
            page = RecognisedPage.from_json(json.loads(line))
            if page.words and 0 < page.number <= len(writer.pages):
                _lay_under(writer, writer.pages[page.number - 1], page, font)
    writer.add_metadata({"/Title": title})
    with target.open("wb") as file:
        writer.write(file)
    yield len(writer.pages)


# Pages of a PDF ---------------------------------------------------------------------------------------


def _copied(path: Path, writer: PdfWriter) -> Iterator[int]:
    reader = PdfReader(path, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable(Reason.ENCRYPTED)
    for number, page in enumerate(reader.pages, 1):
        _make_harmless(page)
        writer.add_page(page)
        yield number
    layers = reader.root_object.get("/OCProperties")
    if isinstance(layers, DictionaryObject):
        # Without it parts of a page that are switched off would come to light.
        writer.root_object[NameObject("/OCProperties")] = layers.clone(writer)


def _make_harmless(page: PageObject) -> None:
    for key in ("/AA", "/B", "/PieceInfo", "/Metadata", "/Thumb", "/StructParents", "/Tabs"):
        page.pop(key, None)
    annotations = page.get("/Annots")
    listed = annotations.get_object() if annotations is not None else None
    kept = [_only_looks(each.get_object()) for each in listed] if isinstance(listed, ArrayObject) else []
    shown = ArrayObject(each for each in kept if each is not None)
    page.pop("/Annots", None)
    if shown:
        page[NameObject("/Annots")] = shown


def _only_looks(annotation: object) -> DictionaryObject | None:
    """An annotation without what it does; a field of a form and a signature become a stamp of the same looks."""
    if not isinstance(annotation, DictionaryObject):
        return None
    kind = annotation.get("/Subtype")
    if kind != "/Widget" and kind not in _SEEN:
        return None
    if kind == "/Widget" and "/AP" not in annotation:
        return None
    kept = DictionaryObject({NameObject(key): annotation.raw_get(key) for key in _LOOKS if key in annotation})
    kept[NameObject("/Subtype")] = NameObject("/Stamp" if kind == "/Widget" else str(kind))
    action = annotation.get("/A")
    if isinstance(action, DictionaryObject) and action.get("/S") == "/URI" and "/URI" in action:
        link = {NameObject(key): action[key] for key in ("/S", "/URI")}
        kept[NameObject("/A")] = DictionaryObject(link)
    return kept


# Pages that are pictures ------------------------------------------------------------------------------


def _pictured(path: Path, pages: PageFile, writer: PdfWriter) -> Iterator[int]:
    for index in range(pages.count):
        drawn = pages.picture(index)
        data, size, space = _plain_jpeg(path) or _as_jpeg(drawn.image)
        picture = StreamObject()
        picture.set_data(data)
        picture.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Image"),
                NameObject("/Width"): NumberObject(size[0]),
                NameObject("/Height"): NumberObject(size[1]),
                NameObject("/ColorSpace"): NameObject(space),
                NameObject("/BitsPerComponent"): NumberObject(8),
                NameObject("/Filter"): NameObject("/DCTDecode"),
            }
        )
        page = writer.add_blank_page(drawn.width, drawn.height)
        named = DictionaryObject({NameObject("/Scan"): writer._add_object(picture)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): named})
        shows = DecodedStreamObject()
        shows.set_data(f"q {drawn.width:.2f} 0 0 {drawn.height:.2f} 0 0 cm /Scan Do Q\n".encode())
        page[NameObject("/Contents")] = writer._add_object(shows)
        yield index + 1


def _plain_jpeg(path: Path) -> tuple[bytes, tuple[int, int], str] | None:
    """The bytes of a JPEG as they are, if a PDF shows them as they are meant."""
    with Image.open(path) as image:
        spaces = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}
        is_plain = image.format == "JPEG" and image.getexif().get(ORIENTATION_TAG, 1) == 1
        space = spaces.get(image.mode) if is_plain else None
        return (path.read_bytes(), image.size, space) if space else None


def _as_jpeg(image: Image.Image) -> tuple[bytes, tuple[int, int], str]:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_PICTURE_QUALITY)
    return buffer.getvalue(), image.size, "/DeviceGray" if image.mode == "L" else "/DeviceRGB"


# Words ------------------------------------------------------------------------------------------------


def _lay_under(writer: PdfWriter, page: PageObject, words: RecognisedPage, font: IndirectObject) -> None:
    """Puts the words before what the page draws: nothing it leaves behind can move them, and nothing of it moves.

    A page that lies on its side or its head is shown upright, as the viewer shows it: readers find words in order then.
    """
    shown, across, down = _as_shown(page)
    marks = DecodedStreamObject()
    marks.set_data(marks_of(words.words, rotation=words.rotation, shown=shown, across=across, down=down))
    drawn = page.raw_get("/Contents") if "/Contents" in page else None
    listed = drawn.get_object() if drawn is not None else None
    rest = list(listed) if isinstance(listed, ArrayObject) else [drawn] if drawn is not None else []
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(marks.flate_encode()), *rest])
    resources = page.get("/Resources")
    own = DictionaryObject(resources.get_object() if resources is not None else {})
    fonts = own.get("/Font")
    named = DictionaryObject(fonts.get_object() if fonts is not None else {})
    named[NameObject(FONT_NAME)] = font
    own[NameObject("/Font")] = named
    page[NameObject("/Resources")] = own
    if words.rotation:
        page[NameObject("/Rotate")] = NumberObject((page.rotation + words.rotation) % 360)


def _as_shown(page: PageObject) -> tuple[Matrix, float, float]:
    """The way from the page as it is shown (origin bottom left) to its own coordinates, and its size as shown."""
    box = page.cropbox
    left, bottom, right, top = (float(edge) for edge in (box.left, box.bottom, box.right, box.top))
    ways: dict[int, Matrix] = {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, right, bottom),
        180: (-1, 0, 0, -1, right, top),
        270: (0, -1, 1, 0, left, top),
    }
    turned = page.rotation % 360
    across, down = (right - left, top - bottom) if turned % 180 == 0 else (top - bottom, right - left)
    return ways.get(turned, ways[0]), across, down
