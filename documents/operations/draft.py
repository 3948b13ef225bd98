"""Drafting a paper of our own (dự thảo văn bản)."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from accounts.acting import Acting
from accounts.rights import require_update
from accounts.sight import allow
from audit.recording import record
from documents.models import Document, DocumentToken, DocumentVersion
from documents.operations.store import StoredFile, add_file, checked_title, type_in_force


def draft_document(
    *,
    stored: StoredFile,
    document_type: str,
    title: str,
    unit_id: int,
    tokens: Iterable[str],
    acting: Acting,
    context: Mapping[str, object],
) -> DocumentVersion:
    """Keeps a paper of our own, printed by the system or brought as a file, as a document in state `draft`.

    The acting officer is its drafter and may therefore never sign it. Parameters and errors as in `receive_file`.
    """
    require_update(acting)
    kind = type_in_force(document_type)
    shown_title = checked_title(title, kind)
    with transaction.atomic():
        document = Document.objects.create(
            document_type=kind,
            title=shown_title,
            unit_id=unit_id,
            drafted_by_id=acting.officer_id,
            created_at=timezone.now(),
        )
        allow(DocumentToken, document.pk, tokens)
        version = add_file(document, stored, officer_id=acting.officer_id)
        payload = {
            **context,
            "title": document.title,
            "type": kind.name,
            "file_name": version.file_name,
            "sha256": stored.sha256,
        }
        record(f"document:{document.pk}", "document.drafted", actor=acting.actor, payload=payload)
    return version
