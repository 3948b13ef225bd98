"""Opening a batch (mở đợt số hoá)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from audit.recording import record
from documents.batch_models import Batch
from documents.batch_selectors import require_import, stream_of
from pages.domain_errors import Invalid
from search.text import clean

LONGEST_NAME = 200


@transaction.atomic
def open_batch(*, name: str, acting: Acting) -> Batch:
    """Opens an empty batch for the officer's unit. Raises Refused, and Invalid for a name that can't be."""
    require_import(acting)
    tidy = " ".join(clean(name).split())
    if not tidy or len(tidy) > LONGEST_NAME or acting.unit_id is None:
        words = _("Give the batch a name of up to %(most)s characters.") % {"most": LONGEST_NAME}
        raise Invalid(words, {"name": words})
    batch = Batch.objects.create(
        name=tidy, unit_id=acting.unit_id, opened_by_id=acting.officer_id, opened_at=timezone.now()
    )
    record(stream_of(batch.pk), "batch.opened", actor=acting.actor, payload={"name": batch.name})
    return batch
