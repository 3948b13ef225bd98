"""Which due dates another calendar would move: open cases reckoned anew, a page at a time."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import QuerySet

from workflow.clock.ledger import ClockOrderError, ClockState, Entry, reckon
from workflow.engine.clockwork import as_entries
from workflow.engine.models import Case, ClockEntry
from worktime.calendar import Calendar, NoWorkingTime
from worktime.models import ChangeKind
from worktime.operations.change import Change

logger = logging.getLogger(__name__)

PAGE = 50
# So many cases are reckoned for one page at most, however few of them would move.
LOOKED_AT = 1000
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Move:
    """A case whose due date would be another: the one that was promised, and the one the calendar leads to."""

    case: Case
    before: datetime | None
    after: datetime | None
    lines: Sequence[ClockEntry] = ()
    limit: int = 0


@dataclass(frozen=True, slots=True)
class MovesPage:
    """Some moves; `next_after` is where to look on, 0 when everything was looked at."""

    rows: Sequence[Move]
    examined: int
    next_after: int


def running_cases() -> QuerySet[Case]:
    """Open cases whose clock runs: only theirs are dates somebody waits for."""
    return Case.objects.filter(finished__isnull=True, clock_state=ClockState.RUNNING, due_at__isnull=False)


def touched_by(change: Change, calendar: Calendar) -> QuerySet[Case]:
    """Those of them whose time spans what is to be changed; a change elsewhere can't move them."""
    cases = running_cases()
    if change.kind == ChangeKind.RULE or change.day is None:
        return cases.none()
    morning = datetime.combine(change.day, time.min, calendar.zone)
    evening = datetime.combine(change.day, time.max, calendar.zone)
    spanning = cases.filter(due_at__gte=morning)
    return spanning if change.kind == ChangeKind.HOURS else spanning.filter(created__lte=evening)


def moves_by(cases: QuerySet[Case], now: Calendar, then: Calendar, *, after: int = 0) -> MovesPage:
    """Those of the cases this change of calendar moves, by id, from the first behind `after`."""
    rows: list[Move] = []
    examined = 0
    while examined < LOOKED_AT and len(rows) < PAGE:
        chunk = list(cases.filter(pk__gt=after).order_by("pk").select_related("unit")[:_CHUNK])
        for case, lines in with_ledgers(chunk):
            after, examined = case.pk, examined + 1
            move = _moved(case, lines, now, then)
            if move is not None:
                rows.append(move)
            if len(rows) == PAGE:
                break
        else:
            if len(chunk) < _CHUNK:
                return MovesPage(rows, examined, 0)
    return MovesPage(rows, examined, after)


def _moved(case: Case, lines: Sequence[ClockEntry], now: Calendar, then: Calendar) -> Move | None:
    entries = as_entries(lines)
    try:
        reached, before = reckon(entries, then).due_at, reckon(entries, now).due_at
    except (ClockOrderError, NoWorkingTime):
        logger.exception("the ledger of %s can't be reckoned", case.code)
        return None
    # What an earlier change left as it was promised is not this change's doing.
    return None if before == reached else Move(case, case.due_at, reached)


def unkept(cases: QuerySet[Case], calendar: Calendar, *, after: int = 0) -> MovesPage:
    """Cases whose promise is another than the calendar in force leads to, from the first behind `after`."""
    rows: list[Move] = []
    examined = 0
    while examined < LOOKED_AT and len(rows) < PAGE:
        chunk = list(cases.filter(pk__gt=after).order_by("pk").select_related("unit")[:_CHUNK])
        rows += moves_of(chunk, calendar)[: PAGE - len(rows)]
        examined += len(chunk)
        if len(rows) == PAGE:
            return MovesPage(rows, examined, rows[-1].case.pk)
        if len(chunk) < _CHUNK:
            return MovesPage(rows, examined, 0)
        after = chunk[-1].pk
    return MovesPage(rows, examined, after)


def moves_of(cases: Sequence[Case], calendar: Calendar) -> list[Move]:
    """Those of these cases the calendar leads to another date than the promised one. One query."""
    return look_through(cases, calendar).moves


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """moves: cases with another due date; faulty: cases whose ledger makes no sense, or finds no working day.

    sound  the ledgers of all others, by case
    """

    moves: list[Move]
    faulty: list[Case]
    sound: dict[int, list[Entry]]


def look_through(cases: Sequence[Case], calendar: Calendar) -> LookedThrough:
    """What the calendar makes of each of these cases; one that can't be reckoned doesn't hide the others. One query."""
    moves, faulty, sound = [], [], {}
    for case, lines in with_ledgers(cases):
        entries = as_entries(lines)
        try:
            reckoning = reckon(entries, calendar)
        except (ClockOrderError, NoWorkingTime):
            logger.exception("the ledger of %s can't be reckoned", case.code)
            faulty.append(case)
            continue
        sound[case.pk] = entries
        if reckoning.due_at != case.due_at:
            moves.append(Move(case, case.due_at, reckoning.due_at, lines, reckoning.limit))
    return LookedThrough(moves, faulty, sound)


def with_ledgers(cases: Sequence[Case]) -> list[tuple[Case, list[ClockEntry]]]:
    """The cases with the lines of their ledgers in order. One query."""
    ledgers: dict[int, list[ClockEntry]] = {case.pk: [] for case in cases}
    for line in ClockEntry.objects.filter(case__in=list(ledgers)).order_by("case_id", "sequence"):
        ledgers[line.case_id].append(line)
    return [(case, ledgers[case.pk]) for case in cases if ledgers[case.pk]]
