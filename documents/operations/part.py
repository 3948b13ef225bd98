"""Pages of a bundle as a paper of their own (tách tập quét): file and reading are taken over, not made again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.base import File
from django.db.models import Max
from django.utils import timezone

from documents.models import Document, DocumentVersion, Reading, ReadPage
from documents.operations.findable import index_paper
from documents.operations.store import keep_bytes
from documents.signing import NONE
from documents.states import ReadingState
from documents.vault import local_path, register_blob
from documents.words import unpack
from ocr import take_pages
from ocr.fields import read_fields
from ocr.paper_types import recognise_type
from ocr.reading import Fields, PageReading, with_type

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Part:
    """Pages `first` to `last` of a version as a file that lies in the vault, and what their text says."""

    source: DocumentVersion
    first: int
    last: int
    sha256: str
    size: int
    fields: Fields
    paper_type: str


def take_out(version: DocumentVersion, ranges: Sequence[tuple[int, int]]) -> list[Part]:
    """The pages of each range (from 1, both ends included) as files of their own; before any transaction.

    The same pages make the same bytes. Raises Unreadable, NotStored; what was stored by then serves the next try.
    """
    with (
        local_path(version.blob_id) as path,
        TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder,
    ):
        files = take_pages(path, ranges, Path(folder))
        return [_part(version, pages, file) for pages, file in zip(ranges, files, strict=True)]


def _part(version: DocumentVersion, pages: tuple[int, int], path: Path) -> Part:
    with path.open("rb") as handle:
        file = File(handle)
        sha256, size = keep_bytes(file), file.size
    readings = [_reading_of(row) for row in _rows(version, *pages)]
    fields = read_fields(readings)
    paper_type = recognise_type(readings[0].text if readings else "", fields.document_type)
    return Part(version, *pages, sha256, size, with_type(fields, paper_type), paper_type.code or "")


def _rows(version: DocumentVersion, first: int, last: int) -> list[ReadPage]:
    rows = ReadPage.objects.filter(reading=version.reading_id, number__gte=first, number__lte=last)
    return list(rows.order_by("number"))


def _reading_of(row: ReadPage) -> PageReading:
    return PageReading(
        number=row.number,
        source="ocr" if row.source == "ocr" else "text-layer",
        text=row.text,
        confidence=row.confidence,
        rotation=row.rotation,
        words=unpack(row.words),
        seconds=0,
        width=row.width,
        height=row.height,
    )


def keep_part(document: Document, part: Part, *, officer_id: int) -> DocumentVersion:
    """Makes the part the document's current version, read already; in the caller's transaction, who records it.

    The caller has locked the source, and seen that its reading still is the one the part was made from.
    """
    # Of two who add a version at once, the second counts the first's.
    document = Document.objects.select_for_update().get(pk=document.pk)
    source = part.source
    register_blob(sha256=part.sha256, size=part.size, media_type=_PDF)
    stem = Path(source.file_name).stem[:150]
    version = DocumentVersion.objects.create(
        document=document,
        number=(document.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        blob_id=part.sha256,
        file_name=f"{stem} tr. {part.first}-{part.last}.pdf",
        uploaded_by_id=officer_id,
        uploaded_at=timezone.now(),
        screening=source.screening,
        scanned_at=source.scanned_at,
        active_content=source.active_content,
        page_count=part.last - part.first + 1,
        pages_read=part.last - part.first + 1,
        reading_state=ReadingState.READ,
        signing=NONE,
    )
    version.reading = _taken_over(version, part)
    version.save(update_fields=["reading"])
    document.current = version
    document.save(update_fields=["current"])
    index_paper(document.pk)
    return version


def _taken_over(version: DocumentVersion, part: Part) -> Reading:
    """The words of the bundle's pages, numbered from 1."""
    before = part.source.reading
    assert before is not None  # noqa: S101 a bundle is split once it was read
    reading = Reading.objects.create(
        version=version, read_at=before.read_at, fields=part.fields.as_json(), paper_type=part.paper_type
    )
    rows = _rows(part.source, part.first, part.last)
    for row in rows:
        row.pk, row.reading, row.number = None, reading, row.number - part.first + 1
    ReadPage.objects.bulk_create(rows, batch_size=50)
    return reading
