"""The file of an issued paper with its number and date on it, printed by the system after it was issued."""

from documents.models import Document
from documents.operations.seal import seal_later
from documents.operations.store import StoredFile, add_file
from documents.states import State


def has_issued_copy(document: Document) -> bool:
    """Whether the issued paper was printed; such a file was brought by nobody."""
    return document.state == State.ISSUED and document.versions.filter(uploaded_by__isnull=True).exists()


def keep_issued_copy(*, document_id: int, stored: StoredFile) -> bool:
    """Makes the file the current version of an issued document; False when it has one already.

    In the caller's transaction, which records it. The versions that were drafted and signed stay.
    """
    document = Document.objects.select_for_update(of=("self",)).get(pk=document_id)
    if document.state != State.ISSUED or has_issued_copy(document):
        return False
    seal_later(add_file(document, stored, officer_id=None))
    return True
