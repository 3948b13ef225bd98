"""The counter: one screen from the procedure to the receipt."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.acting import Acting
from accounts.web import acting_of
from dossiers.forms import composed
from dossiers.intake import Intake
from dossiers.models import Dossier
from dossiers.operations.discarded import KEPT_FOR
from dossiers.operations.draft import begin_draft, change_procedure, discard_draft, save_draft
from dossiers.operations.locked import demand_receiving
from dossiers.operations.receive import receive_dossier
from dossiers.promise import promise_for
from dossiers.selectors import earlier_dossiers, namesakes, one_dossier, own_drafts
from pages.domain_errors import Invalid, Refused
from pages.responses import see_other
from workflow.procedures.selectors import versions_in_force

# What the form carries besides what was typed.
_NOT_TYPED = ("csrfmiddlewaretoken", "file", "procedure")


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Choose a procedure, or go on with a draft."""
    acting = acting_of(request)
    if not acting.may_receive:
        raise Refused(_("Only a one-stop shop takes dossiers in."), about=f"account:{acting.officer_id}")
    context = {"section": "intake", "versions": versions_in_force(), "drafts": own_drafts(acting)[:50]}
    return render(request, "dossiers/intake_start.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    dossier = begin_draft(procedure=request.POST.get("procedure", ""), acting=acting_of(request))
    return see_other(reverse("intake", args=[dossier.pk]))


@require_safe
def intake(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The draft as it was last saved."""
    acting = acting_of(request)
    dossier = one_dossier(acting, dossier_id)
    if not dossier.is_draft:
        return redirect("dossier", dossier.pk)
    demand_receiving(dossier, acting)
    return _screen(request, dossier, Intake(dossier))


@require_POST
def save(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Keeps the draft as typed; the checklist comes back, because conditions may have changed what is required."""
    acting = acting_of(request)
    saved_at = save_draft(dossier_id=dossier_id, typed=_typed(request.POST), acting=acting)
    context = {"intake": Intake(one_dossier(acting, dossier_id)), "is_autosave": True}
    response = render(request, "dossiers/intake_checklist.html", context)
    response["X-Saved-At"] = date_format(timezone.localtime(saved_at), "H:i:s")
    return response


@require_POST
def change(request: HttpRequest, dossier_id: int) -> HttpResponse:
    acting, typed = acting_of(request), _typed(request.POST)
    if typed:
        # The whole form comes along with the choice: what was typed since the last saving stays.
        save_draft(dossier_id=dossier_id, typed=typed, acting=acting)
    change_procedure(dossier_id=dossier_id, procedure=request.POST.get("procedure", ""), acting=acting)
    return see_other(reverse("intake", args=[dossier_id]))


@require_POST
def discard(request: HttpRequest, dossier_id: int) -> HttpResponse:
    discard_draft(dossier_id=dossier_id, acting=acting_of(request))
    messages.success(request, _("The draft was discarded."))
    return see_other(reverse("intake_start"))


@require_POST
def receive(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Receives the dossier, or shows the same screen with what is missing and everything that was typed."""
    acting = acting_of(request)
    try:
        dossier = receive_dossier(dossier_id=dossier_id, typed=request.POST, acting=acting)
    except Invalid as fault:
        save_draft(dossier_id=dossier_id, typed=_typed(request.POST), acting=acting)
        dossier = one_dossier(acting, dossier_id)
        return _screen(request, dossier, Intake(dossier, request.POST), fault)
    messages.success(request, _("Received as %(code)s. Print the receipt.") % {"code": dossier.code})
    return see_other(reverse("dossier", args=[dossier.pk]))


@require_safe
def look_up_applicant(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """What is known of the applicant typed so far: earlier dossiers, namesakes under another number."""
    acting = acting_of(request)
    dossier = one_dossier(acting, dossier_id)
    demand_receiving(dossier, acting)
    return render(request, "dossiers/applicant_known.html", _known_applicant(request.GET, dossier, acting))


def _known_applicant(typed: QueryDict, dossier: Dossier, acting: Acting) -> dict[str, object]:
    id_number, name = typed.get("id_number", "").strip(), composed(typed.get("name", "").strip())
    earlier = earlier_dossiers(acting, kind=typed.get("kind", ""), id_number=id_number, besides=dossier.pk)
    same_name = namesakes(acting, name=name, id_number=id_number)
    return {
        "earlier": earlier[:5] if id_number else [],
        "namesakes": same_name[:5] if name and id_number else [],
    }


def _typed(posted: QueryDict) -> dict[str, list[str]]:
    return {name: [str(value) for value in posted.getlist(name)] for name in posted if name not in _NOT_TYPED}


def _screen(request: HttpRequest, dossier: Dossier, typed: Intake, fault: Invalid | None = None) -> HttpResponse:
    context = {
        "section": "intake",
        "dossier": dossier,
        "intake": typed,
        "draft_name": f"intake:{dossier.pk}",
        "versions": versions_in_force(),
        "promise": promise_for(dossier, timezone.now(), typed.conditions),
        "discarded_days": KEPT_FOR.days,
        "fault": fault,
    }
    return render(request, "dossiers/intake.html", context, status=fault.status if fault else 200)
