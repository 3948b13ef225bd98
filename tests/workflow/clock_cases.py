"""Cases of the statutory clock by chance: an office's days, a ledger kept there, and how it is reckoned twice.

What chance is, the caller says: hypothesis, which shrinks what it finds, or a seeded generator, which is quick.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from tests.workflow.slow_clock import A_DAY, SlowClock, slots_of
from tests.worktime.office import ZONE, office
from workflow.clock.ledger import ClockState, Entry, EntryKind, LimitUnit, reckon, used_by
from worktime.calendar import Calendar, read_shifts

# A Monday; weekends are off unless a Saturday is worked for another day.
FIRST_DAY = date(2026, 3, 2)
MIDNIGHT = datetime.combine(FIRST_DAY, time(), ZONE)
DRAWN, AFTERWARDS = 24, 160
# Half days, a day off, an ordinary one; the rest are hours no office has, for the edges between minutes.
OFFICE = ("", "07:30-11:30, 13:00-17:00", "07:30-11:30", "13:00-17:00", "08:00-11:30, 13:30-17:15")
EDGES = ("08:00-08:20", "08:00-08:07, 13:00-13:15", "07:30-07:31", "15:30-16:00", "23:50-23:59")
PLAIN = "08:00-08:30"
LATE_HOURS = (time(15), time(8, 10), time(23, 55))
CAUSES = ("tax", "posting", "examination")
# A quarter of a day, a half, one, and more of them.
WHOLE_LIMITS = (120, 240, 360, 480, 600, 960, 1200)
MOST_ENTRIES = 9
Choice = TypeVar("Choice")


class Chance(Protocol):
    """Says what comes next."""

    def number(self, low: int, high: int) -> int: ...

    def one_of(self, choices: Sequence[Choice]) -> Choice: ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """Chance as hypothesis draws it."""

    draw: Any

    def number(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        found: Choice = self.draw(st.sampled_from(choices))
        return found


@dataclass(frozen=True, slots=True)
class Seeded:
    """Chance as a generator gives it, the same for the same seed."""

    random: Random

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        return self.random.choice(choices)


@dataclass(frozen=True)
class ClockCase:
    """A ledger as it was kept, and the calendar by which it is reckoned.

    days    what is worked on each day, when the ledger was kept
    edited  the days an administrator changed after receipt
    passed  minutes from the last entry to now
    """

    days: Mapping[date, str]
    late_after: time
    entries: Sequence[Entry]
    edited: Mapping[date, str]
    passed: int


def clock_case(chance: Chance) -> ClockCase:
    days, late_after = _days(chance), chance.one_of(LATE_HOURS)
    entries = _ledger(chance, office(days, late_after=late_after))
    return ClockCase(days, late_after, entries, _edited(chance), chance.number(0, 30 * A_DAY))


def case_by_seed(seed: int) -> ClockCase:
    return clock_case(Seeded(Random(seed)))  # noqa: S311 told again by its seed


@st.composite
def clock_cases(draw: Any) -> ClockCase:
    return clock_case(Drawn(draw))


def _days(chance: Chance) -> dict[date, str]:
    """Weeks with days off, swapped Saturdays and half days, or hours of any kind; then ordinary days."""
    others = (*OFFICE, *EDGES) if chance.number(0, 1) else OFFICE
    days = {}
    for number in range(DRAWN):
        day = FIRST_DAY + timedelta(days=number)
        usual = "" if day.weekday() >= 5 else OFFICE[1]
        days[day] = chance.one_of(others) if chance.number(0, 2) == 2 else usual
    return days | {FIRST_DAY + timedelta(days=DRAWN + number): PLAIN for number in range(AFTERWARDS)}


def _edited(chance: Chance) -> dict[date, str]:
    """Up to three days, closed, opened or shortened after the ledger was kept; mostly none."""
    count = max(0, chance.number(-3, 3))
    days = (FIRST_DAY + timedelta(days=chance.number(0, DRAWN - 1)) for _turn in range(count))
    return {day: chance.one_of(OFFICE) for day in days}


def _possible(state: ClockState, causes: Sequence[str]) -> list[tuple[EntryKind, str]]:
    pauses = [(EntryKind.PAUSE, cause) for cause in CAUSES if cause not in causes]
    match state:
        case ClockState.NONE:
            return [(EntryKind.START, "")]
        case ClockState.RUNNING:
            moves = [EntryKind.EXTENDED, EntryKind.RECALCULATED, EntryKind.RESET, EntryKind.STOP]
            return [*pauses * 3, *((kind, "") for kind in moves)]
        case ClockState.PAUSED:
            resumes = [(EntryKind.RESUME, cause) for cause in causes]
            return [*resumes * 4, *pauses, (EntryKind.RESET, ""), (EntryKind.START, ""), (EntryKind.STOP, "")]
    return []


def _limit(chance: Chance) -> tuple[int, LimitUnit]:
    if chance.number(0, 2) == 2:
        return chance.number(0, 20), LimitUnit.DAYS
    if chance.number(0, 1):
        return chance.one_of(WHOLE_LIMITS), LimitUnit.MINUTES
    return chance.number(0, 90), LimitUnit.MINUTES


def _jump(chance: Chance) -> int:
    """Minutes to the next entry; the next machine's clock may be slow."""
    match chance.number(0, 3):
        case 0:
            return chance.one_of([7 * 60, A_DAY, 30 * 60])
        case 1:
            return chance.number(-36 * 60, -1)
    return chance.number(0, 4 * A_DAY)


