"""The page of a legal document."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.acting import Acting
from accounts.web import acting_of
from documents.extracted import extracted_fields
from documents.finding import Tokens, wanted_in
from documents.models import LegalDocument
from documents.naming import named_documents
from documents.selectors import one_legal_document, texts_of
from documents.sheet import marked_text
from documents.validity import validity_on
from documents.viewer import Asked, NamedRow
from pages.web import asked_day


@require_safe
def legal_document(request: HttpRequest, legal_id: int) -> HttpResponse:
    acting = acting_of(request)
    legal = one_legal_document(acting, legal_id)
    query, day = Asked.of(request.GET).query, asked_day(request, "on") or timezone.localdate()
    text = _text(legal)
    tokens = Tokens.of_text(text)
    context = {
        "legal": legal,
        "query": query,
        "day": day,
        "validity": validity_on(legal, day),
        "text": marked_text(text, tokens, wanted_in([tokens], query), 0),
        "named": _named(legal, acting, day),
    }
    return render(request, "documents/legal_document.html", context)


def _named(legal: LegalDocument, acting: Acting, day: date) -> list[NamedRow]:
    """The documents its scan names, each with the place in the scan that says so."""
    scan = legal.document.current if legal.document else None
    if scan is None or scan.reading is None or scan.is_quarantined:
        return []
    named = named_documents(extracted_fields(scan.reading.fields, ()), acting, day)
    page = reverse("document", args=[scan.document_id])
    return [NamedRow(one, f"{page}?{urlencode({'field': one.field.code, 'panel': 'fields'})}") for one in named]


def _text(legal: LegalDocument) -> str:
    if hasattr(legal, "wording"):
        return legal.wording.text
    scan = legal.document.current if legal.document else None
    return "\n\n".join(page.text for page in texts_of(scan)) if scan else ""
