"""Domain errors become pages, and no page stays behind in a cache."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.domain_errors import DomainError, Invalid, TooFast
from pages.throttle import seconds_to_wait
from pages.web import answer, typed_texts

GetResponse = Callable[[HttpRequest], HttpResponse]


class DomainErrorMiddleware:
    """Answers a `DomainError` no view has dealt with: its status, its words, and what had been typed."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: object, *given: object) -> HttpResponse | None:
        """Before anything is done: not too often, and nothing no database keeps.

        A NUL is never typed, and PostgreSQL would fail on it in the middle of the action.
        """
        if seconds := seconds_to_wait(request, is_open=not getattr(view, "login_required", True)):
            words = ngettext(
                "Too many requests. Wait %(seconds)s second, then go on.",
                "Too many requests. Wait %(seconds)s seconds, then go on.",
                seconds,
            )
            return self.process_exception(request, TooFast(words % {"seconds": seconds}, seconds=seconds))
        sent = [
            text for query in (request.GET, request.POST) for name, texts in query.lists() for text in (name, *texts)
        ]
        if any("\x00" in text for text in sent):
            return self.process_exception(request, Invalid(_("What was sent holds a character no text can have.")))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        context = {
            "message": exception.message,
            "fields": exception.fields if isinstance(exception, Invalid) else {},
            "typed": typed_texts(request),
            "status": exception.status,
        }
        pages = "pages/domain_error.html", "pages/domain_error_part.html"
        response = answer(request, *pages, context, status=exception.status)
        if isinstance(exception, TooFast):
            response["Retry-After"] = str(exception.seconds)
        return response


class PrivateMiddleware:
    """Keeps every answer out of caches and of the way back after sign-out, unless its view says otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
