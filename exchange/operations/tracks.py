"""The tracks an agency leaves: kept in its own stream, where access is looked through agency by agency."""

from django.db import transaction

from audit.recording import record
from dossiers.models import Dossier
from dossiers.selectors import stream_of as dossier_stream
from exchange.callers import Caller, actor_of, stream_of
from exchange.models import AgencyToken
from exchange.secrets import mark_of_words


@transaction.atomic
def record_shared(*, caller: Caller, dossier: Dossier) -> None:
    """Records that a dossier was given out (Law on personal data: log of access)."""
    payload = {
        "about": dossier_stream(dossier.pk),
        "code": dossier.code,
        "token": caller.token.label,
        "has_personal_data": caller.agency.has_personal_data,
    }
    record(caller.stream, "dossier.shared", actor=caller.actor, payload=payload)


@transaction.atomic
def record_search(*, caller: Caller, words: str, found: int) -> None:
    """Records how much a search found. The words may be a name: only their mark is kept."""
    payload = {"found": found, "words": mark_of_words(words), "token": caller.token.label}
    record(caller.stream, "agency.searched", actor=caller.actor, payload=payload)


@transaction.atomic
def record_refused(*, caller: Caller, about: str, method: str, path: str) -> None:
    """Records a refusal, also of what isn't there: the two must cost the same, and guessing codes must show."""
    payload = {"about": about or caller.stream, "method": method, "path": path, "token": caller.token.label}
    record(caller.stream, "access.refused", actor=caller.actor, payload=payload)


@transaction.atomic
def record_turned_away(*, token: AgencyToken, reason: str, path: str, address: str) -> None:
    """Records that somebody showed a token that opens nothing any more."""
    payload = {"reason": reason, "path": path, "token": token.pk, "label": token.label}
    actor = actor_of(token.agency, address)
    record(stream_of(token.agency_id), "agency.turned_away", actor=actor, payload=payload)
