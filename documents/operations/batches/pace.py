"""Stopping a batch, going on with it, and reading again what failed."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.sight import NotVisible
from audit.recording import record
from documents.batch_models import Batch, BatchArchive
from documents.batch_selectors import brought_versions, stream_of, versions_in_hand, versions_to_retry
from documents.models import DocumentVersion
from documents.operations.batches.locked import batch_to_work_on, locked_batch
from documents.operations.read import ask_for_reading
from documents.operations.reading_queue import READ_PATIENTLY
from documents.states import CopyState, ReadingState
from jobs.outbox import enqueue
from pages.domain_errors import Conflict

UNPACK = "unpack"
# A statement takes only so many values.
_AT_ONCE = 1000


@transaction.atomic
def pause_batch(*, batch_id: int, acting: Acting) -> Batch:
    """Begins no further file of it until it is resumed; what the reader has in hand it ends. Twice is once."""
    batch = locked_batch(batch_id, acting)
    if batch.is_paused:
        return batch
    batch.pause(timezone.now())
    batch.save(update_fields=["paused_at"])
    record(stream_of(batch.pk), "batch.paused", actor=acting.actor, payload={"name": batch.name})
    return batch


@transaction.atomic
def resume_batch(*, batch_id: int, acting: Acting) -> Batch:
    """Has everything read that still waits, and archives unpacked further. Twice is once."""
    batch = locked_batch(batch_id, acting)
    if not batch.is_paused:
        return batch
    _go_on(batch)
    _ask(versions_in_hand(batch.pk).values_list("pk", flat=True))
    unpacking = BatchArchive.objects.filter(batch=batch, state__in=(CopyState.WAITING, CopyState.MAKING))
    for archive_id in unpacking.values_list("pk", flat=True):
        enqueue(UNPACK, str(archive_id))
    record(stream_of(batch.pk), "batch.resumed", actor=acting.actor, payload={"name": batch.name})
    return batch


@transaction.atomic
def retry_failures(*, batch_id: int, acting: Acting) -> int:
    """Has everything read again that failed, but for secret papers and malware; how many. Raises Conflict for none.

    A paused batch goes on by it.
    """
    batch = locked_batch(batch_id, acting)
    # Locked, so that each of these, and no file that fails in this moment, waits and is asked for.
    rows = versions_to_retry(batch.pk).select_for_update(of=("self",)).order_by("pk").only("pk")
    failed = [version.pk for version in rows]
    if not failed:
        raise Conflict(_("Nothing of this batch has failed that could be read again."))
    for start in range(0, len(failed), _AT_ONCE):
        again = DocumentVersion.objects.filter(pk__in=failed[start : start + _AT_ONCE])
        again.update(reading_state=ReadingState.WAITING, pages_read=0, reading_error="")
    waiting = versions_in_hand(batch.pk).values_list("pk", flat=True) if batch.is_paused else failed
    _go_on(batch)
    _ask(waiting)
    record(stream_of(batch.pk), "batch.retried", actor=acting.actor, payload={"name": batch.name, "count": len(failed)})
    return len(failed)


def reread_file(*, batch_id: int, document_id: int, acting: Acting) -> DocumentVersion:
    """Has one file of the batch read again now, before those that wait. Raises as `ask_for_reading`."""
    batch_to_work_on(batch_id, acting)
    if not brought_versions(batch_id).filter(document=document_id).exists():
        raise NotVisible
    return ask_for_reading(document_id=document_id, acting=acting)


def _go_on(batch: Batch) -> None:
    batch.go_on(timezone.now())
    batch.save(update_fields=["paused_at", "going_since", "finished_at"])


def _ask(version_ids: Iterable[int]) -> None:
    # Row by row: each file has tries and an end of its own, whatever the others do.
    for version_id in version_ids:
        enqueue(READ_PATIENTLY, str(version_id))
