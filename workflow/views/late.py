"""What is late or near its end in the units an officer answers for, by officer (trễ hạn của đơn vị)."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.acting import Acting
from accounts.web import acting_of
from pages.domain_errors import Refused
from pages.paging import page_by_moment
from workflow.engine.escalation import answered_for, troubles, urgent_work
from workflow.engine.models import StepRun
from workflow.engine.selectors import as_work, totals_of
from workflow.views.filters import export_url, filtered, read_filters, tabs_for
from workflow.views.work_list import ROWS


def late_runs(request: HttpRequest, acting: Acting, now: datetime) -> QuerySet[StepRun]:
    """The steps of the list as the address narrows them down. Raises Refused for who leads no unit."""
    if not answered_for(acting):
        raise Refused(_("Only who leads a unit sees its delays together."))
    unit = request.GET.get("don-vi", "")
    runs = filtered(urgent_work(acting, now), read_filters(request))
    return runs.filter(unit=int(unit)) if unit.isascii() and unit.isdecimal() and len(unit) <= 18 else runs


@require_safe
def late_list(request: HttpRequest) -> HttpResponse:
    """By officer, and the steps themselves, most overdue first."""
    acting, filters, now = acting_of(request), read_filters(request), timezone.now()
    page = page_by_moment(late_runs(request, acting, now), field="pressing_at", key=filters.key, size=ROWS)
    context = {
        "section": "work",
        "which": "late",
        "tabs": tabs_for("late", acting, totals_of(acting)),
        "filters": filters,
        "names_units": True,
        "troubles": troubles(acting, now),
        "export_url": export_url(request, "late"),
        "is_narrowed": bool(request.GET.get("don-vi")) or not filters.is_empty,
        "page": page,
        "works": as_work(page.rows, now=now),
    }
    return render(request, "workflow/late_list.html", context)
