"""The outgoing register (sổ đăng ký văn bản đi): its pages, and what who keeps it does there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.web import acting_of
from documents.operations.cancel_number import LONGEST_REASON, cancel_number
from documents.operations.reserve_number import LONGEST_SUBJECT, enter_number, reserve_number
from documents.origins import url_of_origin
from documents.register_book import Asked, book_for, place_for, types_with_numbers
from pages.responses import see_other
from pages.web import posted_day


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """A year's numbers, newest first; who keeps the register may reserve one."""
    acting = acting_of(request)
    book = book_for(acting, Asked.of(request.GET))
    context = {
        "section": "register",
        "book": book,
        "page": book.page,
        "kinds": types_with_numbers() if acting.may_keep else [],
        "longest_subject": LONGEST_SUBJECT,
    }
    return render(request, "documents/register.html", context)


@require_safe
def register_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    place = place_for(acting_of(request), entry_id)
    context = {
        "section": "register",
        "place": place,
        "entry": place.entry,
        "origin_url": url_of_origin(place.entry.origin_kind, place.entry.origin_id),
        "longest_reason": LONGEST_REASON,
    }
    return render(request, "documents/register_entry.html", context)


@require_POST
def register_reserve(request: HttpRequest) -> HttpResponse:
    entry = reserve_number(
        document_type=request.POST.get("document_type", ""),
        subject=request.POST.get("subject", ""),
        recipients=request.POST.get("recipients", ""),
        acting=acting_of(request),
    )
    messages.success(request, _("Reserved the number %(number)s. Write it on the paper.") % {"number": entry.written})
    return see_other(reverse("register_entry", args=[entry.pk]))


@require_POST
def register_enter(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = enter_number(
        entry_id=entry_id,
        issued_on=posted_day(request, "issued_on"),
        signer=request.POST.get("signer", ""),
        acting=acting_of(request),
    )
    messages.success(request, _("The paper %(number)s is in the register.") % {"number": entry.written})
    return see_other(reverse("register_entry", args=[entry.pk]))


@require_POST
def register_cancel(request: HttpRequest, entry_id: int) -> HttpResponse:
    done = cancel_number(entry_id=entry_id, reason=request.POST.get("reason", ""), acting=acting_of(request))
    if done.successor:
        words = _("Cancelled %(number)s. The paper bears %(next)s from now on; it is being printed anew.")
        messages.success(request, words % {"number": done.entry.written, "next": done.successor.written})
    else:
        messages.success(request, _("Cancelled the number %(number)s.") % {"number": done.entry.written})
    return see_other(reverse("register_entry", args=[entry_id]))
