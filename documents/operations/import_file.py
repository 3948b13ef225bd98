"""Importing a file of the past for everybody to see."""

from pathlib import Path

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.acting import EVERYONE
from accounts.sight import allow
from audit.recording import SYSTEM, record
from documents.models import Document, DocumentToken, DocumentVersion
from documents.operations.store import StoredFile, add_file, take_in, type_in_force
from documents.states import State
from documents.vault import digest_of

# The type of a paper nobody has sorted yet; reading it tells more.
UNSORTED = "giay_to_khac"


def import_file(*, path: Path) -> DocumentVersion | None:
    """Keeps the file as a received document every officer sees, and has it read; None when its bytes are there already.

    Raises Invalid when the file is refused, NotStored when it can't be kept, OSError when it can't be got at.
    """
    with path.open("rb") as handle:
        file = File(handle, name=path.name)
        source_id = f"sha256:{digest_of(file)}"
        if Document.objects.filter(source_id=source_id).exists():
            return None
        stored = take_in(file, path.name)
    try:
        return _keep(stored, source_id, path)
    except IntegrityError:
        # Another import of the same bytes was first.
        return None


@transaction.atomic
def _keep(stored: StoredFile, source_id: str, path: Path) -> DocumentVersion:
    document = Document.objects.create(
        document_type=type_in_force(UNSORTED),
        title=path.stem[:300],
        state=State.RECEIVED,
        source_id=source_id,
        created_at=timezone.now(),
    )
    allow(DocumentToken, document.pk, [EVERYONE])
    version = add_file(document, stored, officer_id=None)
    payload = {"file_name": version.file_name, "sha256": stored.sha256, "quarantined": version.quarantine_reason}
    record(f"document:{document.pk}", "document.imported", actor=SYSTEM, payload=payload)
    return version
