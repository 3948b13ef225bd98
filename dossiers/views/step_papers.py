"""Papers brought in at a step."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.web import acting_of
from dossiers.operations.bring_paper import bring_paper
from pages.domain_errors import Invalid
from pages.responses import see_other
from workflow.procedures.schema import StepFile


@require_POST
def step_paper(request: HttpRequest, dossier_id: int, step_run_id: int) -> HttpResponse:
    """Takes in a file the step asks for, by its code, or another paper by its name and type."""
    upload, code = request.FILES.get("file"), request.POST.get("code", "")
    if upload is None:
        raise Invalid(_("Choose a file first."), {"file": _("Choose one.")})
    name, kind = request.POST.get("name", "").strip(), request.POST.get("type", "")
    bring_paper(
        dossier_id=dossier_id,
        step_run_id=step_run_id,
        code=code,
        other=StepFile(code="", name=name, document_type=kind),
        file=upload,
        file_name=upload.name or "",
        acting=acting_of(request),
    )
    messages.success(request, _("The paper is with the dossier and is being read."))
    return see_other(f"{reverse('dossier_papers', args=[dossier_id])}#step-panel")
