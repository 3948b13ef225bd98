"""Recognises the picture of a page: tesseract over the prepared page, words led back to the page as it came.

One page is one call of `recognise`; several may run at once, each on one core.
"""

import os
import re
import tempfile
import threading
import time
import unicodedata
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytesseract

from ocr.domain_errors import ReaderMissing, Reason, Unreadable
from ocr.pages import PageImage
from ocr.preparation import (
    Inks,
    Picture,
    PreparedPage,
    busiest_band,
    compare_directions,
    prepare,
    separate_inks,
    without_frame,
)
from ocr.reading import Word, compose_text
from ocr.repair import repair
from ocr.secrecy import read_marking

LANGUAGE = "vie"
# How tesseract is told to look at a picture (--psm).
WHOLE_PAGE = 3
SCATTERED_WORDS = 11
# A page that stands upright and is printed reads with 0.9, one upside down with 0.4.
DOUBTFUL = 0.65
CLEAR_GAIN = 0.1
# Lines run the way in which rows of ink are this many times sharper.
CLEAR_DIRECTION = 1.3
HEAD_SHARE = 0.45
DARK = 128
# Pixels: no letter fits on less.
NARROWEST_PAGE = 16

_SIGNS_OF_THEIR_OWN = re.compile(r"^[-–+*•…\"“”'()\[\]{}/%&=<>§°]+$")
# Rules of tables are read as bars, and dashes and slashes as their rarer kin.
_OTHER_SIGNS = str.maketrans({"\u2014": "\u2013", "\u2044": "/"})
_DEBRIS = re.compile(r"^[\W_]+$")

# It comes without types.
tesseract: Any = pytesseract
# Pages are read side by side: more threads for one page cost three times the processor time and save nothing.
os.environ["OMP_THREAD_LIMIT"] = "1"
cv2.setNumThreads(1)
_PREPARING = threading.Lock()


@dataclass(frozen=True)
class Recognition:
    """Text and words of a page as it came; `rotation` is the clockwise turn in degrees that sets it upright."""

    text: str
    words: tuple[Word, ...]
    confidence: float
    rotation: int


@dataclass(frozen=True)
class Print:
    """Lines of words as read from an upright page; boxes in fractions of that page."""

    lines: tuple[tuple[Word, ...], ...]

    @property
    def confidence(self) -> float:
        """The mean over words, long words counting more; 0 without words."""
        words = [word for line in self.lines for word in line]
        letters = sum(len(word.text) for word in words)
        return sum(len(word.text) * (word.confidence or 0.0) for word in words) / letters if letters else 0.0


