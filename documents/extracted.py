"""The fields read from a paper as a list for the page, each with the place it was read from and how sure it is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.finding import Tokens, Wanted, terms_of
from ocr.reading import Box

_LABELS: dict[str, Promise] = {
    "document_type": _("Type of paper"),
    "number": _("Number, symbol"),
    "issued_on": _("Date of issue"),
    "issued_at": _("Place of issue"),
    "issuer": _("Issuer"),
    "subject": _("Abstract"),
    "signer": _("Signer"),
    "effective_on": _("In force from"),
}
# What the reader says of a paper beside these, each with its place. The kind of paper is said with the paper's title.
_FURTHER: dict[str, Promise] = {
    "signer_title": _("Title of the signer"),
    "parcel": _("Parcel number"),
    "sheet": _("Map sheet"),
    "area": _("Area"),
    "purposes": _("Purposes"),
    "address": _("Address"),
    "serial": _("Serial of the certificate"),
    "register_number": _("Number in the register"),
    "person_name": _("Person"),
    "person_id": _("Identity number"),
    "birth_year": _("Year of birth"),
    "person_address": _("Address of the person"),
    "tax_code": _("Tax code"),
}
# The page says the kind of paper beside its name already.
_KIND = "paper_type"
_RELATIONS: dict[str, Promise] = {
    "based_on": _("Based on"),
    "amends": _("Amends"),
    "replaces": _("Replaces"),
    "repeals": _("Repeals"),
    "implements": _("Implements"),
    "proposed_by": _("Proposed by"),
    "attached_to": _("Attached to"),
    "mentions": _("Mentions"),
}
_DATES = {"issued_on", "effective_on"}
# The head stands on the first pages, the signature on the last; a long paper isn't searched through for them.
PAGES_EACH_END = 2
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class ExtractedField:
    """A field (trường trích xuất): its code, label and value in words, and the page it stands on, if it is known.

    `box` is where the reader says it stands; without one it is where the words `wanted` stand on the page.
    `confidence` is 0..1; None where the reader gave none. `name`, `told` and `group` are the reader's own: the kind of
    field, its tidied value, and which values belong to one parcel or person (0: to the paper as a whole).
    """

    code: str
    label: str
    value: str
    wanted: Wanted = ()
    page: int | None = None
    box: Box | None = None
    confidence: float | None = None
    name: str = ""
    told: str = ""
    group: int = 0

    @property
    def is_reference(self) -> bool:
        """Another document the paper names; then `told` is its number."""
        return self.name == "reference"


def extracted_fields(fields: Mapping[str, Any], pages: Sequence[tuple[int, Tokens]]) -> list[ExtractedField]:
    """What the reader took from the paper, in the order of the paper; empty fields are left out.

    `pages` are numbers and words of the pages, in order, at least those at both ends; they are asked where the
    reader didn't say itself where a value stands.
    """
    if fields.get("extracted"):
        return _placed(fields["extracted"])
    ends = [*pages[:PAGES_EACH_END], *pages[PAGES_EACH_END:][-PAGES_EACH_END:]]
    found = []
    for code, told, label, value, sought in _values(fields):
        place = _place_of(sought, ends[::-1] if code == "signer" else ends)
        name = code.partition("-")[0]
        wanted, page = place or ((), None)
        found.append(ExtractedField(code, label, value, wanted, page, name=name, told=told))
    return found


def _placed(rows: Sequence[Mapping[str, Any]]) -> list[ExtractedField]:
    """Fields whose place the reader gave; several of a kind are told apart by their group, else by their number."""
    found: list[ExtractedField] = []
    seen: Counter[str] = Counter()
    for row in rows:
        name, box, group = row["name"], row.get("box"), row.get("group") or 0
        if name == _KIND:
            continue
        label, value = _in_words(name, row["value"])
        code = _code_of(name, group, seen[name])
        seen[name] += 1
        found.append(
            ExtractedField(
                code,
                label,
                value,
                wanted=(terms_of(row.get("raw") or row["value"]),),
                page=row.get("page"),
                box=(box[0], box[1], box[2], box[3]) if box else None,
                confidence=row.get("confidence"),
                name=name,
                told=row["value"].partition("|")[0] if name == "reference" else row["value"],
                group=group,
            )
        )
    return found


def _code_of(name: str, group: int, before: int) -> str:
    """What tells a field from the others of its kind, of which so many came before it."""
    if name == "reference":
        return f"{name}-{before}"
    if group:
        return f"{name}-{group}"
    return f"{name}-{before + 1}" if before else name


def _in_words(name: str, value: str) -> tuple[str, str]:
    """Label and value of a field as an officer writes them; what can't be understood stays as it was read."""
    if name == "reference":
        number, _bar, relation = value.partition("|")
        return str(_RELATIONS.get(relation, _RELATIONS["mentions"])), number
    label = str(_LABELS.get(name) or _FURTHER.get(name) or name)
    try:
        if name in _DATES:
            return label, date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
        if name == "area":
            return label, f"{number_format(Decimal(value))} m²"
    except (ValueError, InvalidOperation):
        pass
    return label, value.replace("+", ", ") if name == "purposes" else value


def _values(fields: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, Wanted]]:
    """Code, value as the reader tells it, label, value in words, and the words to look for."""
    for code, label in _LABELS.items():
        value = fields.get(code)
        if not value:
            continue
        if code in _DATES:
            day = date.fromisoformat(value)
            yield code, value, str(label), date_format(day, "SHORT_DATE_FORMAT"), _spellings(day)
        else:
            yield code, value, str(label), value, (terms_of(value),)
    for index, reference in enumerate(fields.get("references") or ()):
        number = reference.get("number") or ""
        named = " ".join(filter(None, (reference.get("document_type"), number)))
        relation = _RELATIONS.get(reference.get("relation", ""), _RELATIONS["mentions"])
        yield f"reference-{index}", number, str(relation), named, (terms_of(number or named),)


def _spellings(day: date) -> Wanted:
    """A date as papers write it: 05 tháng 6 năm 2026, 5 tháng 06 năm 2026, 05/6/2026 …"""
    days = dict.fromkeys((f"{day.day:02d}", str(day.day)))
    months = dict.fromkeys((f"{day.month:02d}", str(day.month)))
    year = str(day.year)
    return tuple(
        run
        for one_day in days
        for month in months
        for run in ((one_day, "thang", month, "nam", year), (one_day, month, year))
    )


def _place_of(wanted: Wanted, pages: Sequence[tuple[int, Tokens]]) -> tuple[Wanted, int] | None:
    """The page a value stands on and the words that stand there.

    Two columns break a long value (the issuer over two lines): then as many of its first words as stand together.
    """
    for number, tokens in pages:
        if tokens.runs(wanted):
            return wanted, number
    longest = max(
        ((tokens.length_standing(run), -number, run) for run in wanted for number, tokens in pages),
        default=(0, 0, ()),
    )
    length, page, run = longest
    return ((run[:length],), -page) if len(wanted) == 1 and length >= _FEWEST_WORDS else None
