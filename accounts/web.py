"""Who is behind a request."""

from typing import cast

from django.http import HttpRequest

from accounts.acting import Acting
from accounts.models import Officer


def officer_of(request: HttpRequest) -> Officer:
    return cast("Officer", request.user)


def acting_of(request: HttpRequest) -> Acting:
    """Who acts in this request. Only for pages behind sign-in, which all are unless they say otherwise."""
    return cast("Acting", request.acting)  # type: ignore[attr-defined]
