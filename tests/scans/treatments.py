"""What happens to paper before and on the glass: named treatments, so that a measurement says which one hurts.

A treatment prints a sample at its resolution and typeface and does its steps to the picture. The same treatment,
sample and seed give the same page.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import cv2
import numpy as np
import pypdfium2 as pdfium

from portal.demo.scanner import Page, Seal, as_jpeg, damage, print_pdf, rasterise, typeset
from tests.scans.generator import Sample
from tests.scans.pen import write_in_gaps
from tests.scans.tables import table_of

Step = Callable[[Page, int, int], Page]
Content = Literal["text", "table", "form"]

_BLUE = np.array((38, 52, 168), dtype=np.float32) / 255
_BLUE_STAMP = Seal(left=0.4, top=0.35, diameter_mm=45, lettering="VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI YÊN GIANG")


@dataclass(frozen=True)
class Scan:
    """A page as it came out of a scanner, RGB, and the letters that stood on it, in reading order."""

    picture: Page
    truth: str
    dpi: int


@dataclass(frozen=True)
class Treatment:
    """One way paper reaches the office. `quality` is that of the JPEG it was kept as; 0 keeps every pixel.

    `most_errors` is the character error rate it may be read with, None where none is promised.
    """

    name: str
    dpi: int = 200
    typeface: str = "Liberation Serif"
    content: Content = "text"
    steps: tuple[Step, ...] = ()
    quality: int = 80
    most_errors: float | None = None

    def scan(self, sample: Sample, *, seed: int = 0) -> Scan:
        """The first page of a sample, treated."""
        source = _SOURCES[self.content](sample, seed)
        pdf = print_pdf(source.replace('"Liberation Serif"', f'"{self.typeface}"'))
        picture = rasterise(pdf, dpi=self.dpi)[0]
        if self.content == "form":
            picture = write_in_gaps(picture, pdf, dpi=self.dpi, seed=seed)
        for number, step in enumerate(self.steps):
            picture = step(picture, self.dpi, seed * 100 + number)
        if self.quality:
            picture = kept_as_jpeg(picture, dpi=self.dpi, quality=self.quality)
        return Scan(picture, truth_of(pdf), self.dpi)


def truth_of(pdf: bytes) -> str:
    """The letters on the first page of a printed PDF."""
    document = pdfium.PdfDocument(pdf)
    try:
        text: str = document[0].get_textpage().get_text_range().replace("\ufffe", "-")
    finally:
        document.close()
    return text


def kept_as_jpeg(page: Page, *, dpi: int, quality: int) -> Page:
    """The page after it was kept as a JPEG of that quality."""
    data = np.frombuffer(as_jpeg(page, dpi=dpi, quality=quality), dtype=np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)


# Steps ----------------------------------------------------------------------------------------------


def _worn(**kinds: float) -> Step:
    """A step of the demonstration's scanner."""
    return lambda page, dpi, seed: damage(page, dpi=dpi, seed=seed, **kinds)  # type: ignore[arg-type]


def _turned(quarter_turns: int) -> Step:
    return lambda page, dpi, seed: damage(page, dpi=dpi, quarter_turns=quarter_turns, seed=seed)


def _sealed(page: Page, dpi: int, seed: int) -> Page:
    return damage(page, dpi=dpi, seal=Seal())


def _stamped_blue(page: Page, dpi: int, seed: int) -> Page:
    return press_blue(page, _BLUE_STAMP, dpi=dpi)


def press_blue(page: Page, stamp: Seal, *, dpi: int = 200) -> Page:
    """A round blue stamp (dấu xanh) over print: where red ink would be pressed, blue is."""
    white = np.full_like(page, 255)
    cover = 1 - damage(white, dpi=dpi, seal=stamp)[:, :, 1:2].astype(np.float32) / 255
    cover = np.minimum(cover, 0.85)
    return np.asarray(page.astype(np.float32) * (1 - cover + cover * _BLUE), dtype=np.uint8)


def _in_shadow(page: Page, dpi: int, seed: int) -> Page:
    """The shadow of a fold down the page and of a book's spine at its left edge."""
    across = np.linspace(0, 1, page.shape[1], dtype=np.float32)
    light = 1 - 0.6 * np.exp(-across / 0.09) - 0.35 * np.exp(-(((across - 0.55) / 0.05) ** 2))
    return np.asarray(page * light[None, :, None], dtype=np.uint8)


def _faded(page: Page, dpi: int, seed: int) -> Page:
    """Pale ink on yellowed paper."""
    ink = 1 - page.astype(np.float32) / 255
    paper = np.array((226, 217, 190), dtype=np.float32)
    return (paper - ink * 75).clip(0, 255).astype(np.uint8)


