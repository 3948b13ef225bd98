"""The archive (lưu trữ): lists of records, each with what is on it and what may be done with it."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.web import acting_of
from documents.vault import BlobMissing, open_blob
from dossiers.records.checking import in_words
from dossiers.records.operations.classify_file import classify_file
from dossiers.records.operations.downloads import take_package
from dossiers.records.operations.lists import (
    LONGEST_REASON,
    approve_list,
    drop_list,
    make_list,
    take_off,
)
from dossiers.records.package import name_of
from dossiers.records.ready import AT_ONCE, ready_for
from dossiers.records.retention import is_longer
from dossiers.records.selectors import counted, lines_of, lists_for, one_list
from dossiers.records_models import RecordsLine, RetentionClass
from dossiers.records_states import FileState, ListKind, ListState
from pages.domain_errors import NotAvailable
from pages.paging import page_newest_first
from pages.responses import see_other


@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """Every list, newest first; who keeps the records sees what is ready for a new one."""
    acting, kind = acting_of(request), request.GET.get("loai", "")
    rows = lists_for(acting)
    page = page_newest_first(
        rows.filter(kind=kind) if kind in ListKind.values else rows, key=request.GET.get("key", "")
    )
    context = {
        "section": "records",
        "page": page,
        "lists": counted(page.rows),
        "kind": kind,
        "kinds": ListKind.choices,
        "ready": ready_for(acting) if acting.may_keep else [],
        "at_once": AT_ONCE,
    }
    return render(request, "dossiers/records.html", context)


@require_POST
def records_make(request: HttpRequest) -> HttpResponse:
    year = request.POST.get("year", "")
    number = int(year) if year.isdecimal() and len(year) == 4 else 0
    made = make_list(kind=request.POST.get("kind", ""), year=number, acting=acting_of(request))
    messages.success(request, _("The list is made; its files are being checked. Somebody else approves it."))
    return see_other(reverse("records_list", args=[made.pk]))


@require_safe
def records_list(request: HttpRequest, list_id: int) -> HttpResponse:
    acting = acting_of(request)
    found = one_list(acting, list_id)
    page = page_newest_first(lines_of(found), key=request.GET.get("key", ""))
    classes = list(RetentionClass.objects.order_by("years", "code"))
    is_open, leads, keeps = found.state == ListState.PROPOSED, acting.leads(found.unit_id), acting.keeps(found.unit_id)
    context = {
        "section": "records",
        "list": found,
        "page": page,
        "lines": [_shown(line, classes if keeps else []) for line in page.rows],
        "counts": found.lines.aggregate(files=Count("pk")),
        "faulty": found.lines.exclude(faults=[]).count(),
        "may_take_off": is_open and keeps,
        "may_drop": is_open and (keeps or leads),
        "may_approve": is_open and leads and found.made_by_id != acting.officer_id,
        "may_download": found.package_id is not None and (keeps or leads),
        "longest_reason": LONGEST_REASON,
    }
    return render(request, "dossiers/records_list.html", context)


def _shown(line: RecordsLine, classes: Sequence[RetentionClass]) -> dict[str, object]:
    """`longer` are the classes its records may be given."""
    has, is_there = line.file.retention, line.file.state != FileState.DISPOSED
    longer = [one for one in classes if is_there and (has is None or is_longer(one, has))]
    return {"line": line, "faults": in_words(line.faults), "notes": in_words(line.notes), "longer": longer}


@require_POST
def records_classify(request: HttpRequest, list_id: int, file_id: int) -> HttpResponse:
    classify_file(
        file_id=file_id,
        retention=request.POST.get("retention", ""),
        reason=request.POST.get("reason", ""),
        acting=acting_of(request),
    )
    messages.success(request, _("Written down how long these records are kept."))
    return see_other(reverse("records_list", args=[list_id]))


@require_POST
def records_take_off(request: HttpRequest, list_id: int, line_id: int) -> HttpResponse:
    take_off(list_id=list_id, line_id=line_id, acting=acting_of(request))
    messages.success(request, _("Taken off the list."))
    return see_other(reverse("records_list", args=[list_id]))


@require_POST
def records_approve(request: HttpRequest, list_id: int) -> HttpResponse:
    approve_list(list_id=list_id, acting=acting_of(request))
    messages.success(request, _("The list is approved and is being carried out."))
    return see_other(reverse("records_list", args=[list_id]))


@require_POST
def records_drop(request: HttpRequest, list_id: int) -> HttpResponse:
    drop_list(list_id=list_id, reason=request.POST.get("reason", ""), acting=acting_of(request))
    messages.success(request, _("The list is dropped; its records stand where they stood."))
    return see_other(reverse("records_list", args=[list_id]))


@require_POST
def records_package(request: HttpRequest, list_id: int) -> FileResponse:
    """The package, to be saved. A post: taking it away is an action of its own in the trail."""
    found, package = take_package(list_id=list_id, acting=acting_of(request))
    try:
        file = open_blob(package.sha256)
    except BlobMissing as fault:
        raise NotAvailable(_("The package is missing from the storage. Tell the administrators.")) from fault
    name = f"{name_of(found)}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type=package.media_type)
