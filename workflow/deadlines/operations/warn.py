"""Warnings and escalation (cảnh báo, báo cáo cấp trên): near its end a deadline is its handler's, late its head's.

Who is away shares his with who stands in for him; a unit nobody leads is answered for by who leads the one above.

Each is given once: a row says so, in the transaction of the message. Two workers at once: the second's row is refused
by the database, and its messages with it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.selectors import hands_of, heads_over
from workflow.clock.ledger import ClockState
from workflow.deadlines.models import DeadlineWarning, WarningLevel
from workflow.deadlines.moves import running_cases
from workflow.deadlines.telling import Told, in_office_words, shown, tell
from workflow.engine.models import OPEN, OPINION, Case, StepRun
from workflow.kinds import kind_of
from worktime.calendar import Calendar
from worktime.deadline import near_minutes
from worktime.selectors import calendar_in_force

Row = TypeVar("Row", Case, StepRun)
CHUNK = 200
# Who loses every chunk to another worker has nothing to do anyway.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Alarm:
    """A deadline to warn of, and who is to know."""

    case: Case
    step_run: StepRun | None
    due_at: datetime
    officers: Sequence[int]


def warn_of_deadlines(*, now: datetime | None = None) -> int:
    """Tells whoever is to know of every deadline that has come near or passed; how many warnings were written."""
    moment, calendar = now or timezone.now(), calendar_in_force()
    steps, cases = _open_steps(), running_cases().select_related("unit")
    near, late = WarningLevel.NEAR, WarningLevel.LATE
    close_steps = _unwarned_steps(steps.filter(near_at__lte=moment, due_at__gt=moment), near)
    late_steps = _unwarned_steps(steps.filter(due_at__lte=moment), late)
    close_cases = _unwarned_cases(cases.filter(due_at__gt=moment, due_at__lte=_horizon(moment, calendar)), near)
    late_cases = _unwarned_cases(cases.filter(due_at__lte=moment), late)
    return (
        _sweep(close_steps, near, _step_alarms, moment)
        + _sweep(late_steps, late, _step_alarms, moment)
        + _sweep(close_cases, near, lambda rows, level: _case_alarms(_near(rows, moment, calendar), level), moment)
        + _sweep(late_cases, late, _case_alarms, moment)
    )


def _open_steps() -> QuerySet[StepRun]:
    """Open steps with a limit of their own; what waits for an outside event isn't anybody's delay.

    Nor is a step of a case whose clock stands still, unless it is an opinion somebody was asked for until a day.
    """
    runs = StepRun.objects.filter(finished__isnull=True, status__in=OPEN, waits_for="", due_at__isnull=False)
    runs = runs.exclude(~Q(step=OPINION), process__clock_state=ClockState.PAUSED)
    return runs.exclude(step="").select_related("process", "owner")


def _unwarned_steps(runs: QuerySet[StepRun], level: WarningLevel) -> QuerySet[StepRun]:
    given = DeadlineWarning.objects.filter(step_run=OuterRef("pk"), level=level, due_at=OuterRef("due_at"))
    return runs.filter(~Exists(given))


def _unwarned_cases(cases: QuerySet[Case], level: WarningLevel) -> QuerySet[Case]:
    given = DeadlineWarning.objects.filter(
        case=OuterRef("pk"), step_run__isnull=True, level=level, due_at=OuterRef("due_at")
    )
    return cases.filter(~Exists(given))


def _horizon(now: datetime, calendar: Calendar) -> datetime:
    """No case due later than this can be near: the longest limit there is says so."""
    longest = running_cases().aggregate(longest=Max("limit_minutes"))["longest"] or 0
    # A limit of no days is near all day.
    return max(calendar.add(now, near_minutes(longest, calendar)), now + timedelta(days=1))


def _near(cases: Sequence[Case], now: datetime, calendar: Calendar) -> list[Case]:
    return [
        case
        for case in cases
        if case.due_at
        and (
            not case.limit_minutes
            or calendar.minutes_between(now, case.due_at) <= near_minutes(case.limit_minutes, calendar)
        )
    ]


def _sweep(
    rows: QuerySet[Row],
    level: WarningLevel,
    alarms_of: Callable[[Sequence[Row], WarningLevel], list[Alarm]],
    now: datetime,
) -> int:
    """Goes through the rows by id, each chunk in a transaction of its own."""
    given, after, tries = 0, 0, 0
    while True:
        chunk = list(rows.filter(pk__gt=after).order_by("pk")[:CHUNK])
        if not chunk:
            return given
        alarms = alarms_of(chunk, level)
        try:
            with transaction.atomic():
                _give(alarms, level, now)
        except IntegrityError:
            # Another worker has just given some of them: what is left is read again.
            tries += 1
            if tries < _TRIES:
                continue
        else:
            given += len(alarms)
        after, tries = chunk[-1].pk, 0


def _give(alarms: Sequence[Alarm], level: WarningLevel, now: datetime) -> None:
    DeadlineWarning.objects.bulk_create(
        DeadlineWarning(case=alarm.case, step_run=alarm.step_run, level=level, due_at=alarm.due_at, told_at=now)
        for alarm in alarms
    )
    with in_office_words():
        told = [
            Told(
                officer_id, alarm.case.code, _message(alarm, level), kind_of(alarm.case.kind).url(alarm.case.subject_id)
            )
            for alarm in alarms
            for officer_id in alarm.officers
        ]
        tell(told, summary=_many_late if level == WarningLevel.LATE else _many_near)


def _step_alarms(runs: Sequence[StepRun], level: WarningLevel) -> list[Alarm]:
    """Near: whose step it is, or who leads the unit while it is in nobody's hands. Late: who leads the unit."""
    hands = hands_of({(run.owner_id, run.role) for run in runs if run.owner_id}) if level == WarningLevel.NEAR else {}
    heads = heads_over({run.unit_id for run in runs if run.unit_id is not None})
    return [
        Alarm(run.process, run, run.due_at, hands.get((run.owner_id or 0, run.role)) or heads.get(run.unit_id or 0, []))
        for run in runs
        if run.due_at
    ]


