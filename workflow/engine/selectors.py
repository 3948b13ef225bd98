"""Work lists (việc cần xử lý): what is open for an officer and his unit, what he follows and what he has finished."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.acting import Acting
from accounts.sight import NotVisible
from workflow.clock.ledger import ClockState
from workflow.engine.models import OPEN, OPINION, Case, Consultation, StepRun
from workflow.engine.work_models import Follow
from workflow.kinds import all_kinds, kind_of
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
    """A row of a work list: the step run, how its own deadline stands, and how the case's does.

    principal  the colleague who is away and whose step it is, on the list of who stands in for him
    """

    run: StepRun
    step_deadline: Deadline
    case_deadline: Deadline
    principal: str = ""

    @property
    def mark(self) -> str:
        """What a ticked row sends: which run, and how it stood when the page was made."""
        return f"{self.run.pk}:{self.run.version}"

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
    """Open steps in the officer's own hands, in the unit he acts for, and of those he stands in for."""
    rows = open_work().filter(unit__in=acting.units)
    if not acting.principals:
        return rows.filter(owner=acting.officer_id)
    return rows.filter(owner__in=_hands(acting)).filter(_mine(acting))


def _hands(acting: Acting) -> list[int]:
    """By these the index of an officer's open work is read; `_mine` then leaves out what isn't of a shared role."""
    return sorted({acting.officer_id, *(one.officer_id for one in acting.principals)})


def _mine(acting: Acting) -> Q:
    own = Q(owner=acting.officer_id)
    for one in acting.principals:
        own |= Q(owner=one.officer_id, role=one.role)
    return own


def unit_work(acting: Acting) -> QuerySet[StepRun]:
    """Open steps of the unit he acts for and of those it took over from, whoever has them."""
    return open_work().filter(unit__in=acting.units)


def followed_work(acting: Acting) -> QuerySet[StepRun]:
    """Open steps of the cases he follows, as far as he may still see them."""
    followed = Follow.objects.filter(officer=acting.officer_id).values("case")
    return open_work().filter(process__in=followed).filter(still_seen(acting)).select_related("unit")


def still_seen(acting: Acting) -> Q:
    """Which runs' cases he may see: for rows that weren't found by his own units."""
    at_work = Q(process__unit__in=acting.units) | Q(process__home_unit__in=acting.units)
    seen = at_work
    for kind in all_kinds():
        if kind.seen is not None:
            seen |= Q(process__kind=kind.code) & kind.seen(acting, "process__subject_id")
    return seen


def followed_among(acting: Acting, case_ids: Iterable[int]) -> set[int]:
    """Which of these cases he follows, in one query."""
    rows = Follow.objects.filter(officer=acting.officer_id, case__in=list(case_ids))
    return set(rows.values_list("case_id", flat=True))


@dataclass(frozen=True, slots=True)
class Totals:
    """How many open steps each list of his has, however it is filtered."""

    mine: int
    unit: int
    followed: int


def totals_of(acting: Acting) -> Totals:
    """In two queries: what is his lies in the unit's."""
    open_in_unit = unit_work(acting).order_by().aggregate(unit=Count("pk"), mine=Count("pk", filter=_mine(acting)))
    return Totals(open_in_unit["mine"], open_in_unit["unit"], followed_work(acting).order_by().count())


@dataclass(frozen=True, slots=True)
class Offered:
    """What a list may be narrowed to: procedures, steps and communes by name, in whose hands (id and name)."""

    matters: list[str]
    steps: list[str]
    people: list[tuple[int, str]]
    communes: list[str]


MOST_OFFERED = 500


def offered_in(runs: QuerySet[StepRun]) -> Offered:
    """What stands in the rows: one query, and what each kind of case asks for its communes."""
    columns = ("process__kind", "process__matter", "title", "owner_id", "owner__full_name")
    rows = list(runs.order_by(*columns).values_list(*columns).distinct()[:MOST_OFFERED])
    people = {owner: name for _kind, _matter, _title, owner, name in rows if owner is not None}
    return Offered(
        matters=sorted({matter for _kind, matter, *_rest in rows}),
        steps=sorted({title for _kind, _matter, title, *_rest in rows}),
        people=sorted(people.items(), key=lambda person: person[1]),
        communes=_communes_of(runs, {kind for kind, *_rest in rows}),
    )


def _communes_of(runs: QuerySet[StepRun], kinds: Iterable[str]) -> list[str]:
    found: list[str] = []
    for code in sorted(kinds):
        if (places := kind_of(code).places) is not None:
            found += places.named(runs.filter(process__kind=code).order_by().values("process__subject_id"))
    return list(dict.fromkeys(found))[:MOST_OFFERED]


def lying_in(commune: str) -> Q:
    """Which runs' cases are about land in the commune of this name."""
    lying = Q(pk__in=[])
    for kind in all_kinds():
        if kind.places is not None:
            lying |= Q(process__kind=kind.code) & kind.places.within(commune, "process__subject_id")
    return lying


