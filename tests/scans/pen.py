"""Numbers written by hand: strokes of a shaky pen in blue ink, where a form leaves gaps for them."""

import ctypes
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw

from portal.demo.scanner import POINTS_PER_INCH, Page

pdfium_c: Any = pypdfium2.raw
INK = (34, 44, 138)

# Corners of the strokes of each figure in a box of 1 by 1, from the top left.
_STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (((0.5, 0), (0.15, 0.2), (0.1, 0.6), (0.3, 0.95), (0.6, 1), (0.85, 0.7), (0.85, 0.3), (0.6, 0.02), (0.4, 0)),),
    "1": (((0.25, 0.25), (0.55, 0), (0.5, 1)),),
    "2": (((0.15, 0.25), (0.4, 0), (0.75, 0.12), (0.75, 0.4), (0.15, 0.97), (0.9, 0.95)),),
    "3": (((0.15, 0.08), (0.6, 0), (0.8, 0.2), (0.45, 0.45), (0.85, 0.65), (0.6, 0.98), (0.1, 0.9)),),
    "4": (((0.6, 0), (0.1, 0.65), (0.9, 0.62)), ((0.65, 0.35), (0.6, 1))),
    "5": (((0.8, 0), (0.25, 0.02), (0.2, 0.42), (0.65, 0.4), (0.85, 0.7), (0.55, 1), (0.1, 0.92)),),
    "6": (((0.7, 0), (0.25, 0.4), (0.12, 0.75), (0.4, 1), (0.8, 0.85), (0.75, 0.58), (0.4, 0.52), (0.15, 0.75)),),
    "7": (((0.1, 0.03), (0.9, 0), (0.45, 1)), ((0.3, 0.5), (0.8, 0.48))),
    "8": (
        (
            (0.75, 0.12),
            (0.4, 0),
            (0.2, 0.2),
            (0.75, 0.65),
            (0.6, 0.98),
            (0.2, 0.9),
            (0.2, 0.65),
            (0.7, 0.3),
            (0.75, 0.12),
        ),
    ),
    "9": (((0.8, 0.25), (0.5, 0), (0.18, 0.2), (0.3, 0.5), (0.65, 0.48), (0.8, 0.22), (0.75, 0.6), (0.45, 1)),),
}


def write_in_gaps(page: Page, pdf: bytes, *, dpi: int, seed: int) -> Page:
    """The page with its white figures written over by a pen."""
    chance = np.random.default_rng(seed)
    result = page.copy()
    for figure, left, top, width, height in _white_figures(pdf, dpi):
        for stroke in _STROKES[figure]:
            points = np.array(stroke) + chance.normal(0, 0.035, (len(stroke), 2))
            slanted = points[:, 0] + 0.18 * (0.5 - points[:, 1])
            x, y = left + slanted * width * 1.25, top - 0.12 * height + points[:, 1] * height * 1.15
            line = np.column_stack([x, y]).round().astype(np.int32)
            cv2.polylines(result, [line], isClosed=False, color=INK, thickness=max(2, dpi // 80), lineType=cv2.LINE_AA)
    return result


def _white_figures(pdf: bytes, dpi: int) -> Iterator[tuple[str, float, float, float, float]]:
    """The figures printed in white on the first page and their boxes (left, top, width, height) in pixels."""
    document = pdfium.PdfDocument(pdf)
    try:
        page = document[0]
        text = page.get_textpage()
        scale, tall = dpi / POINTS_PER_INCH, page.get_height()
        for index in range(text.count_chars()):
            sign = text.get_text_range(index, 1)
            if sign in _STROKES and _is_white(text, index):
                left, bottom, right, top = text.get_charbox(index)
                yield sign, left * scale, (tall - top) * scale, (right - left) * scale, (top - bottom) * scale
    finally:
        document.close()


def _is_white(text: pdfium.PdfTextPage, index: int) -> bool:
    colour = [ctypes.c_uint() for _ in range(4)]
    pdfium_c.FPDFText_GetFillColor(text.raw, index, *colour)
    return all(part.value == 255 for part in colour[:3])
