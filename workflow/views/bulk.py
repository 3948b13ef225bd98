"""What is done with the ticked rows of a work list: claimed, handed to one officer, followed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.web import acting_of
from pages.domain_errors import Conflict, DomainError, Invalid
from pages.responses import see_other
from workflow.engine.operations.bulk import assign_steps, claim_steps
from workflow.engine.operations.follow import follow_cases, unfollow_cases
from workflow.engine.operations.marked import Mark, NoneDone, Result
from workflow.views.steps import posted_number
from workflow.views.work_list import list_context


@require_POST
def work_bulk(request: HttpRequest, which: str) -> HttpResponse:
    """Does it with the ticked rows; where some could not be done, the list comes back with the result of each."""
    marks: list[Mark] = []
    try:
        marks = _marks(request)
        done = _deed(request)(request, marks)
    except NoneDone as fault:
        return _back(request, which, fault, marks, fault.results)
    except Invalid as fault:
        return _back(request, which, fault, marks, [])
    if any(not result.is_done for result in done.results):
        return _back(request, which, Conflict(done.words), marks, done.results)
    messages.success(request, done.words)
    query = request.GET.urlencode()
    return see_other(f"{reverse(f'work_{which}')}?{query}" if query else reverse(f"work_{which}"))


def _back(
    request: HttpRequest, which: str, fault: DomainError, marks: Sequence[Mark], results: Sequence[Result]
) -> HttpResponse:
    """The list as it is now; what could not be done is still ticked, what was typed still there."""
    left = [result.run.pk for result in results if not result.is_done]
    ticked = set(left) if results else {mark.run_id for mark in marks}
    context = {
        **list_context(request, which, ticked=ticked, faults=fault),
        "results": results,
        "done_count": len(results) - len(left),
        "left_count": len(left),
        "typed_reason": request.POST.get("reason", ""),
        "chosen_officer": request.POST.get("to_officer", ""),
    }
    return render(request, "workflow/work_list.html", context, status=fault.status)


def _marks(request: HttpRequest) -> list[Mark]:
    """The ticked rows. Raises Invalid when one of them was tampered with."""
    found = []
    for text in request.POST.getlist("row"):
        run, _colon, version = text.partition(":")
        if not all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in (run, version)):
            raise Invalid(_("The form is incomplete. Open the page again."))
        found.append(Mark(int(run), int(version)))
    return found


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words, and row by row where rows can differ."""

    words: str
    results: Sequence[Result] = ()


def _deed(request: HttpRequest) -> Callable[[HttpRequest, Sequence[Mark]], Done]:
    deed = _DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Invalid(_("Choose what is to be done with the ticked rows."))
    return deed


def _claim(request: HttpRequest, marks: Sequence[Mark]) -> Done:
    results = claim_steps(marks=marks, acting=acting_of(request))
    count = sum(result.is_done for result in results)
    words = ngettext("%(count)s step is yours.", "%(count)s steps are yours.", count)
    return Done(words % {"count": count}, results)


def _assign(request: HttpRequest, marks: Sequence[Mark]) -> Done:
    reason = request.POST.get("reason", "")
    if not request.POST.get("to_officer"):
        raise Invalid(_("Choose to whom the ticked steps go."), {"to_officer": _("Choose one.")})
    officer = posted_number(request, "to_officer")
    results = assign_steps(marks=marks, to_officer_id=officer, reason=reason, acting=acting_of(request))
    count = sum(result.is_done for result in results)
    words = ngettext("Handed on %(count)s step.", "Handed on %(count)s steps.", count)
    return Done(words % {"count": count}, results)


def _follow(request: HttpRequest, marks: Sequence[Mark]) -> Done:
    count = len(follow_cases(marks=marks, acting=acting_of(request)))
    return Done(ngettext("You follow %(count)s dossier.", "You follow %(count)s dossiers.", count) % {"count": count})


def _unfollow(request: HttpRequest, marks: Sequence[Mark]) -> Done:
    count = len(unfollow_cases(marks=marks, acting=acting_of(request)))
    words = ngettext("You no longer follow %(count)s dossier.", "You no longer follow %(count)s dossiers.", count)
    return Done(words % {"count": count})


_DEEDS = {"claim": _claim, "assign": _assign, "follow": _follow, "unfollow": _unfollow}
