"""The fields of a paper, from the text of its pages: of the head and the close, of land and of people."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocr.addresses import find_addresses
from ocr.close import find_adoption, find_day_of_writing, find_effective_day, find_signature
from ocr.finding import Finding
from ocr.gathering import gather
from ocr.head import read_head
from ocr.head_places import HeadFacts, find_head
from ocr.land import find_land
from ocr.layout import body_line
from ocr.people import find_people
from ocr.placing import Script
from ocr.reading import Fields, PageReading
from ocr.references import find_references
from ocr.weighing import Weighed

# Land and people are looked for on the first pages: an annex of a thousand rows is no summary of a paper.
MOST_PAGES = 12


def extract_fields(pages: Sequence[str]) -> Fields:
    """What the head on the first page, the close and the text say. Pages are as `PageReading.text` gives them."""
    scripts = [Script(text, number=number) for number, text in enumerate(pages, 1)]
    return _fields(pages, scripts, [None] * len(pages), body_at=None)[0]


def read_fields(pages: Sequence[PageReading]) -> Fields:
    """The same with the place of every value and how sure it is. Pages are in order."""
    return weigh_fields(pages)[0]


def weigh_fields(pages: Sequence[PageReading]) -> tuple[Fields, list[Weighed]]:
    """`read_fields`, and what each field of `extracted` was weighed by."""
    scripts = [Script.of(page) for page in pages]
    body_at = body_line(pages[0]) if pages else None
    return _fields([page.text for page in pages], scripts, [page.confidence for page in pages], body_at=body_at)


def _fields(
    pages: Sequence[str], scripts: Sequence[Script], sureness: Sequence[float | None], *, body_at: int | None
) -> tuple[Fields, list[Weighed]]:
    if not pages:
        return Fields(), []
    head = read_head(pages[0], body_at=body_at)
    by_head = head.issued_on or find_adoption(pages)
    written = None if by_head else find_day_of_writing(pages)
    signature = find_signature(pages)
    fields = Fields(
        number=head.number,
        document_type=head.document_type,
        issued_on=by_head or (written[1] if written else None),
        issued_at=head.issued_at or (written[0] if written else None),
        issuer=head.issuer,
        subject=head.subject,
        signer=signature.name if signature else None,
        effective_on=find_effective_day(pages, by_head),
        references=find_references(pages, head.number),
    )
    facts = HeadFacts(fields, signature.title if signature else None, is_dated_by_head=by_head is not None)
    weighed = gather(_findings(facts, scripts), scripts, sureness)
    return replace(fields, extracted=tuple(one.field for one in weighed)), weighed


def _findings(facts: HeadFacts, scripts: Sequence[Script]) -> Iterator[Finding]:
    yield from find_head(facts, scripts)
    for script in scripts[:MOST_PAGES]:
        yield from find_land(script)
        yield from find_people(script)
        yield from find_addresses(script)
