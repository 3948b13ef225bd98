"""The work list: mine, my unit's, finished."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from pages.paging import page_by_moment, page_newest_first
from workflow.engine.selectors import Tone, as_work, count_by_tone, finished_work, my_work, of_tone, run_seen, unit_work
from workflow.kinds import kind_of
from workflow.views.filters import chips_for, filtered, read_filters, tabs_for

LISTS = {"mine": my_work, "unit": unit_work}
# Each row is on the page twice, for a desk and for a phone: with more of them it would weigh over 60 kB.
ROWS = 25


@require_safe
def work_list(request: HttpRequest, which: str) -> HttpResponse:
    """Open work of the officer or his unit, most urgent first."""
    acting, filters, now = acting_of(request), read_filters(request), timezone.now()
    runs = filtered(LISTS[which](acting), filters)
    shown = of_tone(runs, Tone(filters.tone), now) if filters.tone else runs
    page = page_by_moment(shown, field="due_at", key=filters.key, size=ROWS)
    context = {
        "section": "work",
        "which": which,
        "tabs": tabs_for(which),
        "filters": filters,
        "chips": chips_for(request, filters, count_by_tone(runs, now)),
        "page": page,
        "works": as_work(page.rows, now=now),
        "now": now,
    }
    return render(request, "workflow/work_list.html", context)


@require_safe
def finished_list(request: HttpRequest) -> HttpResponse:
    """What the officer has completed, newest first."""
    filters = read_filters(request)
    runs = filtered(finished_work(acting_of(request)), filters)
    page = page_newest_first(runs, field="finished", key=filters.key)
    context = {
        "section": "work",
        "which": "finished",
        "tabs": tabs_for("finished"),
        "filters": filters,
        "page": page,
        "works": as_work(page.rows),
        "title": _("Finished"),
    }
    return render(request, "workflow/finished_list.html", context)


@require_safe
def quick_look(request: HttpRequest, step_run_id: int) -> HttpResponse:
    """A row's case at a glance, beside the list."""
    acting = acting_of(request)
    run = run_seen(step_run_id, acting)
    remarks = kind_of(run.process.kind).remarks(acting, run.process.subject_id)
    return render(request, "workflow/quick_look.html", {"work": as_work([run])[0], "remarks": remarks})
