"""Work lists (việc cần xử lý): what is open for an officer and for his unit, and what he has finished."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.acting import Acting
from accounts.sight import NotVisible
from workflow.clock.ledger import ClockState
from workflow.engine.models import OPEN, Case, StepRun
from workflow.kinds import kind_of
from worktime.calendar import Calendar
from worktime.deadline import Deadline, deadline_of, finished_deadline
from worktime.selectors import calendar_in_force


class Tone(StrEnum):
    """How urgent open work is; the filter chips of the work list."""

    LATE = "late"
    NEAR = "near"
    OK = "ok"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Work:
    """A row of a work list: the step run, how its own deadline stands, and how the case's does."""

    run: StepRun
    step_deadline: Deadline
    case_deadline: Deadline

    @property
    def case(self) -> Case:
        return self.run.process

    @property
    def url(self) -> str:
        return kind_of(self.case.kind).url(self.case.subject_id)


def open_work() -> QuerySet[StepRun]:
    """Every open step run, with its case and owner; each list narrows it down to what the officer may see."""
    # What is open has not finished; it is by this that the indexes of open work are found.
    runs = StepRun.objects.filter(finished__isnull=True, status__in=OPEN)
    return runs.exclude(step="").select_related("process", "owner")


def my_work(acting: Acting) -> QuerySet[StepRun]:
    """Open steps in the officer's own hands, in the unit he acts for."""
    return open_work().filter(owner=acting.officer_id, unit__in=acting.units)


def unit_work(acting: Acting) -> QuerySet[StepRun]:
    """Open steps of the unit he acts for and of those it took over from, whoever has them."""
    return open_work().filter(unit__in=acting.units)


def finished_work(acting: Acting) -> QuerySet[StepRun]:
    """Steps the officer completed, in the unit he acts for: what he did elsewhere is no longer his to see."""
    done = StepRun.objects.filter(completed_by=acting.officer_id, unit__in=acting.units, finished__isnull=False)
    return done.select_related("process", "owner")


def of_tone(runs: QuerySet[StepRun], tone: Tone, now: datetime) -> QuerySet[StepRun]:
    """Those of this urgency, by the moments written with each run."""
    return runs.filter(_tone_condition(tone, now))


def _tone_condition(tone: Tone, now: datetime) -> Q:
    """As `step_deadline` says it of a row: what waits for an outside event isn't late, even if it has a limit."""
    match tone:
        case Tone.LATE:
            return Q(waits_for="", due_at__lt=now)
        case Tone.NEAR:
            return Q(waits_for="", due_at__gte=now, near_at__lte=now)
        case Tone.OK:
            return Q(waits_for="", due_at__gte=now, near_at__gt=now)
    return Q(due_at__isnull=True) | ~Q(waits_for="")


def count_by_tone(runs: QuerySet[StepRun], now: datetime) -> dict[str, int]:
    """How many of the runs are of each urgency, and all together, in one query."""
    wanted = {tone.value: Count("pk", filter=_tone_condition(tone, now)) for tone in Tone}
    counts: dict[str, int] = runs.order_by().aggregate(all=Count("pk"), **wanted)
    return counts


def as_work(runs: Iterable[StepRun], *, now: datetime | None = None) -> list[Work]:
    """Rows for the page, deadlines reckoned with one calendar."""
    moment, calendar = now or timezone.now(), calendar_in_force()
    return [
        Work(run, step_deadline(run, moment, calendar), case_deadline(run.process, moment, calendar)) for run in runs
    ]


def step_deadline(run: StepRun, now: datetime, calendar: Calendar) -> Deadline:
    """How the step stands against its own limit; a finished one says how it ended."""
    if not run.is_open:
        return finished_deadline(run.outcome_name)
    return deadline_of(
        run.due_at, now=now, calendar=calendar, limit_minutes=run.limit_minutes, is_paused=bool(run.waits_for)
    )


def case_deadline(case: Case, now: datetime, calendar: Calendar) -> Deadline:
    """How the case stands against its appointment, by the projections of its ledger."""
    if case.clock_state == ClockState.STOPPED:
        return finished_deadline("")
    is_paused = case.clock_state == ClockState.PAUSED
    return deadline_of(case.due_at, now=now, calendar=calendar, limit_minutes=case.limit_minutes, is_paused=is_paused)


def open_runs(case: Case) -> list[StepRun]:
    """The open steps of a case in order."""
    runs = StepRun.objects.filter(process=case, status__in=OPEN).exclude(step="")
    return list(runs.select_related("owner", "unit").order_by("number"))


def case_of(kind: str, subject_id: int) -> Case | None:
    """The case of a subject, with its edition. Whoever shows the subject has asked who may see it."""
    related = ("edition_version__procedure", "unit", "home_unit")
    return Case.objects.select_related(*related).filter(kind=kind, subject_id=subject_id).first()


def run_seen(step_run_id: int, acting: Acting) -> StepRun:
    """A step run of a case the officer may see. Raises NotVisible otherwise."""
    related = ("process__edition_version__procedure", "owner", "unit")
    run: StepRun | None = StepRun.objects.select_related(*related).exclude(step="").filter(pk=step_run_id).first()
    if run is None:
        raise NotVisible
    kind = kind_of(run.process.kind)
    if not acting.acts_in(run.unit_id) and not kind.sees(acting, run.process.subject_id):
        raise NotVisible(about=kind.stream(run.process.subject_id))
    return run
