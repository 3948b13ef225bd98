"""The dossiers an officer may see, newest first."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from dossiers.models import Dossier
from dossiers.selectors import KIND, visible_dossiers
from dossiers.states import Status
from pages.paging import page_newest_first
from pages.web import asked_day
from workflow.engine.selectors import deadlines_of

# In the address: only what the officer's own unit took in.
OWN = "don-vi"
# Words of the public portal a clerk may filter by; drafts have a list of their own.
SHOWN = [status for status in Status if status not in (Status.REGISTERED, Status.CANCELLED)]


@require_safe
def dossiers(request: HttpRequest) -> HttpResponse:
    """Filtered by status, by the day of receipt and by who took it in; all stand in the address."""
    acting, status, day = acting_of(request), request.GET.get("trang-thai", ""), asked_day(request, "ngay")
    is_own = request.GET.get("noi-nhan") == OWN
    rows = visible_dossiers(acting).filter(received_at__isnull=False)
    if is_own:
        rows = rows.filter(received_unit__in=acting.units)
    rows = rows.select_related("version__procedure", "unit")
    page = page_newest_first(_narrowed(rows, status, day), key=request.GET.get("key", ""))
    deadlines = deadlines_of(KIND, [dossier.pk for dossier in page.rows], timezone.now())
    context = {
        "section": "dossiers",
        "page": page,
        "rows": [(dossier, deadlines.get(dossier.pk)) for dossier in page.rows],
        "statuses": SHOWN,
        "status": status,
        "day": day,
        "is_own": is_own,
    }
    return render(request, "dossiers/dossiers.html", context)


def _narrowed(rows: QuerySet[Dossier], status: str, day: date | None) -> QuerySet[Dossier]:
    if status in Status.values:
        rows = rows.filter(status=status)
    if day:
        morning = timezone.make_aware(datetime.combine(day, time.min))
        rows = rows.filter(received_at__gte=morning, received_at__lt=morning + timedelta(days=1))
    return rows
