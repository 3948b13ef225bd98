"""Seeing that nothing of a batch waits any more."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import SYSTEM, record
from documents.batch_models import Batch, BatchArchive, BatchItem, Fate
from documents.batch_selectors import brought_versions, stream_of, versions_in_hand
from documents.models import DocumentVersion
from documents.states import CopyState, ReadingState
from jobs import moments
from jobs.outbox import enqueue
from notices.operations.notify import notify

SETTLE = "settle_batch"
# Files come in parcels, and a quick reader is through with one before the next is up: that is no end.
_QUIET = timedelta(minutes=1)


def batch_of(version_id: int) -> Batch | None:
    """The batch that brought this file."""
    item = BatchItem.objects.filter(version=version_id, fate=Fate.BROUGHT).select_related("batch").first()
    return item.batch if item else None


def put_down(version_id: int) -> None:
    """Lets a file of a paused batch wait, also one whose reader was killed."""
    DocumentVersion.objects.filter(pk=version_id, reading_state=ReadingState.READING).update(
        reading_state=ReadingState.WAITING
    )


def ask_to_settle(batch_id: int) -> None:
    """Has it looked at in a minute whether the batch is through, once however often it is asked meanwhile.

    In the caller's transaction, of everything that may have been the last: a file that came or was read, an archive.
    """
    enqueue(SETTLE, str(batch_id), at=moments.now() + _QUIET)


def follow_file(version: DocumentVersion) -> None:
    """The same when a file has been read, for the batch that brought it; whichever queue it was read from."""
    batch = batch_of(version.pk)
    if batch is not None:
        ask_to_settle(batch.pk)


def lock_for_end(batch_id: int) -> Batch:
    """The batch under the lock that keeps its end and what comes into it apart, until the caller's transaction ends.

    The weaker lock: whoever has written a line of the batch holds its key already, and two of them would wait for
    each other for good.
    """
    return Batch.objects.select_for_update(no_key=True).get(pk=batch_id)


@transaction.atomic
def settle_batch(batch_id: int) -> None:
    """Says once, to who opened it, that a batch is through and how it went; nothing while something waits."""
    batch = lock_for_end(batch_id)
    if batch.finished_at is not None or _has_work(batch_id):
        return
    items = BatchItem.objects.filter(batch=batch_id)
    if items.filter(brought_at__gt=timezone.now() - _QUIET).exists():
        ask_to_settle(batch_id)
        return
    batch.finished_at = timezone.now()
    batch.save(update_fields=["finished_at"])
    read = brought_versions(batch_id).filter(reading_state=ReadingState.READ).count()
    failed = brought_versions(batch_id).filter(reading_state=ReadingState.FAILED).count()
    refused = items.filter(fate=Fate.REFUSED).count()
    words = _(
        "The batch “%(name)s” is through: %(read)s files read, %(failed)s not readable or set aside, "
        "%(refused)s not taken."
    )
    figures = {"name": batch.name, "read": read, "failed": failed, "refused": refused}
    notify([batch.opened_by_id], words % figures, reverse("batch", args=[batch_id]))
    record(stream_of(batch_id), "batch.finished", actor=SYSTEM, payload=figures)


def _has_work(batch_id: int) -> bool:
    """Whether files of it wait or are read, or archives are still unpacked: that end asks again."""
    unpacking = BatchArchive.objects.filter(batch=batch_id, state__in=(CopyState.WAITING, CopyState.MAKING))
    return versions_in_hand(batch_id).exists() or unpacking.exists()
