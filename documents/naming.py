"""The documents a paper names (quan hệ văn bản), each with what the register knows of it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.acting import Acting
from accounts.sight import visible
from documents.extracted import ExtractedField
from documents.models import LegalDocument, LegalDocumentToken
from documents.validity import Validity, validity_on

# An annex may name hundreds; the page stays light, the text says the rest.
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Named:
    """A document that is named, and how; `legal` where the register has one of this number, and no more than one.

    `same_number` is how many bear it: a number without a year comes again every year, and at every issuer.
    """

    field: ExtractedField
    legal: LegalDocument | None
    validity: Validity | None
    same_number: int


def named_documents(fields: Sequence[ExtractedField], acting: Acting, day: date) -> list[Named]:
    """The references among these fields, as far as the officer may see what they lead to. One query, if any."""
    references = [field for field in fields if field.is_reference][:MOST_SHOWN]
    known = _in_register({field.told for field in references}, acting)
    named = []
    for field in references:
        found = known.get(_key(field.told), [])
        legal = found[0] if len(found) == 1 else None
        named.append(Named(field, legal, validity_on(legal, day) if legal else None, len(found)))
    return named


def _in_register(numbers: set[str], acting: Acting) -> dict[str, list[LegalDocument]]:
    found: dict[str, list[LegalDocument]] = defaultdict(list)
    if numbers:
        spellings = {spelling for number in numbers for spelling in _spellings(number)}
        for legal in visible(LegalDocument.objects.all(), LegalDocumentToken, acting).filter(number__in=spellings):
            found[_key(legal.number)].append(legal)
    return found


def _key(number: str) -> str:
    return number.lstrip("0")


def _spellings(number: str) -> Iterator[str]:
    """5/QĐ-UBND is 05/QĐ-UBND too: numbers below ten have a nought before them or none."""
    bare = _key(number)
    yield from (number, bare)
    if bare[:1].isdigit() and not bare[1:2].isdigit():
        yield f"0{bare}"
