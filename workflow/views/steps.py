"""What an officer does with a step: claim, hand on, complete."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.web import acting_of
from pages.domain_errors import Invalid
from pages.responses import see_other
from workflow.engine.models import StepRun
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.engine.panel import outcome_prefix, panel_for, ticked_in
from workflow.engine.selectors import run_seen
from workflow.kinds import kind_of


@require_POST
def claim(request: HttpRequest, step_run_id: int) -> HttpResponse:
    run = claim_step(step_run_id=step_run_id, version=posted_number(request, "version"), acting=acting_of(request))
    messages.success(request, _("The step “%(step)s” is yours.") % {"step": run.title})
    return _to_subject(request, run)


@require_POST
def reassign(request: HttpRequest, step_run_id: int) -> HttpResponse:
    run = reassign_step(
        step_run_id=step_run_id,
        to_officer_id=posted_number(request, "to_officer"),
        version=posted_number(request, "version"),
        reason=request.POST.get("reason", ""),
        acting=acting_of(request),
    )
    messages.success(request, _("Handed on the step “%(step)s”.") % {"step": run.title})
    return _to_subject(request, run)


@require_POST
def complete(request: HttpRequest, step_run_id: int) -> HttpResponse:
    outcome = request.POST.get("outcome", "")
    try:
        run = complete_step(
            step_run_id=step_run_id,
            outcome=outcome,
            version=posted_number(request, "version"),
            acting=acting_of(request),
            note=request.POST.get("note", ""),
            data=_fields_of(request.POST, outcome),
            ticked=ticked_in(request.POST),
            receipt_key=request.POST.get("receipt_key", "")[:40],
        )
    except Invalid as fault:
        if request.htmx:  # type: ignore[attr-defined]
            return _panel_again(request, step_run_id, fault)
        raise
    messages.success(request, _("Done: %(step)s, %(outcome)s.") % {"step": run.title, "outcome": run.outcome_name})
    return _to_subject(request, run)


def _fields_of(posted: QueryDict, outcome: str) -> QueryDict:
    """The posted fields of this outcome, without its prefix."""
    prefix, found = f"{outcome_prefix(outcome)}-", QueryDict(mutable=True)
    for name in posted:
        if name.startswith(prefix):
            found.setlist(name.removeprefix(prefix), posted.getlist(name))
    return found


def _panel_again(request: HttpRequest, step_run_id: int, fault: Invalid) -> HttpResponse:
    """The panel with what was typed and what is wrong with it."""
    acting = acting_of(request)
    run = run_seen(step_run_id, acting)
    panel = panel_for(run, acting, now=timezone.now(), data=request.POST, faults=fault.fields, message=fault.message)
    context = {"panel": panel, "panel_id": request.htmx.target}  # type: ignore[attr-defined]
    return render(request, "workflow/step_panel.html", context, status=fault.status)


def _to_subject(request: HttpRequest, run: StepRun) -> HttpResponse:
    url = kind_of(run.process.kind).url(run.process.subject_id)
    return HttpResponseClientRedirect(url) if request.htmx else see_other(url)  # type: ignore[attr-defined]


def posted_number(request: HttpRequest, name: str) -> int:
    """A posted whole number. Raises Invalid when the form was tampered with or is torn."""
    value: Any = request.POST.get(name, "")
    if not value.isdecimal() or len(value) > 18:
        raise Invalid(_("The form is incomplete. Open the page again."), {name: _("Choose one.")})
    return int(value)
