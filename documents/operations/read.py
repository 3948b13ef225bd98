"""Having files read (nhận dạng), and what comes of it."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_update
from audit.recording import SYSTEM, record
from documents.models import DocumentVersion, Reading, ReadPage
from documents.operations.findable import index_paper
from documents.operations.quarantine import quarantine
from documents.operations.reading_queue import is_of_batch
from documents.operations.register import register_imported
from documents.operations.report_missing import report_missing
from documents.operations.signatures import keep_signatures, look_at_signatures
from documents.reading_ends import FOLLOWERS
from documents.reasons import CLASSIFIED, DISPOSED, INTERNAL, MALWARE, SCANNER_DOWN, words_for
from documents.selectors import one_document
from documents.states import ReadingState, Screening
from documents.vault import BlobMissing, local_path
from documents.words import pack
from jobs.outbox import enqueue
from notices.operations.notify import notify
from ocr import Limits, Unreadable, read_file
from ocr.reading import PageReading
from ocr.reading import Reading as Outcome
from pages.domain_errors import Conflict, Refused
from search.text import clean
from signatures import Checked

logger = logging.getLogger(__name__)
PAGES_AT_ONCE = 50
_PATIENCE = {"limits": Limits(niceness=10)}


def read_version(*, version_id: int, is_patient: bool = False) -> None:
    """Reads a file and keeps what was read, as a new `Reading`; progress shows while it runs.

    `is_patient` lets everything else on this machine go first.
    May run twice over the same version: the second run finds the outcome there and leaves it. What can't be read
    goes to quarantine and its bringer is told; so does a secret paper, and of that no text is kept.
    Raises what keeps the machine from trying (OSError, ocr's ReaderMissing); then the version waits for another try.
    """
    version = DocumentVersion.objects.select_related("document").filter(pk=version_id).first()
    if version is None or not version.is_in_hand:
        return
    _progress(version, pages_read=0, reading_state=ReadingState.READING)

    def on_page(done: int, pages: int) -> None:
        _progress(version, pages_read=done, page_count=pages)

    try:
        with _path_of(version) as path:
            outcome = read_file(path, on_page=on_page, **(_PATIENCE if is_patient else {}))
            checked = look_at_signatures(path)
    except Unreadable as fault:
        logger.warning("version %s: %s, %s", version.pk, fault.reason_code, fault.detail)
        _conclude_unreadable(version.pk, str(fault.reason_code))
        return
    _conclude(version.pk, outcome, checked)


@contextmanager
def _path_of(version: DocumentVersion) -> Iterator[Path]:
    try:
        with local_path(version.blob_id) as path:
            yield path
    except BlobMissing:
        report_missing(version=version, actor=SYSTEM)
        raise


def _progress(version: DocumentVersion, **values: object) -> None:
    """Outside any transaction of ours: whoever looks at the page sees it at once."""
    in_hand = (ReadingState.WAITING, ReadingState.READING)
    DocumentVersion.objects.filter(pk=version.pk, reading_state__in=in_hand).update(**values)


@transaction.atomic
def _conclude(version_id: int, outcome: Outcome, checked: Checked) -> None:
    version = _locked(version_id)
    if not version.is_in_hand or version.screening == Screening.DISPOSED:
        return
    reading = Reading.objects.create(
        version=version,
        read_at=timezone.now(),
        fields={} if outcome.secrecy else _storable(outcome.fields.as_json()),
        paper_type=outcome.paper_type.code or "",
        secrecy=outcome.secrecy or "",
    )
    version.reading, version.page_count, version.pages_read = reading, len(outcome.pages), len(outcome.pages)
    if outcome.secrecy:
        quarantine(version, CLASSIFIED)
        _tell_end(version)
        return
    ReadPage.objects.bulk_create((_page_row(reading, page) for page in outcome.pages), batch_size=PAGES_AT_ONCE)
    version.signing = keep_signatures(reading, checked)
    version.reading_state, version.reading_error = ReadingState.READ, ""
    if version.screening == Screening.QUARANTINED:
        version.screening, version.quarantine_reason = version.screening_unless_shut_away, ""
    version.save()
    document = version.document
    if document.source_id is not None:
        register_imported(document, outcome)
    index_paper(document.pk)
    payload = {"title": document.title, "version": version.number, "pages": len(outcome.pages)}
    record(f"document:{document.pk}", "document.read", actor=SYSTEM, payload=payload)
    _tell_end(version)


def _tell_end(version: DocumentVersion) -> None:
    """Lets those go on who wait for this file, in the transaction that ends its reading."""
    for follow in FOLLOWERS:
        follow(version)


@transaction.atomic
def _conclude_unreadable(version_id: int, reason: str) -> None:
    version = _locked(version_id)
    if version.is_in_hand:
        quarantine(version, reason)
        _tell_end(version)


@transaction.atomic
def give_up_reading(*, version_id: int) -> None:
    """Says on the page, and to who brought it, that a file is not readable; it may be read again on demand."""
    version = DocumentVersion.objects.select_related("document").select_for_update(of=("self",)).get(pk=version_id)
    if not version.is_in_hand:
        return
    version.reading_state, version.reading_error = ReadingState.FAILED, INTERNAL
    version.save(update_fields=["reading_state", "reading_error"])
    _tell_end(version)
    if is_of_batch(version.pk):
        return
    words = _("A file you handed in could not be read (document %(document)s, version %(version)s). %(reason)s") % {
        "document": version.document_id,
        "version": version.number,
        "reason": words_for(INTERNAL),
    }
    notify([version.uploaded_by_id], words, reverse("document", args=[version.document_id]))


@transaction.atomic
def ask_for_reading(*, document_id: int, acting: Acting) -> DocumentVersion:
    """Has the current file of a document read once more. Raises Refused, NotVisible, and Conflict while it is read."""
    document = one_document(acting, document_id)
    require_update(acting, about=f"document:{document_id}")
    if document.current_id is None:
        raise Conflict(_("There is no file to read."))
    version = _locked(document.current_id)
    if version.quarantine_reason == CLASSIFIED:
        raise Refused(_("A secret paper isn't read again."), about=f"document:{document_id}")
    if version.screening == Screening.DISPOSED:
        raise Refused(words_for(DISPOSED), about=f"document:{document_id}")
    if version.quarantine_reason in (MALWARE, SCANNER_DOWN):
        raise Refused(words_for(version.quarantine_reason), about=f"document:{document_id}")
    if version.is_in_hand:
        raise Conflict(_("The file is being read already. Wait until it is done."))
    version.reading_state, version.pages_read, version.reading_error = ReadingState.WAITING, 0, ""
    version.save(update_fields=["reading_state", "pages_read", "reading_error"])
    enqueue("read", str(version.pk))
    payload = {"title": document.title, "version": version.number}
    record(f"document:{document_id}", "document.reading_asked", actor=acting.actor, payload=payload)
    return version


def _locked(version_id: int) -> DocumentVersion:
    rows = DocumentVersion.objects.select_for_update(of=("self",)).select_related("document__unit")
    return rows.get(pk=version_id)


def _page_row(reading: Reading, page: PageReading) -> ReadPage:
    return ReadPage(
        reading=reading,
        number=page.number,
        source=page.source,
        text=clean(page.text),
        confidence=page.confidence,
        rotation=page.rotation,
        width=page.width,
        height=page.height,
        words=pack(page.words),
    )


def _storable(fields: dict[str, Any]) -> dict[str, Any]:
    """Without NUL, which a hostile text layer may hold and PostgreSQL's JSON does not take."""
    storable: dict[str, Any] = json.loads(json.dumps(fields).replace("\\u0000", ""))
    return storable
