"""The file of an issued paper with its number and date on it, printed by the system after it was issued."""

from documents.models import Document
from documents.operations.seal import seal_later
from documents.operations.store import StoredFile, add_file
from documents.outgoing import RegisterEntry
from documents.states import NumberState, State


def has_issued_copy(document: Document) -> bool:
    """Whether the issued paper was printed with the number it bears now."""
    if document.state != State.ISSUED:
        return False
    entry = _entry_of(document)
    if entry is not None:
        return entry.printed_id is not None
    # Issued past the register: a printed file was brought by nobody.
    return document.versions.filter(uploaded_by__isnull=True).exists()


def awaits_issued_copy(document: Document) -> bool:
    """Whether the copy with its number is still to be printed, and may be: nothing is added to a paper that is held."""
    return document.state == State.ISSUED and document.held_at is None and not has_issued_copy(document)


def keep_issued_copy(*, document_id: int, stored: StoredFile, number: str) -> bool:
    """Makes the file the current version of an issued document; False when it has one, another number, or is held.

    In the caller's transaction, which records it. The versions that were drafted and signed stay.
    """
    document = Document.objects.select_for_update(of=("self",)).get(pk=document_id)
    if document.number != number or not awaits_issued_copy(document):
        return False
    version = add_file(document, stored, officer_id=None)
    RegisterEntry.objects.filter(document=document, state=NumberState.USED).update(printed=version)
    seal_later(version)
    return True


def _entry_of(document: Document) -> RegisterEntry | None:
    return RegisterEntry.objects.filter(document=document, state=NumberState.USED).first()
