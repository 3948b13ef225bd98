"""The cross-check of a dossier: its tab, the value that is looked at, and what is decided about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.sight import NotVisible
from accounts.web import acting_of
from dossiers.cross_check import CrossCheck, cross_check
from dossiers.models import Dossier
from dossiers.operations.decide_mismatch import Seen, decide_mismatch, may_decide
from dossiers.selectors import KIND, one_dossier
from dossiers.side_by_side import lines_of, side_by_side
from dossiers.views.dossier import frame_of
from pages.domain_errors import Invalid
from pages.responses import see_other
from pages.web import is_part
from workflow.engine.models import Case
from workflow.engine.selectors import case_of, open_runs

# The value that is looked at, in the address.
CHOSEN = "muc"
MOST_DIGITS = 4


@require_safe
def cross_check_tab(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The whole tab, or for htmx the value that was walked to."""
    acting, chosen = acting_of(request), request.GET.get(CHOSEN, "")
    dossier, case = _received(request, dossier_id)
    if is_part(request):
        check = cross_check(dossier, acting)
        context = {"may_decide": may_decide(open_runs(case), acting), **_looked_at(dossier, check, chosen)}
        return render(request, "dossiers/mismatch.html", context)
    frame = frame_of(dossier, case, acting, "check", timezone.now())
    check = frame["check"]
    context = {**frame, "lines": lines_of(dossier, check), **_looked_at(dossier, check, chosen)}
    return render(request, "dossiers/dossier.html", context)


@require_POST
def mismatch_decided(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Keeps the decision and goes on to the next mismatch; what is missing is asked for where it was typed."""
    acting, fact = acting_of(request), request.POST.get("fact_key", "")
    try:
        decide_mismatch(
            dossier_id=dossier_id,
            fact=fact,
            ruling=request.POST.get("ruling", ""),
            note=request.POST.get("note", ""),
            proposed=request.POST.get("proposed_key", ""),
            seen=_seen(request),
            acting=acting,
        )
    except Invalid as fault:
        if request.htmx:  # type: ignore[attr-defined]
            return _again(request, dossier_id, fault)
        raise
    check = cross_check(one_dossier(acting, dossier_id), acting)
    messages.success(request, _said(check))
    after = check.next_open(fact)
    url = reverse("dossier_check", args=[dossier_id], query={CHOSEN: after.fact.key if after else fact})
    return HttpResponseClientRedirect(url) if request.htmx else see_other(url)  # type: ignore[attr-defined]


def _said(check: CrossCheck) -> str:
    if check.open_count:
        return _("Kept. Still open: %(count)s.") % {"count": check.open_count}
    return _("Kept. Every mismatch is decided.")


def _received(request: HttpRequest, dossier_id: int) -> tuple[Dossier, Case]:
    """A dossier that was received, as the officer sees it; a draft has nothing to compare yet."""
    dossier = one_dossier(acting_of(request), dossier_id)
    case = case_of(KIND, dossier.pk)
    if case is None:
        raise NotVisible
    return dossier, case


def _looked_at(dossier: Dossier, check: CrossCheck, chosen: str) -> dict[str, Any]:
    """The value that was asked for, else the first mismatch nobody has decided, else the first of all."""
    row = check.row(chosen) or check.next_open() or next(iter(check.rows), None)
    return {"dossier": dossier, "looked_at": side_by_side(dossier, row) if row else None}


def _again(request: HttpRequest, dossier_id: int, fault: Invalid) -> HttpResponse:
    """The form with what was typed and what is wrong with it."""
    acting = acting_of(request)
    dossier, case = _received(request, dossier_id)
    row = cross_check(dossier, acting).row(request.POST.get("fact_key", ""))
    if row is None:
        raise fault
    context = {
        "dossier": dossier,
        "looked_at": side_by_side(dossier, row),
        "may_decide": may_decide(open_runs(case), acting),
        "typed": request.POST,
        "faults": fault.fields,
        "fault": fault.message,
    }
    return render(request, "dossiers/mismatch.html", context, status=fault.status)


def _seen(request: HttpRequest) -> Seen:
    number = request.POST.get("version", "")
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        raise Invalid(_("The form is incomplete. Open the page again."))
    return Seen(request.POST.get("seen_key", ""), int(number))
