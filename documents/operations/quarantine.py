"""Shutting a file away (cách ly), and letting it out once there is a verdict."""

from dataclasses import dataclass
from functools import partial

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors import guardians_of_secrets
from audit.recording import SYSTEM, record
from documents.malware import found_in, is_scanner_set
from documents.models import DocumentVersion
from documents.operations.findable import hide_paper, index_paper
from documents.operations.reading_queue import ask_reader, is_of_batch
from documents.pictures import forget_pictures
from documents.reasons import CLASSIFIED, MALWARE, SCANNER_DOWN, words_for
from documents.screening import look_into
from documents.states import ReadingState, Screening
from documents.vault import open_blob
from notices.operations.notify import notify
from ocr import Reason
from pages.domain_errors import Invalid


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Why a file stays shut away, empty when it is let out, and what in it may act by itself."""

    reason: str
    active_content: tuple[str, ...] = ()
    is_scanned: bool = False


def quarantine(version: DocumentVersion, reason: str) -> None:
    """Shuts a locked file away and tells whom it concerns; a secret one also those who guard secrets there.

    Of a batch only secret papers are told of: the others stand on its page.
    """
    version.screening, version.quarantine_reason = Screening.QUARANTINED, reason
    version.reading_state, version.reading_error = ReadingState.FAILED, reason
    version.save()
    told: list[int | None] = [] if is_of_batch(version.pk) else [version.uploaded_by_id]
    if reason == CLASSIFIED:
        told = [version.uploaded_by_id, *guardians_of_secrets(version.document.unit_id)]
        transaction.on_commit(partial(forget_pictures, version.blob_id))
    # The index may still hold what an earlier version said: from this commit on no search shows it.
    hide_paper(version.document_id)
    tell_of_quarantine(version, told)
    payload = {"version": version.number, "reason": words_for(reason), "reason_code": reason}
    record(f"document:{version.document_id}", "document.quarantined", actor=SYSTEM, payload=payload)


def tell_of_quarantine(version: DocumentVersion, recipient_ids: list[int | None]) -> None:
    """Says that a file lies in quarantine and why. Its name is left out: a secret paper's name may be secret too."""
    words = _("A file you handed in is in quarantine (document %(document)s, version %(version)s). %(reason)s") % {
        "document": version.document_id,
        "version": version.number,
        "reason": words_for(version.quarantine_reason),
    }
    notify(recipient_ids, words, reverse("document", args=[version.document_id]))


def rescan(*, version_id: int) -> None:
    """Has a file scanned, and then looked into, that came while the scanner gave no verdict.

    It is let out, or shut away for good.

    Raises ScannerDown while there is still none, BlobMissing or OSError when the file can't be got at.
    """
    version = DocumentVersion.objects.select_related("blob").filter(pk=version_id).first()
    if version is None or not _awaits_scanner(version):
        return
    is_scanned = is_scanner_set()
    with open_blob(version.blob_id) as content:
        file = File(content)
        if is_scanned and found_in(file):
            verdict = _Verdict(MALWARE, is_scanned=is_scanned)
        else:
            verdict = _look(file, version, is_scanned=is_scanned)
    _conclude(version_id, verdict)


def _awaits_scanner(version: DocumentVersion) -> bool:
    return version.quarantine_reason == SCANNER_DOWN and version.screening == Screening.QUARANTINED


def _look(file: File[bytes], version: DocumentVersion, *, is_scanned: bool) -> _Verdict:
    """What it would have been refused for then shuts it away now: it is in the vault already."""
    try:
        reason, active = look_into(file, version.blob.media_type, version.file_name)
    except Invalid:
        return _Verdict(Reason.TOO_MANY_PIXELS, is_scanned=is_scanned)
    return _Verdict(reason, active, is_scanned)


@transaction.atomic
def _conclude(version_id: int, verdict: _Verdict) -> None:
    rows = DocumentVersion.objects.select_for_update(of=("self",)).select_related("document__unit")
    version = rows.get(pk=version_id)
    if not _awaits_scanner(version):
        return
    if verdict.reason != MALWARE:
        version.scanned_at = timezone.now() if verdict.is_scanned else None
    version.active_content = list(verdict.active_content)
    if verdict.reason:
        quarantine(version, verdict.reason)
        return
    version.screening, version.quarantine_reason = version.screening_unless_shut_away, ""
    version.reading_state, version.reading_error = ReadingState.WAITING, ""
    version.save()
    ask_reader(version)
    index_paper(version.document_id)
    payload = {"version": version.number}
    record(f"document:{version.document_id}", "document.released", actor=SYSTEM, payload=payload)
