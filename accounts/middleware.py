"""Sign-in before everything, the acting officer on every request, and every refusal in the trail."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from accounts.acting import Acting, acting_for
from accounts.sight import NotVisible
from accounts.web import acting_of
from audit.recording import record
from pages.domain_errors import Refused
from pages.web import answer, client_address, is_part, typed_texts


class SignInMiddleware(LoginRequiredMiddleware):
    """Every view stands behind sign-in unless it is marked `login_not_required`.

    A page is asked for again after signing in. What was posted can't be: it is shown, to be copied, because
    nothing typed may be lost; and a part of a page becomes a message, never the sign-in page inside a panel.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[Any, Any],
    ) -> HttpResponseBase | None:
        # Asked first: Django would open the session of whoever reads an open address, too.
        if not getattr(view_func, "login_required", True):
            return None
        to_sign_in = super().process_view(request, view_func, view_args, view_kwargs)
        if to_sign_in is None or (request.method in ("GET", "HEAD") and not is_part(request)):
            return to_sign_in
        pages = "pages/session_ended.html", "pages/session_ended_part.html"
        return answer(request, *pages, {"typed": typed_texts(request)}, status=401)


class ActingMiddleware:
    """Sets `request.acting`: an `Acting`, or None before sign-in. It costs queries only when it is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting = SimpleLazyObject(lambda: _acting(request))  # type: ignore[attr-defined]
        return self._get_response(request)


class RefusalMiddleware:
    """Records what was refused, in a transaction of its own after the refused one rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if not isinstance(exception, NotVisible | Refused) or not request.user.is_authenticated:
            return
        if isinstance(exception, NotVisible) and not exception.about:
            return
        acting = acting_of(request)
        stream = f"account:{acting.officer_id}"
        # What is refused before there is a thing to refuse, as a new draft, is about the account itself.
        payload = {"about": exception.about or stream, "method": request.method or "", "path": request.path}
        with transaction.atomic():
            record(stream, "access.refused", actor=acting.actor, payload=payload)


def _acting(request: HttpRequest) -> Acting | None:
    if not request.user.is_authenticated:
        return None
    return acting_for(
        request.user,
        slot_id=request.session.get("slot"),
        address=client_address(request),
    )
