"""The dossier: its head with the clock, its steps at the side, its tabs, and the panel of the open step."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.acting import Acting
from accounts.sight import NotVisible
from accounts.web import acting_of
from audit.selectors import event_count, history
from dossiers.cross_check import cross_check
from dossiers.models import Dossier
from dossiers.operations.decide_mismatch import may_decide
from dossiers.operations.draft_result import draft_result
from dossiers.receipts import FORM, print_receipt
from dossiers.results import shown_form
from dossiers.selectors import KIND, obligations_of, one_dossier, papers_of, results_of, streams_of
from pages.responses import see_other
from workflow.engine.models import Case
from workflow.engine.panel import panel_for
from workflow.engine.selectors import case_of, open_runs
from workflow.engine.story import clock_story, steps_of

HISTORY_PAGE = 50
# Digits of the largest id a database keeps.
LONGEST_KEY = 18


@require_safe
def dossier_tab(request: HttpRequest, dossier_id: int, tab: str) -> HttpResponse:
    """One tab of the dossier; a draft opens at the counter instead."""
    acting, now = acting_of(request), timezone.now()
    dossier = one_dossier(acting, dossier_id)
    case = case_of(KIND, dossier.pk)
    if case is None:
        if acting.may_receive and dossier.is_draft:
            return redirect("intake", dossier.pk)
        raise NotVisible
    context = {**frame_of(dossier, case, acting, tab, now), **_content(dossier, case, request, tab, now)}
    return render(request, "dossiers/dossier.html", context)


def frame_of(dossier: Dossier, case: Case, acting: Acting, tab: str, now: datetime) -> dict[str, Any]:
    """What every tab shows around itself; `check` is none where nothing is to be decided."""
    runs = open_runs(case)
    # Once it is closed nobody decides any more: only who opens the tab has it compared.
    check = cross_check(dossier, acting) if runs or tab == "check" else None
    return {
        "section": "dossiers",
        "dossier": dossier,
        "case": case,
        "tab": tab,
        "check": check,
        "may_decide": may_decide(runs, acting),
        "tabs": _tabs(dossier, tab, check.open_count if check else 0),
        "clock": clock_story(case, now=now),
        "steps": steps_of(case, now=now),
        "panels": [panel_for(run, acting, now=now) for run in runs],
        "results": results_of(dossier),
        "now": now,
    }


def _content(dossier: Dossier, case: Case, request: HttpRequest, tab: str, now: datetime) -> dict[str, Any]:
    """What this tab shows."""
    if tab == "history":
        before = request.GET.get("truoc", "")
        key = int(before) if before.isdecimal() and len(before) <= LONGEST_KEY else None
        lines = history(streams_of(dossier.pk), before=key, limit=HISTORY_PAGE + 1)
        return {"history": lines[:HISTORY_PAGE], "has_earlier": len(lines) > HISTORY_PAGE}
    if tab == "papers":
        return {"papers": papers_of(dossier)}
    if tab == "form":
        return {"shown": shown_form(dossier), "obligations": obligations_of(dossier), "papers": papers_of(dossier)}
    return {}


def _tabs(dossier: Dossier, current: str, mismatches: int) -> list[dict[str, object]]:
    tabs = {
        "form": (_("Form"), "dossier", None),
        "papers": (_("Papers"), "dossier_papers", None),
        "check": (_("Cross-check"), "dossier_check", mismatches or None),
        "steps": (_("Steps"), "dossier_steps", None),
        "clock": (_("Time limit"), "dossier_clock", None),
        "history": (_("History"), "dossier_history", event_count(streams_of(dossier.pk))),
    }
    return [
        {"label": label, "url": reverse(url_name, args=[dossier.pk]), "count": count, "is_current": code == current}
        for code, (label, url_name, count) in tabs.items()
    ]


@require_safe
def receipt_pdf(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The receipt with its appointment (form 01), to be printed."""
    dossier = one_dossier(acting_of(request), dossier_id)
    receipt = dossier.forms.filter(code=FORM).first()
    if receipt is None:
        raise NotVisible
    response = HttpResponse(print_receipt(receipt), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="giay-hen-{dossier.code}.pdf"'
    return response


@require_POST
def draft_result_view(request: HttpRequest, dossier_id: int, result: str) -> HttpResponse:
    """Prints a draft of the result, or takes a file as one."""
    upload = request.FILES.get("file")
    drafted = draft_result(
        dossier_id=dossier_id,
        result=result,
        acting=acting_of(request),
        file=upload,
        name=upload.name or "" if upload else "",
    )
    messages.success(request, _("The draft is there. Read it before you submit it."))
    return see_other(f"{reverse('dossier', args=[drafted.dossier_id])}#step-panel")
