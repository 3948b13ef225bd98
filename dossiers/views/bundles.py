"""Several papers scanned in one go: brought, looked at page by page, split."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.web import acting_of
from dossiers.bundle_view import BundleView
from dossiers.models import Bundle
from dossiers.operations.bundle import bring_bundle, split_bundle
from dossiers.operations.locked import demand_receiving
from dossiers.selectors import one_bundle, one_dossier
from dossiers.separators import print_separators
from pages.domain_errors import Invalid
from pages.responses import see_other
from pages.web import is_part


@require_POST
def bundle_add(request: HttpRequest, dossier_id: int) -> HttpResponse:
    upload = request.FILES.get("bundle")
    if upload is None:
        raise Invalid(_("Choose a file first."), {"bundle": _("Choose one.")})
    bundle = bring_bundle(dossier_id=dossier_id, file=upload, name=upload.name or "", acting=acting_of(request))
    url = reverse("intake_bundle", args=[dossier_id, bundle.pk])
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if is_part(request) else see_other(url)


@require_safe
def bundle(request: HttpRequest, dossier_id: int, bundle_id: int) -> HttpResponse:
    return _screen(request, BundleView(_opened(request, dossier_id, bundle_id)))


@require_safe
def bundle_progress(request: HttpRequest, dossier_id: int, bundle_id: int) -> HttpResponse:
    """Asked again and again until the machine has looked through the bundle; then the page is loaded anew."""
    view = BundleView(_opened(request, dossier_id, bundle_id))
    response = render(request, "dossiers/bundle_progress.html", {"view": view})
    if not view.is_waiting:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def bundle_split(request: HttpRequest, dossier_id: int, bundle_id: int) -> HttpResponse:
    """Splits as confirmed, or shows the same page with what is wrong and every mark as it was."""
    marks = request.POST.getlist("mark")
    try:
        split_bundle(dossier_id=dossier_id, bundle_id=bundle_id, marks=marks, acting=acting_of(request))
    except Invalid as fault:
        found = _opened(request, dossier_id, bundle_id)
        return _screen(request, BundleView(found, marks, fault.fields), fault)
    messages.success(request, _("The bundle was split. Each paper has its scan."))
    return see_other(reverse("intake", args=[dossier_id]))


@require_safe
def separators(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Sheets to put between the papers, to be printed."""
    acting = acting_of(request)
    dossier = one_dossier(acting, dossier_id)
    demand_receiving(dossier, acting)
    response = HttpResponse(print_separators(dossier), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="to-phan-cach.pdf"'
    return response


def _opened(request: HttpRequest, dossier_id: int, bundle_id: int) -> Bundle:
    acting = acting_of(request)
    dossier = one_dossier(acting, dossier_id)
    demand_receiving(dossier, acting)
    return one_bundle(dossier, bundle_id)


def _screen(request: HttpRequest, view: BundleView, fault: Invalid | None = None) -> HttpResponse:
    context = {"section": "intake", "view": view, "bundle": view.bundle, "fault": fault}
    return render(request, "dossiers/bundle.html", context, status=fault.status if fault else 200)
