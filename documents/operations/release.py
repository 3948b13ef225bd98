"""Letting go of the files of papers that are disposed of (hủy tài liệu): the only way bytes ever leave the vault.

The rows of the papers and their versions stay, and so does the row of the bytes, with its SHA-256 and when it went.
"""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from documents.models import Blob, Document, DocumentVersion, Reading, ReadPage, SearchableCopy
from documents.operations.findable import hide_paper
from documents.pictures import forget_pictures
from documents.reasons import DISPOSED
from documents.states import ReadingState, Screening
from documents.vault import delete_bytes
from jobs.outbox import enqueue

TOPIC = "release"


def release_files(document_ids: Collection[int]) -> None:
    """Shuts the versions of these papers for good and forgets what was read from them; their bytes follow the commit.

    In the caller's transaction, which records it and has checked that they may go.
    """
    list(Document.objects.select_for_update().filter(pk__in=document_ids).order_by("pk"))
    versions = DocumentVersion.objects.filter(document__in=document_ids)
    # Who reads or copies one of them ends before this lock, and is forgotten below, or finds its file shut.
    held = set(versions.select_for_update().order_by("pk").values_list("blob_id", flat=True))
    readings = Reading.objects.filter(version__in=versions)
    copies = SearchableCopy.objects.filter(reading__in=readings)
    held |= {blob for blob in copies.select_for_update().order_by("pk").values_list("blob_id", flat=True) if blob}
    copies.delete()
    ReadPage.objects.filter(reading__in=readings).delete()
    readings.update(fields={}, paper_type="")
    # Why a file was shut away stays with it: what was secret is no more to be found by its name than before.
    versions.filter(screening=Screening.QUARANTINED).update(
        screening=Screening.DISPOSED, reading_state=ReadingState.FAILED
    )
    versions.exclude(screening=Screening.DISPOSED).update(
        screening=Screening.DISPOSED,
        quarantine_reason=DISPOSED,
        reading_state=ReadingState.FAILED,
        reading_error=DISPOSED,
    )
    for document_id in document_ids:
        hide_paper(document_id)
    drop_later(held)


def drop_later(hashes: Iterable[str]) -> None:
    """Has bytes taken out of the vault after the caller's commit, those nothing holds by then."""
    for sha256 in sorted(hashes):
        enqueue(TOPIC, sha256)


def drop_bytes(sha256: str) -> bool:
    """Takes the bytes out of the vault unless something else holds them; True when they are gone. Twice does nothing.

    First the row says so and commits, then the bytes go under the row's lock: who brings the same bytes meanwhile
    waits at the row (`vault.register_blob`), and a crash in between leaves bytes too many, never too few.
    """
    with transaction.atomic():
        blob = Blob.objects.select_for_update().get(pk=sha256)
        if is_held(blob):
            return False
        if blob.released_at is None:
            blob.released_at = timezone.now()
            blob.save(update_fields=["released_at"])
    with transaction.atomic():
        blob = Blob.objects.select_for_update().get(pk=sha256)
        if blob.released_at is None or is_held(blob):
            return False
        delete_bytes(sha256)
    forget_pictures(sha256)
    return True


def is_held(blob: Blob) -> bool:
    """Whether anything names these bytes: a version that was not disposed of, a copy, whatever else refers to them."""
    versions = DocumentVersion.objects.filter(blob=blob).exclude(screening=Screening.DISPOSED)
    if versions.exists():
        return True
    others = [relation for relation in Blob._meta.related_objects if relation.related_model is not DocumentVersion]
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: blob}).exists() for relation in others
    )
