"""Paper for demonstrations and tests: documents printed to A4, then treated as an office scanner treats them.

Pages are RGB pictures, `uint8` arrays of shape (height, width, 3). The same seed gives the same page.
"""

import html
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import weasyprint
from PIL import Image, ImageDraw, ImageFont
from weasyprint.urls import URLFetcher

Page = npt.NDArray[np.uint8]
Layout = Literal["administrative", "plain"]

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72
SEAL_RED = (200, 32, 44)
SEAL_FONT = "LiberationSans-Bold.ttf"

_STYLE = """
@page { size: A4; margin: 20mm 15mm 20mm 30mm }
body { font: 13.5pt/1.35 "Liberation Serif", serif; margin: 0; color: #000 }
p { margin: 0 0 1.5mm; text-align: justify }
table.head { width: 100%; border-collapse: collapse; margin-bottom: 6mm }
table.head td { width: 45%; vertical-align: top; text-align: center; padding: 0 }
table.head td + td { width: 55% }
table.head p { text-align: center; margin: 0; font-size: 12pt; white-space: nowrap }
table.head p.about { white-space: normal; font-size: 12pt }
.strong { font-weight: bold }
.slanted { font-style: italic }
.centred { text-align: center }
"""
_EMBEDDED_ONLY = URLFetcher(allowed_protocols=["data"])
_RULE = re.compile(r"^[\s\-–_*]+$")
_STATE_TITLE = re.compile(r"^CỘNG H[ÒO][AÀ] XÃ HỘI CHỦ NGHĨA VIỆT NAM$")
_MOTTO = re.compile(r"^Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc$", re.IGNORECASE)
_PLACE_AND_DATE = re.compile(r"^[^,]{2,40},\s*ngày\b.*\bnăm\b", re.IGNORECASE)
_BODY_START = re.compile(r"^(Căn cứ|Kính gửi|Điều \d|Theo đề nghị|Xét)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Seal:
    """A round red seal (dấu đỏ): where its centre lies in fractions of the page, its size and its lettering."""

    left: float = 0.62
    top: float = 0.42
    diameter_mm: float = 38
    lettering: str = "ỦY BAN NHÂN DÂN TỈNH YÊN GIANG"
    opacity: float = 0.85


@dataclass(frozen=True)
class Marking:
    """A framed stamp of words in red, as "MẬT" or "HỎA TỐC": its centre in fractions of the page, letter height."""

    words: str
    left: float = 0.28
    top: float = 0.16
    letter_mm: float = 5
    opacity: float = 0.9


def typeset(text: str, *, layout: Layout = "administrative") -> str:
    """The HTML of a document given as plain lines.

    `administrative` sets the head in two columns as Decree 30/2020/NĐ-CP (Annex I) orders it, when the lines
    carry the state title; `plain` sets one paragraph a line in the order given.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    head, body = _split_head(lines) if layout == "administrative" else ([], lines)
    parts = [_head_table(head)] if head else []
    is_title = bool(head)
    for line in body:
        is_title = is_title and not _BODY_START.match(line)
        parts.append(_paragraph(line, "centred strong" if is_title else ""))
    return f'<html lang="vi"><head><style>{_STYLE}</style></head><body>{"".join(parts)}</body></html>'


def _split_head(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines above the type of the document or the addressee, and the rest; no head without the state title."""
    for index, line in enumerate(lines[:14]):
        is_type = index > 2 and line.isupper() and not _RULE.match(line) and not _STATE_TITLE.match(line)
        if is_type or _BODY_START.match(line):
            head = lines[:index]
            return (head, lines[index:]) if any(map(_STATE_TITLE.match, head)) else ([], lines)
    return [], lines


def _head_table(head: list[str]) -> str:
    right = [line for line in head if _STATE_TITLE.match(line) or _MOTTO.match(line)]
    dated = [line for line in head if _PLACE_AND_DATE.match(line)]
    left = [line for line in head if line not in right and line not in dated and not _RULE.match(line)]
    issuer = "".join(_paragraph(line, _class_on_the_left(line)) for line in left)
    state = "".join(_paragraph(line, "strong") for line in right)
    dates = "".join(_paragraph(line, "slanted") for line in dated)
    return f'<table class="head"><tr><td>{issuer}</td><td>{state}{dates}</td></tr></table>'


def _class_on_the_left(line: str) -> str:
    if line.isupper():
        return "strong"
    return "about" if line.startswith("V/v") else ""


def _paragraph(line: str, classes: str) -> str:
    return f'<p class="{classes}">{html.escape(line)}</p>'


def print_pdf(source: str) -> bytes:
    """The PDF of an HTML document, text layer and fonts included; nothing is fetched from a network or disk."""
    document = weasyprint.HTML(string=source, url_fetcher=_EMBEDDED_ONLY)
    return bytes(document.write_pdf())


def print_pages(text: str, *, dpi: int = 200, layout: Layout = "administrative") -> list[Page]:
    """A document given as plain lines, printed to A4 and scanned clean at `dpi`."""
    return rasterise(print_pdf(typeset(text, layout=layout)), dpi=dpi)


def rasterise(pdf: bytes, *, dpi: int = 200) -> list[Page]:
    """The pages of a PDF as pictures."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [
            np.ascontiguousarray(page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True).to_numpy()[:, :, :3])
            for page in document
        ]
    finally:
        document.close()


def damage(
    page: Page,
    *,
    dpi: int = 200,
    seal: Seal | None = None,
    marking: Marking | None = None,
    shade: float = 0,
    skew: float = 0,
    blur: float = 0,
    noise: float = 0,
    specks: int = 0,
    quarter_turns: int = 0,
    seed: int = 0,
) -> Page:
    """A page as a tired office scanner hands it over.

    `shade` darkens the paper towards one edge by that fraction, `skew` turns the sheet by degrees clockwise,
    `blur` and `noise` are standard deviations in pixels and grey levels, `specks` counts dots of dirt,
    `quarter_turns` lays the sheet on the glass turned clockwise.
    """
    chance = np.random.default_rng(seed)
    result = page
    if seal:
        result = _press(result, _seal_mask(round(seal.diameter_mm / MM_PER_INCH * dpi), seal.lettering), seal)
    if marking:
        result = _press(result, _marking_mask(round(marking.letter_mm / MM_PER_INCH * dpi), marking.words), marking)
    if shade:
        fall = np.linspace(1, 1 - shade, page.shape[1], dtype=np.float32)[None, :, None]
        result = (result * fall).astype(np.uint8)
    if skew:
        result = _turn_sheet(result, skew)
    if blur:
        result = np.asarray(cv2.GaussianBlur(result, (0, 0), blur), dtype=np.uint8)
    if noise:
        grain = chance.normal(0, noise, result.shape[:2]).astype(np.float32)[:, :, None]
        result = np.clip(result.astype(np.float32) + grain, 0, 255).astype(np.uint8)
    if specks:
        result = _scatter_specks(result, specks, chance)
    return np.ascontiguousarray(np.rot90(result, -quarter_turns))


def _turn_sheet(page: Page, degrees: float) -> Page:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    turned = cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    return np.asarray(turned, dtype=np.uint8)


def _scatter_specks(page: Page, count: int, chance: np.random.Generator) -> Page:
    """Dirt of one to three pixels, two thirds of it dark, one third light."""
    result = page.copy()
    height, width = page.shape[:2]
    rows, columns = chance.integers(0, height, count), chance.integers(0, width, count)
    sizes, greys = chance.integers(1, 4, count), chance.choice([20, 70, 250], count)
    for row, column, size, grey in zip(rows, columns, sizes, greys, strict=True):
        result[row : row + size, column : column + size] = grey
    return result


def _press(page: Page, mask: Image.Image, stamp: Seal | Marking) -> Page:
    """Ink over print: red multiplies with what is below it, so black letters stay black under a stamp."""
    height, width = page.shape[:2]
    left, top = round(stamp.left * width - mask.width / 2), round(stamp.top * height - mask.height / 2)
    sheet = Image.new("L", (width, height))
    sheet.paste(mask, (left, top))
    cover = (np.asarray(sheet, dtype=np.float32) * (stamp.opacity / 255))[:, :, None]
    colour = np.array(SEAL_RED, dtype=np.float32) / 255
    return (page.astype(np.float32) * (1 - cover + cover * colour)).astype(np.uint8)


def _marking_mask(letter: int, words: str) -> Image.Image:
    """Words in a frame, white on black."""
    font = ImageFont.truetype(SEAL_FONT, size=round(letter * 1.4))
    left, top, right, bottom = font.getbbox(words)
    margin = letter // 2
    mask = Image.new("L", (round(right - left) + 2 * margin, round(bottom - top) + 2 * margin))
    draw = ImageDraw.Draw(mask)
    draw.rectangle((0, 0, mask.width - 1, mask.height - 1), outline=255, width=max(2, letter // 12))
    draw.text((margin - left, margin - top), words, fill=255, font=font)
    return mask


def _seal_mask(side: int, lettering: str) -> Image.Image:
    """Two rings, a star and lettering along the outer ring, white on black."""
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    centre, outer = side / 2, side / 2 - side / 60
    for radius, stroke in ((outer, side / 36), (outer * 0.66, side / 90)):
        box = (centre - radius, centre - radius, centre + radius, centre + radius)
        draw.ellipse(box, outline=255, width=max(2, round(stroke)))
    draw.polygon(list(_star(centre, outer * 0.42)), fill=255)
    font = ImageFont.truetype(SEAL_FONT, size=max(6, side // 11))
    for index, letter in enumerate(lettering):
        angle = 300 * (index - (len(lettering) - 1) / 2) / max(len(lettering), 1)
        tile = Image.new("L", (side, side))
        ImageDraw.Draw(tile).text((centre, centre - outer * 0.83), letter, fill=255, font=font, anchor="mm")
        mask = Image.fromarray(np.maximum(np.asarray(mask), np.asarray(tile.rotate(-angle))))
    return mask


def _star(centre: float, radius: float) -> Iterable[tuple[float, float]]:
    for point in range(10):
        reach = radius if point % 2 == 0 else radius * 0.38
        angle = math.radians(36 * point - 90)
        yield centre + reach * math.cos(angle), centre + reach * math.sin(angle)


def as_png(page: Page, *, dpi: int = 200) -> bytes:
    """The page as PNG, resolution recorded."""
    return _encoded(page, "PNG", dpi=(dpi, dpi))


def as_jpeg(page: Page, *, dpi: int = 200, quality: int = 80) -> bytes:
    """The page as JPEG, resolution recorded."""
    return _encoded(page, "JPEG", dpi=(dpi, dpi), quality=quality)


def as_tiff(pages: Sequence[Page], *, dpi: int = 200) -> bytes:
    """All pages as one TIFF file."""
    first, *others = [Image.fromarray(page) for page in pages]
    buffer = io.BytesIO()
    first.save(buffer, "TIFF", save_all=True, append_images=others, dpi=(dpi, dpi), compression="tiff_adobe_deflate")
    return buffer.getvalue()


def as_pdf(pages: Sequence[Page], *, dpi: int = 200, quality: int = 80) -> bytes:
    """All pages as a PDF of pictures without a text layer, as scanners write it."""
    first, *others = [Image.fromarray(page) for page in pages]
    buffer = io.BytesIO()
    first.save(buffer, "PDF", save_all=True, append_images=others, resolution=dpi, quality=quality)
    return buffer.getvalue()


def _encoded(page: Page, kind: str, **settings: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(page).save(buffer, kind, **settings)
    return buffer.getvalue()
