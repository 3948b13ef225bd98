"""How much has come to a work list since its page was made: told beside it, never put into it."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from pages.domain_errors import Invalid
from workflow.engine.selectors import arrived_since
from workflow.views.work_list import new_work_context, open_runs_of


@require_safe
def new_work(request: HttpRequest, which: str) -> HttpResponse:
    """How many steps are new, in one query; nothing (204) while they are as many as the page says already."""
    since = _moment(request.GET.get("tu", ""))
    runs = open_runs_of(request, which, acting_of(request), timezone.now())
    count = arrived_since(runs, since, is_own=which == "mine").order_by().count()
    if str(count) == request.GET.get("biet", "0"):
        return HttpResponse(status=204)
    context: dict[str, Any] = {"new_work": new_work_context(request, which, since, count)}
    return render(request, "workflow/new_work.html", context)


def _moment(text: str) -> datetime:
    """As the page wrote it. Raises Invalid: it comes back through the address bar, so anything may stand in it."""
    try:
        # Over UTC, as the database goes: there a moment at the edge of the calendar has no place.
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise Invalid(_("This page link is damaged. Open the list again.")) from fault
    raise Invalid(_("This page link is damaged. Open the list again."))
