"""Writing the clock ledger of a case. Called by effects and operations inside their own transaction."""

from datetime import datetime

from workflow.clock.ledger import ClockState, Entry, EntryKind, Reckoning, reckon
from workflow.engine.models import Case, ClockEntry
from workflow.kinds import kind_of
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force


def ledger_of(case: Case) -> list[ClockEntry]:
    """The lines of the ledger in order."""
    return list(case.clock_entries.order_by("sequence"))


def as_entries(lines: list[ClockEntry]) -> list[Entry]:
    return [
        Entry(EntryKind(line.kind), line.at, line.appointment, line.limit_minutes, line.cause, line.basis)
        for line in lines
    ]


def start_clock(case: Case, *, at: datetime, appointment: int, cause: str, reference: str = "") -> None:
    """Runs the limit of an appointment from `at`: the first on complete receipt, the second on proof of obligations."""
    calendar = calendar_in_force()
    promised = case.edition_version.edition.appointment(appointment)
    entry = Entry(
        EntryKind.START,
        at,
        appointment=appointment,
        limit=int(promised.days * calendar.day_minutes),
        cause=cause,
        basis=str(promised.source),
    )
    _write(case, entry, reference, calendar)


def pause_clock(case: Case, *, at: datetime, cause: str, reference: str = "", basis: str = "") -> None:
    """Keeps what is left of the limit: tax, posting, expert examination … do not count."""
    entry = Entry(EntryKind.PAUSE, at, appointment=case.appointment, cause=cause, basis=basis)
    _write(case, entry, reference, calendar_in_force())


def resume_clock(case: Case, *, at: datetime, cause: str, reference: str = "", basis: str = "") -> None:
    """Ends the pause for `cause`; the clock runs on when no other pause is left."""
    entry = Entry(EntryKind.RESUME, at, appointment=case.appointment, cause=cause, basis=basis)
    _write(case, entry, reference, calendar_in_force())


def reset_clock(case: Case, *, at: datetime, cause: str, reference: str = "", basis: str = "") -> None:
    """Runs the whole limit of the appointment anew: a supplement was handed in (NĐ 61/2018 Art. 19.4)."""
    entry = Entry(EntryKind.RESET, at, appointment=case.appointment, limit=case.limit_minutes, cause=cause, basis=basis)
    _write(case, entry, reference, calendar_in_force())


def stop_clock(case: Case, *, at: datetime, cause: str, reference: str = "") -> None:
    """The result is there: nothing counts any more."""
    entry = Entry(EntryKind.STOP, at, appointment=case.appointment, cause=cause)
    _write(case, entry, reference, calendar_in_force())


def _write(case: Case, entry: Entry, reference: str, calendar: Calendar) -> None:
    """One line, and its projections on the case, which the caller saves."""
    kind_of(case.kind).causes[entry.cause]  # an unknown cause would have no words: KeyError
    lines = ledger_of(case)
    reckoning = reckon([*as_entries(lines), entry], calendar)
    # Standing still moves no promise, not even to a holiday entered since it was given.
    due_at = reckoning.due_at if reckoning.state == ClockState.RUNNING else lines[-1].due_at
    ClockEntry.objects.create(
        case=case,
        sequence=len(lines) + 1,
        kind=entry.kind,
        at=entry.at,
        appointment=entry.appointment,
        limit_minutes=entry.limit,
        cause=entry.cause,
        reference=reference,
        basis=entry.basis,
        due_at=due_at,
    )
    _project(case, reckoning, due_at)


def _project(case: Case, reckoning: Reckoning, due_at: datetime | None) -> None:
    case.due_at, case.clock_state = due_at, reckoning.state
    case.appointment, case.limit_minutes = reckoning.appointment, reckoning.limit


PROJECTED = ("due_at", "clock_state", "appointment", "limit_minutes")
