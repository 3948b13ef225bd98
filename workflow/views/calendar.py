"""The working calendar (lịch làm việc): a year of days, what a change would move, and due dates reckoned anew."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.web import acting_of
from pages.domain_errors import Conflict, Invalid
from pages.responses import see_other
from pages.web import asked_day
from workflow.deadlines.forms import FORMS, ChangeForm, DayForm, HoursForm, RuleForm
from workflow.deadlines.models import Recalculation
from workflow.deadlines.moves import moves_by, running_cases, touched_by, unkept
from workflow.deadlines.operations.change_calendar import change_working_calendar
from workflow.deadlines.operations.recalculate import recalculate_due_dates, stream_of_calendar
from workflow.deadlines.rights import require_calendar_rights
from workflow.deadlines.year import FIRST, LAST, hours_in_words, months_of
from worktime.calendar import Calendar
from worktime.models import ChangeKind, WorkingCalendar
from worktime.operations.change import LONGEST_REASON, changed_by
from worktime.selectors import calendar_in_force, calendar_row, latest_changes, own_days

_SHOWN_CHANGES = 20
# Digits of the largest id a database keeps.
_LONGEST_KEY = 18


@require_safe
def working_calendar(request: HttpRequest) -> HttpResponse:
    """The year, the office hours and the rule of warnings; an administrator may change them."""
    return _year_page(request)


def _year_page(request: HttpRequest, wrong: ChangeForm | None = None) -> HttpResponse:
    row, calendar, today = calendar_row(), calendar_in_force(), timezone.localdate()
    chosen = asked_day(request, "ngay") or (wrong.cleaned_data.get("day") if wrong else None)
    year = _year(request, chosen.year if chosen else today.year)
    context = {
        "section": "calendar",
        "row": row,
        "calendar": calendar,
        "hours_now": hours_in_words(calendar.hours_on(today)),
        "late_now": calendar.late_hour(today),
        "year": year,
        "years": [one for one in (year - 1, year + 1) if FIRST <= one <= LAST],
        "months": months_of(year, calendar, own_days(row, year)),
        "today": today,
        "chosen": chosen,
        "changes": latest_changes(row, _SHOWN_CHANGES),
        "may_change": acting_of(request).is_superuser,
        **_forms(row, calendar, chosen, wrong),
    }
    return render(request, "workflow/calendar.html", context, status=422 if wrong else 200)


def _year(request: HttpRequest, default: int) -> int:
    typed = request.GET.get("nam", "")
    year = int(typed) if typed.isdecimal() and len(typed) == 4 else default
    return max(FIRST, min(LAST, year))


def _forms(
    row: WorkingCalendar, calendar: Calendar, chosen: date | None, wrong: ChangeForm | None
) -> dict[str, ChangeForm]:
    today = timezone.localdate()
    hours = {"hours": hours_in_words(calendar.hours_on(today)), "late_after": calendar.late_hour(today)}
    rule = {"near_days": row.near_days, "near_percent": row.near_percent, "apology_days": row.apology_days}
    forms: list[ChangeForm] = [
        DayForm(calendar=calendar, initial={"day": chosen}),
        HoursForm(calendar=calendar, initial=hours),
        RuleForm(calendar=calendar, initial=rule),
    ]
    return {f"{form.kind}_form": wrong if wrong and wrong.kind == form.kind else form for form in forms}


@require_safe
def calendar_preview(request: HttpRequest) -> HttpResponse:
    """What a change would move, before anybody makes it."""
    require_calendar_rights(acting_of(request), about=stream_of_calendar())
    calendar = calendar_in_force()
    form = _form(request.GET, calendar)
    if not form.is_valid():
        return _year_page(request, form)
    moves = moves_by(
        touched_by(form.change, calendar), calendar, changed_by(form.change, calendar), after=_after(request)
    )
    context = {
        "section": "calendar",
        "form": form,
        "change": form.change,
        "kind_words": ChangeKind(form.change.kind).label,
        "moves": moves,
        "revision": calendar_row().revision,
        "longest_reason": LONGEST_REASON,
        "moves_nothing": form.kind == ChangeKind.RULE,
    }
    return render(request, "workflow/calendar_preview.html", context)


def _form(typed: Any, calendar: Calendar) -> ChangeForm:
    form = FORMS.get(typed.get("kind", ""))
    if form is None:
        raise Invalid(_("The form is incomplete. Open the page again."))
    return form(typed, calendar=calendar)


def _after(request: HttpRequest) -> int:
    key = request.GET.get("sau", "")
    return int(key) if key.isdecimal() and len(key) <= _LONGEST_KEY else 0


@require_POST
def calendar_change(request: HttpRequest) -> HttpResponse:
    acting = acting_of(request)
    require_calendar_rights(acting, about=stream_of_calendar())
    form = _form(request.POST, calendar_in_force())
    if not form.is_valid():
        faults = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
        raise Invalid(_("The change can't be made like this."), faults)
    made = change_working_calendar(
        change=form.change, reason=request.POST.get("reason", ""), revision=_revision(request), acting=acting
    )
    messages.success(request, _("The calendar is changed. What was promised before stands until it is reckoned anew."))
    return see_other(reverse("calendar" if made.kind == ChangeKind.RULE else "calendar_moves"))


def _revision(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("revision", ""))
    except ValueError as fault:
        raise Conflict(_("Somebody else changed the calendar meanwhile. Look at it once more.")) from fault


@require_safe
def calendar_moves(request: HttpRequest) -> HttpResponse:
    """Promises the calendar in force would not give any more, and the recalculation that moves them."""
    require_calendar_rights(acting_of(request), about=stream_of_calendar())
    latest = Recalculation.objects.select_related("asked_by").order_by("-pk").first()
    is_running = latest is not None and latest.state == Recalculation.State.RUNNING
    context = {
        "section": "calendar",
        "latest": latest,
        "is_running": is_running,
        "moves": None if is_running else unkept(running_cases(), calendar_in_force(), after=_after(request)),
        "revision": calendar_row().revision,
        "longest_reason": LONGEST_REASON,
    }
    return render(request, "workflow/calendar_moves.html", context)


@require_POST
def calendar_recalculate(request: HttpRequest) -> HttpResponse:
    recalculate_due_dates(reason=request.POST.get("reason", ""), revision=_revision(request), acting=acting_of(request))
    messages.success(request, _("Due dates are being reckoned anew. Whoever has a case in hand is told of its move."))
    return see_other(reverse("calendar_moves"))
