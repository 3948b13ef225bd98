"""What reading a file gives: pages of text with the place of every word, and the fields of its head."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
    `confidence` is 0..1, None from a text layer. `raw` is what was read before it was put right, None where nothing
    was.
    """

    text: str
    box: Box
    confidence: float | None = None
    raw: str | None = None

    def as_json(self) -> list[Any]:
        row = [self.text, *(round(edge, 5) for edge in self.box), self.confidence]
        return row if self.raw is None else [*row, self.raw]

    @classmethod
    def from_json(cls, row: list[Any]) -> Self:
        text, left, top, width, height, confidence, *raw = row
        return cls(text, (left, top, width, height), confidence, *raw)


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
class PageMark:
    """What parts papers in a bundle: `number` from 1, a blank sheet, or what the code on a sheet says."""

    number: int
    is_blank: bool
    code: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document this one names, and how: `mentions` when no cue says more."""

    number: str
    document_type: str | None
    relation: Relation


@dataclass(frozen=True, slots=True)
class ExtractedField:
    """A value read from a paper (trường trích xuất), how sure it is and where it stands.

    `name` is one of FIELD_NAMES. `value` is tidied: days as ISO, areas in m² with a decimal point, purposes as codes
    joined by "+"; a reference is "number|relation". `raw` is what the words say. `confidence` 0..1 is calibrated: of
    what is said with 0.9, nine in ten are right. `page` counts from 1 and `box` surrounds the words in fractions of
    the page as it is shown; both None where the place is not known. Values with the same `group` (from 1) belong
    together: name, number and birth year of one person, or sheet, number and area of one parcel; 0 is the paper's.
    """

    name: str
    value: str
    raw: str
    confidence: float
    page: int | None = None
    box: Box | None = None
    group: int = 0

    def as_json(self) -> dict[str, Any]:
        row = {name: getattr(self, name) for name in self.__slots__}
        return {**row, "confidence": round(self.confidence, 3), "box": self.box and [round(one, 5) for one in self.box]}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        box = row.get("box")
        return cls(**{**row, "box": (box[0], box[1], box[2], box[3]) if box else None})


# Of the head and the close (SPEC O-4), and of land (O-5): parcel number (thửa đất số), map sheet (tờ bản đồ số), area
# in m², purposes (mã loại đất), address of the land, serial (số phát hành) and register number (số vào sổ) of a
# certificate, people and organisations. `paper_type` holds the code of the kind of paper.
FIELD_NAMES = (
    "paper_type",
    "document_type",
    "number",
    "issued_on",
    "issued_at",
    "issuer",
    "subject",
    "signer",
    "signer_title",
    "effective_on",
    "reference",
    "parcel",
    "sheet",
    "area",
    "purposes",
    "address",
    "serial",
    "register_number",
    "person_name",
    "person_id",
    "birth_year",
    "person_address",
    "tax_code",
)


@dataclass(frozen=True, slots=True)
class Fields:
    """What the head and the close of an administrative document say; None where they don't.

    Anatomy: Decree 30/2020/NĐ-CP, Annex I. `document_type` is the official name ("Quyết định"), `issued_at` the
    place (địa danh), `subject` the abstract (trích yếu), `signer` the name under the signature. `extracted` holds
    these and all other values with confidence and place; readings of before have none.
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
    extracted: tuple[ExtractedField, ...] = field(default=(), compare=False)

    def as_json(self) -> dict[str, Any]:
        row = {name: getattr(self, name) for name in self.__slots__}
        for name in ("issued_on", "effective_on"):
            row[name] = row[name] and row[name].isoformat()
        references = [{name: getattr(one, name) for name in one.__slots__} for one in self.references]
        return {**row, "references": references, "extracted": [one.as_json() for one in self.extracted]}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        days = {name: row[name] and date.fromisoformat(row[name]) for name in ("issued_on", "effective_on")}
        references = tuple(Reference(**reference) for reference in row["references"])
        extracted = tuple(ExtractedField.from_json(one) for one in row.get("extracted", ()))
        return cls(**{**row, **days, "references": references, "extracted": extracted})


@dataclass(frozen=True, slots=True)
class PaperType:
    """The kind of paper (loại giấy tờ) as recognised by its look and words; both None when nothing was."""

    code: str | None = None
    confidence: float | None = None


def with_type(fields: Fields, paper_type: PaperType) -> Fields:
    """Fields with the kind of paper among those extracted, so that its sureness is kept with theirs."""
    if paper_type.code is None or paper_type.confidence is None:
        return fields
    kind = ExtractedField("paper_type", paper_type.code, fields.document_type or "", paper_type.confidence, page=1)
    return replace(fields, extracted=(kind, *fields.extracted))


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
