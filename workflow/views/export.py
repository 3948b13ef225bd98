"""A work list as a file (xuất danh sách): the rows the officer sees, as the address narrows them down."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F, OrderBy, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.acting import Acting
from accounts.web import acting_of
from pages.csv_files import csv_of
from workflow.engine.models import StepRun
from workflow.engine.operations.export_work import export_work
from workflow.engine.selectors import Work, as_work, finished_work
from workflow.views.filters import filtered, narrowed_to, read_filters, tone_words
from workflow.views.late import late_runs
from workflow.views.work_list import open_runs_of


@require_safe
def work_export(request: HttpRequest, which: str) -> HttpResponse:
    """All rows of the list, not one page of them, in its order; identity numbers and addresses aren't among them."""
    acting, now = acting_of(request), timezone.now()
    runs = _rows(request, which, acting, now).select_related("unit").order_by(*_ORDERS.get(which, _BY_DEADLINE))
    found = export_work(runs=runs, which=which, narrowed=narrowed_to(request), acting=acting)
    columns = _FINISHED_COLUMNS if which == "finished" else _OPEN_COLUMNS
    works = as_work(found, now=now)
    file = csv_of([str(name()) for name, _cell in columns], ([cell(work) for _name, cell in columns] for work in works))
    response = HttpResponse(file, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="viec-{timezone.localtime(now):%Y%m%d-%H%M}.csv"'
    return response


# As the list on the page goes.
_BY_DEADLINE: list[OrderBy | str] = [F("due_at").asc(nulls_last=True), "id"]
_ORDERS: dict[str, list[OrderBy | str]] = {"finished": [F("finished").desc(), "-id"], "late": ["pressing_at", "id"]}


def _rows(request: HttpRequest, which: str, acting: Acting, now: datetime) -> QuerySet[StepRun]:
    if which == "finished":
        return filtered(finished_work(acting), read_filters(request))
    return late_runs(request, acting, now) if which == "late" else open_runs_of(request, which, acting, now)


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""


_Column = tuple[Callable[[], str], Callable[[Work], str]]
_SHARED: list[_Column] = [
    (lambda: _("Dossier code"), lambda work: work.case.code),
    (lambda: _("Applicant, parcel"), lambda work: work.case.title),
    (lambda: _("Procedure"), lambda work: work.case.matter),
    (lambda: _("Step"), lambda work: work.run.title),
    (lambda: _("Unit"), lambda work: work.run.unit.short_name if work.run.unit else ""),
]
_OPEN_COLUMNS: list[_Column] = [
    *_SHARED,
    (lambda: _("In whose hands"), lambda work: work.run.owner.full_name if work.run.owner else ""),
    (lambda: _("Arrived"), lambda work: _moment(work.run.created)),
    (lambda: _("Step due"), lambda work: _moment(work.run.due_at)),
    (lambda: _("Dossier due"), lambda work: _moment(work.case.due_at)),
    (lambda: _("Urgency"), lambda work: tone_words(work.step_deadline.tone)),
]
_FINISHED_COLUMNS: list[_Column] = [
    *_SHARED,
    (lambda: _("Outcome"), lambda work: work.run.outcome_name),
    (lambda: _("Completed"), lambda work: _moment(work.run.finished)),
]
