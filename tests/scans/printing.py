"""Invented papers on paper: printed, scanned well or badly, or misread letter by letter without any picture."""

import html
import re
from collections.abc import Sequence
from itertools import groupby
from random import Random

import numpy as np

from portal.demo.scanner import Page, Seal, damage, print_pdf, rasterise
from tests.scans.generator import wear
from tests.scans.kinds import Paper

_STYLE = """
@page {{ size: A4; margin: 20mm 15mm 18mm {left}mm }}
body {{ font: {size}pt/{leading} "{font}"; margin: 0; color: #000 }}
p {{ margin: 0 0 1.2mm; text-align: {align} }}
table {{ width: 100%; border-collapse: collapse; margin: 1mm 0 4mm }}
td {{ width: 44%; vertical-align: top; text-align: center; padding: 0 1mm }}
td + td {{ width: 56% }}
td p {{ text-align: center; margin: 0; font-size: {small}pt }}
p.t {{ text-align: center; font-weight: bold }}
p.r {{ text-align: center; margin-left: 45% }}
.b {{ font-weight: bold }}
.i {{ font-style: italic }}
"""
# What recognition does to letters now and then.
_TONES = [("ậ", "â"), ("ế", "ê"), ("ố", "ô"), ("ứ", "ư"), ("ấ", "ã"), ("ạ", "a"), ("ợ", "ơ"), ("ề", "ê"), ("đ", "d")]
_LOOKS = [("0", "O"), ("1", "l"), ("Đ", "Ð"), ("5", "S"), ("i", "í"), ("n", "h"), ("c", "e"), ("m²", "m2"), ("rn", "m")]


def print_paper(paper: Paper) -> bytes:
    """The PDF of a paper; font, size and margins as its seed has it."""
    chance = Random(f"look-{paper.kind}-{paper.seed}")  # noqa: S311
    size = chance.choice([12, 12.5, 13, 13.5, 14])
    style = _STYLE.format(
        font=chance.choice(["Liberation Serif", "Liberation Serif", "Liberation Serif", "Liberation Sans"]),
        size=size,
        small=size - 1,
        leading=chance.choice([1.25, 1.35, 1.45]),
        left=chance.choice([25, 30]),
        align=chance.choice(["justify", "left"]),
    )
    body = "".join(_block(list(rows), is_table) for is_table, rows in groupby(paper.lines, lambda row: "||" in row))
    return print_pdf(f'<html lang="vi"><head><style>{style}</style></head><body>{body}</body></html>')


def _block(rows: list[str], is_table: bool) -> str:  # noqa: FBT001
    if not is_table:
        return "".join(_line(row) for row in rows)
    cells = list(zip(*(row.split("||") for row in rows), strict=True))
    left, right = ("".join(_line(part.strip(), in_cell=True) for part in cell if part.strip()) for cell in cells)
    return f"<table><tr><td>{left}</td><td>{right}</td></tr></table>"


def _line(row: str, *, in_cell: bool = False) -> str:
    classes = {"^": "t", ">": "r"}.get(row[0], "")
    if row.isupper():
        classes += " b"
    if in_cell and ", ngày" in row:
        classes += " i"
    return f'<p class="{classes}">{html.escape(row.lstrip("^> "))}</p>'


def scan_paper(paper: Paper, *, dpi: int, is_poor: bool = False) -> list[Page]:
    """The pages of a paper from a registry's scanner: sealed, crooked and dirty; poor ones grainy and dark besides."""
    pages = rasterise(print_paper(paper), dpi=dpi)
    if not is_poor:
        return [wear(page, dpi=dpi, seed=paper.seed + number) for number, page in enumerate(pages)]
    return [
        damage(page, dpi=dpi, seal=Seal(top=0.7), shade=0.15, skew=1.4, blur=0.5, noise=10, specks=800, seed=paper.seed)
        for page in pages
    ]


def misread(text: str, *, rate: float, seed: int) -> str:
    """Text as recognition may give it: about that share of words with a wrong letter, a lost mark or a lost gap."""
    chance = Random(f"misread-{seed}")  # noqa: S311
    return re.sub(r"[^\s]+", lambda word: _misread_word(word[0], chance) if chance.random() < rate else word[0], text)


def _misread_word(word: str, chance: Random) -> str:
    slips: Sequence[tuple[str, str]] = [slip for slip in (*_TONES, *_LOOKS) if slip[0] in word]
    if not slips or chance.random() < 0.15:
        place = chance.randrange(len(word))
        return word[:place] + word[place + 1 :]
    return word.replace(*chance.choice(slips), 1)


def as_grey(page: Page) -> Page:
    """A page as a scanner without colour gives it."""
    return np.ascontiguousarray(np.repeat(page.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8))
