"""The fields of an administrative document, from the text of its pages."""

from collections.abc import Sequence

from ocr.close import find_adoption, find_effective_day, find_signer
from ocr.head import read_head
from ocr.reading import Fields
from ocr.references import find_references


def extract_fields(pages: Sequence[str]) -> Fields:
    """What the head on the first page, the close and the text say. Pages are as `PageReading.text` gives them."""
    if not pages:
        return Fields()
    head = read_head(pages[0])
    issued_on = head.issued_on or find_adoption(pages)
    return Fields(
        number=head.number,
        document_type=head.document_type,
        issued_on=issued_on,
        issued_at=head.issued_at,
        issuer=head.issuer,
        subject=head.subject,
        signer=find_signer(pages),
        effective_on=find_effective_day(pages, issued_on),
        references=find_references(pages, head.number),
    )