def _shown_through(page: Page, dpi: int, seed: int) -> Page:
    """The print of the other side, mirrored and blurred, through thin paper."""
    other = np.roll(page[:, ::-1], round(0.21 * dpi), axis=0)
    other = np.asarray(cv2.GaussianBlur(other, (0, 0), dpi / 130), dtype=np.uint8)
    through = 1 - 0.33 * (1 - other.astype(np.float32) / 255)
    return (page.astype(np.float32) * through).astype(np.uint8)


def _dotted(page: Page, dpi: int, seed: int) -> Page:
    """Needle print: letters made of dots, the ribbon worn by lines."""
    chance = np.random.default_rng(seed)
    height, width = page.shape[:2]
    large = cv2.resize(page[:, :, 0], (width * 2, height * 2), interpolation=cv2.INTER_CUBIC)
    pitch = dpi * 2 / 90
    across, down = np.arange(width * 2, dtype=np.float32), np.arange(height * 2, dtype=np.float32)
    dots = 0.5 + 0.5 * np.cos(2 * np.pi * across / pitch)[None, :] * np.cos(2 * np.pi * down / pitch)[:, None]
    ribbon = np.repeat(chance.uniform(0.45, 0.8, height // 20 + 1).astype(np.float32), 40)[: height * 2]
    ink = (1 - large.astype(np.float32) / 255) * dots * ribbon[:, None]
    small = cv2.resize(1 - ink, (width, height), interpolation=cv2.INTER_AREA)
    grey = (small * 240).clip(0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


# Contents -------------------------------------------------------------------------------------------


def _text(sample: Sample, seed: int) -> str:
    return typeset(sample.text[:4000], layout="plain")


def _form(sample: Sample, seed: int) -> str:
    """An application with gaps for numbers: print them white, and a pen can find them again."""
    numbers = iter(np.random.default_rng(seed).integers(11, 98765, 12).tolist())
    lines = list(_form_lines(sample, numbers))
    return typeset("\n".join(lines), layout="plain").replace("[[", _GAP).replace("]]", "</span>")


_GAP = '<span class="gap" style="color:#fff;letter-spacing:0.4mm">'
_QUESTIONS = (
    "Thửa đất số: {} , tờ bản đồ số: {} , tại thôn Đồng Vừng, xã Tân Lộc",
    "Diện tích: {} m², giấy chứng nhận vào sổ số: {}",
    "Số điện thoại liên hệ: {}",
)


def _form_lines(sample: Sample, numbers: Iterator[int]) -> Iterator[str]:
    body = [line for line in sample.text.splitlines() if line.strip()]
    for index, line in enumerate(body[:16]):
        yield line[:400]
        if index % 3 == 2:
            question = _QUESTIONS[index // 3 % 3]
            yield question.format(*(f"[[{number}]]" for number in islice(numbers, question.count("{}"))))


_SOURCES: dict[Content, Callable[[Sample, int], str]] = {"text": _text, "form": _form, "table": table_of}

# The treatments ---------------------------------------------------------------------------------------

_OFFICE = (_sealed, _worn(skew=1, specks=1500))
_POOR = (_worn(noise=16, blur=0.8, shade=0.4, skew=1.6, specks=400),)

TREATMENTS = {
    treatment.name: treatment
    for treatment in (
        Treatment("clean 300", dpi=300, most_errors=0.005),
        Treatment("office 200", steps=_OFFICE, most_errors=0.01),
        Treatment("poor 150", dpi=150, steps=_POOR, quality=60, most_errors=0.015),
        Treatment("quarter turn", steps=(_worn(skew=0.7, specks=300), _turned(1)), most_errors=0.01),
        Treatment("upside down", steps=(_worn(skew=0.7, specks=300), _turned(2)), most_errors=0.01),
        Treatment("shadow", steps=(_in_shadow, _worn(skew=-0.8, noise=3))),
        Treatment("pale", steps=(_faded, _worn(noise=3))),
        Treatment("bad JPEG", steps=(_worn(skew=0.5),), quality=10),
        Treatment("blue stamp", steps=(_stamped_blue, _worn(skew=0.6, specks=300))),
        Treatment("show-through", steps=(_shown_through, _worn(skew=-0.5, noise=2))),
        Treatment("needle print", typeface="Liberation Mono", steps=(_dotted, _worn(skew=0.4, noise=2))),
        Treatment("table", content="table", steps=(_worn(skew=0.6, specks=300),)),
        Treatment("pen in gaps", content="form", steps=(_worn(skew=0.6, specks=300),)),
        Treatment("sans", typeface="Liberation Sans", steps=_OFFICE, most_errors=0.01),
        Treatment("wide serif", typeface="DejaVu Serif", steps=_OFFICE, most_errors=0.01),
    )
}
