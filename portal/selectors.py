"""What the first page shows each role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from dossiers.models import Dossier
from dossiers.selectors import own_drafts, received_at_unit, waiting_for_pick_up
from dossiers.states import Status
from dossiers.views.listing import OWN
from pages.domain_errors import Words
from workflow.engine.selectors import Tone, Work, as_work, count_by_tone, my_work, of_tone, unit_work

SHOWN = 20
# Results are to be fetched within three days (QĐ of the demo province's one-stop rules, cần xác nhận).
PICK_UP_DAYS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that opens the list it counts."""

    number: int
    label: Words
    url: str
    note: Words = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """The day at a one-stop shop."""

    figures: Sequence[Figure]
    received: Sequence[Dossier]
    drafts: Sequence[Dossier]
    waiting: Sequence[Dossier]


@dataclass(frozen=True, slots=True)
class Desk:
    """The open work of an officer, and of his unit for who leads it."""

    figures: Sequence[Figure]
    urgent: Sequence[Work]
    unit_late: Sequence[Work]


def counter_of(acting: Acting, now: datetime) -> Counter:
    """What the counter took in today, what it has begun, and what waits to be fetched."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    received = received_at_unit(acting).filter(received_at__gte=today)
    drafts, waiting = own_drafts(acting), waiting_for_pick_up(acting)
    overdue = waiting.filter(resolved_at__lt=now - timedelta(days=PICK_UP_DAYS)).count()
    own = f"{reverse('dossiers')}?noi-nhan={OWN}"
    figures = [
        Figure(received.count(), _("Received today"), f"{own}&ngay={timezone.localdate(now)}"),
        Figure(drafts.count(), _("Drafts begun"), reverse("intake_start")),
        Figure(
            waiting.count(),
            _("Results to be fetched"),
            f"{own}&trang-thai={Status.RESOLVED}",
            _("%(count)s waiting over %(days)s days") % {"count": overdue, "days": PICK_UP_DAYS} if overdue else "",
            "late" if overdue else "",
        ),
    ]
    return Counter(figures, list(received[:SHOWN]), list(drafts[:5]), list(waiting[:SHOWN]))


def desk_of(acting: Acting, now: datetime) -> Desk:
    """Open work by urgency, the most urgent first."""
    mine, unit = my_work(acting), unit_work(acting)
    own, all_of_unit = count_by_tone(mine, now), count_by_tone(unit, now)
    unclaimed = unit.filter(owner__isnull=True, role__in=acting.roles).count()
    mine_url, unit_url = reverse("work_mine"), reverse("work_unit")
    figures = [
        Figure(own["late"], _("Mine, overdue"), f"{mine_url}?han=late", tone="late" if own["late"] else ""),
        Figure(own["near"], _("Mine, due soon"), f"{mine_url}?han=near", tone="near" if own["near"] else ""),
        Figure(own["all"], _("Mine, all"), mine_url),
        Figure(
            all_of_unit["all"],
            _("Unit's, all"),
            unit_url,
            _("%(count)s to be claimed") % {"count": unclaimed} if unclaimed else "",
        ),
        Figure(
            all_of_unit["late"],
            _("Unit's, overdue"),
            f"{unit_url}?han=late",
            tone="late" if all_of_unit["late"] else "",
        ),
    ]
    urgent = mine.filter(due_at__isnull=False).order_by("due_at", "id")[:SHOWN]
    late = of_tone(unit, Tone.LATE, now).order_by("due_at", "id")[:SHOWN] if acting.is_leading else []
    return Desk(figures, as_work(urgent, now=now), as_work(late, now=now))
