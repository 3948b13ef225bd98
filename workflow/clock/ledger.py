"""The statutory clock: what a ledger of starts, pauses, resumes, resets and stops says of the due date.

Pure arithmetic over entries and a calendar; nothing is read or written. The rules (NĐ 61/2018 Arts. 17–19, Civil
Code Art. 147; what a province may settle otherwise is data of its calendar and editions):

* A start or reset counts from the end of its first day: the rest of that day is skipped, so a limit of whole days
  ends at closing time.
* A receipt after the calendar's late hour, or on a day off, counts as the next working day's.
* A pause keeps what is left of the limit by the minute; a resume runs it on. Pauses for several causes may overlap:
  the clock runs again when the last one has ended.
* A reset runs the whole limit anew; so does a start of the next appointment, which carries nothing over.
* Entries count in the order they were written, whatever a machine's clock says.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from worktime.calendar import Calendar


class EntryKind(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    RESET = "reset"
    STOP = "stop"


class ClockState(StrEnum):
    NONE = "none"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class ClockOrderError(ValueError):
    """An entry makes no sense where it stands, such as a pause before the start."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger (nhật ký thời hạn). `limit` is in working minutes and goes with start and reset."""

    kind: EntryKind
    at: datetime
    appointment: int = 1
    limit: int = 0
    cause: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry explained: minutes used in this appointment so far, added since the line before, the due date after."""

    entry: Entry
    used: int
    added: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the ledger comes to: the state, the due date in force, and how each line changed it."""

    lines: tuple[Line, ...]
    state: ClockState
    appointment: int
    limit: int
    due_at: datetime | None

    @property
    def used(self) -> int:
        return self.lines[-1].used if self.lines else 0


@dataclass(slots=True)
class _Clock:
    """A clock being run through its entries."""

    calendar: Calendar
    state: ClockState = ClockState.NONE
    appointment: int = 0
    limit: int = 0
    used: int = 0
    since: datetime | None = None
    due_at: datetime | None = None
    causes: list[str] = field(default_factory=list)

    def take(self, entry: Entry) -> None:
        getattr(self, f"_{entry.kind}")(entry)

    def _start(self, entry: Entry) -> None:
        self._demand(entry, ClockState.NONE, ClockState.PAUSED)
        if entry.appointment <= self.appointment:
            raise ClockOrderError(f"appointment {entry.appointment} was started before")
        self._run_whole(entry)

    def _reset(self, entry: Entry) -> None:
        self._demand(entry, ClockState.RUNNING, ClockState.PAUSED)
        self._run_whole(entry)

    def _run_whole(self, entry: Entry) -> None:
        self.since = self.calendar.closing(self.calendar.counting_day(entry.at))
        self.appointment, self.limit, self.used = entry.appointment, entry.limit, 0
        self.due_at = self.calendar.add(self.since, entry.limit)
        self.state, self.causes = ClockState.RUNNING, []

    def _pause(self, entry: Entry) -> None:
        self._demand(entry, ClockState.RUNNING, ClockState.PAUSED)
        self._settle(entry)
        self.causes.append(entry.cause)
        self.state = ClockState.PAUSED

    def _resume(self, entry: Entry) -> None:
        self._demand(entry, ClockState.PAUSED)
        if entry.cause not in self.causes:
            raise ClockOrderError(f"nothing is paused for {entry.cause!r}")
        self.causes.remove(entry.cause)
        self._settle(entry)
        if self.causes or self.since is None:
            return
        self.state = ClockState.RUNNING
        if self.used < self.limit:
            self.due_at = self.calendar.add(self.since, self.limit - self.used)

    def _stop(self, entry: Entry) -> None:
        self._demand(entry, ClockState.RUNNING, ClockState.PAUSED)
        self._settle(entry)
        self.state = ClockState.STOPPED

    def _settle(self, entry: Entry) -> None:
        """Counts what ran until this entry; nothing before it counts again, however slow the next machine's clock."""
        if self.state == ClockState.RUNNING:
            self.used += self.running_minutes(entry.at)
        # Paused or resumed on the very first day: that day is still skipped.
        self.since = max(self.since or entry.at, entry.at)

    def running_minutes(self, until: datetime) -> int:
        return self.calendar.minutes_between(self.since, until) if self.since else 0

    def _demand(self, entry: Entry, *states: ClockState) -> None:
        if self.state not in states:
            raise ClockOrderError(f"{entry.kind} where the clock is {self.state}")


def reckon(entries: Iterable[Entry], calendar: Calendar) -> Reckoning:
    """Runs the ledger. Raises ClockOrderError for an entry that can't follow those before it."""
    clock, lines, before = _Clock(calendar), [], 0
    for entry in entries:
        clock.take(entry)
        lines.append(Line(entry, clock.used, max(0, clock.used - before), clock.due_at))
        before = clock.used
    return Reckoning(tuple(lines), clock.state, clock.appointment, clock.limit, clock.due_at)


def used_by(entries: Iterable[Entry], calendar: Calendar, now: datetime) -> int:
    """Working minutes used of the current appointment at `now`."""
    clock = _Clock(calendar)
    for entry in entries:
        clock.take(entry)
    return clock.used + (clock.running_minutes(now) if clock.state == ClockState.RUNNING else 0)


def days_off_between(start: datetime, end: datetime, calendar: Calendar) -> list[tuple[date, str]]:
    """The days off a deadline leaps over, each with its holiday's name (empty for an ordinary weekend)."""
    day, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    found = []
    while day <= last:
        if not calendar.is_working_day(day):
            found.append((day, calendar.holiday_name(day)))
        day += timedelta(days=1)
    return found
