"""A new file for a paper that is there already (thêm phiên bản)."""

from collections.abc import Mapping

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_update
from accounts.sight import one_visible
from audit.recording import record
from documents.models import Document, DocumentToken, DocumentVersion
from documents.operations.store import StoredFile, add_file, take_in
from documents.selectors import one_document
from documents.states import State
from pages.domain_errors import Conflict, Refused

# What was signed stays as it was signed.
OPEN_STATES = (State.RECEIVED, State.DRAFT)


def bring_version(*, document_id: int, file: File[bytes], name: str, acting: Acting) -> DocumentVersion:
    """Takes in a file and makes it the current version; see `add_version`. Raises Invalid when the file is refused."""
    _check_open(one_document(acting, document_id), acting)
    stored = take_in(file, name, acting=acting)
    return add_version(document_id=document_id, stored=stored, acting=acting, context={})


@transaction.atomic
def add_version(
    *, document_id: int, stored: StoredFile, acting: Acting, context: Mapping[str, object]
) -> DocumentVersion:
    """Makes a file from `take_in` the current version of a received or drafted document; the ones before it stay.

    Who brings the same bytes of a received paper again, as after an answer that was lost, changes nothing.
    Open to the updating officers of the document's own unit. Raises Refused for others, Conflict once the paper was
    submitted or its records are on a list, NotVisible for who may not see it.
    """
    rows = Document.objects.select_for_update(of=("self",))
    document = one_visible(rows, DocumentToken, acting, stream="document", pk=document_id)
    _check_open(document, acting)
    current = document.current
    if current is not None and _is_repeated(current, document, stored, acting):
        return current
    version = add_file(document, stored, officer_id=acting.officer_id)
    payload = {
        **context,
        "title": document.title,
        "version": version.number,
        "file_name": version.file_name,
        "sha256": stored.sha256,
        "quarantined": version.quarantine_reason,
    }
    record(f"document:{document.pk}", "document.version_added", actor=acting.actor, payload=payload)
    return version


def _is_repeated(current: DocumentVersion, document: Document, stored: StoredFile, acting: Acting) -> bool:
    is_same = (current.blob_id, current.uploaded_by_id) == (stored.sha256, acting.officer_id)
    return is_same and document.state == State.RECEIVED


def _check_open(document: Document, acting: Acting) -> None:
    require_update(acting, about=f"document:{document.pk}")
    if not acting.acts_in(document.unit_id):
        raise Refused(_("Only the unit this paper belongs to may change it."), about=f"document:{document.pk}")
    if document.state not in OPEN_STATES:
        words = _("The paper is %(state)s and keeps the file it was signed with. Draft a new paper to replace it.")
        raise Conflict(words % {"state": document.state_words.lower()})
    if document.held_at is not None:
        raise Conflict(_("The records of this dossier are on a list, in the archive or disposed of: no file is added."))
