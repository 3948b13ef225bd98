"""Reading files and tidying the vault, in the worker."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from documents.models import LegalDocument
from documents.operations.read import give_up_reading, read_version
from documents.storage import WholeFileStorage
from jobs.registry import Job, handles, scheduled
from search.indexing import index_later

# So many days a server may be off and still notice; afterwards `check_index --mend` does.
_NOTICED_FOR = timedelta(days=7)


def give_up(job: Job) -> None:
    """Also for a file whose readers were killed each time: they could say nothing themselves."""
    give_up_reading(version_id=int(job.key))


# Not in one transaction: a long file would hold the database for minutes.
@handles("read", lane="slow", in_atomic=False, attempts=4, on_dead=give_up)
def read(jobs: Sequence[Job]) -> None:
    """Reads the versions named by the keys."""
    for job in jobs:
        read_version(version_id=int(job.key))


@scheduled("documents.come_into_force", every=timedelta(hours=1))
def come_into_force() -> None:
    """Shows as in force, also in searches, what has come into force these days; the calendar changes it, no action."""
    today = timezone.localdate()
    begun = LegalDocument.objects.filter(effective_on__gt=today - _NOTICED_FOR, effective_on__lte=today)
    with transaction.atomic():
        for kind, pk in begun.values_list("kind", "pk"):
            index_later(kind, str(pk))


@scheduled("documents.drop_parts", every=timedelta(days=1))
def drop_parts() -> None:
    """Removes what uploads cut off by a crash left on the disk."""
    vault = storages["vault"]
    if isinstance(vault, WholeFileStorage):
        vault.drop_parts(older_than=timedelta(days=1))
