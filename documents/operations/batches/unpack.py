"""A ZIP of files brought into a batch: judged at once, kept as it came, unpacked by the worker file by file."""

import hashlib
import logging
import zipfile
import zlib
from contextlib import ExitStack

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from audit.recording import SYSTEM, record
from documents.archives import MEDIA_TYPE, check_archive, files_in, is_packed_plainly, name_of, taken_out
from documents.batch_models import Batch, BatchArchive, BatchItem, Fate
from documents.batch_selectors import stream_of
from documents.malware import ScannerDown
from documents.names import clean_name
from documents.operations.batches.bring import Bringer, keep_file, note_refusal
from documents.operations.batches.locked import batch_to_work_on
from documents.operations.batches.pace import UNPACK
from documents.operations.batches.settle import ask_to_settle, lock_for_end
from documents.operations.quota import counted
from documents.operations.store import keep_bytes
from documents.reasons import INTERNAL
from documents.screening import is_scanned_clean
from documents.states import CopyState
from documents.vault import local_path, register_blob
from jobs.outbox import enqueue

logger = logging.getLogger(__name__)
# What damaged bytes make zipfile raise.
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError)
_IN_HAND = (CopyState.WAITING, CopyState.MAKING)


def bring_archive(*, batch_id: int, file: File[bytes], name: str, acting: Acting) -> BatchArchive:
    """Takes a ZIP into the batch; its files follow one by one. The same ZIP is unpacked once.

    Raises Invalid for one that could do harm, and then nothing of it stays; NotVisible, Refused, NotStored, NoRoom.
    """
    batch = batch_to_work_on(batch_id, acting)
    entries = check_archive(file, name)
    try:
        is_scanned_clean(file, clean_name(name))
    except ScannerDown:
        # Each of its files is asked about again when it is taken out, and set aside while there is no verdict.
        logger.warning("an archive was kept while the scanner for malware gave no verdict")
    with counted(acting, file.size):
        sha256 = keep_bytes(file)
    return _keep_archive(batch, sha256, file.size, clean_name(name), entries, acting)


@transaction.atomic
def _keep_archive(batch: Batch, sha256: str, size: int, name: str, entries: int, acting: Acting) -> BatchArchive:
    register_blob(sha256=sha256, size=size, media_type=MEDIA_TYPE)
    archive, is_new = BatchArchive.objects.get_or_create(
        batch=batch,
        blob_id=sha256,
        defaults={
            "name": name,
            "entries": entries,
            "brought_by_id": acting.officer_id,
            "brought_at": timezone.now(),
        },
    )
    if not is_new and archive.state != CopyState.FAILED:
        return archive
    archive.state, archive.failure, archive.entries_done = CopyState.WAITING, "", 0
    archive.save()
    stirred = lock_for_end(batch.pk)
    stirred.finished_at = None
    stirred.save(update_fields=["finished_at"])
    # It was refused once, by a rule that has changed since: the line that says so is out of date.
    BatchItem.objects.filter(batch=batch, key=sha256, fate=Fate.REFUSED).delete()
    enqueue(UNPACK, str(archive.pk))
    payload = {"file_name": name, "sha256": sha256, "files": entries}
    record(stream_of(batch.pk), "batch.archive_brought", actor=acting.actor, payload=payload)
    return archive


def unpack_archive(*, archive_id: int) -> None:
    """Brings the files of an archive into its batch, from where it was broken off; twice brings each once.

    Raises what keeps the machine from trying (OSError, NotStored); then it waits for another try.
    """
    related = ("batch", "brought_by")
    archive = BatchArchive.objects.select_related(*related).filter(pk=archive_id, state__in=_IN_HAND).first()
    if archive is None:
        return
    with local_path(archive.blob_id) as path, zipfile.ZipFile(path) as packed:
        files = list(files_in(packed))
        for place in range(archive.entries_done, len(files)):
            if _is_paused(archive):
                return
            _bring_entry(archive, packed, files[place])
            _progress(archive, entries_done=place + 1)
    _end(archive, state=CopyState.MADE)


def _is_paused(archive: BatchArchive) -> bool:
    return Batch.objects.filter(pk=archive.batch_id, paused_at__isnull=False).exists()


def _bring_entry(archive: BatchArchive, packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    bringer = Bringer(SYSTEM, archive.brought_by_id)
    if not is_packed_plainly(entry):
        words = _("It is packed in a way that is not taken. Pack it as an ordinary ZIP, or bring it by itself.")
        _leave_out(archive, entry, words, bringer)
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(taken_out(packed, entry))
        except _DAMAGE as fault:
            logger.warning("archive %s: an entry is damaged: %s", archive.pk, type(fault).__name__)
            words = _("It is damaged in the archive and could not be taken out. Bring it by itself.")
            _leave_out(archive, entry, words, bringer)
            return
        keep_file(batch=archive.batch, file=file, name=name_of(entry), bringer=bringer)


def _leave_out(archive: BatchArchive, entry: zipfile.ZipInfo, reason: str, bringer: Bringer) -> None:
    key = hashlib.sha256(f"{archive.blob_id}/{entry.filename}".encode()).hexdigest()
    note_refusal(batch=archive.batch, key=key, name=name_of(entry), reason=reason, bringer=bringer)


def _progress(archive: BatchArchive, **values: object) -> None:
    BatchArchive.objects.filter(pk=archive.pk, state__in=_IN_HAND).update(**{"state": CopyState.MAKING, **values})


@transaction.atomic
def _end(archive: BatchArchive, **values: object) -> None:
    _progress(archive, **values)
    ask_to_settle(archive.batch_id)


def give_up_archive(*, archive_id: int) -> None:
    """Says on the batch's page that an archive could not be unpacked to its end; it may be brought again."""
    archive = BatchArchive.objects.get(pk=archive_id)
    _end(archive, state=CopyState.FAILED, failure=INTERNAL)
