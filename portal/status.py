"""What the applicant may learn of his dossier without an account: status, due date, what to do next."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from dossiers.selectors import KIND
from dossiers.states import Status
from workflow.engine.selectors import case_of


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """No personal data: whoever holds the receipt knows whose dossier it is."""

    code: str
    status: str
    next_act: str
    due_at: datetime | None
    appointment: int
    unit: str


def public_status(code: str, key: str) -> PublicStatus | None:
    """The status of the dossier with this code, for who holds the secret of its receipt; None otherwise.

    A wrong code and a wrong secret get the same answer.
    """
    dossier = Dossier.objects.select_related("received_unit").filter(code=code).first()
    expected = dossier.public_key if dossier else "no such dossier"
    if not hmac.compare_digest(expected.encode(), key.encode()) or dossier is None:
        return None
    case = case_of(KIND, dossier.pk)
    is_running = dossier.status in (Status.RECEIVED, Status.IN_PROCESS)
    return PublicStatus(
        code=code,
        status=dossier.status_words,
        next_act=_next_act(dossier),
        due_at=case.due_at if case and is_running else None,
        appointment=case.appointment if case else 0,
        unit=dossier.received_unit.name,
    )


def _next_act(dossier: Dossier) -> str:
    acts = {
        Status.RECEIVED: _("Nothing to do: the dossier is on its way to the unit that handles it."),
        Status.IN_PROCESS: _("Nothing to do: the dossier is being handled."),
        Status.AWAITING_OBLIGATIONS: _(
            "Pay as the tax authority's notice says; the time limit runs again when the proof is in."
        ),
        Status.RESOLVED: _("Fetch the result. Bring this receipt, your identity card and the originals to hand in."),
        Status.RETURNED: _("The result was handed over."),
        Status.SUPPLEMENT_REQUESTED: _("Bring what the supplement request asks for."),
    }
    return acts.get(Status(dossier.status), "")
