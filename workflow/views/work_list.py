"""The work lists: mine, my unit's, followed, finished; and a row at a glance."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.acting import Acting
from accounts.selectors import active_officers
from accounts.web import acting_of
from pages.paging import page_by_moment, page_newest_first
from workflow.engine.models import StepRun
from workflow.engine.selectors import (
    Tone,
    as_work,
    count_by_tone,
    finished_work,
    followed_among,
    followed_work,
    my_work,
    of_tone,
    offered_in,
    run_seen,
    totals_of,
    unit_work,
)
from workflow.kinds import kind_of
from workflow.views.filters import chips_for, export_url, filtered, narrowed_to, read_filters, tabs_for

LISTS = {"mine": my_work, "unit": unit_work, "followed": followed_work}
# Each row is on the page twice, for a desk and for a phone: with more of them it would weigh over 60 kB.
ROWS = 25


@require_safe
def work_list(request: HttpRequest, which: str) -> HttpResponse:
    """Open work of the officer, of his unit or of what he follows, most urgent first."""
    return render(request, "workflow/work_list.html", list_context(request, which))


def open_runs_of(request: HttpRequest, which: str, acting: Acting, now: datetime) -> QuerySet[StepRun]:
    """The rows of a list of open work as the address narrows them down."""
    filters = read_filters(request)
    runs = filtered(LISTS[which](acting), filters)
    return of_tone(runs, Tone(filters.tone), now) if filters.tone else runs


def new_work_context(request: HttpRequest, which: str, since: datetime, count: int) -> dict[str, Any]:
    """What the line beside the list needs: how many are new since, where to ask again, where they are shown."""
    narrowed = narrowed_to(request)
    asked = urlencode({**narrowed, "tu": since.isoformat(), "biet": count})
    return {
        "count": count,
        "ask": f"{reverse(f'work_{which}_new')}?{asked}",
        "show": f"{reverse(f'work_{which}')}?{urlencode(narrowed)}",
    }


def list_context(
    request: HttpRequest, which: str, *, ticked: Collection[int] = (), faults: object = None
) -> dict[str, Any]:
    """The page of a list as the address asks for it; `ticked` and `faults` are a bulk deed that wasn't done."""
    query = request.GET.urlencode()
    bulk_url = reverse(f"work_{which}_bulk")
    acting, filters, now = acting_of(request), read_filters(request), timezone.now()
    rows = LISTS[which](acting)
    runs = filtered(rows, filters)
    shown = of_tone(runs, Tone(filters.tone), now) if filters.tone else runs
    page = page_by_moment(shown, field="due_at", key=filters.key, size=ROWS)
    return {
        "section": "work",
        "which": which,
        "tabs": tabs_for(which, acting, totals_of(acting)),
        "filters": filters,
        "chips": chips_for(request, filters, count_by_tone(runs, now)),
        "offered": offered_in(rows),
        "page": page,
        "works": as_work(page.rows, now=now, acting=acting),
        "followed": followed_among(acting, [run.process_id for run in page.rows]),
        "colleagues": active_officers([acting.unit_id]) if acting.unit_id and acting.leads(acting.unit_id) else [],
        "may_tick": acting.may_update,
        "may_claim": any(run.owner_id is None and acting.holds(run.role, run.unit_id) for run in page.rows),
        "bulk_url": f"{bulk_url}?{query}" if query else bulk_url,
        "names_units": which == "followed",
        "ticked": ticked,
        "faults": faults,
        "new_work": new_work_context(request, which, now, 0),
        "export_url": export_url(request, which),
        "now": now,
    }


@require_safe
def finished_list(request: HttpRequest) -> HttpResponse:
    """What the officer has completed, newest first."""
    acting, filters = acting_of(request), read_filters(request)
    runs = filtered(finished_work(acting), filters)
    page = page_newest_first(runs, field="finished", key=filters.key)
    context = {
        "section": "work",
        "which": "finished",
        "tabs": tabs_for("finished", acting, totals_of(acting)),
        "filters": filters,
        "page": page,
        "works": as_work(page.rows),
        "title": _("Finished"),
        "export_url": export_url(request, "finished"),
    }
    return render(request, "workflow/finished_list.html", context)


@require_safe
def quick_look(request: HttpRequest, step_run_id: int) -> HttpResponse:
    """A row's case at a glance, beside the list."""
    acting = acting_of(request)
    run = run_seen(step_run_id, acting)
    remarks = kind_of(run.process.kind).remarks(acting, run.process.subject_id)
    work = as_work([run], acting=acting)[0]
    return render(request, "workflow/quick_look.html", {"work": work, "remarks": remarks})
