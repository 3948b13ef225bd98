"""The minutes of a hand-over (biên bản bàn giao), printed from its frozen lines."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime

from documents.operations.give_number import Outgoing
from documents.origins import Origin
from documents.outgoing import RegisterEntry
from papers.catalogue import PrintedForm, form_in_force
from papers.rendering import printed
from workflow.engine.hand_overs import lines_of
from workflow.engine.work_models import HandOver, HandOverState

# How the outgoing register names what the minutes are written for.
ORIGIN = "hand-over"
_SERIES, _PATTERN = "hand-over", "{number}/BB-{symbol}"


def outgoing_minutes(found: HandOver, accepted_by: str) -> Outgoing:
    """The minutes as they are entered in the outgoing register of the unit that gives, once they are accepted."""
    return Outgoing(
        series=_SERIES,
        pattern=_PATTERN,
        kind=_form_of(found).name,
        subject=f"{found.giver} → {found.taker}",
        signer=f"{found.drafted_by.full_name}; {accepted_by}"[:160],
        recipients=found.taker[:250],
        issued_on=localdate(found.accepted_at),
        origin=Origin(ORIGIN, found.pk, str(found.pk)),
    )


def number_of(found: HandOver) -> str:
    """As the register has it; empty while nobody has accepted the list."""
    entries = RegisterEntry.objects.filter(origin_kind=ORIGIN, origin_id=found.pk).order_by("pk")
    return entries.values_list("written", flat=True).first() or ""


def print_minutes(found: HandOver) -> bytes:
    """As a PDF: a draft until it is accepted, then with its number, who accepted it and when."""
    return printed(_form_of(found), {"minutes": _content(found), "lines": lines_of(found)})


def _form_of(found: HandOver) -> PrintedForm:
    return form_in_force("hand_over_minutes", localtime(found.drafted_at).date())


def _content(found: HandOver) -> dict[str, Any]:
    made_at = localtime(found.drafted_at)
    accepted_at = localtime(found.accepted_at) if found.accepted_at else None
    return {
        "number": number_of(found),
        "agency": found.from_unit.name,
        "parent_agency": found.from_unit.parent.name if found.from_unit.parent else "",
        "giver": found.giver,
        "taker": found.taker,
        "reason": found.reason,
        "steps": found.runs,
        "dossiers": found.cases,
        "made_at": date_format(made_at, "H:i, d/m/Y"),
        "made_by": found.drafted_by.full_name,
        "accepted_at": date_format(accepted_at, "H:i, d/m/Y") if accepted_at else "",
        "accepted_by": found.accepted_by.full_name if found.accepted_by else "",
        "is_draft": found.state in (HandOverState.DRAFTED, HandOverState.DROPPED),
        "is_of_unit": found.from_officer_id is None,
    }
