"""The dossiers an officer may see, newest first."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.web import acting_of
from dossiers.models import Dossier
from dossiers.selectors import visible_dossiers
from dossiers.states import Status
from pages.paging import page_newest_first

# Words of the public portal a clerk may filter by; drafts have a list of their own.
SHOWN = [status for status in Status if status not in (Status.REGISTERED, Status.CANCELLED)]


@require_GET
def dossiers(request: HttpRequest) -> HttpResponse:
    """Filtered by status and by the day of receipt; both stand in the address."""
    status, day = request.GET.get("trang-thai", ""), _day(request.GET.get("ngay", ""))
    rows = visible_dossiers(acting_of(request)).filter(received_at__isnull=False)
    rows = rows.select_related("version__procedure", "unit")
    page = page_newest_first(_narrowed(rows, status, day), key=request.GET.get("key", ""))
    context = {"section": "dossiers", "page": page, "statuses": SHOWN, "status": status, "day": day}
    return render(request, "dossiers/dossiers.html", context)


def _narrowed(rows: QuerySet[Dossier], status: str, day: date | None) -> QuerySet[Dossier]:
    if status in Status.values:
        rows = rows.filter(status=status)
    if day:
        morning = timezone.make_aware(datetime.combine(day, time.min))
        rows = rows.filter(received_at__gte=morning, received_at__lt=morning + timedelta(days=1))
    return rows


def _day(text: str) -> date | None:
    """An ISO day of the address; anything else counts as none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
