"""Pages that belong to no package: what went wrong, and what to do next."""

import errno
import logging
import secrets
import sqlite3
import sys
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pages.web import answer

logger = logging.getLogger(__name__)

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
_NO_ROOM_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR_WRITE}
_NO_ROOM_POSTGRES = {"53100"}


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

    507 when a disk is full or read-only, wherever it was met: nothing was saved, and reading goes on.

    The incident code stands in the log next to the trace, on the page and in the header `X-Incident`; it is the
    request's own number where it has one. What the address holds besides its pattern may be of a person.
    """
    incident = getattr(request, "request_id", "") or secrets.token_hex(6)
    route = request.resolver_match.route if request.resolver_match else "unknown"
    logger.error("incident %s: %s /%s", incident, request.method, route)
    is_full = any(_is_no_room(fault) for fault in _chain(sys.exc_info()[1]))
    page = render_to_string("pages/server_error.html", {"incident": incident, "is_full": is_full})
    return HttpResponse(page, status=507 if is_full else 500, headers={"X-Incident": incident})


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """The fault and what led to it."""
    seen = 0
    while fault is not None and seen < 10:
        yield fault
        fault, seen = fault.__cause__ or fault.__context__, seen + 1


def _is_no_room(fault: BaseException) -> bool:
    if isinstance(fault, OSError):
        return fault.errno in _NO_ROOM
    by_database = getattr(fault, "sqlite_errorcode", None) in _NO_ROOM_SQLITE
    return by_database or getattr(fault, "sqlstate", None) in _NO_ROOM_POSTGRES
