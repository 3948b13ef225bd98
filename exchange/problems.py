"""Every refusal as a problem (RFC 9457), in the caller's language."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError

from accounts.sight import NotVisible
from exchange.operations.tracks import record_refused
from pages.domain_errors import DomainError, Invalid, Refused

if TYPE_CHECKING:
    from exchange.callers import AgencyRequest

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="api"'
_TITLES = {
    HTTPStatus.BAD_REQUEST: gettext_lazy("This request can't be understood."),
    HTTPStatus.UNAUTHORIZED: gettext_lazy("A token in force is needed."),
    HTTPStatus.FORBIDDEN: gettext_lazy("The agreement with your agency does not include this."),
    HTTPStatus.NOT_FOUND: gettext_lazy("There is nothing here."),
    HTTPStatus.METHOD_NOT_ALLOWED: gettext_lazy("This address can only be read."),
    HTTPStatus.UNPROCESSABLE_ENTITY: gettext_lazy("Some of what was sent is not right."),
    HTTPStatus.INTERNAL_SERVER_ERROR: gettext_lazy("Something went wrong here. Try again later."),
    HTTPStatus.SERVICE_UNAVAILABLE: gettext_lazy("The search does not answer. Try again later."),
}
# The words for what a validator found; the rest is told by its code.
_FAULTS = {
    "missing": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("Nothing goes by this name."),
    "enum": gettext_lazy("This is none of the values it can have."),
    "int_parsing": gettext_lazy("This is not a whole number."),
    "less_than_equal": gettext_lazy("This is too large."),
    "greater_than_equal": gettext_lazy("This is too small."),
    "string_too_long": gettext_lazy("This is too long."),
    "string_too_short": gettext_lazy("This is empty."),
    "string_pattern_mismatch": gettext_lazy("This holds characters it can't have."),
}


class Unanswered(DomainError):
    """What would answer doesn't; asking again later is all that helps."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Nothing is known of what there is, not even that there is nothing."))


class Fault(Schema):
    """What is wrong with one of the things sent."""

    path: str = Field(description="Where it stands: `query.limit`, `path.code`.")
    code: str = Field(description="What is wrong, for machines: `missing`, `less_than_equal`, `invalid`.")
    message: str = Field(description="What is wrong, in the language asked for.")


class Problem(Schema):
    """Why there is no answer (RFC 9457). `type` is always `about:blank`: the status says what kind of problem it is."""

    type: str = Field("about:blank", examples=["about:blank"])
    title: str = Field(examples=["Không có gì ở đây."])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str | None = None
    errors: list[Fault] | None = Field(None, description="With 422: each fault with its place.")
    incident: str | None = Field(None, description="With 500: what to name when asking for help.")


def problem(
    status: int, *, detail: str = "", errors: Iterable[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer of this status; `headers` go with it."""
    known = _TITLES.get(HTTPStatus(status))
    body: dict[str, Any] = {"type": "about:blank", "title": str(known or HTTPStatus(status).phrase), "status": status}
    body |= {"detail": detail} if detail else {}
    faults = [dict(fault) for fault in errors]
    body |= {"errors": faults} if faults else {}
    if headers and "X-Incident" in headers:
        body["incident"] = headers["X-Incident"]
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers={**(headers or {})})


def fault(path: str, message: str, code: str = "invalid") -> dict[str, str]:
    return {"path": path, "code": code, "message": message}


def answer_by_problems(api: NinjaAPI) -> None:
    """Has the API answer each of the house's refusals, and its own, with a problem."""
    api.add_exception_handler(AuthenticationError, _unauthenticated)
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(NotVisible, _not_visible)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(DomainError, _domain_error)


def _unauthenticated(request: HttpRequest, exc: Any) -> HttpResponse:
    """The same for a missing, unknown, expired and revoked token; only one that was shown is called invalid."""
    shown = ', error="invalid_token"' if "Authorization" in request.headers else ""
    return problem(HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": CHALLENGE + shown})


def _not_valid(request: HttpRequest, exc: Any) -> HttpResponse:
    faults = [
        fault(_path(found["loc"]), str(_FAULTS.get(found["type"]) or _("This is not right.")), found["type"])
        for found in exc.errors
    ]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, errors=faults)


def _path(places: Iterable[object]) -> str:
    """`query.kind.1`; the name of the view's own argument says nothing to the caller."""
    return ".".join(str(place) for place in places if place != "asked")


def _not_visible(request: HttpRequest, exc: Any) -> HttpResponse:
    """Hidden and missing alike, in the trail too."""
    _note(request, about=exc.about)
    return problem(HTTPStatus.NOT_FOUND)


def _missing(request: HttpRequest, exc: Any) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND)


def _domain_error(request: HttpRequest, exc: Any) -> HttpResponse:
    if isinstance(exc, Refused):
        _note(request, about=exc.about)
    fields = exc.fields if isinstance(exc, Invalid) else {}
    # Nothing is posted here: whatever has a fault was in the query.
    faults = [fault(f"query.{name}", str(message)) for name, message in fields.items()]
    return problem(exc.status, detail=str(exc.message), errors=faults)


def _note(request: HttpRequest, *, about: str) -> None:
    caller = cast("AgencyRequest", request).auth
    record_refused(caller=caller, about=about, method=request.method or "", path=request.path)
