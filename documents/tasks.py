"""Reading files and tidying the vault, in the worker."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from documents.malware import ScannerDown
from documents.models import DocumentVersion, LegalDocument
from documents.operations.batches.pace import UNPACK
from documents.operations.batches.settle import SETTLE, batch_of, follow_file, put_down, settle_batch
from documents.operations.batches.unpack import give_up_archive, unpack_archive
from documents.operations.quarantine import rescan
from documents.operations.quota import forget_uploads
from documents.operations.read import give_up_reading, read_version
from documents.operations.reading_queue import READ, READ_PATIENTLY
from documents.operations.release import TOPIC as RELEASE
from documents.operations.release import drop_bytes
from documents.operations.seal import SEAL, seal_version
from documents.operations.searchable_copy import give_up_copy, make_copy
from documents.reading_ends import follow_reading
from documents.reasons import SCANNER_DOWN
from documents.states import Screening
from documents.storage import WholeFileStorage
from documents.vault import BlobMissing
from jobs.registry import Job, handles, scheduled
from search.indexing import index_later

logger = logging.getLogger(__name__)
_SCANNED_AT_ONCE = 200
# So many days a server may be off and still notice; afterwards `check_index --mend` does.
_NOTICED_FOR = timedelta(days=7)


def give_up(job: Job) -> None:
    """Also for a file whose readers were killed each time: they could say nothing themselves."""
    give_up_reading(version_id=int(job.key))


# Not in one transaction: a long file would hold the database for minutes.
@handles(READ, lane="slow", in_atomic=False, attempts=4, on_dead=give_up)
def read(jobs: Sequence[Job]) -> None:
    """Reads the versions named by the keys."""
    for job in jobs:
        read_version(version_id=int(job.key))


@handles(READ_PATIENTLY, lane="bulk", in_atomic=False, attempts=4, on_dead=give_up, gives_way_to=(READ,))
def read_patiently(jobs: Sequence[Job]) -> None:
    """Reads files of batches while no paper of the counter waits. A paused batch asks for its own when it goes on."""
    for job in jobs:
        batch = batch_of(int(job.key))
        if batch is not None and batch.is_paused:
            put_down(int(job.key))
            continue
        read_version(version_id=int(job.key), is_patient=True)


follow_reading(follow_file)


@handles(SETTLE, lane="quick")
def settle(jobs: Sequence[Job]) -> None:
    """Ends the batches named by the keys, if nothing of them waits."""
    for job in jobs:
        settle_batch(int(job.key))


def give_up_unpacking(job: Job) -> None:
    give_up_archive(archive_id=int(job.key))


# Each file of it is brought in a transaction of its own.
@handles(UNPACK, lane="bulk", in_atomic=False, attempts=4, on_dead=give_up_unpacking)
def unpack(jobs: Sequence[Job]) -> None:
    """Unpacks the archives named by the keys into their batches."""
    for job in jobs:
        unpack_archive(archive_id=int(job.key))


@scheduled("documents.scan_waiting", every=timedelta(minutes=5))
def scan_waiting() -> None:
    """Has scanned what came while the scanner for malware gave no verdict."""
    waiting = DocumentVersion.objects.filter(quarantine_reason=SCANNER_DOWN, screening=Screening.QUARANTINED)
    for version_id in waiting.order_by("pk").values_list("pk", flat=True)[:_SCANNED_AT_ONCE]:
        try:
            rescan(version_id=version_id)
        except ScannerDown as fault:
            logger.warning("files wait in quarantine: the scanner for malware gives no verdict: %s", fault)
            return
        except (BlobMissing, OSError):
            logger.exception("version %s could not be scanned", version_id)


def give_up_copying(job: Job) -> None:
    give_up_copy(reading_id=int(job.key))


# As `read`: a long file, and nobody waits for its copy with a page open.
@handles("copy", lane="slow", in_atomic=False, attempts=4, on_dead=give_up_copying)
def copy(jobs: Sequence[Job]) -> None:
    """Makes the searchable copies of the readings named by the keys."""
    for job in jobs:
        make_copy(reading_id=int(job.key))


@handles(RELEASE, lane="quick", in_atomic=False)
def release(jobs: Sequence[Job]) -> None:
    """Takes the bytes the keys name out of the vault, unless something holds them."""
    for job in jobs:
        drop_bytes(job.key)


@handles(SEAL, lane="quick", in_atomic=False)
def seal(jobs: Sequence[Job]) -> None:
    """Puts the unit's seal on the issued papers whose versions the keys name."""
    for job in jobs:
        seal_version(version_id=int(job.key))


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


@scheduled("documents.forget_uploads", every=timedelta(days=1))
def forget_upload_counts() -> None:
    """Drops how much was brought on days long gone."""
    forget_uploads()
