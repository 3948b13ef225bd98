"""A batch under lock, in the hands of an officer who may work on it."""

from accounts.acting import Acting
from documents.batch_models import Batch
from documents.batch_selectors import one_batch, require_import, stream_of


def locked_batch(batch_id: int, acting: Acting) -> Batch:
    """The batch, locked until the caller's transaction ends. Raises NotVisible, Refused for an administrator."""
    batch_to_work_on(batch_id, acting)
    return Batch.objects.select_for_update().get(pk=batch_id)


def batch_to_work_on(batch_id: int, acting: Acting) -> Batch:
    """The batch, if he may bring files into it. Raises as `locked_batch`."""
    batch = one_batch(acting, batch_id)
    require_import(acting, about=stream_of(batch_id))
    return batch
