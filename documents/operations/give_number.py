"""Numbers for what goes out (cấp số): the one way in which a paper of an agency comes by its number."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.acting import Acting
from accounts.models import Unit
from accounts.numbering import next_number
from documents.models import DocumentType
from documents.numbers import write_number
from documents.origins import Origin
from documents.outgoing import RegisterEntry
from documents.states import NumberState
from search.text import clean, folded_in_place


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A paper that gets a number: which series and pattern, and what the register says of it.

    issued_on  none reserves the number
    """

    series: str
    pattern: str
    kind: str
    subject: str
    document_type_id: str | None = None
    signer: str = ""
    recipients: str = ""
    issued_on: date | None = None
    document_id: int | None = None
    origin: Origin | None = None


def give_number(*, unit: Unit, paper: Outgoing, acting: Acting) -> RegisterEntry:
    """The next number of the unit's agency in this series and year, entered in the register.

    In the caller's transaction, late in it: whoever needs this series waits until it ends, and what rolls back gives
    its number back. It is part of an action of the caller's, who checks the right to it and records it: **no event is
    written here**.
    """
    year = (paper.issued_on or timezone.localdate()).year
    number = next_number(agency=unit.agency, kind=paper.series, year=year)
    written = write_number(paper.pattern, number=number, year=year, symbol=unit.symbol)
    return RegisterEntry.objects.create(
        **_columns(paper),
        unit=unit,
        agency=unit.agency,
        year=year,
        number=number,
        written=written,
        state=NumberState.USED if paper.issued_on else NumberState.RESERVED,
        given_by_id=acting.officer_id,
        given_at=timezone.now(),
        folded=folded_words(written, paper.kind, paper.subject, paper.origin.code if paper.origin else ""),
    )


def series_of(kind: DocumentType) -> str:
    """The yearly series papers of this type are numbered in."""
    return kind.number_series or kind.code


def folded_words(*texts: str) -> str:
    """What the register is searched by."""
    return folded_in_place(clean(" ".join(texts)))


def _columns(paper: Outgoing) -> dict[str, object]:
    origin = paper.origin
    return {
        "series": paper.series,
        "pattern": paper.pattern,
        "document_type_id": paper.document_type_id,
        "kind": paper.kind[:250],
        "subject": paper.subject[:1000],
        "signer": paper.signer,
        "recipients": paper.recipients,
        "issued_on": paper.issued_on,
        "document_id": paper.document_id,
        "origin_kind": origin.kind if origin else "",
        "origin_id": origin.id if origin else None,
        "origin_code": origin.code if origin else "",
    }
