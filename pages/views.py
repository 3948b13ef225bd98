"""Pages that belong to no package: what went wrong, and what to do next."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pages.web import answer

logger = logging.getLogger(__name__)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from an old or foreign page: say so, change nothing, and show nothing of what was posted."""
    return answer(request, "pages/csrf_failed.html", "pages/csrf_failed_part.html", {}, status=403)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For Django's own refusals; the domain's come through the middleware with their own words."""
    context = {"message": _("Your account may not open this page."), "status": 403}
    return answer(request, "pages/domain_error.html", "pages/domain_error_part.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "pages/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Stands on its own, without context or queries: the frame may be what failed.

    The incident code stands in the log next to the trace, on the page and in the header `X-Incident`; it is the
    request's own number where it has one. What the address holds besides its pattern may be of a person.
    """
    incident = getattr(request, "request_id", "") or secrets.token_hex(6)
    route = request.resolver_match.route if request.resolver_match else "unknown"
    logger.error("incident %s: %s /%s", incident, request.method, route)
    page = render_to_string("pages/server_error.html", {"incident": incident})
    return HttpResponse(page, status=500, headers={"X-Incident": incident})
