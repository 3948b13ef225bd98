"""The register of legal documents: what enters it by being issued or imported, and what leaves force."""

from typing import Any

from django.utils import timezone

from accounts.sight import allow, tokens_of
from documents.models import Document, DocumentToken, DocumentType, LegalDocument, LegalDocumentToken
from documents.validity import EXPIRED, IN_FORCE
from ocr.reading import Reading as Outcome
from search.indexing import index_later
from search.text import clean


def register_issued(document: Document) -> LegalDocument | None:
    """Enters an issued paper whose type has a register; None for other types. In the caller's transaction."""
    kind = document.document_type
    if not kind.register:
        return None
    return _enter(
        document,
        {
            "kind": kind.register,
            "number": document.number,
            "document_type": kind.name,
            "issuer": document.unit.name if document.unit else "",
            "subject": document.title,
            "issued_on": document.issued_on,
            "effective_on": document.issued_on,
            "status": IN_FORCE,
        },
    )


def register_imported(document: Document, outcome: Outcome) -> LegalDocument | None:
    """Gives an imported file the type, number, date and title that were read from it, for no person typed them.

    Enters it if that type has a register. In the caller's transaction.
    """
    fields = outcome.fields
    kind = _type_read(outcome)
    if kind is not None:
        document.document_type = kind
    document.number, document.issued_on = _tidy(fields.number, 80), fields.issued_on
    document.title = _tidy(fields.subject, 300) or document.title
    document.save()
    if kind is None or not kind.register:
        return None
    return _enter(
        document,
        {
            "kind": kind.register,
            "number": document.number,
            "document_type": _tidy(fields.document_type, 200) or kind.name,
            "issuer": _tidy(fields.issuer, 200),
            "subject": _tidy(fields.subject, 1000) or document.title,
            "issued_on": fields.issued_on,
            "effective_on": fields.effective_on,
        },
    )


def _tidy(text: str | None, longest: int) -> str:
    return " ".join(clean(text or "").split())[:longest]


def _type_read(outcome: Outcome) -> DocumentType | None:
    """The type a paper shows: by its look if that is one of ours, else by the name in its head."""
    by_look = DocumentType.objects.filter(pk=outcome.paper_type.code or "").first()
    return by_look or DocumentType.objects.filter(name=outcome.fields.document_type or "").order_by("code").first()


def _enter(document: Document, values: dict[str, Any]) -> LegalDocument:
    defaults = {**values, "registered_at": timezone.now()}
    legal, is_new = LegalDocument.objects.update_or_create(
        document=document, defaults=values, create_defaults={"document": document, **defaults}
    )
    if is_new:
        allow(LegalDocumentToken, legal.pk, tokens_of(DocumentToken, [document.pk]).get(document.pk, []))
    index_later(legal.kind, str(legal.pk))
    return legal


def mark_no_longer_in_force(document: Document) -> None:
    """Says in the register that a superseded or revoked paper has ended. In the caller's transaction."""
    legal = LegalDocument.objects.filter(document=document).first()
    if legal is None:
        return
    legal.status = EXPIRED
    legal.save(update_fields=["status"])
    index_later(legal.kind, str(legal.pk))
