"""The page of a legal document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from documents.finding import Tokens, wanted_in
from documents.models import LegalDocument
from documents.selectors import one_legal_document, texts_of
from documents.sheet import marked_text
from documents.validity import validity_on
from documents.viewer import Asked
from pages.web import asked_day


@require_safe
def legal_document(request: HttpRequest, legal_id: int) -> HttpResponse:
    legal = one_legal_document(acting_of(request), legal_id)
    query, day = Asked.of(request.GET).query, asked_day(request, "on") or timezone.localdate()
    text = _text(legal)
    tokens = Tokens.of_text(text)
    context = {
        "legal": legal,
        "query": query,
        "day": day,
        "validity": validity_on(legal, day),
        "text": marked_text(text, tokens, wanted_in([tokens], query), 0),
    }
    return render(request, "documents/legal_document.html", context)


def _text(legal: LegalDocument) -> str:
    if hasattr(legal, "wording"):
        return legal.wording.text
    scan = legal.document.current if legal.document else None
    return "\n\n".join(page.text for page in texts_of(scan)) if scan else ""
