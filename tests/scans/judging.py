"""Which of the values read from an invented paper are right."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ocr.reading import ExtractedField
from ocr.symbols import fold
from tests.scans.invented import Told

# Long values count as right when this similar, short ones must agree but for marks and capitals.
SIMILAR = {"subject": 0.9, "address": 0.9}
ABOUT = re.compile(r"^(?:V/v|Về việc)\s+")
# Rules that are judged in words as they stand, not folded: marks matter in symbols and codes.
EXACT = {"number", "issued_on", "effective_on", "parcel", "sheet", "area", "purposes", "serial", "register_number"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was read for a field: `is_right` is False for a wrong value and for a missing one (`confidence` None)."""

    name: str
    wanted: str | None
    read: str | None
    is_right: bool
    confidence: float | None
    field: ExtractedField | None = None


def judge(told: Iterable[Told], extracted: Sequence[ExtractedField], text: str) -> Iterator[Verdict]:
    """A verdict for each value that is printed, and one for each value read that nothing printed answers to.

    `text` is what is printed: a name in it is right even if the paper isn't about that person.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for one in told:
        if one.value not in wanted[one.name]:
            wanted[one.name].append(one.value)
    read: dict[str, list[ExtractedField]] = defaultdict(list)
    for field in extracted:
        read[field.name].append(field)
    for name, values in wanted.items():
        left = list(read.pop(name, []))
        missed = []
        for value in values:
            match = next((field for field in left if is_same(name, value, field.value)), None)
            if match is None:
                missed.append(value)
                continue
            left.remove(match)
            yield Verdict(name, value, match.value, is_right=True, confidence=match.confidence, field=match)
        for value in missed:
            wrong = left.pop(0) if left else None
            said = (wrong.value, wrong.confidence) if wrong else (None, None)
            yield Verdict(name, value, said[0], is_right=False, confidence=said[1], field=wrong)
        yield from _extra(name, left, text)
    for name, left in read.items():
        yield from _extra(name, left, text)


def _extra(name: str, fields: Iterable[ExtractedField], text: str) -> Iterator[Verdict]:
    if name in (
        "person_address",
        "document_type",
        "paper_type",
        "signer",
        "signer_title",
        "issued_at",
        "subject",
        "issuer",
    ):
        return  # the generator doesn't tell all of these
    for field in fields:
        is_printed = name in ("person_name", "issued_on", "person_id", "address") and fold(field.value) in fold(text)
        if not is_printed:
            yield Verdict(name, None, field.value, is_right=False, confidence=field.confidence, field=field)


def is_same(name: str, wanted: str, read: str) -> bool:
    """Whether a value read is the one printed."""
    if name in EXACT:
        return wanted == read
    if name in SIMILAR:
        wanted, read = ABOUT.sub("", wanted), ABOUT.sub("", read)
        return SequenceMatcher(None, fold(wanted), fold(read), autojunk=False).ratio() >= SIMILAR[name]
    return fold(wanted) == fold(read)
