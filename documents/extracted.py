"""The fields read from a paper as a list for the page, each with the place it was read from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.finding import Tokens, Wanted, terms_of

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
    """A field (trường trích xuất): its code, label and value in words, and the page it stands on, if it was found."""

    code: str
    label: str
    value: str
    wanted: Wanted
    page: int | None


def extracted_fields(fields: Mapping[str, Any], pages: Sequence[tuple[int, Tokens]]) -> list[ExtractedField]:
    """What the reader took from the paper, in the order of the paper; empty fields are left out.

    `pages` are numbers and words of the pages, in order, at least those at both ends.
    """
    ends = [*pages[:PAGES_EACH_END], *pages[PAGES_EACH_END:][-PAGES_EACH_END:]]
    found = []
    for code, label, value, wanted in _values(fields):
        place = _place_of(wanted, ends[::-1] if code == "signer" else ends)
        found.append(ExtractedField(code, label, value, *(place or ((), None))))
    return found


def _values(fields: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Wanted]]:
    for code, label in _LABELS.items():
        value = fields.get(code)
        if not value:
            continue
        if code in _DATES:
            day = date.fromisoformat(value)
            yield code, str(label), date_format(day, "SHORT_DATE_FORMAT"), _spellings(day)
        else:
            yield code, str(label), value, (terms_of(value),)
    for index, reference in enumerate(fields.get("references") or ()):
        named = " ".join(filter(None, (reference.get("document_type"), reference.get("number"))))
        relation = _RELATIONS.get(reference.get("relation", ""), _RELATIONS["mentions"])
        yield f"reference-{index}", str(relation), named, (terms_of(reference.get("number") or named),)


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
