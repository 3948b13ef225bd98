"""The page of messages."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notices.operations.read import mark_all_read, mark_read
from notices.selectors import notices_of
from pages.domain_errors import Invalid


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    page = notices_of(_reader(request), key=request.GET.get("key", ""))
    return render(request, "notices/notices.html", {"page": page})


@require_POST
def notice_read(request: HttpRequest, notice_id: int) -> HttpResponseRedirect:
    """Marks the message and goes on to what it is about."""
    notice = mark_read(recipient_id=_reader(request), notice_id=notice_id)
    if notice is None:
        raise Http404
    if notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return HttpResponseRedirect(notice.url)
    return redirect("notices")


@require_POST
def notices_read(request: HttpRequest) -> HttpResponseRedirect:
    up_to = request.POST.get("up_to", "")
    if not up_to.isdecimal() or len(up_to) > 18:
        raise Invalid(_("This page is out of date. Open it again."))
    mark_all_read(recipient_id=_reader(request), up_to=int(up_to))
    return redirect("notices")


def _reader(request: HttpRequest) -> int:
    """Whose messages: every page here stands behind sign-in."""
    return cast("int", request.user.pk)
