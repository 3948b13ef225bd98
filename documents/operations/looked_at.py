"""Who looked at which paper: kept in the reader's own stream, where access is looked through person by person."""

from django.db import transaction

from accounts.acting import Acting
from audit.recording import record
from documents.models import Document, DocumentVersion


@transaction.atomic
def record_opening(*, document: Document, acting: Acting) -> None:
    """Records that a paper not open to every officer was opened (A Art. 8, Law on personal data: log of access)."""
    payload = {"document": document.pk, "title": document.title}
    record(f"account:{acting.officer_id}", "document.opened", actor=acting.actor, payload=payload)


@transaction.atomic
def record_copy_download(*, document: Document, version: DocumentVersion, acting: Acting) -> None:
    """Records that the searchable copy of a file left the system."""
    payload = {"document": document.pk, "title": document.title, "version": version.number}
    record(f"account:{acting.officer_id}", "document.copy_downloaded", actor=acting.actor, payload=payload)


@transaction.atomic
def record_download(*, document: Document, version: DocumentVersion, acting: Acting) -> None:
    """Records that the original file left the system."""
    payload = {
        "document": document.pk,
        "title": document.title,
        "file_name": version.file_name,
        "sha256": version.blob_id,
    }
    record(f"account:{acting.officer_id}", "document.downloaded", actor=acting.actor, payload=payload)
