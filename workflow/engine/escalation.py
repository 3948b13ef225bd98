"""What is late or near its end in an officer's unit and below, and in whose hands: the list of who leads (đôn đốc)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Min, Q, QuerySet, When
from django.db.models.functions import Coalesce, Least

from accounts.acting import Acting
from workflow.clock.ledger import ClockState
from workflow.engine.models import OPINION, StepRun
from workflow.engine.selectors import open_work


@dataclass(frozen=True, slots=True)
class Trouble:
    """One officer's steps that are late or near, or those nobody has claimed (`officer_id` None) in a unit.

    broken  of how many the dossier itself is past its appointment
    since   when the oldest delay began; None while all are only near
    """

    unit_id: int
    unit: str
    officer_id: int | None
    officer: str
    late: int
    near: int
    broken: int
    since: datetime | None


def answered_for(acting: Acting) -> frozenset[int]:
    """The units whose delays are his to look after: the one he leads, those it took over from, and those below."""
    if not (acting.may_update and acting.is_leading):
        return frozenset()
    return acting.overseen


def urgent_work(acting: Acting, now: datetime) -> QuerySet[StepRun]:
    """Open steps late or near, or of dossiers past their appointment, of every unit he answers for.

    None for who leads nothing. What waits for an outside event is nobody's delay and isn't among them, nor is a step
    while the clock of its case stands still; an opinion was asked for until a day all the same. Each row has
    `pressing_at`, the step's deadline or the dossier's appointment, whichever comes first: the list goes by it.
    """
    rows = open_work().filter(unit__in=answered_for(acting), waits_for="").select_related("unit")
    rows = rows.exclude(~Q(step=OPINION), process__clock_state=ClockState.PAUSED)
    promised = Case(When(process__clock_state=ClockState.RUNNING, then="process__due_at"))
    # Least() of SQLite is nothing where one of the two is.
    pressing_at = Least(Coalesce("due_at", promised), Coalesce(promised, "due_at"))
    return rows.filter(_late(now) | _near(now) | _broken(now)).annotate(pressing_at=pressing_at)


def _late(now: datetime) -> Q:
    return Q(due_at__lt=now)


def _near(now: datetime) -> Q:
    return Q(due_at__gte=now, near_at__lte=now)


def _broken(now: datetime) -> Q:
    return Q(process__due_at__lt=now, process__clock_state=ClockState.RUNNING)


def troubles(acting: Acting, now: datetime) -> list[Trouble]:
    """The urgent work by unit and officer, the most late first, in one query."""
    columns = ("unit_id", "unit__short_name", "owner_id", "owner__full_name")
    rows = urgent_work(acting, now).order_by().values(*columns)
    counted = rows.annotate(
        late=Count("pk", filter=_late(now)),
        near=Count("pk", filter=_near(now)),
        broken=Count("pk", filter=_broken(now)),
        oldest_step=Min("due_at", filter=_late(now)),
        oldest_case=Min("process__due_at", filter=_broken(now)),
    )
    return [
        Trouble(
            row["unit_id"],
            row["unit__short_name"],
            row["owner_id"],
            row["owner__full_name"] or "",
            row["late"],
            row["near"],
            row["broken"],
            min((moment for moment in (row["oldest_step"], row["oldest_case"]) if moment), default=None),
        )
        for row in counted.order_by("-broken", "-late", "-near", "unit__short_name", "owner__full_name", "owner_id")
    ]
