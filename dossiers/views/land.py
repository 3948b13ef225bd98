"""What there is to know of a dossier's parcel, at the counter while it is typed and beside the dossier afterwards."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from dossiers.intake import FORM_PREFIX
from dossiers.land_told import LandTold
from dossiers.land_warnings import warnings_for, warnings_on
from dossiers.operations.locked import demand_receiving
from dossiers.selectors import one_dossier
from workflow.procedures.eforms import posted_values


@require_safe
def look_up_land(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """What is known of the parcel typed so far."""
    acting = acting_of(request)
    dossier = one_dossier(acting, dossier_id)
    demand_receiving(dossier, acting)
    edition = dossier.version.edition
    told = LandTold(edition, posted_values(edition.form.fields, request.GET, prefix=FORM_PREFIX))
    number = request.GET.get("id_number", "").strip()
    warned = warnings_for(told, acting, applicant_number=number, besides=dossier.pk)
    return render(request, "dossiers/land_known.html", {"warned": warned})


@require_safe
def dossier_land(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The same for a dossier under way; of one that has ended, what it changed."""
    warned = warnings_on(one_dossier(acting_of(request), dossier_id), acting_of(request))
    return render(request, "dossiers/land_known.html", {"warned": warned})
