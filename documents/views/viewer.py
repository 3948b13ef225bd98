"""The viewer: a paper's pages, what was read from them, and how far the reader is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from documents.operations.looked_at import record_opening
from documents.selectors import is_public, may_read_again, may_replace, one_document, one_version
from documents.viewer import Asked, View
from pages.web import is_part


@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """The whole page, or for htmx the part that changes from page to page."""
    acting, asked = acting_of(request), Asked.of(request.GET)
    found = one_document(acting, document_id)
    version = one_version(found, asked.version)
    context = {
        "document": found,
        "version": version,
        "view": View(found, version, asked, acting),
        "may_read_again": may_read_again(found, version, acting),
        "may_replace": may_replace(found, acting),
        "may_ask_for_copy": acting.may_update,
    }
    if is_part(request):
        return render(request, "documents/viewer.html", context)
    if not is_public(found):
        record_opening(document=found, acting=acting)
    return render(request, "documents/document.html", context)


@require_safe
def document_copy_progress(request: HttpRequest, document_id: int) -> HttpResponse:
    """How far the searchable copy is, asked for again and again until it is made."""
    acting, asked = acting_of(request), Asked.of(request.GET)
    found = one_document(acting, document_id)
    version = one_version(found, asked.version)
    context = {"document": found, "version": version, "view": View(found, version, asked, acting)}
    return render(request, "documents/copy.html", {**context, "may_ask_for_copy": acting.may_update})


@require_safe
def document_progress(request: HttpRequest, document_id: int) -> HttpResponse:
    """How far the reader is, asked for again and again; once it is done the page is loaded anew."""
    version = one_version(one_document(acting_of(request), document_id), None)
    response = render(request, "documents/progress.html", {"version": version})
    if not version.is_in_hand:
        response["HX-Refresh"] = "true"
    return response
