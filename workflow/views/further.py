"""What an officer does at a step beside ending it: opinions, sending back further, undoing, jumping, other editions."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web import acting_of
from pages.domain_errors import Invalid
from pages.responses import see_other
from pages.web import posted_day
from workflow.engine.further import further_for
from workflow.engine.models import Case
from workflow.engine.operations.consult import answer_consultation, consult, take_back_consultation
from workflow.engine.operations.jump import jump_to_step
from workflow.engine.operations.move_edition import edition_beside, move_shown, move_to_edition
from workflow.engine.operations.send_back import send_back
from workflow.engine.operations.undo import undo_step
from workflow.engine.selectors import run_seen
from workflow.kinds import kind_of
from workflow.views.steps import posted_number

LONGEST_KEY = 40


@require_safe
def further(request: HttpRequest, step_run_id: int) -> HttpResponse:
    acting = acting_of(request)
    run = run_seen(step_run_id, acting)
    url = kind_of(run.process.kind).url(run.process.subject_id)
    context = {"section": "work", "further": further_for(run, acting), "run": run, "url": url}
    return render(request, "workflow/further.html", context)


@require_POST
def ask(request: HttpRequest, step_run_id: int) -> HttpResponse:
    unit = request.POST.get("unit", "")
    question = consult(
        step_run_id=step_run_id,
        content=request.POST.get("content", ""),
        due_on=_day(request, "due_on"),
        version=posted_number(request, "version"),
        acting=acting_of(request),
        unit_id=posted_number(request, "unit") if unit else None,
        agency=request.POST.get("agency", ""),
    )
    messages.success(request, _("Asked %(whom)s for an opinion.") % {"whom": question.whom})
    return _to_subject(question.asking.process)


@require_POST
def answer(request: HttpRequest, step_run_id: int) -> HttpResponse:
    question = answer_consultation(
        step_run_id=step_run_id,
        answer=request.POST.get("answer", ""),
        version=posted_number(request, "version"),
        acting=acting_of(request),
        receipt_key=request.POST.get("receipt_key", "")[:LONGEST_KEY],
    )
    messages.success(request, _("The answer is given."))
    return _to_subject(question.asking.process)


@require_POST
def take_back(request: HttpRequest, step_run_id: int) -> HttpResponse:
    question = take_back_consultation(
        step_run_id=step_run_id,
        reason=request.POST.get("reason", ""),
        version=posted_number(request, "version"),
        acting=acting_of(request),
    )
    messages.success(request, _("The question to %(whom)s is taken back.") % {"whom": question.whom})
    return _to_subject(question.asking.process)


@require_POST
def back(request: HttpRequest, step_run_id: int) -> HttpResponse:
    run = send_back(
        step_run_id=step_run_id,
        to_step=request.POST.get("to_step", ""),
        note=request.POST.get("note", ""),
        version=posted_number(request, "version"),
        acting=acting_of(request),
        receipt_key=request.POST.get("receipt_key", "")[:LONGEST_KEY],
    )
    messages.success(request, _("Done: %(step)s, %(outcome)s.") % {"step": run.title, "outcome": run.outcome_name})
    return _to_subject(run.process)


@require_POST
def undo(request: HttpRequest, step_run_id: int) -> HttpResponse:
    run = undo_step(
        step_run_id=step_run_id,
        version=posted_number(request, "version"),
        acting=acting_of(request),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("The step “%(step)s” is open again.") % {"step": run.title})
    return _to_subject(run.process)


@require_POST
def jump(request: HttpRequest, step_run_id: int) -> HttpResponse:
    run = jump_to_step(
        step_run_id=step_run_id,
        to_step=request.POST.get("to_step", ""),
        reason=request.POST.get("reason", ""),
        version=posted_number(request, "version"),
        acting=acting_of(request),
    )
    messages.success(request, _("The case now stands at the step “%(step)s”.") % {"step": run.title})
    return _to_subject(run.process)


@require_http_methods(["GET", "HEAD", "POST"])
def change_edition(request: HttpRequest, step_run_id: int, edition_id: int) -> HttpResponse:
    """What another edition would change for the case of this step; on a post, moves it there."""
    acting = acting_of(request)
    run = run_seen(step_run_id, acting)
    if request.method == "POST":
        move_to_edition(
            case_id=run.process_id,
            version_id=edition_id,
            reason=request.POST.get("reason", ""),
            version=posted_number(request, "version"),
            acting=acting,
        )
        messages.success(request, _("The case goes on under the other edition."))
        return _to_subject(run.process)
    target = edition_beside(run.process, edition_id, acting)
    context = {"section": "work", "run": run, "target": target, "move": move_shown(run.process, target)}
    return render(request, "workflow/change_edition.html", context)


def _to_subject(case: Case) -> HttpResponse:
    return see_other(kind_of(case.kind).url(case.subject_id))


def _day(request: HttpRequest, name: str) -> date:
    day = posted_day(request, name)
    if day is None:
        raise Invalid(_("Say until which day."), {name: _("Enter a day.")})
    return day
