"""A searchable PDF beside a scan (bản PDF tìm được): asked for on the page, made by the worker, never a version."""

import logging
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_update
from audit.recording import SYSTEM, record
from documents.models import DocumentVersion, ReadPage, SearchableCopy
from documents.operations.release import drop_later
from documents.operations.report_missing import report_missing
from documents.reasons import INTERNAL
from documents.selectors import one_document, one_version
from documents.states import CopyState
from documents.vault import BlobMissing, local_path, put, register_blob
from documents.words import unpack
from jobs.outbox import enqueue
from ocr import Unreadable, write_searchable
from ocr.reading import RecognisedPage
from pages.domain_errors import Conflict, Refused

logger = logging.getLogger(__name__)
# Words of so many pages lie in memory at once.
_PAGES_AT_ONCE = 50
_IN_HAND = (CopyState.WAITING, CopyState.MAKING)


@transaction.atomic
def ask_for_copy(*, document_id: int, number: int | None, acting: Acting) -> SearchableCopy:
    """Has the copy of a version made (the current one without a number); asked again, nothing changes.

    A copy that failed is tried anew. Raises NotVisible, Refused, and Conflict while the file isn't read.
    """
    document = one_document(acting, document_id)
    require_update(acting, about=f"document:{document_id}")
    # Locked: whoever shuts the file away or disposes of it does so before this, and is seen, or after.
    version = DocumentVersion.objects.select_for_update().get(pk=one_version(document, number).pk)
    if version.is_quarantined:
        raise Refused(_("This file lies in quarantine and isn't given out."), about=f"document:{document_id}")
    if version.reading_id is None:
        raise Conflict(_("The file is not read yet. Wait until it is."))
    copy, is_new = SearchableCopy.objects.get_or_create(
        reading_id=version.reading_id, defaults={"asked_at": timezone.now()}
    )
    if not is_new and copy.state != CopyState.FAILED:
        return copy
    copy.state, copy.failure, copy.pages_done = CopyState.WAITING, "", 0
    copy.save()
    enqueue("copy", str(copy.pk))
    payload = {"title": document.title, "version": version.number}
    record(f"document:{document_id}", "document.copy_asked", actor=acting.actor, payload=payload)
    return copy


def make_copy(*, reading_id: int) -> None:
    """Makes the copy that was asked for; progress shows while it is made. Twice does nothing.

    Raises what keeps the machine from trying; then it waits for another try.
    """
    related = ("reading__version__document", "reading__version__blob")
    copy = SearchableCopy.objects.select_related(*related).filter(pk=reading_id).first()
    if copy is None or not copy.is_in_hand:
        return
    version = copy.reading.version
    _progress(copy, state=CopyState.MAKING, pages_done=0)
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".pdf") as target:
        try:
            _write(copy, version, Path(target.name))
        except Unreadable as fault:
            logger.warning("copy of version %s: %s, %s", version.pk, fault.reason_code, fault.detail)
            _fail(reading_id, str(fault.reason_code))
            return
        with Path(target.name).open("rb") as made:
            file = File(made)
            sha256, size = put(file), file.size
    _conclude(reading_id, version, sha256, size)


def _write(copy: SearchableCopy, version: DocumentVersion, target: Path) -> None:
    def on_page(done: int, pages: int) -> None:
        _progress(copy, pages_done=done)

    try:
        with local_path(version.blob_id) as path:
            write_searchable(path, target, _words_of(copy), title=version.document.title, on_page=on_page)
    except BlobMissing:
        report_missing(version=version, actor=SYSTEM)
        raise


def _words_of(copy: SearchableCopy) -> Iterator[RecognisedPage]:
    """The pages that were read from their picture; the others have their words already."""
    rows = ReadPage.objects.filter(reading=copy.reading, source="ocr").order_by("number")
    for number, rotation, words in rows.values_list("number", "rotation", "words").iterator(_PAGES_AT_ONCE):
        yield RecognisedPage(number, rotation, unpack(words))


def _progress(copy: SearchableCopy, **values: object) -> None:
    """Outside any transaction of ours: whoever looks at the page sees it at once."""
    SearchableCopy.objects.filter(pk=copy.pk, state__in=_IN_HAND).update(**values)


@transaction.atomic
def _conclude(reading_id: int, version: DocumentVersion, sha256: str, size: int) -> None:
    is_shut = DocumentVersion.objects.select_for_update().get(pk=version.pk).is_quarantined
    copy = SearchableCopy.objects.select_for_update().filter(pk=reading_id).first()
    register_blob(sha256=sha256, size=size, media_type="application/pdf")
    if copy is None or not copy.is_in_hand or is_shut:
        # Shut away or disposed of while the copy was made: its bytes go again, unless something else holds them.
        SearchableCopy.objects.filter(pk=reading_id, state__in=_IN_HAND).delete()
        drop_later([sha256])
        return
    copy.state, copy.blob_id = CopyState.MADE, sha256
    copy.save()
    payload = {"title": version.document.title, "version": version.number, "sha256": sha256}
    record(f"document:{version.document_id}", "document.copy_made", actor=SYSTEM, payload=payload)


@transaction.atomic
def _fail(reading_id: int, reason: str) -> None:
    copy = SearchableCopy.objects.select_for_update().filter(pk=reading_id).first()
    if copy is not None and copy.is_in_hand:
        copy.state, copy.failure = CopyState.FAILED, reason
        copy.save()


def give_up_copy(*, reading_id: int) -> None:
    """Says on the page that no copy came of it; it may be asked for again."""
    _fail(reading_id, INTERNAL)
