"""Scans with ground truth: documents whose every letter is known, printed and put through the demo's bad scanner."""

import gzip
import json
import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from portal.demo.scanner import Layout, Page, Seal, damage, print_pdf, rasterise, typeset

SAMPLES = Path(__file__).parent / "samples" / "documents.toml"
# Rules are drawn in real documents; in published texts they are rows of hyphens, which are no letters.
_RULE_SIGNS = set("-–_* ")


@dataclass(frozen=True)
class Sample:
    """A document as plain lines, and what its head says."""

    text: str
    number: str
    issued_on: date
    document_type: str
    issuer: str | None = None
    effective_on: date | None = None


@dataclass(frozen=True)
class CleanPage:
    """A printed page and the letters on it, in reading order."""

    picture: Page
    truth: str


def own_samples() -> list[Sample]:
    """The project's invented documents."""
    with SAMPLES.open("rb") as file:
        return [Sample(**{**row, "text": row["text"].strip()}) for row in tomllib.load(file)["document"]]


def samples(count: int) -> list[Sample]:
    """`count` documents spread over the file that LEGAL_TEXTS names, or over the project's own without it."""
    named = os.environ.get("LEGAL_TEXTS")
    found = _published(Path(named)) if named else own_samples()
    step = max(1, len(found) // count)
    return found[::step][:count]


def _published(path: Path) -> list[Sample]:
    """The texts whose record has number and date and whose head states both: labels are wrong now and then."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = [json.loads(line) for line in file]
    return [
        Sample(
            text=_without_rules(row["text"]),
            number=row["number"],
            issued_on=date.fromisoformat(row["issued_on"]),
            document_type=row["type"],
        )
        for row in rows
        if row["number"] and row["issued_on"] and _states(row["text"], row["number"], row["issued_on"])
    ]


def _states(text: str, number: str, issued_on: str) -> bool:
    year, month, day = (int(part) for part in issued_on.split("-"))
    spellings = [f"ngày {d} tháng {m} năm {year}" for d in (day, f"{day:02d}") for m in (month, f"{month:02d}")]
    head = " ".join(text[:700].split())
    return f"Số: {number}" in head and any(f", {spelling}" in head for spelling in spellings)


def _without_rules(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not set(line) <= _RULE_SIGNS)


def print_head_page(sample: Sample, *, dpi: int = 200, layout: Layout = "plain") -> CleanPage:
    """The first page of a document. Without columns the order of its letters is beyond dispute."""
    pdf = print_pdf(typeset(sample.text[:4000], layout=layout))
    document = pdfium.PdfDocument(pdf)
    try:
        truth = document[0].get_textpage().get_text_range().replace("\ufffe", "-")
    finally:
        document.close()
    return CleanPage(rasterise(pdf, dpi=dpi)[0], truth)


def wear(page: Page, *, dpi: int = 200, seed: int = 0) -> Page:
    """A page as it comes out of a registry's scanner: a red seal over the text, dirt, one degree of skew."""
    return damage(page, dpi=dpi, seal=Seal(), skew=1, specks=1500, seed=seed)


def character_error_rate(truth: str, read: str) -> float:
    """Levenshtein distance over the length of the truth, runs of white space counting as one blank."""
    wanted, got = " ".join(truth.split()), " ".join(read.split())
    return _distance(wanted, got) / max(len(wanted), 1)


def _distance(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Edits between two texts, after Ukkonen: only the diagonals within reach of the answer are looked at."""
    reach = 32
    while (edits := _distance_within(wanted, got, reach)) > reach and reach < max(len(wanted), len(got)):
        reach *= 2
    return edits


def _distance_within(wanted: Sequence[str], got: Sequence[str], reach: int) -> int:
    far = len(wanted) + len(got)
    before = {column: column for column in range(min(reach, len(got)) + 1)}
    for row, letter in enumerate(wanted, 1):
        here: dict[int, int] = {}
        for column in range(max(0, row - reach), min(len(got), row + reach) + 1):
            if column == 0:
                here[0] = row
                continue
            substituted = before.get(column - 1, far) + (got[column - 1] != letter)
            here[column] = min(substituted, before.get(column, far) + 1, here.get(column - 1, far) + 1)
        before = here
    return before.get(len(got), far)
