"""Who may look after the house: administrators, and for the probes whoever stands on this machine or has the token."""

import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.acting import Acting
from pages.domain_errors import Refused

# What a proxy adds: a request that came through one comes from elsewhere, though the proxy stands on this machine.
_FORWARDING = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


def require_administrator(acting: Acting) -> None:
    """Raises Refused for everybody but an administrator."""
    if not acting.is_superuser:
        raise Refused(_("Only an administrator may look after failed jobs."))


def may_probe(request: HttpRequest) -> bool:
    """Whether the request comes straight from this machine, or carries `Authorization: Bearer METRICS_TOKEN`."""
    return _has_token(request) or _is_local(request)


def _has_token(request: HttpRequest) -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    is_right = hmac.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode())
    return bool(settings.METRICS_TOKEN) and scheme.lower() == "bearer" and is_right


def _is_local(request: HttpRequest) -> bool:
    if any(name in request.headers for name in _FORWARDING):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
