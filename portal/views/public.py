"""The public status page: what the QR code on a receipt opens."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.status import public_status


@login_not_required
@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Status and due date for code and secret; without them a form that asks."""
    code, key = request.GET.get("ma", "").strip()[:60], request.GET.get("khoa", "").strip()[:40]
    found = public_status(code, key) if code and key else None
    is_missing = bool(code or key) and found is None
    context = {"found": found, "is_missing": is_missing, "code": code}
    return render(request, "portal/public_status.html", context, status=404 if is_missing else 200)
