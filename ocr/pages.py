"""A file as pages: text layers and pictures of a PDF, a JPEG, a PNG or a TIFF of several pages.

Sizes are checked from the headers before anything is decoded.
"""

import math
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pypdfium2 as pdfium
import pypdfium2.raw
from PIL import Image, ImageFile

from ocr.domain_errors import Reason, Unreadable
from ocr.limits import Limits
from ocr.text_layer import PageFrame, Picture, TextLayer, find_pictures, read_text_layer

pdfium_c: Any = pypdfium2.raw

POINTS_PER_INCH = 72
A4_INCHES = (8.27, 11.69)
# A page without pictures is drawn at this resolution; letters are then as large as recognition wants them.
DRAWING_DPI = 300
LEAST_CREDIBLE_DPI = 120
MOST_CREDIBLE_DPI = 1200
LONGEST_CREDIBLE_INCHES = 50
# Above this many pixels a page is brought down: A3 at 300 dpi has 17 million.
WORKING_PIXELS = 18_000_000
# How far from the edge of the picture a page is drawn, in pixels.
EDGE = 0.002
SIGNATURES = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"))
ORIENTATION_TAG = 0x0112
TIFF_SIGNATURES = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
# Readers look for the mark of a PDF in this many first bytes: scanners and mail gateways write before it.
PDF_MARK_WITHIN = 1024


@dataclass(frozen=True)
class PageImage:
    """The picture of a page as it is shown, grey or RGB, its credible resolution and its size in points."""

    image: Image.Image
    dpi: int
    width: float
    height: float


class PageFile(Protocol):
    """A file opened as pages, numbered from 0. Methods may be called from several threads."""

    count: int
    is_repaired: bool

    def text_layer(self, index: int) -> TextLayer | None:
        """Its text layer, None when it has none worth believing."""

    def picture(self, index: int) -> PageImage:
        """Its picture for recognition."""

    def picture_of_width(self, index: int, width: int) -> Image.Image:
        """Its picture for the eye, `width` pixels across."""

    def close(self) -> None: ...


def open_pages(path: Path, limits: Limits) -> PageFile:
    """The file as pages, by its content and not its name.

    Raises Unreadable: empty, unsupported_type, encrypted, broken, truncated, too_many_pages, too_many_pixels.
    """
    kind = detect_kind(path)
    pages: PageFile = PdfPages(path, limits) if kind == "PDF" else PicturePages(path, kind, limits)
    if pages.count < 1:
        raise Unreadable(Reason.EMPTY, detail="no pages")
    return pages


def detect_kind(path: Path) -> str:
    """PDF, JPEG, PNG or TIFF, from the first bytes."""
    with path.open("rb") as file:
        head = file.read(PDF_MARK_WITHIN + 5)
    if not head:
        raise Unreadable(Reason.EMPTY, detail="no bytes")
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(TIFF_SIGNATURES):
        return "TIFF"
    if b"%PDF-" in head:
        return "PDF"
    raise Unreadable(Reason.UNSUPPORTED_TYPE, detail="neither PDF, JPEG, PNG nor TIFF")


def credible_dpi(declared: float, width: int, height: int) -> int:
    """The resolution of a picture: as declared when a sheet of paper can be of that size, else as if of one A4."""
    is_credible = LEAST_CREDIBLE_DPI <= declared <= MOST_CREDIBLE_DPI
    if is_credible and max(width, height) / declared <= LONGEST_CREDIBLE_INCHES:
        return round(declared)
    return max(40, round(min(max(width, height) / A4_INCHES[1], min(width, height) / A4_INCHES[0])))


