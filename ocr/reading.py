"""What reading a file gives: pages of text with the place of every word, and the fields of its head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal, Self

Box = tuple[float, float, float, float]
Source = Literal["text-layer", "ocr"]
Secrecy = Literal["mat", "toi_mat", "tuyet_mat"]
Relation = Literal["based_on", "amends", "replaces", "repeals", "implements", "proposed_by", "attached_to", "mentions"]

# Words further apart than this many times the height of their line stand in different columns.
COLUMN_GAP = 2.0


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands.

    `box` is (left, top, width, height) in fractions of the page as it is shown (0..1, from the top left);
    `confidence` is 0..1, None from a text layer.
    """

    text: str
    box: Box
    confidence: float | None = None

    def as_json(self) -> list[Any]:
        return [self.text, *(round(edge, 5) for edge in self.box), self.confidence]

    @classmethod
    def from_json(cls, row: list[Any]) -> Self:
        text, left, top, width, height, confidence = row
        return cls(text, (left, top, width, height), confidence)


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page: its text (NFC, a line break after each line, a tab between columns) and its words.

    `number` counts from 1. `rotation` is by how many degrees clockwise the page as shown must be turned to stand
    upright (0, 90, 180 or 270); word boxes are in the page as shown. `width` and `height` are in points.
    `confidence` is 0..1, None for a text layer.
    """

    number: int
    source: Source
    text: str
    confidence: float | None
    rotation: int
    words: tuple[Word, ...]
    seconds: float
    width: float
    height: float

    def as_json(self) -> dict[str, Any]:
        row = {name: getattr(self, name) for name in self.__slots__}
        return {**row, "words": [word.as_json() for word in self.words]}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        return cls(**{**row, "words": tuple(Word.from_json(word) for word in row["words"])})


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """The words of a page to be laid under it: `number` from 1; `rotation` and boxes as in `PageReading`."""

    number: int
    rotation: int
    words: tuple[Word, ...]

    def as_json(self) -> dict[str, Any]:
        return {"number": self.number, "rotation": self.rotation, "words": [word.as_json() for word in self.words]}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        return cls(row["number"], row["rotation"], tuple(Word.from_json(word) for word in row["words"]))


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document this one names, and how: `mentions` when no cue says more."""

    number: str
    document_type: str | None
    relation: Relation


@dataclass(frozen=True, slots=True)
class Fields:
    """What the head and the close of an administrative document say; None where they don't.

    Anatomy: Decree 30/2020/NĐ-CP, Annex I. `document_type` is the official name ("Quyết định"), `issued_at` the
    place (địa danh), `subject` the abstract (trích yếu), `signer` the name under the signature.
    """

    number: str | None = None
    document_type: str | None = None
    issued_on: date | None = None
    issued_at: str | None = None
    issuer: str | None = None
    subject: str | None = None
    signer: str | None = None
    effective_on: date | None = None
    references: tuple[Reference, ...] = ()

    def as_json(self) -> dict[str, Any]:
        row = {name: getattr(self, name) for name in self.__slots__}
        for name in ("issued_on", "effective_on"):
            row[name] = row[name] and row[name].isoformat()
        references = [{name: getattr(one, name) for name in one.__slots__} for one in self.references]
        return {**row, "references": references}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        days = {name: row[name] and date.fromisoformat(row[name]) for name in ("issued_on", "effective_on")}
        references = tuple(Reference(**reference) for reference in row["references"])
        return cls(**{**row, **days, "references": references})


@dataclass(frozen=True, slots=True)
class PaperType:
    """The kind of paper (loại giấy tờ) as recognised by its look and words; both None when nothing was."""

    code: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One run of the reader over a file. `is_repaired`: a PDF whose table of contents had to be rebuilt."""

    pages: tuple[PageReading, ...]
    fields: Fields
    paper_type: PaperType
    secrecy: Secrecy | None
    is_repaired: bool
    seconds: float

    @property
    def text(self) -> str:
        return "\n\n".join(page.text for page in self.pages)


def compose_text(lines: Sequence[Sequence[Word]], *, aspect: float) -> str:
    """The text of lines of words, columns on one line parted by a tab. `aspect` is page width over height."""
    return "\n".join(_compose_line(line, aspect) for line in lines if line)


def _compose_line(line: Sequence[Word], aspect: float) -> str:
    height = sorted(word.box[3] for word in line)[len(line) // 2]
    parts = [line[0].text]
    for before, word in pairwise(line):
        gap = word.box[0] - before.box[0] - before.box[2]
        parts.append("\t" if gap * aspect > COLUMN_GAP * height else " ")
        parts.append(word.text)
    return "".join(parts)
