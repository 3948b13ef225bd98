"""The unit's electronic seal on an issued paper (đóng dấu điện tử): follows the printing as that follows the commit."""

import importlib
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from audit.recording import SYSTEM, record
from documents.models import Document, DocumentVersion, Seal
from documents.operations.store import add_file, take_in
from documents.outgoing import RegisterEntry
from documents.states import NumberState, State
from documents.vault import open_blob
from jobs.models import OutboxRow
from jobs.outbox import enqueue

SEAL = "seal"
# Stands in the signature for whoever opens the file elsewhere, in the language of the paper.
_REASON = "Đóng dấu điện tử văn bản đã ban hành"


class PaperHeld(RuntimeError):
    """A version was to be added to a paper no file comes to any more."""


def has_seal() -> bool:
    """Whether this house has a seal to put on what it issues."""
    return bool(settings.SEAL_PKCS12)


def seal_later(version: DocumentVersion) -> None:
    """Asks for the seal, if there is one, in the caller's transaction."""
    if has_seal():
        enqueue(SEAL, str(version.pk))


def seal_version(*, version_id: int) -> None:
    """Makes the sealed bytes the current version of an issued paper; the unsealed version stays. Twice does nothing.

    Raises what keeps the machine from it (SealUnusable, OSError, no answer of the timestamp authority), PaperHeld while
    the paper's records are on a list: it is to be sealed once they are off it. What was disposed of is left alone.
    """
    version = DocumentVersion.objects.select_related("document").get(pk=version_id)
    if not has_seal() or not _awaits_seal(version.document, version) or not _is_open(version.document, version):
        return
    # Loading what signs takes longer than serving a page: only a worker that seals does.
    sealing = importlib.import_module("signatures.sealing")
    seal = sealing.Pkcs12Seal(Path(settings.SEAL_PKCS12), settings.SEAL_PASSWORD, settings.TIMESTAMP_URL)
    with open_blob(version.blob_id) as file:
        sealed = seal.put_on(file.read(), reason=_REASON)
    stored = take_in(ContentFile(sealed), version.file_name)
    with transaction.atomic():
        document = Document.objects.select_for_update(of=("self",)).get(pk=version.document_id)
        if not _awaits_seal(document, version) or not _is_open(document, version):
            return
        added = add_file(document, stored, officer_id=None)
        Seal.objects.create(unsealed=version, sealed=added, sealed_at=timezone.now())
        payload = {"title": document.title, "version": added.number, "over": version.number, "sha256": stored.sha256}
        record(f"document:{document.pk}", "document.sealed", actor=SYSTEM, payload=payload)


def _awaits_seal(document: Document, version: DocumentVersion) -> bool:
    """Whether this is what was issued: a file printed with a number that was cancelled since gets no seal."""
    is_current = document.state == State.ISSUED and document.current_id == version.pk
    if not is_current or Seal.objects.filter(unsealed=version).exists():
        return False
    entry = RegisterEntry.objects.filter(document=document, state=NumberState.USED).first()
    return entry is None or entry.printed_id == version.pk


def _is_open(document: Document, version: DocumentVersion) -> bool:
    """False for what was disposed of. Raises PaperHeld while it may still come off its list."""
    if document.held_at is not None and not version.is_quarantined:
        raise PaperHeld(str(document.pk))
    return document.held_at is None


def awaits_seal(document: Document) -> bool:
    """Whether the seal asked for its current file isn't on it yet, also where the machine gave up trying."""
    if not has_seal() or document.state != State.ISSUED or document.current_id is None:
        return False
    return OutboxRow.objects.filter(topic=SEAL, key=str(document.current_id)).exists()