class PdfPages:
    """A PDF. PDFium is not safe for threads: one at a time may use it."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        try:
            self._document = pdfium.PdfDocument(path)
            self.count = len(self._document)
        except pdfium.PdfiumError as error:
            is_locked = error.err_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
            raise Unreadable(Reason.ENCRYPTED if is_locked else Reason.BROKEN, detail=str(error)) from error
        if self.count > limits.pages:
            raise Unreadable(Reason.TOO_MANY_PAGES, detail=f"{self.count} pages")
        self.is_repaired = not pdfium_c.FPDF_DocumentHasValidCrossReferenceTable(self._document.raw)
        self._document.init_forms()

    def text_layer(self, index: int) -> TextLayer | None:
        with self._page(index) as page:
            frame = PageFrame(page)
            return read_text_layer(page, frame, find_pictures(page, frame))

    def picture(self, index: int) -> PageImage:
        with self._page(index) as page:
            pictures = find_pictures(page, PageFrame(page))
            self._check_pixels(pictures)
            width, height = page.get_size()
            wanted = _resolution_inside(pictures, width, height)
            dpi = _clamped_dpi(wanted, width, height, WORKING_PIXELS)
            image = _drawn(page, dpi)
        return PageImage(image, credible_dpi(dpi, *image.size), width, height)

    def picture_of_width(self, index: int, width: int) -> Image.Image:
        with self._page(index) as page:
            self._check_pixels(find_pictures(page, PageFrame(page)))
            points_across, points_down = page.get_size()
            dpi = width / points_across * POINTS_PER_INCH
            dpi = _clamped_dpi(dpi, points_across, points_down, WORKING_PIXELS)
            return _on_white(page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True).to_pil())

    def close(self) -> None:
        with self._lock:
            self._document.close()

    @contextmanager
    def _page(self, index: int) -> Iterator[pdfium.PdfPage]:
        with self._lock:
            try:
                with closing(self._load(index)) as page:
                    yield page
            except pdfium.PdfiumError as error:
                raise Unreadable(Reason.BROKEN, detail=f"page {index + 1}: {error}") from error

    def _load(self, index: int) -> pdfium.PdfPage:
        """The page, with what was filled in or stamped on it made part of it: the file itself stays as it is."""
        page: pdfium.PdfPage = self._document[index]
        if pdfium_c.FPDFPage_GetAnnotCount(page.raw) > 0:
            pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_NORMALDISPLAY)
            page.close()
            page = self._document[index]
        return page

    def _check_pixels(self, pictures: list[Picture]) -> None:
        """A picture inside a page may be a bomb as well as a file of its own."""
        for picture in pictures:
            _refuse_bomb(picture.pixels_across, picture.pixels_down, self._limits)


def _resolution_inside(pictures: list[Picture], width: float, height: float) -> float:
    """The resolution of the scan on a page, so that it is drawn pixel by pixel; of a drawn page, the usual one."""
    scan = max(pictures, key=lambda picture: picture.share, default=None)
    if scan is None or scan.share < 0.25:
        return DRAWING_DPI
    across = (scan.right - scan.left) * width / POINTS_PER_INCH
    down = (scan.bottom - scan.top) * height / POINTS_PER_INCH
    # Rotated pages show the picture on its side: compare by area.
    return math.sqrt(scan.pixels_across * scan.pixels_down / max(across * down, 1e-6))


def _clamped_dpi(wanted: float, width: float, height: float, pixels: int) -> float:
    """A resolution near the wanted one at which the page has at least a few and at most `pixels` pixels."""
    square_inches = max(width * height / POINTS_PER_INCH**2, 1e-6)
    return max(min(wanted, math.sqrt(pixels / square_inches)), 1.01 * POINTS_PER_INCH / max(min(width, height), 1))


def _drawn(page: pdfium.PdfPage, dpi: float) -> Image.Image:
    """A page as RGB, a scan on it pixel by pixel.

    PDFium widens a picture to whole pixels: were its edge a hair beyond the last one, the scan would be stretched by
    one pixel and every letter blurred. So the page is drawn a hair smaller, away from the edges.
    """
    points_across, points_down = page.get_size()
    width, height = (max(1, round(points * dpi / POINTS_PER_INCH)) for points in (points_across, points_down))
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_BGR, rev_byteorder=True)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    within = 1 - 2 * EDGE / min(width, height)
    matrix = pdfium_c.FS_MATRIX(within * width / points_across, 0, 0, within * height / points_down, EDGE, EDGE)
    flags = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER
    clip = pdfium_c.FS_RECTF(0, 0, width, height)
    pdfium_c.FPDF_RenderPageBitmapWithMatrix(bitmap.raw, page.raw, matrix, clip, flags)
    image: Image.Image = bitmap.to_pil().copy()
    return image


def _refuse_bomb(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.pixels:
        raise Unreadable(Reason.TOO_MANY_PIXELS, detail=f"{width}×{height} pixels")


class PicturePages:
    """A JPEG, a PNG, or a TIFF of one or several pages."""

    def __init__(self, path: Path, kind: str, limits: Limits) -> None:
        # Our own limit, checked below for each page, replaces Pillow's warning; half a picture is no picture, whatever
        # another library has allowed.
        Image.MAX_IMAGE_PIXELS = None
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        self._limits = limits
        self._lock = threading.Lock()
        self.is_repaired = False
        with _translated("header"):
            self._image = Image.open(path, formats=[kind])
            try:
                self.count = self._count_frames() if kind == "TIFF" else 1
            except Unreadable:
                self._image.close()
                raise

    def _count_frames(self) -> int:
        """Frames up to one beyond the limit: a TIFF can chain more of them than anybody would wait for."""
        for index in range(self._limits.pages + 1):
            try:
                self._image.seek(index)
            except EOFError:
                return index
        raise Unreadable(Reason.TOO_MANY_PAGES, detail=f"more than {self._limits.pages} pages")

    def text_layer(self, index: int) -> TextLayer | None:
        return None

    def picture(self, index: int) -> PageImage:
        with self._frame(index) as frame:
            dpi = credible_dpi(_declared_dpi(frame), *frame.size)
            points = POINTS_PER_INCH / dpi
            shrink = math.sqrt(WORKING_PIXELS / (frame.size[0] * frame.size[1]))
            image = _upright(_decode(frame, shrink), frame)
        shrunk_dpi = round(dpi * min(1, shrink))
        scale = points * dpi / shrunk_dpi
        return PageImage(image, shrunk_dpi, image.size[0] * scale, image.size[1] * scale)

    def picture_of_width(self, index: int, width: int) -> Image.Image:
        with self._frame(index) as frame:
            is_on_its_side = frame.getexif().get(ORIENTATION_TAG, 1) >= 5
            shrink = width / frame.size[1 if is_on_its_side else 0]
            return _upright(_decode(frame, shrink), frame)

    def close(self) -> None:
        with self._lock:
            self._image.close()

    @contextmanager
    def _frame(self, index: int) -> Iterator[Image.Image]:
        with self._lock, _translated(f"page {index + 1}"):
            self._image.seek(index)
            _refuse_bomb(*self._image.size, self._limits)
            yield self._image


def _declared_dpi(image: Image.Image) -> float:
    declared = image.info.get("dpi", (0, 0))
    try:
        return float(declared[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0.0


def _decode(frame: Image.Image, shrink: float) -> Image.Image:
    """The frame grey or RGB on white, brought down (never up) to `shrink` times its size."""
    wanted = (max(1, round(frame.size[0] * shrink)), max(1, round(frame.size[1] * shrink)))
    if shrink < 1:
        frame.draft(frame.mode, wanted)  # lets the JPEG decoder leave out what will not be seen
        if frame.mode in ("L", "RGB"):
            return frame.resize(wanted, Image.Resampling.BOX)
        return _on_white(frame).resize(wanted, Image.Resampling.BOX)
    return _on_white(frame)


def _upright(image: Image.Image, frame: Image.Image) -> Image.Image:
    """Turned as the camera says the sheet stood."""
    orientation = frame.getexif().get(ORIENTATION_TAG, 1)
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return image if turn is None else image.transpose(turn)


def _on_white(image: Image.Image) -> Image.Image:
    """Grey or RGB of 8 bits, transparent parts white."""
    if image.mode in ("L", "RGB"):
        return image.copy()  # the next frame of a TIFF is decoded into the same place
    if image.mode.startswith(("I", "F")):
        # 16-bit grey: Pillow would cut the values off at 255 instead of scaling them.
        return image.convert("F").point(lambda value: value / 257).convert("L")
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        layered = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")
    return image.convert("L" if image.mode == "1" else "RGB")


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Pillow's many ways of saying that a picture is damaged, as one."""
    try:
        yield
    except OSError as error:
        cut_short = "truncated" in str(error) or "unexpected end" in str(error).lower()
        raise Unreadable(Reason.TRUNCATED if cut_short else Reason.BROKEN, detail=f"{what}: {error}") from error
    except (SyntaxError, ValueError, TypeError, EOFError, LookupError, struct.error, zlib.error) as error:
        raise Unreadable(Reason.BROKEN, detail=f"{what}: {error}") from error
