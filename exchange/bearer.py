"""The one way in: a bearer token (RFC 6750). No cookie and no session opens anything here."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from exchange.callers import Caller, caller_of
from exchange.models import AgencyToken
from exchange.operations.tokens import note_use
from exchange.operations.tracks import record_turned_away
from exchange.secrets import digest_of


class AgencyBearer(HttpBearer):
    """Lets in who shows a token that is in force, of an agency that is connected; nobody learns which of it failed."""

    openapi_description = "A token given to the agency by the administrator: `Authorization: Bearer hsd_…`."

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        found = AgencyToken.objects.select_related("agency").filter(digest=digest_of(token)).first()
        if found is None:
            return None
        address = request.META.get("REMOTE_ADDR", "")
        reason = reason_against(found)
        if reason:
            record_turned_away(token=found, reason=reason, path=request.path, address=address)
            return None
        note_use(token=found)
        return caller_of(found, address=address)


def reason_against(token: AgencyToken) -> str:
    """Why the token opens nothing now, by its code in `exchange.timeline`; empty when it opens."""
    if token.revoked_at is not None:
        return "revoked"
    if token.is_expired(timezone.now()):
        return "expired"
    return "" if token.agency.is_connected(timezone.localdate()) else "disconnected"