def arrived_since(runs: QuerySet[StepRun], since: datetime, *, is_own: bool) -> QuerySet[StepRun]:
    """Those that have come to the list since: opened, handed to whose own list it is, or put into a unit's queue."""
    handed = Q(assigned__gt=since) if is_own else Q(assigned__gt=since, owner__isnull=True)
    return runs.filter(Q(created__gt=since) | handed)


def finished_work(acting: Acting) -> QuerySet[StepRun]:
    """Steps the officer completed, in the unit he acts for: what he did elsewhere is no longer his to see."""
    done = StepRun.objects.filter(completed_by=acting.officer_id, unit__in=acting.units, finished__isnull=False)
    return done.select_related("process", "owner")


def of_tone(runs: QuerySet[StepRun], tone: Tone, now: datetime) -> QuerySet[StepRun]:
    """Those of this urgency, by the moments written with each run."""
    return runs.filter(_tone_condition(tone, now))


# As `stands_still` says it of a row.
_STANDS_STILL = ~Q(waits_for="") | Q(process__clock_state=ClockState.PAUSED) & ~Q(step=OPINION)


def stands_still(run: StepRun) -> bool:
    """Whether a step's time is nobody's just now: it waits for an outside event, or the clock of its case stands still.

    An opinion was asked for until a day all the same.
    """
    return bool(run.waits_for) or (run.process.clock_state == ClockState.PAUSED and not run.is_opinion)


def _tone_condition(tone: Tone, now: datetime) -> Q:
    """As `step_deadline` says it of a row: what stands still isn't late, even if it has a limit."""
    match tone:
        case Tone.LATE:
            return ~_STANDS_STILL & Q(due_at__lt=now)
        case Tone.NEAR:
            return ~_STANDS_STILL & Q(due_at__gte=now, near_at__lte=now)
        case Tone.OK:
            return ~_STANDS_STILL & Q(due_at__gte=now, near_at__gt=now)
    return Q(due_at__isnull=True) | _STANDS_STILL


def count_by_tone(runs: QuerySet[StepRun], now: datetime) -> dict[str, int]:
    """How many of the runs are of each urgency, and all together, in one query."""
    wanted = {tone.value: Count("pk", filter=_tone_condition(tone, now)) for tone in Tone}
    counts: dict[str, int] = runs.order_by().aggregate(all=Count("pk"), **wanted)
    return counts


def as_work(runs: Iterable[StepRun], *, now: datetime | None = None, acting: Acting | None = None) -> list[Work]:
    """Rows for the page, deadlines reckoned with one calendar; with `acting` they say in whose place he would act."""
    moment, calendar = now or timezone.now(), calendar_in_force()
    return [
        Work(
            run,
            step_deadline(run, moment, calendar),
            case_deadline(run.process, moment, calendar),
            _principal(run, acting),
        )
        for run in runs
    ]


def _principal(run: StepRun, acting: Acting | None) -> str:
    found = acting.principal(run.owner_id, run.role) if acting else None
    return found.full_name if found else ""


def step_deadline(run: StepRun, now: datetime, calendar: Calendar) -> Deadline:
    """How the step stands against its own limit; a finished one says how it ended."""
    if not run.is_open:
        return finished_deadline(run.outcome_name)
    return deadline_of(
        run.due_at, now=now, calendar=calendar, limit_minutes=run.limit_minutes, is_paused=stands_still(run)
    )


def case_deadline(case: Case, now: datetime, calendar: Calendar) -> Deadline:
    """How the case stands against its appointment, by the projections of its ledger."""
    if case.clock_state == ClockState.STOPPED:
        return finished_deadline("")
    is_paused = case.clock_state == ClockState.PAUSED
    return deadline_of(case.due_at, now=now, calendar=calendar, limit_minutes=case.limit_minutes, is_paused=is_paused)


def deadlines_of(kind: str, subject_ids: Iterable[int], now: datetime) -> dict[int, Deadline]:
    """How what still runs of these subjects stands against its appointment, by subject: two queries for all of them."""
    cases = Case.objects.filter(kind=kind, subject_id__in=list(subject_ids)).exclude(clock_state=ClockState.STOPPED)
    calendar = calendar_in_force()
    return {case.subject_id: case_deadline(case, now, calendar) for case in cases}


def open_runs(case: Case) -> list[StepRun]:
    """The open steps of a case in order, one for each branch; what it asks others for is not among them."""
    return list(_open(case).exclude(step=OPINION))


def open_opinions_of(case: Case) -> list[StepRun]:
    """The runs of the opinions it waits for, with their questions."""
    return list(
        _open(case)
        .filter(step=OPINION)
        .select_related("consultation__unit", "consultation__asked_by", "consultation__asking")
    )


def questions_of(run: StepRun) -> list[Consultation]:
    """What was asked from this step, in order, answered or not."""
    return list(run.consultations.select_related("unit", "asked_by", "answered_by").order_by("pk"))


def _open(case: Case) -> QuerySet[StepRun]:
    runs = StepRun.objects.filter(process=case, status__in=OPEN).exclude(step="")
    return runs.select_related("owner", "unit").order_by("number")


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
