"""A paper in the index: under its own kind, and as what it is in the register."""

from collections.abc import Iterator

from documents.models import LegalDocument
from search.indexing import index_later, narrow


def index_paper(document_id: int) -> None:
    """Has the paper, and its entry in the register, indexed again after the caller's transaction."""
    for kind, object_id in _entries(document_id):
        index_later(kind, object_id)


def hide_paper(document_id: int) -> None:
    """Hides both from every search from the caller's commit on, until the index has caught up."""
    for kind, object_id in _entries(document_id):
        narrow(kind, object_id)


def _entries(document_id: int) -> Iterator[tuple[str, str]]:
    yield "document", str(document_id)
    for kind, legal_id in LegalDocument.objects.filter(document=document_id).values_list("kind", "pk"):
        yield kind, str(legal_id)
