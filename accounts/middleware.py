"""The acting officer on every request, and every refusal in the trail."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.acting import Acting, acting_for
from accounts.sight import NotVisible
from accounts.web import acting_of
from audit.recording import record
from pages.domain_errors import Refused


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
        if not isinstance(exception, NotVisible | Refused) or not exception.about or not request.user.is_authenticated:
            return
        acting = acting_of(request)
        payload = {"about": exception.about, "method": request.method or "", "path": request.path}
        with transaction.atomic():
            record(f"account:{acting.officer_id}", "access.refused", actor=acting.actor, payload=payload)


def _acting(request: HttpRequest) -> Acting | None:
    if not request.user.is_authenticated:
        return None
    return acting_for(
        request.user,
        slot_id=request.session.get("slot"),
        address=request.META.get("REMOTE_ADDR", ""),
    )
