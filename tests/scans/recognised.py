"""Invented papers as recognition gives them, kept in a folder when one is named: recognising takes seconds a page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from ocr.pages import PageImage
from ocr.reading import PageReading
from ocr.recognition import recognise
from tests.scans.invented import Told
from tests.scans.kinds import paper_of
from tests.scans.printing import scan_paper

# Grade → resolution, and whether the scan is a poor one.
GRADES = {"300": (300, False), "200": (200, False), "150p": (150, True)}
_SECONDS = 120
_POINTS = 72


@dataclass(frozen=True, slots=True)
class Recognised:
    """A paper's truth and its pages as they were read."""

    kind: str
    grade: str
    text: str
    told: Sequence[Told]
    pages: Sequence[PageReading]


def recognised(kind: str, seed: int, grade: str, cache: Path | None) -> Recognised:
    """A paper of a kind, printed, scanned in that grade and recognised; from the cache if it is there."""
    path = cache / f"{kind}-{seed}-{grade}.json" if cache else None
    if path and path.exists():
        return _from_json(kind, grade, json.loads(path.read_text("utf-8")))
    paper = paper_of(kind, seed)
    dpi, is_poor = GRADES[grade]
    pages = [
        _read(Image.fromarray(page), number, dpi)
        for number, page in enumerate(scan_paper(paper, dpi=dpi, is_poor=is_poor), 1)
    ]
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        row = {
            "text": paper.text,
            "told": [[one.name, one.value, one.about] for one in paper.told],
            "pages": [page.as_json() for page in pages],
        }
        path.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    return Recognised(kind, grade, paper.text, paper.told, pages)


def _read(picture: Image.Image, number: int, dpi: int) -> PageReading:
    width, height = (side / dpi * _POINTS for side in picture.size)
    found = recognise(PageImage(picture, dpi, width, height), seconds=_SECONDS)
    return PageReading(
        number, "ocr", found.text, round(found.confidence, 3), found.rotation, found.words, 0.0, width, height
    )


def _from_json(kind: str, grade: str, row: dict[str, Any]) -> Recognised:
    pages = [PageReading.from_json(page) for page in row["pages"]]
    return Recognised(kind, grade, row["text"], [Told(*one) for one in row["told"]], pages)