def _case_alarms(cases: Sequence[Case], level: WarningLevel) -> list[Alarm]:
    """Near: who has an open step of the case. Late, and where nobody has: who leads the unit that handles it."""
    hands = _hands_on(cases) if level == WarningLevel.NEAR else {}
    heads = heads_over({case.unit_id for case in cases if not hands.get(case.pk)})
    return [
        Alarm(case, None, case.due_at, sorted(hands.get(case.pk, ())) or heads.get(case.unit_id, []))
        for case in cases
        if case.due_at
    ]


def _hands_on(cases: Sequence[Case]) -> dict[int, set[int]]:
    """Who does the open steps of each case; who is asked for an opinion answers for his own deadline alone."""
    runs = StepRun.objects.filter(process__in=[case.pk for case in cases], finished__isnull=True, owner__isnull=False)
    rows = list(runs.filter(status__in=OPEN).exclude(step=OPINION).values_list("process_id", F("owner_id"), "role"))
    hands = hands_of({(owner_id, role) for _case, owner_id, role in rows})
    found: dict[int, set[int]] = {}
    for case_id, owner_id, role in rows:
        found.setdefault(case_id, set()).update(hands[owner_id, role])
    return found


def _message(alarm: Alarm, level: WarningLevel) -> str:
    run = alarm.step_run
    says = {"code": alarm.case.code, "due": shown(alarm.due_at)}
    if run is None:
        late, near = _("%(code)s is overdue since %(due)s."), _("%(code)s is due soon: %(due)s.")
        return (late if level == WarningLevel.LATE else near) % says
    says |= {"step": run.title, "who": run.owner.full_name if run.owner else _("nobody has claimed it")}
    late = _("The step “%(step)s” of %(code)s is overdue since %(due)s (%(who)s).")
    near = _("The step “%(step)s” of %(code)s is due soon: %(due)s.")
    return (late if level == WarningLevel.LATE else near) % says


def _many_near(count: int, codes: str) -> str:
    words = ngettext("%(count)s deadline is near: %(codes)s", "%(count)s deadlines are near: %(codes)s", count)
    return words % {"count": count, "codes": codes}


def _many_late(count: int, codes: str) -> str:
    words = ngettext("%(count)s deadline has passed: %(codes)s", "%(count)s deadlines have passed: %(codes)s", count)
    return words % {"count": count, "codes": codes}
