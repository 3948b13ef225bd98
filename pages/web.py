"""What kind of answer a request wants: a whole page, or a part of the one that is open."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Where the frame shows what went wrong with a request made from the open page; see templates/pages/base.html.
MESSAGES = "#messages"


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; its request for a page that left its history wants the whole page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def answer(request: HttpRequest, page: str, part: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    """The page, or for htmx the part: shown among the messages, so that the form keeps what was typed."""
    if not is_part(request):
        return render(request, page, context, status=status)
    response = render(request, part, context, status=status)
    response["HX-Retarget"] = MESSAGES
    response["HX-Reswap"] = "innerHTML"
    return response


def typed_texts(request: HttpRequest) -> list[str]:
    """What a person typed into the posted form, in its order: no tokens, no passwords, nothing twice."""
    found: dict[str, None] = {}
    for name, values in request.POST.lists():
        if name not in _NOT_TYPED and not name.endswith(_NOT_TYPED_ENDINGS) and "password" not in name:
            found.update(dict.fromkeys(value for value in values if value.strip()))
    return list(found)


# What is chosen by its code says nothing to people either.
_NOT_TYPED_ENDINGS = ("_key", "_FORMS")
_NOT_TYPED = {"csrfmiddlewaretoken", "version", "next", "outcome", "ruling", "to_officer"}


def asked_day(request: HttpRequest, name: str) -> date | None:
    """The day of the address, typed as it is written here (23/11/2026) or as links carry it (2026-11-23).

    Anything else, and what lies at the edge of the calendar, counts as none.
    """
    return _day(request.GET.get(name, ""))


def _day(typed: str) -> date | None:
    try:
        day = DateField(required=False).clean(typed)
    except ValidationError:
        return None
    return day if day and date.min.year < day.year < date.max.year else None


def posted_day(request: HttpRequest, name: str) -> date | None:
    """The day typed into a posted form, read as `asked_day` reads one of the address."""
    return _day(request.POST.get(name, ""))


def client_address(request: HttpRequest) -> str:
    """The address of the reader's machine: what the outermost of our own proxies saw (`PROXIES` of them)."""
    addresses = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.PROXIES <= len(addresses) and addresses[-settings.PROXIES]:
        return addresses[-settings.PROXIES][:45]
    address: str = request.META.get("REMOTE_ADDR", "")
    return address
