"""Which queue a file waits in for the reader: papers of the counter go first, files of a batch when nobody waits."""

from documents.batch_models import BatchItem, Fate
from documents.models import DocumentVersion
from jobs.outbox import enqueue

READ = "read"
READ_PATIENTLY = "read_batch"


def ask_reader(version: DocumentVersion) -> None:
    """Asks for the reading of a version that came out of quarantine or failed, in the caller's transaction."""
    enqueue(READ_PATIENTLY if is_of_batch(version.pk) else READ, str(version.pk))


def is_of_batch(version_id: int) -> bool:
    """Whether the file came with a batch: its page tells what became of it, nobody is written a message for each."""
    return BatchItem.objects.filter(version=version_id, fate=Fate.BROUGHT).exists()
