"""Handing over all work of an officer or a unit: the lists, one list, its minutes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.acting import Acting
from accounts.models import Unit
from accounts.selectors import active_officers, units_in_force
from accounts.web import acting_of
from pages.paging import page_by_moment, page_newest_first
from pages.responses import see_other
from workflow.engine.hand_overs import hand_overs_for, lines_of, may_accept, one_hand_over
from workflow.engine.minutes import print_minutes
from workflow.engine.operations.hand_over import (
    LONGEST_REASON,
    accept_hand_over,
    drop_hand_over,
    hand_over_officer,
    hand_over_unit,
)
from workflow.engine.work_models import HandOverState, LineOutcome
from workflow.views.steps import posted_number

LINES = 100


@require_safe
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Those he has to do with, newest first, and the forms that make one."""
    acting = acting_of(request)
    context = {
        "section": "work",
        "page": page_newest_first(hand_overs_for(acting), key=request.GET.get("key", "")),
        "people": active_officers(acting.units) if acting.may_update else [],
        "own_units": _units_to_give(acting),
        "units": units_in_force() if acting.leads(acting.unit_id) else [],
        "longest_reason": LONGEST_REASON,
    }
    return render(request, "workflow/hand_overs.html", context)


def _units_to_give(acting: Acting) -> list[Unit]:
    if not acting.leads(acting.unit_id):
        return []
    return list(Unit.objects.filter(pk__in=acting.overseen).order_by("name", "id"))


@require_POST
def hand_over_from_officer(request: HttpRequest) -> HttpResponse:
    acting = acting_of(request)
    made = hand_over_officer(
        officer_id=posted_number(request, "officer") if acting.is_leading else acting.officer_id,
        to_officer_id=posted_number(request, "to_officer") if request.POST.get("to_officer") else None,
        reason=request.POST.get("reason", ""),
        acting=acting,
    )
    return _made(request, made.pk)


@require_POST
def hand_over_from_unit(request: HttpRequest) -> HttpResponse:
    made = hand_over_unit(
        from_unit_id=posted_number(request, "from_unit"),
        to_unit_id=posted_number(request, "to_unit"),
        reason=request.POST.get("reason", ""),
        acting=acting_of(request),
    )
    return _made(request, made.pk)


def _made(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    messages.success(request, _("The list is made. Nothing moves before it is accepted."))
    return see_other(reverse("hand_over", args=[hand_over_id]))


@require_safe
def hand_over(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """What is on the list, where it stands, and what may be done with it."""
    acting = acting_of(request)
    found = one_hand_over(acting, hand_over_id)
    is_open, accepts = found.state == HandOverState.DRAFTED, may_accept(found, acting)
    context = {
        "section": "work",
        "hand_over": found,
        "page": page_by_moment(lines_of(found), field="step_due_at", key=request.GET.get("key", ""), size=LINES),
        "waiting": found.lines.filter(outcome=LineOutcome.WAITING).count(),
        "may_accept": is_open and accepts,
        "may_drop": is_open and acting.may_update and (accepts or found.drafted_by_id == acting.officer_id),
    }
    return render(request, "workflow/hand_over.html", context)


@require_POST
def hand_over_accept(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    accept_hand_over(hand_over_id=hand_over_id, acting=acting_of(request))
    messages.success(request, _("Accepted. The dossiers are being moved; you are told when it is done."))
    return see_other(reverse("hand_over", args=[hand_over_id]))


@require_POST
def hand_over_drop(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    drop_hand_over(hand_over_id=hand_over_id, acting=acting_of(request))
    messages.success(request, _("Dropped. All work is where it was."))
    return see_other(reverse("hand_over", args=[hand_over_id]))


@require_safe
def hand_over_minutes(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """The minutes as a PDF (biên bản bàn giao), from what was listed then."""
    found = one_hand_over(acting_of(request), hand_over_id)
    response = HttpResponse(print_minutes(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="bien-ban-ban-giao-{found.pk}.pdf"'
    return response
