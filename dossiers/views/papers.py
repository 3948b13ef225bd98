"""A paper of the checklist: its scan goes up, its reading comes back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.web import acting_of
from dossiers.intake import Intake
from dossiers.operations.attach import attach_scan
from dossiers.selectors import one_dossier
from pages.domain_errors import Invalid, Words


@require_safe
def paper_line(request: HttpRequest, dossier_id: int, component: str) -> HttpResponse:
    """The line as it stands now; polled while its scan is being read."""
    return _line(request, dossier_id, component)


@require_POST
def attach(request: HttpRequest, dossier_id: int, component: str) -> HttpResponse:
    """Takes the file in, or says in the line itself why not."""
    upload = request.FILES.get("file")
    if upload is None:
        raise Invalid(_("Choose a file first."), {"file": _("Choose one.")})
    try:
        attach_scan(
            dossier_id=dossier_id, component=component, file=upload, name=upload.name or "", acting=acting_of(request)
        )
    except Invalid as fault:
        return _line(request, dossier_id, component, fault.message, fault.status)
    return _line(request, dossier_id, component)


def _line(
    request: HttpRequest, dossier_id: int, component: str, refusal: Words = "", status: int = 200
) -> HttpResponse:
    intake = Intake(one_dossier(acting_of(request), dossier_id))
    line = next((paper for paper in intake.papers if paper.definition.code == component), None)
    if line is None:
        raise Invalid(_("This procedure doesn't ask for such a paper."))
    context = {"paper": line, "dossier": intake.dossier, "refusal": refusal}
    return render(request, "dossiers/paper_line.html", context, status=status)
