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
from dossiers.apologies import FORM as APOLOGY
from dossiers.apologies import apology_panel, print_apology
from dossiers.beside import beside, shown_papers
from dossiers.control_slip import print_control_slip
from dossiers.cross_check import cross_check
from dossiers.models import Dossier
from dossiers.operations.bring_paper import other_types
from dossiers.operations.decide_mismatch import may_decide
from dossiers.operations.draft_result import draft_result
from dossiers.operations.sign_apology import LONGEST_REASON, sign_apology
from dossiers.receipts import FORM, print_receipt
from dossiers.results import shown_form
from dossiers.selectors import (
    KIND,
    obligations_of,
    one_dossier,
    papers_of,
    results_of,
    step_papers_of,
    stream_of,
    streams_of,
)
from pages.responses import see_other
from pages.web import posted_day
from workflow.clock.usage_told import usage_told
from workflow.engine.case_diagram import case_diagram
from workflow.engine.models import Case, StepRun
from workflow.engine.panel import panel_for
from workflow.engine.selectors import case_of, open_opinions_of, open_runs
from workflow.engine.story import clock_story, steps_of, usage_of
from worktime.selectors import calendar_in_force

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
    frame = frame_of(dossier, case, acting, tab, now)
    told = _clock_content(dossier, case, frame, acting, now) if tab == "clock" else None
    context = {**frame, **(told or _content(dossier, case, request, tab))}
    if tab == "papers" and any(panel.may_complete for panel in frame["panels"]):
        context["other_types"] = other_types()
    if tab == "steps":
        context["diagram"] = case_diagram(case, frame["steps"])
    return render(request, "dossiers/dossier.html", context)


def frame_of(dossier: Dossier, case: Case, acting: Acting, tab: str, now: datetime) -> dict[str, Any]:
    """What every tab shows around itself; `check` is none where nothing is to be decided."""
    runs = open_runs(case)
    # Once it is closed nobody decides any more: only who opens the tab has it compared.
    check = cross_check(dossier, acting) if runs or tab == "check" else None
    clock = clock_story(case, now=now)
    return {
        "section": "dossiers",
        "dossier": dossier,
        "case": case,
        "tab": tab,
        "check": check,
        "may_decide": may_decide(runs, acting),
        "tabs": _tabs(dossier, tab, check.open_count if check else 0),
        "beside": beside(case, acting),
        "clock": clock,
        "steps": steps_of(case, now=now, entries=clock.entries),
        "panels": [panel_for(run, acting, now=now) for run in [*runs, *_asked(case, runs)]],
        "results": results_of(dossier),
        "now": now,
    }


def _asked(case: Case, runs: list[StepRun]) -> list[StepRun]:
    """The opinions the open steps wait for, each with a panel of its own."""
    return open_opinions_of(case) if any(run.awaited for run in runs) else []


def _content(dossier: Dossier, case: Case, request: HttpRequest, tab: str) -> dict[str, Any]:
    """What this tab shows."""
    if tab == "history":
        before = request.GET.get("truoc", "")
        key = int(before) if before.isdecimal() and len(before) <= LONGEST_KEY else None
        lines = history(streams_of(dossier.pk), before=key, limit=HISTORY_PAGE + 1)
        return {"history": lines[:HISTORY_PAGE], "has_earlier": len(lines) > HISTORY_PAGE}
    if tab == "papers":
        return {"papers": shown_papers(dossier, case, acting_of(request)), "brought": step_papers_of(dossier)}
    if tab == "form":
        return {"shown": shown_form(dossier), "obligations": obligations_of(dossier), "papers": papers_of(dossier)}
    return {}


def _clock_content(
    dossier: Dossier, case: Case, frame: dict[str, Any], acting: Acting, now: datetime
) -> dict[str, Any]:
    """Whose time it was, and the apology where there is one to show or to sign."""
    calendar, runs = calendar_in_force(), [line.run for line in frame["steps"] if line.run]
    return {
        "usage": usage_told(usage_of(runs, frame["clock"].entries, calendar, now=now), calendar),
        "apology": apology_panel(dossier, case, acting, now),
        "longest_reason": LONGEST_REASON,
    }


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
    return _pdf(print_receipt(receipt), f"giay-hen-{dossier.code}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@require_safe
def control_slip_pdf(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The control slip as of now, to be printed."""
    dossier = one_dossier(acting_of(request), dossier_id)
    case = case_of(KIND, dossier.pk)
    if case is None:
        raise NotVisible
    return _pdf(print_control_slip(dossier, case, now=timezone.now()), f"phieu-kiem-soat-{dossier.code}")


@require_safe
def apology_pdf(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The apology as it was signed, to be printed."""
    dossier = one_dossier(acting_of(request), dossier_id)
    form = dossier.forms.filter(code=APOLOGY).first()
    if form is None:
        raise NotVisible(about=stream_of(dossier.pk))
    return _pdf(print_apology(form), f"xin-loi-{dossier.code}")


@require_POST
def apology_signed(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Gives the dossier its new appointment."""
    sign_apology(
        dossier_id=dossier_id,
        until=posted_day(request, "until"),
        reason=request.POST.get("reason", ""),
        acting=acting_of(request),
    )
    messages.success(request, _("The apology is signed and the new appointment counts. Print it for the applicant."))
    return see_other(reverse("dossier_clock", args=[dossier_id]))


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
