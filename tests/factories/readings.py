"""Papers of a dossier as the reader would have left them: values with their place and how sure they are."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import timezone

from documents.models import DocumentVersion, Reading, ReadPage
from documents.states import ReadingState
from documents.words import pack
from dossiers.models import Dossier
from ocr.reading import Fields, PageReading, PaperType, Word
from ocr.reading import Reading as Outcome
from tests.factories.documents import laid_out

PLACE = (0.3, 0.4, 0.12, 0.02)


def said(
    name: str,
    value: str,
    *,
    sure: float = 0.97,
    group: int = 0,
    page: int | None = 1,
    box: Sequence[float] | None = PLACE,
    raw: str = "",
) -> dict[str, Any]:
    """A value as a reading keeps it."""
    place = list(box) if box else None
    words = {"name": name, "value": value, "raw": raw or value, "page": page, "box": place}
    return {**words, "confidence": sure, "group": group}


def person(name: str, number: str = "", year: str = "", *, group: int = 5, **how: Any) -> list[dict[str, Any]]:
    """A person with what the paper says of him."""
    told = {"person_name": name, "person_id": number, "birth_year": year}
    return [said(kind, value, group=group, **how) for kind, value in told.items() if value]


def land(parcel: str = "", sheet: str = "", area: str = "", *, group: int = 1, **how: Any) -> list[dict[str, Any]]:
    """A parcel with what the paper says of it."""
    told = {"parcel": parcel, "sheet": sheet, "area": area}
    return [said(kind, value, group=group, **how) for kind, value in told.items() if value]


def read_as(dossier: Dossier, component: str, *fields: dict[str, Any], text: str = "Trang", **page: Any) -> Reading:
    """The scan of this paper was read and says this; reading it again replaces what it said."""
    document = dossier.components.get(code=component).document
    assert document is not None
    assert document.current_id is not None
    reading = Reading.objects.create(
        version_id=document.current_id, read_at=timezone.now(), fields={"extracted": list(fields)}
    )
    shape = {"width": 595, "height": 842, "confidence": 0.94, **page}
    ReadPage.objects.create(reading=reading, number=1, source="ocr", text=text, words=pack(laid_out(text)), **shape)
    DocumentVersion.objects.filter(pk=document.current_id).update(
        reading=reading, reading_state=ReadingState.READ, page_count=1
    )
    return reading


def outcome(*texts: str, secrecy: Any = None, fields: Fields | None = None) -> Outcome:
    """What the reader answers on a file of these pages."""
    pages = tuple(
        PageReading(number, "ocr", text, 0.9, 0, (Word(text, (0.1, 0.1, 0.5, 0.02), 0.9),), 1.0, 595, 842)
        for number, text in enumerate(texts, 1)
    )
    return Outcome(
        pages,
        fields or Fields(number="17/QĐ"),
        PaperType("quyet_dinh", 0.8),
        secrecy,
        is_repaired=False,
        seconds=1.0,
    )


@contextmanager
def reading_nothing() -> Iterator[None]:
    """Whatever is read meanwhile is one empty page; the reader itself takes half a second a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("documents.operations.read.read_file", lambda path, **_: outcome("", fields=Fields()))
        yield
