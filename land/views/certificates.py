"""A certificate with what it certifies, what was noted on it, and its history."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from land.certificate_selectors import certificates_for, certified_by, names_on, one_certificate, story_of
from land.operations.looked_at import record_looking_at_certificate
from land.selectors import notes_on
from pages.paging import page_newest_first

_LONGEST = 40


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """All of them, newest entry first, or by serial or register number."""
    number = request.GET.get("so", "")[:_LONGEST]
    page = page_newest_first(certificates_for(number, acting_of(request)), key=request.GET.get("key", ""))
    context = {"section": "land", "number": number, "page": page, "rows": names_on(page.rows)}
    return render(request, "land/certificates.html", context)


@require_safe
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    acting = acting_of(request)
    found = one_certificate(acting, certificate_id)
    record_looking_at_certificate(certificate=found, acting=acting)
    context = {
        "section": "land",
        "certificate": found,
        "rights": certified_by(found),
        "notes": notes_on([found]).get(found.pk, []),
        "history": story_of(found),
    }
    return render(request, "land/certificate.html", context)
