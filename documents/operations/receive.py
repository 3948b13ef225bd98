"""Taking in a paper from outside (tiếp nhận tài liệu)."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from accounts.acting import Acting
from accounts.rights import require_update
from accounts.sight import allow
from audit.recording import record
from documents.models import Document, DocumentToken, DocumentVersion
from documents.operations.store import StoredFile, add_file, checked_title, type_in_force
from documents.states import State


def receive_file(
    *,
    stored: StoredFile,
    document_type: str,
    title: str,
    unit_id: int,
    tokens: Iterable[str],
    acting: Acting,
    context: Mapping[str, object],
) -> DocumentVersion:
    """Keeps a paper handed in from outside as a document in state `received`, and has it read.

    stored         the file, from `take_in`: called before, so that nobody waits for a lock while bytes are copied
    document_type  the code of a type in force
    title          what it is called in lists; the type's name when empty
    unit_id        the unit it came to
    tokens         who may see it (`accounts.sight`)
    context        goes into the event beside our own keys: the dossier's code, for instance

    A file that can't be opened is kept in quarantine and its bringer told. Raises Invalid for a type or title that
    can't be, Refused for a look-up account.
    """
    require_update(acting)
    kind = type_in_force(document_type)
    shown_title = checked_title(title, kind)
    with transaction.atomic():
        document = Document.objects.create(
            document_type=kind, title=shown_title, unit_id=unit_id, state=State.RECEIVED, created_at=timezone.now()
        )
        allow(DocumentToken, document.pk, tokens)
        version = add_file(document, stored, officer_id=acting.officer_id)
        payload = {
            **context,
            "title": document.title,
            "type": kind.name,
            "file_name": version.file_name,
            "sha256": stored.sha256,
            "size": stored.screened.size,
            "quarantined": version.quarantine_reason,
        }
        record(f"document:{document.pk}", "document.received", actor=acting.actor, payload=payload)
    return version
