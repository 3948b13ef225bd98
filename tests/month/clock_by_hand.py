"""The clock of a dossier by hand: what was noted is gone through anew whenever a date is asked for."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.month.working_days import DAY, WorkingDays


@dataclass(frozen=True, slots=True)
class Note:
    """start, reset, pause, resume, extended, recalculated or stop; `days` of a limit, `in_days` of the calendar."""

    kind: str
    at: datetime
    days: int = 0
    in_days: bool = False
    until: date | None = None


@dataclass(slots=True)
class Reading:
    """What the notes come to: the date, and how many minutes of the limit were used until the last of them.

    since  counted from here on, in minutes of the working days laid end to end
    """

    due: datetime
    since: int
    limit: int
    used: int = 0


@dataclass(slots=True)
class HandClock:
    """Notes, and the dates that were promised with each of them."""

    notes: list[Note] = field(default_factory=list)
    ledger: list[tuple[str, datetime, datetime]] = field(default_factory=list)

    @property
    def promised(self) -> datetime:
        return self.ledger[-1][2]

    @property
    def state(self) -> str:
        told = [note.kind for note in self.notes if note.kind in ("start", "reset", "pause", "resume", "stop")]
        return {"pause": "paused", "stop": "stopped"}.get(told[-1], "running")

    def note(self, note: Note, days: WorkingDays) -> None:
        """While the clock stands still nothing is promised anew."""
        self.notes.append(note)
        stands = note.kind in ("pause", "stop")
        self.ledger.append((note.kind, note.at, self.promised if stands else self.read(days).due))

    def reckon_anew(self, at: datetime, days: WorkingDays) -> None:
        """Noted where it moves the date of a clock that runs."""
        if self.state == "running" and self.read(days).due != self.promised:
            self.note(Note("recalculated", at), days)

    def read(self, days: WorkingDays) -> Reading:
        reading = Reading(self.notes[0].at, 0, 0)
        for note in self.notes:
            if note.kind in ("start", "reset"):
                reading = _begun(note, days)
                continue
            until = days.passed(note.at)
            if note.kind != "resume":
                reading.used += max(0, until - reading.since)
            reading.since = max(reading.since, until)
            if note.kind == "resume":
                reading.due = days.moment(reading.since + reading.limit - reading.used)
            elif note.until:
                reading.due = days.moment(days.end_of(note.until))
                reading.limit = reading.used + days.passed(reading.due) - reading.since
        return reading

    def stood(self, began: datetime, ended: datetime, days: WorkingDays) -> int:
        """Working minutes of this stretch in which the clock stood still."""
        total, since = 0, None
        for note in [*self.notes, Note("stop", ended)]:
            if note.kind == "pause":
                since = note.at
            elif since and note.kind in ("resume", "start", "reset", "stop"):
                total += days.between(max(began, since), min(ended, note.at))
                since = None
        return total


def _begun(note: Note, days: WorkingDays) -> Reading:
    """The first day doesn't count: the limit runs from its end, and ends with a day."""
    since = days.end_of_first_day(note.at)
    if not note.in_days:
        return Reading(days.moment(since + DAY * note.days), since, DAY * note.days)
    first = days.moment(since).date()
    due = days.moment(days.end_of(first + timedelta(days=note.days)))
    return Reading(due, since, days.passed(due) - since)
