"""The apology with its new appointment (form 04): its content is kept as signed, its PDF is printed from that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from accounts.acting import Acting
from dossiers.clock_models import Apology
from dossiers.models import Dossier, IssuedForm
from dossiers.receipts import day_in_words, moment_in_words, place_of
from papers.catalogue import form_of
from papers.rendering import printed
from workflow.clock.ledger import ClockState
from workflow.models import Case
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force

FORM = "apology"
# A result promised for later than this is no appointment any more.
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ApologyPanel:
    """What the tab of the time limit shows of a dossier's apology; `may_sign` with the first day it could name."""

    apology: Apology | None
    may_sign: bool
    earliest: date | None


def apology_panel(dossier: Dossier, case: Case, acting: Acting, now: datetime) -> ApologyPanel | None:
    """The panel, or none where there is nothing to show and nothing to do."""
    apology = Apology.objects.select_related("signed_by", "form").filter(dossier=dossier).first()
    is_signed = apology is not None and apology.is_signed
    is_running = case.finished is None and case.clock_state == ClockState.RUNNING and case.due_at is not None
    may_sign = is_running and not is_signed and acting.leads(case.unit_id)
    if not (is_signed or may_sign or (apology and is_running)):
        return None
    earliest = earliest_day(case, now, calendar_in_force()) if may_sign else None
    return ApologyPanel(apology, may_sign, earliest)


def earliest_day(case: Case, now: datetime, calendar: Calendar) -> date:
    """The first working day after the promise and after today."""
    promised = max(case.due_at or now, now).astimezone(calendar.zone).date()
    return calendar.next_working_day(promised + timedelta(days=1))


def apology_content(dossier: Dossier, case: Case, apology: Apology, number: str, acting: Acting) -> dict[str, Any]:
    """What the apology says, as it is signed."""
    unit, signed_at, until = case.unit, apology.signed_at, apology.until
    assert signed_at is not None and until is not None  # noqa: S101 narrows the types
    return {
        "agency": unit.name,
        "parent_agency": unit.parent.name if unit.parent else "",
        "place": place_of(dossier.received_unit.name),
        "dated": day_in_words(localtime(signed_at).date()),
        "number": number,
        "code": dossier.code,
        "applicant": dossier.applicant_name,
        "address": dossier.applicant_address,
        "procedure": dossier.version.procedure.name,
        "summary": dossier.summary,
        "received_by": dossier.received_unit.name,
        "received_at": moment_in_words(dossier.received_at) if dossier.received_at else "",
        "due_at": moment_in_words(apology.due_at),
        "reason": f"{apology.reason.rstrip('.')}.",
        "until": moment_in_words(until),
        "signer": acting.officer_name,
    }


def print_apology(form: IssuedForm) -> bytes:
    """The apology as a PDF; however often, the same words."""
    content: Mapping[str, Any] = form.content
    return printed(form_of(form.code, form.regulation), {"apology": content})
