"""Batches of files of the past, as far as the acting officer may see them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.sight import NotVisible
from documents.batch_models import NOT_AGAIN, Batch, BatchItem, Fate
from documents.models import DocumentVersion
from documents.states import ReadingState, Screening
from pages.domain_errors import Refused

IN_HAND = (ReadingState.WAITING, ReadingState.READING)


def stream_of(batch_id: int) -> str:
    """The audit stream of a batch."""
    return f"batch:{batch_id}"


def visible_batches(acting: Acting) -> QuerySet[Batch]:
    """Of the officer's unit, newest first; an administrator looks after all. Raises Refused for who brings none in."""
    rows = Batch.objects.select_related("unit", "opened_by").order_by("-id")
    if acting.is_superuser:
        return rows
    require_import(acting)
    return rows.filter(unit__in=acting.units)


def require_import(acting: Acting, *, about: str = "") -> None:
    """Raises Refused unless a role of his brings files of the past into the unit he acts for."""
    if not acting.may_import:
        raise Refused(_("Only who is named for bringing in files of the past may do this."), about=about)


def one_batch(acting: Acting, batch_id: int) -> Batch:
    """The batch. Raises NotVisible, the same for another unit's and for one that isn't there."""
    batch = Batch.objects.select_related("unit", "opened_by").filter(pk=batch_id).first()
    if batch is None:
        raise NotVisible
    if not (acting.is_superuser or (acting.may_import and acting.acts_in(batch.unit_id))):
        raise NotVisible(about=stream_of(batch_id))
    return batch


def may_work_on(batch: Batch, acting: Acting) -> bool:
    """Whether the page offers to bring, pause and read again."""
    return acting.may_import and acting.acts_in(batch.unit_id)


def versions_in_hand(batch_id: int) -> QuerySet[DocumentVersion]:
    """Files of the batch that wait or are with the reader."""
    return brought_versions(batch_id).filter(reading_state__in=IN_HAND)


def versions_to_retry(batch_id: int) -> QuerySet[DocumentVersion]:
    """Files of the batch that failed and may be read again."""
    failed = brought_versions(batch_id).filter(reading_state=ReadingState.FAILED)
    return failed.exclude(reading_error__in=NOT_AGAIN).exclude(screening=Screening.DISPOSED)


def brought_versions(batch_id: int) -> QuerySet[DocumentVersion]:
    return DocumentVersion.objects.filter(items__batch=batch_id, items__fate=Fate.BROUGHT)


def troubles_of(batch: Batch) -> QuerySet[BatchItem]:
    """What wasn't taken, was set aside or couldn't be read."""
    rows = BatchItem.objects.filter(batch=batch).select_related("version__document")
    failed = rows.filter(fate=Fate.BROUGHT, version__reading_state=ReadingState.FAILED)
    return failed | rows.filter(fate=Fate.REFUSED)
