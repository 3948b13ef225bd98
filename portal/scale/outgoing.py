"""The numbers of seeded papers, as rows of the outgoing register."""

from datetime import date, datetime
from typing import Any

from documents.numbers import write_number
from documents.operations.give_number import Outgoing, folded_words
from documents.outgoing import RegisterEntry
from documents.states import NumberState
from dossiers.selectors import KIND
from portal.scale.desk import Folder


def give(folder: Folder, paper: Outgoing, *, day: date, at: datetime, **columns: Any) -> str:
    """The next number as `documents.operations.give_number` gives it; `columns` are further ones of its row."""
    unit = folder.handler.unit
    number = folder.desk.counters.next(agency=unit.agency, kind=paper.series, year=day.year)
    written = write_number(paper.pattern, number=number, year=day.year, symbol=unit.symbol)
    folder.desk.shelves[RegisterEntry].add(
        unit_id=unit.pk,
        agency=unit.agency,
        series=paper.series,
        year=day.year,
        number=number,
        written=written,
        pattern=paper.pattern,
        kind=paper.kind,
        subject=paper.subject,
        issued_on=day,
        state=NumberState.USED.value,
        origin_kind=KIND,
        origin_id=folder.key,
        origin_code=folder.code,
        given_at=at,
        **columns,
        folded=folded_words(written, paper.kind, paper.subject, folder.code),
    )
    return written