class Deadline:
    """The moment by which a page must be read."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise Unreadable(Reason.TIMED_OUT, detail="a page took too long")
        return left


def recognise(page: PageImage, *, seconds: float) -> Recognition:
    """The text of a page lying any way round; its image is used up.

    Raises Unreadable (timed_out, out_of_memory), ReaderMissing.
    """
    try:
        inks = separate_inks_in_turn(page)
        page.image.close()  # the largest thing in memory by far, and done with
        return _recognise(inks, page.dpi, Deadline(seconds))
    except (cv2.error, MemoryError) as error:
        raise Unreadable(Reason.OUT_OF_MEMORY, detail=str(error)) from error


def _recognise(inks: Inks, dpi: int, deadline: Deadline) -> Recognition:
    if min(inks.black.shape) < NARROWEST_PAGE:
        return Recognition("", (), confidence=1.0, rotation=0)
    across = compare_directions(inks.black)
    if across < 1 / CLEAR_DIRECTION:
        guess = _most_legible(inks, (90, 270), dpi, deadline)
    else:
        guess = _Turned(0, prepare_in_turn(inks.black, dpi))
    if guess.prepared.is_blank:
        return Recognition("", (), confidence=1.0, rotation=0)
    found = read_print(guess.prepared, WHOLE_PAGE, deadline)
    if guess.turn == 0 and found.confidence < DOUBTFUL:
        other = _most_legible(inks, (180,) if across > CLEAR_DIRECTION else (90, 180, 270), dpi, deadline)
        if other.confidence > found.confidence + CLEAR_GAIN:
            guess, found = other, read_print(other.prepared, WHOLE_PAGE, deadline)
    upright = inks.turned(guess.turn)
    lines = [*_read_markings(upright, dpi, deadline), *repair(found.lines)]
    words = tuple(_turned_back(word, guess.turn) for line in lines for word in line)
    height, width = upright.black.shape
    return Recognition(compose_text(lines, aspect=width / height), words, found.confidence, guess.turn)


def separate_inks_in_turn(page: PageImage) -> Inks:
    """The inks of a page, one page at a time: for a moment this takes a dozen bytes a pixel."""
    with _PREPARING:
        return separate_inks(np.asarray(page.image))


def prepare_in_turn(picture: Picture, dpi: int) -> PreparedPage:
    """One page at a time: preparing takes twenty bytes a pixel for half a second, reading much less for longer."""
    with _PREPARING:
        return prepare(picture, dpi=dpi)


@dataclass(frozen=True)
class _Turned:
    """A page turned clockwise by `turn` and prepared; `confidence` of its busiest quarter."""

    turn: int
    prepared: PreparedPage
    confidence: float = 0.0


def _most_legible(inks: Inks, turns: tuple[int, ...], dpi: int, deadline: Deadline) -> _Turned:
    """The turn at which the quarter of the page that holds most ink reads with most confidence."""
    tried = []
    for turn in turns:
        prepared = prepare_in_turn(inks.turned(turn).black, dpi)
        tried.append(_Turned(turn, prepared, read_print(busiest_band(prepared), WHOLE_PAGE, deadline).confidence))
    return max(tried, key=lambda one: one.confidence)


def _turned_back(word: Word, degrees: int) -> Word:
    """A word of an upright page, placed on the page as it was before it was turned clockwise by `degrees`."""
    left, top, width, height = word.box
    right, bottom = left + width, top + height
    box = {
        0: (left, top, width, height),
        90: (top, 1 - right, height, width),
        180: (1 - right, 1 - bottom, width, height),
        270: (1 - bottom, left, height, width),
    }[degrees]
    return replace(word, box=box)


def _read_markings(upright: Inks, dpi: int, deadline: Deadline) -> list[tuple[Word, ...]]:
    """Markings of secrecy stamped in red on the head of a page: preparation drops them with all coloured ink."""
    if upright.red is None:
        return []
    height, width = upright.red.shape
    head = upright.red[: round(HEAD_SHARE * height)]
    is_red = head < DARK
    if not is_red.any():
        return []
    rows, columns = np.flatnonzero(is_red.any(axis=1)), np.flatnonzero(is_red.any(axis=0))
    margin = dpi // 4
    left, top = max(0, int(columns[0]) - margin), max(0, int(rows[0]) - margin)
    cut = prepare_in_turn(np.ascontiguousarray(head[top : rows[-1] + margin, left : columns[-1] + margin]), dpi)
    to_page = cut.to_page + np.array([[0, 0, left], [0, 0, top]])
    picture = without_frame(cut.picture, cut.dpi)
    whole = replace(cut, picture=picture, to_page=to_page, page_width=width, page_height=height)
    lines = [_trimmed(line) for line in read_print(whole, SCATTERED_WORDS, deadline).lines]
    return [line for line in lines if read_marking(" ".join(word.text for word in line))]


def _trimmed(line: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words of a stamp without what is left of its frame: single letters at either end."""
    words = [len(word.text) > 1 for word in line]
    if not any(words):
        return line
    return line[words.index(True) : len(words) - words[::-1].index(True)]


def read_print(prepared: PreparedPage, segmentation: int, deadline: Deadline) -> Print:
    """One run of tesseract."""
    if prepared.is_blank:
        return Print(())
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "page.pgm"
        cv2.imwrite(str(path), prepared.picture)
        rows = _run_tesseract(path, f"--psm {segmentation} --dpi {prepared.dpi}", deadline)
    lines = []
    for _, line in groupby(rows, key=lambda row: (row["block_num"], row["par_num"], row["line_num"])):
        words = [word for row in line if (word := _word(row, prepared)) is not None]
        if words:
            lines.append(tuple(words))
    return Print(tuple(lines))


def _run_tesseract(path: Path, settings: str, deadline: Deadline) -> list[dict[str, Any]]:
    """The rows of its table, one a word or frame."""
    try:
        table = tesseract.image_to_data(
            str(path),
            lang=LANGUAGE,
            config=settings,
            timeout=deadline.seconds_left,
            output_type=tesseract.Output.DICT,
        )
    except tesseract.TesseractNotFoundError as error:
        raise ReaderMissing("tesseract is not installed") from error
    except tesseract.TesseractError as error:
        if "traineddata" in error.message:
            raise ReaderMissing(f"tesseract lacks the language {LANGUAGE}") from error
        raise Unreadable(Reason.OUT_OF_MEMORY, detail=f"tesseract: {error.status}") from error
    except RuntimeError as error:  # how pytesseract says that the time is over
        raise Unreadable(Reason.TIMED_OUT, detail=str(error)) from error
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def _word(row: dict[str, Any], prepared: PreparedPage) -> Word | None:
    """The word of a row, its box led back to the upright page; None for frames and for dirt read as signs."""
    text = unicodedata.normalize("NFC", str(row["text"])).strip().strip("|").translate(_OTHER_SIGNS)
    confidence = float(row["conf"])
    if not text or confidence < 0 or (_DEBRIS.match(text) and not _SIGNS_OF_THEIR_OWN.match(text)):
        return None
    left, top = float(row["left"]), float(row["top"])
    right, bottom = left + float(row["width"]), top + float(row["height"])
    corners = np.array([[left, top, 1], [right, top, 1], [left, bottom, 1], [right, bottom, 1]])
    places = np.clip(corners @ prepared.to_page.T / (prepared.page_width, prepared.page_height), 0, 1)
    (x0, y0), (x1, y1) = places.min(axis=0), places.max(axis=0)
    return Word(text, (float(x0), float(y0), float(x1 - x0), float(y1 - y0)), round(confidence / 100, 3))
