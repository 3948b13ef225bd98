"""Breaking runs off: what stands beside or beneath when a case goes another way."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from viewflow.workflow.status import STATUS

from workflow.engine.branches import beneath
from workflow.engine.models import OPEN, Case, Consultation, StepRun
from workflow.engine.pausing import resume_after
from worktime.calendar import Calendar

_WRITTEN = (
    "status",
    "finished",
    "note",
    "minutes_used",
    "awaited",
    "cancelled_by",
    "cancelled_with",
    "version",
)


def open_beneath(case: Case, branch: str, *, besides: Iterable[int] = ()) -> QuerySet[StepRun]:
    """The open runs within a branch, its own ones left out; all of the case for the trunk."""
    runs = StepRun.objects.filter(process=case, finished__isnull=True, status__in=OPEN).exclude(step="")
    within = Q(branch__startswith=beneath(branch)) & ~Q(branch=branch)
    return runs.filter(within).exclude(pk__in=list(besides)).order_by("number")


def open_opinions(run: StepRun) -> QuerySet[StepRun]:
    """The runs of opinions this step still waits for."""
    return StepRun.objects.filter(
        process_id=run.process_id, consultation__asking=run, finished__isnull=True, status__in=OPEN
    )


def break_off(
    case: Case,
    runs: Iterable[StepRun],
    *,
    at: datetime,
    officer_id: int,
    note: str,
    calendar: Calendar,
    with_run: StepRun | None = None,
) -> list[StepRun]:
    """Cancels open runs: they stay in the story with who did it and why; their pauses end, their questions lapse.

    The caller holds the lock of the case, and saves it.
    """
    broken = list(runs)
    for run in broken:
        run.status, run.finished, run.note = STATUS.CANCELED, at, note
        run.minutes_used = calendar.minutes_between(run.created, at)
        run.awaited, run.version = 0, run.version + 1
        run.cancelled_by_id, run.cancelled_with = officer_id or None, with_run
        if not run.is_opinion:
            resume_after(case, case.edition_version.edition.step(run.step), at)
    if broken:
        StepRun.objects.bulk_update(broken, _WRITTEN)
        lapsed = Consultation.objects.filter(asked__in=broken, answered_at__isnull=True)
        lapsed.update(taken_back_at=at, reason=note[:250])
    return broken