def _ledger(chance: Chance, calendar: Calendar) -> list[Entry]:
    """Entries that may follow each other, by a clock that mostly goes forward."""
    state, causes, appointment, entries = ClockState.NONE, list[str](), 0, list[Entry]()
    moment = MIDNIGHT + timedelta(hours=7, minutes=chance.number(0, 2 * A_DAY))
    for _turn in range(chance.number(1, MOST_ENTRIES)):
        choices = _possible(state, causes)
        if not choices:
            break
        kind, cause = chance.one_of(choices)
        whole = kind in (EntryKind.START, EntryKind.RESET)
        limit, unit = _limit(chance) if whole else (0, LimitUnit.MINUTES)
        appointment += kind == EntryKind.START
        until = _named(chance, entries, calendar, moment) if kind == EntryKind.EXTENDED else None
        entries.append(Entry(kind, moment, appointment, limit, cause, unit=unit, until=until))
        state, causes = _afterwards(kind, cause, causes)
        moment = max(moment + timedelta(minutes=_jump(chance)), MIDNIGHT)
    return entries


def _afterwards(kind: EntryKind, cause: str, causes: Sequence[str]) -> tuple[ClockState, list[str]]:
    if kind == EntryKind.STOP:
        return ClockState.STOPPED, []
    if kind not in (EntryKind.PAUSE, EntryKind.RESUME):
        return ClockState.RUNNING, []
    left = [*causes, cause] if kind == EntryKind.PAUSE else [one for one in causes if one != cause]
    return ClockState.PAUSED if left else ClockState.RUNNING, left


def _named(chance: Chance, entries: Sequence[Entry], calendar: Calendar, moment: datetime) -> datetime:
    """A day after the one promised, at closing; perhaps one that is off."""
    promised = reckon(entries, calendar).due_at
    assert promised is not None
    # Later than everything written so far: an appointment in the past is nobody's.
    latest = max(promised, moment, *(entry.at for entry in entries))
    day = latest.astimezone(ZONE).date() + timedelta(days=chance.number(1, 10))
    shifts = calendar.shifts(day)
    return datetime.combine(day, shifts[-1].end if shifts else time(17), ZONE)


# Reckoned twice -------------------------------------------------------------------------------------


def differences(case: ClockCase) -> list[str]:
    """Where the reckoning and the slow calculator say otherwise: as the ledger was kept, then by the edited calendar.

    The edited one is made of the first as an administrator's change makes it, after that has worked out its days.
    """
    kept = office(case.days, late_after=case.late_after)
    found = _compared(case, kept, case.days)
    if case.edited:
        edited = kept.with_days({day: read_shifts(hours) for day, hours in case.edited.items()})
        found += [f"edited, {one}" for one in _compared(case, edited, {**case.days, **case.edited})]
    return found


def _compared(case: ClockCase, calendar: Calendar, days: Mapping[date, str]) -> list[str]:
    slots = [slot for day, hours in days.items() for slot in slots_of((day - FIRST_DAY).days, hours, 1)]
    slow = SlowClock(FIRST_DAY, slots, step=1, late_after=case.late_after.hour * 60 + case.late_after.minute)
    found = []
    for number, line in enumerate(reckon(case.entries, calendar).lines, start=1):
        slow.take(line.entry)
        told, walked = (line.due_at, line.used), (slow.due, slow.used())
        if told != walked:
            found.append(f"line {number} ({line.entry.kind}): {told} is reckoned, {walked} is walked")
    later = slow.latest + case.passed
    used, walked_until = used_by(case.entries, calendar, MIDNIGHT + timedelta(minutes=later)), slow.used_at(later)
    if used != walked_until:
        found.append(f"used at {later}: {used} is reckoned, {walked_until} is walked")
    return found
