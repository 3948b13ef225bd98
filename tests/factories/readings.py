"""Papers of a dossier as the reader would have left them: values with their place and how sure they are."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from documents.models import DocumentVersion, Reading, ReadPage
from documents.states import ReadingState
from documents.words import pack
from dossiers.models import Dossier
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
