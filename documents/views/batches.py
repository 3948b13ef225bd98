"""Files of the past brought in by the thousand (đợt số hoá): the list, one batch, and what may be done with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.acting import Acting
from accounts.web import acting_of
from documents.batch_models import Batch
from documents.batch_progress import Progress
from documents.batch_selectors import may_work_on, one_batch, troubles_of, visible_batches
from documents.bringing import Bag
from documents.operations.batches.open import open_batch
from documents.operations.batches.pace import pause_batch, reread_file, resume_batch, retry_failures
from pages.paging import page_newest_first
from pages.responses import see_other
from pages.web import is_part

SECTION = "batches"


@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    acting = acting_of(request)
    page = page_newest_first(visible_batches(acting), key=request.GET.get("key", ""))
    return render(request, "documents/batches.html", {"page": page, "section": SECTION})


@require_POST
def batch_open(request: HttpRequest) -> HttpResponseRedirect:
    batch = open_batch(name=request.POST.get("name", ""), acting=acting_of(request))
    return see_other(reverse("batch", args=[batch.pk]))


@require_safe
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    acting = acting_of(request)
    found = one_batch(acting, batch_id)
    troubles = page_newest_first(troubles_of(found), key=request.GET.get("key", ""))
    context = {**_shown(found, acting), "page": troubles, "section": SECTION}
    return render(request, "documents/batch.html", context)


@require_safe
def batch_progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How far it is, asked for again and again while it goes on."""
    acting = acting_of(request)
    context = _shown(one_batch(acting, batch_id), acting)
    response = render(request, "documents/batch_progress.html", context)
    if not context["progress"].is_moving:
        # The page is loaded anew for its list of failures, unless files are still going up from it: static/js/batch.js.
        response["HX-Trigger"] = "batch-through"
    return response


@require_POST
def batch_bring(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Takes in one parcel of files; the page sends as many as there are, and by htmx gets the progress."""
    acting = acting_of(request)
    bag = Bag.brought(batch_id=batch_id, files=request.FILES.getlist("files"), acting=acting)
    if is_part(request):
        found = one_batch(acting, batch_id)
        return render(request, "documents/batch_progress.html", _shown(found, acting))
    messages.success(request, bag.words)
    return see_other(reverse("batch", args=[batch_id]))


@require_POST
def batch_pause(request: HttpRequest, batch_id: int) -> HttpResponseRedirect:
    pause_batch(batch_id=batch_id, acting=acting_of(request))
    return see_other(reverse("batch", args=[batch_id]))


@require_POST
def batch_resume(request: HttpRequest, batch_id: int) -> HttpResponseRedirect:
    resume_batch(batch_id=batch_id, acting=acting_of(request))
    return see_other(reverse("batch", args=[batch_id]))


@require_POST
def batch_retry(request: HttpRequest, batch_id: int) -> HttpResponseRedirect:
    count = retry_failures(batch_id=batch_id, acting=acting_of(request))
    said = ngettext("%(count)s file will be read again.", "%(count)s files will be read again.", count)
    messages.success(request, said % {"count": count})
    return see_other(reverse("batch", args=[batch_id]))


@require_POST
def batch_reread(request: HttpRequest, batch_id: int, document_id: int) -> HttpResponseRedirect:
    reread_file(batch_id=batch_id, document_id=document_id, acting=acting_of(request))
    messages.success(request, _("The file will be read again."))
    return see_other(reverse("batch", args=[batch_id]))


def _shown(found: Batch, acting: Acting) -> dict[str, Any]:
    return {"batch": found, "progress": Progress(found), "may_work": may_work_on(found, acting)}
