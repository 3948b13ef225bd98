"""Reading files and tidying the vault, in the worker."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.files.storage import storages

from documents.operations.read import give_up_reading, read_version
from documents.storage import WholeFileStorage
from jobs.registry import Job, handles, scheduled

ATTEMPTS = 4


# Not in one transaction: a long file would hold the database for minutes.
@handles("read", lane="slow", in_atomic=False, lease=timedelta(minutes=15), attempts=ATTEMPTS)
def read(jobs: Sequence[Job]) -> None:
    """Reads the versions named by the keys."""
    for job in jobs:
        try:
            read_version(version_id=int(job.key))
        except Exception:
            if job.attempt >= ATTEMPTS:
                give_up_reading(version_id=int(job.key))
            raise


@scheduled("documents.drop_parts", every=timedelta(days=1))
def drop_parts() -> None:
    """Removes what uploads cut off by a crash left on the disk."""
    vault = storages["vault"]
    if isinstance(vault, WholeFileStorage):
        vault.drop_parts(older_than=timedelta(days=1))
