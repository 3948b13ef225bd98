"""The reckoning of a ledger against a slow calculator that walks from minute to minute."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worktime.office import ZONE, office
from workflow.clock.ledger import ClockState, Entry, EntryKind, reckon, used_by

FIRST_DAY = date(2026, 3, 2)
PATTERNS = ("", "08:00-08:20", "08:00-08:07, 13:00-13:15", "07:30-07:31", "15:30-16:00", "23:50-23:59")
DRAWN, AFTERWARDS = 20, 30
CAUSES = ("tax", "posting")

Minutes = Sequence[datetime]


def minutes_of(one: date, hours: str) -> list[datetime]:
    """The beginning of every minute that is worked on a day, by walking through all of its minutes."""
    midnight = datetime.combine(one, time(), ZONE)
    shifts = [tuple(part.strip().split("-")) for part in hours.split(",") if part]
    every = (midnight + timedelta(minutes=number) for number in range(24 * 60))
    return [minute for minute in every if any(a <= minute.strftime("%H:%M") < b for a, b in shifts)]


WORKED = {
    (number, hours): minutes_of(FIRST_DAY + timedelta(days=number), hours)
    for number in range(DRAWN)
    for hours in PATTERNS
}
WORKED_AFTERWARDS = [
    minute
    for number in range(DRAWN, DRAWN + AFTERWARDS)
    for minute in minutes_of(FIRST_DAY + timedelta(days=number), "08:00-09:00")
]
NEXT = timedelta(minutes=1)


class Slow:
    """The same rules told as stretches of time: a limit is used up by the worked minutes of the stretches it runs."""

    def __init__(self, worked: Minutes, late_after: time) -> None:
        self.worked, self.late_after = worked, late_after
        self.stretches: list[list[datetime | None]] = []
        self.limit, self.due = 0, datetime.max.replace(tzinfo=ZONE)
        self.paused: list[str] = []
        self.latest = datetime.min.replace(tzinfo=ZONE)

    def take(self, entry: Entry) -> None:
        moment = entry.at
        if entry.kind in (EntryKind.START, EntryKind.RESET):
            self.latest = self.end_of_first_day(moment)
            self.stretches, self.paused, self.limit = [[self.latest, None]], [], entry.limit
        else:
            # Written after what stands before it, whatever the machine's clock said.
            self.latest = max(self.latest, moment)
        if entry.kind in (EntryKind.PAUSE, EntryKind.STOP) and not self.paused:
            self.stretches[-1][1] = self.latest
        if entry.kind == EntryKind.PAUSE:
            self.paused.append(entry.cause)
        if entry.kind == EntryKind.RESUME:
            self.paused.remove(entry.cause)
            if not self.paused:
                self.stretches.append([self.latest, None])
        self.due = self.due_by_stretches()

    def end_of_first_day(self, moment: datetime) -> datetime:
        days = sorted({minute.date() for minute in self.worked})
        is_late = moment.strftime("%H:%M") > self.late_after.strftime("%H:%M")
        first = next(one for one in days if one > moment.date() or (one == moment.date() and not is_late))
        return max(minute for minute in self.worked if minute.date() == first) + NEXT

    def counted(self, until: datetime) -> list[datetime]:
        return [
            minute
            for minute in self.worked
            for begin, end in self.stretches
            if begin is not None and begin <= minute < min(until, end or until)
        ]

    def due_by_stretches(self) -> datetime:
        counted = self.counted(datetime.max.replace(tzinfo=ZONE))
        if self.limit == 0:
            begin = self.stretches[0][0]
            assert begin is not None
            return begin
        # Stopped before the limit is used up, it stays due when it was.
        return counted[self.limit - 1] + NEXT if len(counted) >= self.limit else self.due

    def used(self) -> int:
        ended = [stretch for stretch in self.stretches if stretch[1] is not None]
        return len([1 for minute in self.worked for begin, end in ended if begin and end and begin <= minute < end])


JUMPS = st.integers(0, 3 * 24 * 60) | st.sampled_from([7 * 60, 24 * 60, 30 * 60]) | st.integers(-36 * 60, -1)


def possible(state: ClockState, causes: Sequence[str]) -> list[tuple[EntryKind, str]]:
    pauses = [(EntryKind.PAUSE, cause) for cause in CAUSES]
    match state:
        case ClockState.NONE:
            return [(EntryKind.START, "")]
        case ClockState.RUNNING:
            return [*pauses * 3, (EntryKind.RESET, ""), (EntryKind.STOP, "")]
        case ClockState.PAUSED:
            resumes = [(EntryKind.RESUME, cause) for cause in causes]
            return [*resumes * 4, *pauses, (EntryKind.RESET, ""), (EntryKind.START, ""), (EntryKind.STOP, "")]
    return []


@st.composite
def ledgers(draw: Any) -> list[Entry]:
    """Entries that may follow each other, by a clock that mostly goes forward."""
    state, causes, appointment, entries = ClockState.NONE, list[str](), 0, list[Entry]()
    moment = datetime.combine(FIRST_DAY, time(7), ZONE) + timedelta(minutes=draw(st.integers(0, 2 * 24 * 60)))
    for _ in range(draw(st.integers(1, 9))):
        choices = possible(state, causes)
        if not choices:
            break
        kind, cause = draw(st.sampled_from(choices))
        limit = draw(st.integers(0, 90)) if kind in (EntryKind.START, EntryKind.RESET) else 0
        appointment += kind == EntryKind.START
        entries.append(Entry(kind, moment, appointment, limit, cause))
        if kind == EntryKind.PAUSE:
            causes.append(cause)
        elif kind == EntryKind.RESUME:
            causes.remove(cause)
        else:
            causes.clear()
        running = ClockState.PAUSED if causes else ClockState.RUNNING
        state = ClockState.STOPPED if kind == EntryKind.STOP else running
        moment += timedelta(minutes=draw(JUMPS))
        moment = max(moment, datetime.combine(FIRST_DAY, time(), ZONE))
    return entries


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(PATTERNS), min_size=DRAWN, max_size=DRAWN),
    st.sampled_from([time(15), time(8, 10), time(23, 55)]),
    ledgers(),
    st.integers(0, 30 * 24 * 60),
)
def test_the_reckoning_agrees_with_a_slow_calculator(
    patterns: list[str], late_after: time, entries: list[Entry], passed: int
) -> None:
    days = {FIRST_DAY + timedelta(days=number): hours for number, hours in enumerate(patterns)}
    days |= {FIRST_DAY + timedelta(days=DRAWN + number): "08:00-09:00" for number in range(AFTERWARDS)}
    calendar = office(days, late_after=late_after)
    worked = [minute for number, hours in enumerate(patterns) for minute in WORKED[number, hours]] + WORKED_AFTERWARDS
    slow = Slow(worked, late_after)

    reckoning = reckon(entries, calendar)
    for line in reckoning.lines:
        slow.take(line.entry)
        assert line.due_at == slow.due
        assert line.used == slow.used()
    now = slow.latest + timedelta(minutes=passed)
    assert used_by(entries, calendar, now) == len(slow.counted(now))
