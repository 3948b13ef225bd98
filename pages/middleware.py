"""Domain errors become pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pages.domain_errors import DomainError, Invalid

# What a form posts besides what a person typed.
_NOT_TYPED = {"csrfmiddlewaretoken", "password", "version", "idempotency_key"}


class DomainErrorMiddleware:
    """Answers a `DomainError` no view has dealt with: its status, its words, and what had been typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        typed = [value for name in request.POST.keys() - _NOT_TYPED for value in request.POST.getlist(name) if value]
        context = {
            "message": exception.message,
            "fields": exception.fields if isinstance(exception, Invalid) else {},
            "typed": typed,
            "status": exception.status,
        }
        is_part = request.headers.get("HX-Request") == "true"
        template = "pages/domain_error_part.html" if is_part else "pages/domain_error.html"
        return render(request, template, context, status=exception.status)
