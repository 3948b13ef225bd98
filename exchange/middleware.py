"""Under /api/ no refusal is a page, whoever refused."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from exchange.problems import MEDIA_TYPE, fault, problem

PREFIX = "/api/"
_OF_THE_PAGE = {"Content-Type", "Content-Length"}


class ProblemMiddleware:
    """Turns what others refuse (a forged host, a fault of ours, another verb) into a problem with the same status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        is_page = response.status_code >= HTTPStatus.BAD_REQUEST and response["Content-Type"] != MEDIA_TYPE
        if not is_page or not request.path_info.startswith(PREFIX):
            return response
        headers = {name: value for name, value in response.headers.items() if name not in _OF_THE_PAGE}
        return problem(response.status_code, headers=headers)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        """A NUL is no text: said here with its place, before the pages' own middleware says it without."""
        if not request.path_info.startswith(PREFIX):
            return None
        message = _("This holds characters it can't have.")
        texts = ((name, text) for name, values in request.GET.lists() for text in (name, *values))
        faults = {name: fault(f"query.{name}", message) for name, text in texts if "\x00" in text}
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, errors=faults.values()) if faults else None
