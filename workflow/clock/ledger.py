"""The statutory clock: what a ledger of starts, pauses, resumes, resets and stops says of the due date.

Pure arithmetic over entries and a calendar; nothing is read or written. The rules (NĐ 61/2018 Arts. 17–19, Civil
Code Arts. 147–148; what a province may settle otherwise is data of its calendar and editions):

* A start or reset counts from the end of its first day: the rest of that day is skipped, so a limit of whole days
  ends at closing time. A limit of no days at all ends when its first day does.
* A receipt after the calendar's late hour, or on a day off, counts as the next working day's.
* A pause keeps what is left of the limit by the minute; a resume runs it on. Pauses for several causes may overlap:
  the clock runs again when the last one has ended.
* A limit in days of the calendar counts days off too, and ends at closing on its last day, or on the next working day
  when that one is off (Civil Code Art. 148). A pause moves its last day by the days from that of the pause to that of
  the resume.
* A limit that ran out before a pause stays run out.
* A reset runs the whole limit anew; so does a start of the next appointment, which carries nothing over.
* An extension (gia hạn) puts a day named by the head in place of the last one; later pauses move that.
* A recalculation changes nothing in itself: it says that from here on the calendar of its day counts.
* Entries count in the order they were written, whatever a machine's clock says.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from worktime.calendar import ONE_DAY, Calendar


class EntryKind(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    RESET = "reset"
    STOP = "stop"
    EXTENDED = "extended"
    RECALCULATED = "recalculated"


RUNS_WHOLE = (EntryKind.START, EntryKind.RESET)


class LimitUnit(StrEnum):
    """What a limit is counted in: working minutes, or days of the calendar."""

    MINUTES = "minutes"
    DAYS = "days"


class ClockState(StrEnum):
    NONE = "none"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class ClockOrderError(ValueError):
    """An entry makes no sense where it stands, such as a pause before the start."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger (nhật ký thời hạn).

    limit, unit  go with start and reset
    until        goes with an extension: the due date that was named
    """

    kind: EntryKind
    at: datetime
    appointment: int = 1
    limit: int = 0
    cause: str = ""
    basis: str = ""
    unit: LimitUnit = LimitUnit.MINUTES
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An entry explained: working minutes used in this appointment so far, added since the line before, the due date
    after."""

    entry: Entry
    used: int
    added: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the ledger comes to: the state, the due date in force, and how each line changed it.

    limit  of the appointment, in working minutes: of a limit in calendar days what its days had when it began
    """

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
    """A clock being run through its entries.

    first_day  of the appointment: it does not count
    since      from here on nothing is counted yet; used: working minutes counted until then
    last_day   where a limit in calendar days ends, working day or not; none for one in minutes
    stood_on   the first day the pause takes from a limit in calendar days
    """

    calendar: Calendar
    state: ClockState = ClockState.NONE
    appointment: int = 0
    limit: int = 0
    used: int = 0
    first_day: date = date.min
    since: datetime | None = None
    due_at: datetime | None = None
    causes: list[str] = field(default_factory=list)
    last_day: date | None = None
    stood_on: date = date.min
    is_run_out: bool = False

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
        self.first_day = self.calendar.counting_day(entry.at)
        self.since = self.calendar.closing(self.first_day)
        self.appointment, self.limit, self.used = entry.appointment, entry.limit, 0
        self.state, self.causes, self.last_day = ClockState.RUNNING, [], None
        if entry.unit == LimitUnit.DAYS and entry.limit:
            self.last_day = self.first_day + timedelta(days=entry.limit)
            self.due_at = self._closing_on(self.last_day)
            self.limit = self.calendar.minutes_between(self.since, self.due_at)
            return
        self.due_at = self.calendar.add(self.since, entry.limit)

    def _closing_on(self, day: date) -> datetime:
        """When the office closes on this day, or on the next it is open."""
        return self.calendar.closing(self.calendar.next_working_day(day))

    def _pause(self, entry: Entry) -> None:
        self._demand(entry, ClockState.RUNNING, ClockState.PAUSED)
        self._settle(entry)
        if self.state == ClockState.RUNNING:
            self._stand_still(self._begun(entry))
        self.causes.append(entry.cause)
        self.state = ClockState.PAUSED

    def _stand_still(self, since: datetime) -> None:
        due_at = self.due_at or since
        is_by_minutes = self.last_day is None and self.limit
        self.is_run_out = self.used >= self.limit if is_by_minutes else since > due_at
        self.stood_on = self._counted_day(since)
        if self.last_day and self.last_day < self.stood_on:
            # It ran on over days off: the pause moves the working day it had come to.
            self.last_day = due_at.astimezone(self.calendar.zone).date()

    def _counted_day(self, moment: datetime) -> date:
        """The day of this moment, and no earlier than the day after the first, from which on days count."""
        return max(moment.astimezone(self.calendar.zone).date(), self.first_day + ONE_DAY)

    def _resume(self, entry: Entry) -> None:
        self._demand(entry, ClockState.PAUSED)
        if entry.cause not in self.causes:
            raise ClockOrderError(f"nothing is paused for {entry.cause!r}")
        self.causes.remove(entry.cause)
        self._settle(entry)
        if self.causes:
            return
        self.state = ClockState.RUNNING
        if not self.is_run_out:
            self.due_at = self._end_from(entry, self._begun(entry))

    def _end_from(self, entry: Entry, since: datetime) -> datetime:
        """Where what was left ends when it runs on from here."""
        if self.last_day is not None:
            self.last_day += max(timedelta(), self._counted_day(since) - self.stood_on)
            return self._closing_on(self.last_day)
        if not self.limit:
            same_day = self.calendar.closing(self.calendar.counting_day(entry.at))
            return max(self.due_at or same_day, same_day)
        return self.calendar.add(since, self.limit - self.used)

    def _extended(self, entry: Entry) -> None:
        self._demand(entry, ClockState.RUNNING)
        if entry.until is None:
            raise ClockOrderError("an extension names its day")
        self._settle(entry)
        day = entry.until.astimezone(self.calendar.zone).date()
        # The day named may have become a day off since: then the next one (Civil Code Art. 148).
        self.due_at = entry.until if self.calendar.is_working_day(day) else self._closing_on(day)
        self.limit = self.used + self.calendar.minutes_between(self._begun(entry), self.due_at)
        self.last_day = day if self.last_day else None

    def _recalculated(self, entry: Entry) -> None:
        self._demand(entry, ClockState.RUNNING)
        self._settle(entry)

    def _stop(self, entry: Entry) -> None:
        self._demand(entry, ClockState.RUNNING, ClockState.PAUSED)
        self._settle(entry)
        self.state = ClockState.STOPPED

    def _settle(self, entry: Entry) -> None:
        """Counts what ran until this entry; nothing before it counts again, however slow the next machine's clock."""
        if self.state == ClockState.RUNNING:
            self.used += self.running_minutes(entry.at)
        # Paused or resumed on the very first day: that day is still skipped.
        self.since = self._begun(entry)

    def _begun(self, entry: Entry) -> datetime:
        return max(self.since or entry.at, entry.at)

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


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood still; `end` is none while it does."""

    start: datetime
    end: datetime | None


def pauses_of(entries: Iterable[Entry]) -> list[Pause]:
    """The stretches in which at least one pause was on, in order; overlapping pauses are one."""
    found: list[Pause] = []
    causes: list[str] = []
    latest: datetime | None = None
    for entry in entries:
        latest = max(latest or entry.at, entry.at)
        was_paused = bool(causes)
        if entry.kind == EntryKind.PAUSE:
            causes.append(entry.cause)
        elif entry.kind == EntryKind.RESUME and entry.cause in causes:
            causes.remove(entry.cause)
        elif entry.kind not in (EntryKind.RESUME, EntryKind.EXTENDED, EntryKind.RECALCULATED):
            causes.clear()
        if causes and not was_paused:
            found.append(Pause(latest, None))
        elif was_paused and not causes:
            found[-1] = Pause(found[-1].start, latest)
    return found
