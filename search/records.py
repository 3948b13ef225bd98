"""An entry as it lies in either index."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from search.kinds import Entry
from search.text import edged, forms_of

# Analysed words, sought by `nodes.Term`, `Phrase` and `Slip`; never given back.
WORD_FIELDS = ("body_exact", "body_folded", "head_exact", "head_folded", "number_folded")
# Kept whole, sought by `nodes.In`.
WHOLE_FIELDS = ("key", "allow", "kind", "unit", "document_type", "status", "issuer", "year")
# What can be counted: every whole field that says what a thing is.
FACET_FIELDS = ("kind", "document_type", "status", "issuer", "unit", "year")
# Given back with a hit.
SHOWN_FIELDS = ("key", "kind", "id", "number", "title", "text", "unit", "document_type", "status", "issuer", "dated")
# A digest of everything else an entry says, by which drift is found.
MARK = "mark"
# Whole numbers that order hits by date, the highest first.
ORDER_FIELDS = ("newest", "oldest")

# A text beyond this (some 2,500 pages) is found by what stands before.
LONGEST_TEXT = 5_000_000
# A facet's value is a name; what is longer was misread, and no engine takes it whole.
_LONGEST_NAME = 300
_LAST_DAY = date.max.toordinal()
_FIRST_DAY = date(1900, 1, 1).toordinal()

Value = str | int | float | list[str]


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of an entry, by name; empty ones are left out."""

    key: str
    fields: Mapping[str, Value]


def key_of(kind: str, object_id: str) -> str:
    return f"{kind}:{object_id}"


def record_of(entry: Entry) -> Record:
    """What both engines store for an entry.

    recency   about a hundredth at most: among equally good hits the newer stands first
    """
    key = key_of(entry.kind, entry.id)
    day = entry.dated.toordinal() if entry.dated else 0
    number = forms_of(entry.number)
    head = [number, forms_of(entry.document_type), forms_of(entry.title)]
    heads = edged(head)
    bodies = edged([*head, forms_of(entry.issuer), forms_of(entry.text[:LONGEST_TEXT])])
    fields: dict[str, Value] = {
        "key": key,
        "kind": entry.kind,
        "id": entry.id,
        "number": entry.number,
        "title": entry.title,
        "text": entry.text[:LONGEST_TEXT],
        "allow": sorted(entry.tokens),
        "unit": entry.unit[:_LONGEST_NAME],
        "document_type": entry.document_type[:_LONGEST_NAME],
        "status": entry.status,
        "issuer": entry.issuer[:_LONGEST_NAME],
        "dated": entry.dated.isoformat() if entry.dated else "",
        "year": str(entry.dated.year) if entry.dated else "",
        "body_exact": bodies.exact,
        "body_folded": bodies.folded,
        "head_exact": heads.exact,
        "head_folded": heads.folded,
        "number_folded": edged([number]).folded,
    }
    numbers: dict[str, Value] = {
        "newest": _ordered(day, key),
        "oldest": _ordered(_LAST_DAY - day if day else 0, key),
        "recency": max(0, day - _FIRST_DAY) / 3_000_000,
    }
    kept = {name: value for name, value in fields.items() if value} | numbers
    return Record(key, {**kept, MARK: _mark_of(entry)})


def _mark_of(entry: Entry) -> str:
    """The same for entries that say the same, and for no others; how words are analysed is the form's matter."""
    said = (
        entry.number,
        entry.title,
        entry.unit,
        entry.document_type,
        entry.status,
        entry.issuer,
        entry.dated.isoformat() if entry.dated else "",
        *sorted(entry.tokens),
    )
    lengths = ",".join([str(len(each)) for each in (*said, entry.text)])
    whole = "\n".join([lengths, *said, entry.text])
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _ordered(day: int, key: str) -> int:
    """Orders by day; those of one day, or of none, in a fixed order of their own. Fits into 63 bits."""
    tie = int.from_bytes(blake2b(key.encode(), digest_size=5).digest())
    return day << 40 | tie
