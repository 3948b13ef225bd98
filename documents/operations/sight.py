"""Who may see a paper, widened and narrowed. The event belongs to the action that brings the change about."""

from collections.abc import Collection, Iterable

from django.db import transaction

from accounts.sight import allow
from documents.models import DocumentToken, LegalDocument, LegalDocumentToken
from documents.operations.findable import hide_paper
from search.indexing import index_later


@transaction.atomic
def widen_sight(*, document_ids: Collection[int], tokens: Iterable[str]) -> None:
    """Shows these documents, and their entries in the register, to holders of these tokens too."""
    wanted = sorted(set(tokens))
    for document_id in document_ids:
        allow(DocumentToken, document_id, wanted)
        index_later("document", str(document_id))
    for legal in LegalDocument.objects.filter(document__in=document_ids):
        allow(LegalDocumentToken, legal.pk, wanted)
        index_later(legal.kind, str(legal.pk))


@transaction.atomic
def narrow_sight(*, document_id: int, tokens: Iterable[str]) -> None:
    """Shows the document, and its entry in the register, to holders of these tokens alone, from this moment on.

    The index may lag; until it has caught up the paper is left out of every search.
    """
    wanted = set(tokens)
    DocumentToken.objects.filter(holder=document_id).exclude(token__in=wanted).delete()
    allow(DocumentToken, document_id, wanted)
    for legal in LegalDocument.objects.filter(document=document_id):
        LegalDocumentToken.objects.filter(holder=legal).exclude(token__in=wanted).delete()
        allow(LegalDocumentToken, legal.pk, wanted)
    hide_paper(document_id)
