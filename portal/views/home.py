"""The first page after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from portal.selectors import counter_of, desk_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The counter's day for who receives dossiers, the desk for everybody else."""
    acting, now = acting_of(request), timezone.now()
    context = {
        "section": "home",
        "today": timezone.localdate(now),
        "counter": counter_of(acting, now) if acting.may_receive else None,
        "desk": desk_of(acting, now) if acting.unit_id is not None else None,
    }
    return render(request, "portal/home.html", context)
