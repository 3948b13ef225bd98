"""What every way of taking in a file shares: the bytes first, then, in the caller's transaction, the rows."""

import logging
from contextlib import nullcontext
from dataclasses import dataclass

from django.core.files.base import File
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from documents.models import Document, DocumentType, DocumentVersion
from documents.operations.findable import index_paper
from documents.operations.quarantine import tell_of_quarantine
from documents.operations.quota import counted
from documents.operations.reading_queue import READ, READ_PATIENTLY
from documents.screening import Screened, screen
from documents.states import ReadingState, Screening
from documents.vault import put, register_blob
from jobs.outbox import enqueue
from pages.domain_errors import Invalid, NotStored
from search.text import clean

logger = logging.getLogger(__name__)
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was let in and whose bytes are in the vault."""

    screened: Screened
    sha256: str


def take_in(file: File[bytes], name: str, *, acting: Acting | None = None) -> StoredFile:
    """Screens the file and puts its bytes into the vault; before any transaction, for both may take long.

    What an officer brings counts towards what he and his unit may bring in a day; without one nothing is counted.
    Ask for the right to bring it first. Raises Invalid when the file is refused, NotStored when the storage is full,
    read-only or out of reach: then nothing of it stays. Bytes whose action fails afterwards stay in the vault
    unnamed, and serve the next try.
    """
    with counted(acting, file.size) if acting is not None else nullcontext():
        screened = screen(file, name)
        return StoredFile(screened, keep_bytes(file))


def keep_bytes(file: File[bytes]) -> str:
    """Puts bytes that were judged into the vault; their SHA-256. Raises NotStored, and then nothing of them stays."""
    try:
        return put(file)
    except OSError as fault:
        logger.exception("a file of %d bytes could not be stored", file.size)
        words = _(
            "The file was not saved: the storage is full or can't be written to. "
            "Tell whoever looks after the system, and bring the file again later."
        )
        raise NotStored(words) from fault


def add_file(
    document: Document, stored: StoredFile, *, officer_id: int | None, is_patient: bool = False
) -> DocumentVersion:
    """The next version of a document, made current, with its work asked for; in the caller's transaction.

    `is_patient` files are read when no other waits, and nobody is written a message about one that is set aside.
    """
    screened = stored.screened
    register_blob(sha256=stored.sha256, size=screened.size, media_type=screened.media_type)
    is_bad = bool(screened.quarantine_reason)
    now = timezone.now()
    version = DocumentVersion(
        document=document,
        number=(document.versions.aggregate(last=Max("number"))["last"] or 0) + 1 if document.current_id else 1,
        blob_id=stored.sha256,
        file_name=screened.name,
        uploaded_by_id=officer_id,
        uploaded_at=now,
        scanned_at=now if screened.is_scanned else None,
        quarantine_reason=screened.quarantine_reason,
        active_content=list(screened.active_content),
        reading_state=ReadingState.FAILED if is_bad else ReadingState.WAITING,
        reading_error=screened.quarantine_reason,
    )
    version.screening = Screening.QUARANTINED if is_bad else version.screening_unless_shut_away
    version.save()
    document.current = version
    document.save(update_fields=["current"])
    index_paper(document.pk)
    if not is_bad:
        enqueue(READ_PATIENTLY if is_patient else READ, str(version.pk))
    elif not is_patient:
        tell_of_quarantine(version, [officer_id])
    return version


def type_in_force(code: str) -> DocumentType:
    """The type of paper of this code, if it is in force today. Raises Invalid."""
    today = timezone.localdate()
    kind = DocumentType.objects.filter(pk=code, valid_from__lte=today).first()
    if kind is None or (kind.valid_to is not None and kind.valid_to < today):
        raise Invalid(_("There is no type of paper “%(code)s” in force. Choose one of the list.") % {"code": code})
    return kind


def checked_title(title: str, kind: DocumentType) -> str:
    """The title as it is kept; the type's name when none was given. Raises Invalid when it is too long."""
    tidy = " ".join(clean(title).split())
    if len(tidy) > LONGEST_TITLE:
        figures = {"length": len(tidy), "most": LONGEST_TITLE}
        words = _("The title has %(length)s characters; at most %(most)s are kept. Shorten it.") % figures
        raise Invalid(words, {"title": words})
    return tidy or kind.name
