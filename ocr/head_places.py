"""Where the fields of the head and the close stand, and what speaks for or against them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ocr.dates import DATE, date_of
from ocr.finding import Finding
from ocr.placing import Place, Script
from ocr.reading import Fields
from ocr.symbols import fold, type_of_number

_DATE = re.compile(DATE, re.IGNORECASE)
_YEAR_IN_NUMBER = re.compile(r"/((?:19|20)\d{2})/")
# A letter no Vietnamese word has: recognition made it up.
_FOREIGN = re.compile(r"[^\W\d_a-z]")
_FIRST_YEAR = 1945
# The latest year a paper may bear: a clock that goes wrong is no reason to doubt a paper.
_LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """The fields as the text gave them; `is_dated_by_head` where the day of issue stands in the head."""

    fields: Fields
    signer_title: str | None
    is_dated_by_head: bool


def find_head(facts: HeadFacts, scripts: Sequence[Script]) -> Iterator[Finding]:
    """A finding for each field of the head and the close that was read."""
    fields = facts.fields
    first = scripts[:1]
    yield from _stated("number", fields.number, first, check=_agrees(fields))
    yield from _stated("document_type", fields.document_type, first)
    yield from _stated(
        "issued_at",
        fields.issued_at,
        first if facts.is_dated_by_head else scripts[::-1],
        from_end=not facts.is_dated_by_head,
    )
    yield from _stated("issuer", fields.issuer, first)
    yield from _stated("subject", fields.subject, first)
    yield from _stated("signer", fields.signer, scripts[::-1], from_end=True)
    yield from _stated("signer_title", facts.signer_title, scripts[::-1], from_end=True)
    yield from _dated("issued_on", fields.issued_on, scripts, "head" if facts.is_dated_by_head else "text", fields)
    rule = "signing" if fields.effective_on == fields.issued_on else "stated"
    yield from _dated("effective_on", fields.effective_on, scripts[::-1], rule, fields)
    for reference in fields.references:
        found = next((place for script in scripts if (place := script.find(reference.number))), [])
        value = f"{reference.number}|{reference.relation}"
        yield Finding(
            "reference",
            value,
            _raw(found, scripts) or reference.number,
            tuple(found),
            f"reference:{reference.relation}",
        )


def _stated(
    name: str, value: str | None, scripts: Sequence[Script], *, from_end: bool = False, check: bool | None = None
) -> Iterator[Finding]:
    if not value:
        return
    found = next((places for script in scripts if (places := script.find(value, from_end=from_end))), [])
    raw = _raw(found, scripts)
    is_repaired = bool(raw) and name == "number" and "".join(raw.split()) != value
    rule = f"{name}:head" if found else f"{name}:inferred"
    if name != "subject" and _FOREIGN.search(fold(value)):
        check = False
    yield Finding(name, value, raw or value, tuple(found), rule, check=check, is_repaired=is_repaired)


def _raw(places: Sequence[Place], scripts: Sequence[Script]) -> str:
    texts = {script.number: script.text for script in scripts}
    return " ".join(texts[place.page][place.start : place.end] for place in places)


def _agrees(fields: Fields) -> bool | None:
    """Whether the number's year and code agree with the day of issue and the title."""
    number, day = fields.number, fields.issued_on
    if number is None:
        return None
    year = _YEAR_IN_NUMBER.search(number)
    if year and day and int(year[1]) != day.year:
        return False
    by_code = type_of_number(number)
    if by_code is None or fields.document_type is None:
        return True if year and day else None
    return by_code == fields.document_type


def _dated(name: str, day: date | None, scripts: Sequence[Script], rule: str, fields: Fields) -> Iterator[Finding]:
    if day is None:
        return
    places = (
        script.place(match.start(), match.end())
        for script in scripts
        for match in _DATE.finditer(script.text)
        if date_of(match) == day
    )
    found = next(places, None)
    raw = _raw([found], scripts) if found else day.isoformat()
    is_possible = _FIRST_YEAR <= day.year <= _LAST_YEAR
    check = (_agrees(fields) if name == "issued_on" else None) if is_possible else False
    is_repaired = bool(re.search(r"\d[OoIl]|[OoIl]\d", raw))
    yield Finding(
        name, day.isoformat(), raw, (found,) if found else (), f"{name}:{rule}", check=check, is_repaired=is_repaired
    )
