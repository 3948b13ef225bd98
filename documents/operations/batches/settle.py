"""Seeing that nothing of a batch waits any more."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import SYSTEM, record
from documents.batch_models import Batch, BatchArchive, BatchItem, Fate
from documents.batch_selectors import brought_versions, stream_of, versions_in_hand
from documents.models import DocumentVersion
from documents.states import CopyState, ReadingState
from notices.operations.notify import notify


def batch_of(version_id: int) -> Batch | None:
    """The batch that brought this file."""
    item = BatchItem.objects.filter(version=version_id, fate=Fate.BROUGHT).select_related("batch").first()
    return item.batch if item else None


def put_down(version_id: int) -> None:
    """Lets a file of a paused batch wait, also one whose reader was killed."""
    DocumentVersion.objects.filter(pk=version_id, reading_state=ReadingState.READING).update(
        reading_state=ReadingState.WAITING
    )


@transaction.atomic
def settle_batch(batch_id: int) -> None:
    """Says once, to who opened it, that a batch is through and how it went; nothing while something waits."""
    if versions_in_hand(batch_id).exists():
        return
    if BatchArchive.objects.filter(batch=batch_id, state__in=(CopyState.WAITING, CopyState.MAKING)).exists():
        return
    # Of workers that end its last files together one finds it unfinished.
    if not Batch.objects.filter(pk=batch_id, finished_at__isnull=True).update(finished_at=timezone.now()):
        return
    batch = Batch.objects.get(pk=batch_id)
    read = brought_versions(batch_id).filter(reading_state=ReadingState.READ).count()
    failed = brought_versions(batch_id).filter(reading_state=ReadingState.FAILED).count()
    words = _("The batch “%(name)s” is through: %(read)s files read, %(failed)s not readable or set aside.")
    figures = {"name": batch.name, "read": read, "failed": failed}
    notify([batch.opened_by_id], words % figures, reverse("batch", args=[batch_id]))
    record(stream_of(batch_id), "batch.finished", actor=SYSTEM, payload=figures)
