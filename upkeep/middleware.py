"""Around every request: its number, its line in the log, its place in the metrics."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bound_contextvars

from upkeep import metrics
from upkeep.log_lines import extra

logger = logging.getLogger(__name__)


class RequestMiddleware:
    """Stands before all others, so that whatever they do or fail with is counted and told.

    The number is ours alone: one brought along could hold anything. It goes out as `X-Request-ID`, stands in every
    line written meanwhile, and is the incident code of the error page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request_id = secrets.token_hex(6)
        request.request_id = request_id  # type: ignore[attr-defined]
        with bound_contextvars(request_id=request_id):
            response = self._get_response(request)
            seconds = time.perf_counter() - began
            response.headers["X-Request-ID"] = request_id
            route, method = route_of(request), metrics.method_of(request.method)
            metrics.count_request(method=method, route=route, status=response.status_code, seconds=seconds)
            fields = extra(
                method=method,
                route=route,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
                officer=_officer_id(request),
            )
            logger.info("answered", extra=fields)
        return response


def route_of(request: HttpRequest) -> str:
    """The address as it is written in urls.py: never what somebody typed or whose page it is."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    static = settings.STATIC_URL or "/static/"
    return static if request.path.startswith(static) else "unknown"


def _officer_id(request: HttpRequest) -> int | None:
    # Only if the request has asked for him anyway: a line in the log costs no query.
    officer = getattr(request, "_cached_user", None)
    pk: int | None = getattr(officer, "pk", None)
    return pk
