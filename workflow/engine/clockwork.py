"""Writing the clock ledger of a case. Called by effects and operations inside their own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from workflow.clock.ledger import ClockState, Entry, EntryKind, LimitUnit, Reckoning, pauses_of, reckon
from workflow.clock.usage import stood_between
from workflow.engine.models import OPEN, OPINION, Case, ClockEntry, StepRun
from workflow.engine.opening import set_due
from workflow.kinds import APOLOGY, kind_of
from workflow.procedures.schema import Appointment, Condition, MoreDays
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force

PROJECTED = ("due_at", "clock_state", "appointment", "limit_minutes")
_RUNS_WHOLE = (EntryKind.START, EntryKind.RESET)


def ledger_of(case: Case) -> list[ClockEntry]:
    """The lines of the ledger in order."""
    return list(case.clock_entries.order_by("sequence"))


def as_entries(lines: Iterable[ClockEntry]) -> list[Entry]:
    return [
        Entry(
            EntryKind(line.kind),
            line.at,
            line.appointment,
            line.limit,
            line.cause,
            line.basis,
            LimitUnit(line.unit),
            line.due_at if line.kind == EntryKind.EXTENDED else None,
        )
        for line in lines
    ]


def limit_of(promised: Appointment, values: Mapping[str, Any], calendar: Calendar) -> tuple[int, LimitUnit]:
    """How long an appointment is for a form filled in like this, and in what; conditions that hold add their days."""
    days: Decimal = promised.days + sum((more.days for more in more_days(promised, values)), Decimal())
    if promised.unit == "days":
        return int(days), LimitUnit.DAYS
    return int(days * calendar.day_minutes), LimitUnit.MINUTES


def more_days(promised: Appointment, values: Mapping[str, Any]) -> list[MoreDays]:
    """The additions to an appointment that this form calls for."""
    return [more for more in promised.more if _holds(more.only_if, values)]


def _holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    return str(values.get(condition.field, "")) in condition.is_one_of


def promise_entry(
    promised: Appointment, values: Mapping[str, Any], calendar: Calendar, *, at: datetime, cause: str = ""
) -> Entry:
    """The line that starts this appointment at `at`."""
    limit, unit = limit_of(promised, values, calendar)
    sources = [promised.source, *(more.source for more in more_days(promised, values))]
    basis = "; ".join(dict.fromkeys(str(source) for source in sources))
    return Entry(EntryKind.START, at, promised.number, limit, cause, basis[:250], unit)


def start_clock(case: Case, *, at: datetime, appointment: int, cause: str, reference: str = "") -> None:
    """Runs the limit of an appointment from `at`: the first on complete receipt, the second on proof of obligations."""
    calendar = calendar_in_force()
    promised = case.edition_version.edition.appointment(appointment)
    # Only an appointment that asks the form costs reading it.
    values = kind_of(case.kind).values(case.subject_id) if promised.more else {}
    _write(case, promise_entry(promised, values, calendar, at=at, cause=cause), reference, calendar)


def pause_clock(case: Case, *, at: datetime, cause: str, reference: str = "", basis: str = "") -> None:
    """Keeps what is left of the limit: tax, posting, expert examination … do not count."""
    entry = Entry(EntryKind.PAUSE, at, appointment=case.appointment, cause=cause, basis=basis)
    _write(case, entry, reference, calendar_in_force())


def resume_clock(case: Case, *, at: datetime, cause: str, reference: str = "", basis: str = "") -> None:
    """Ends the pause for `cause`; the clock runs on when no other pause is left."""
    entry = Entry(EntryKind.RESUME, at, appointment=case.appointment, cause=cause, basis=basis)
    _write(case, entry, reference, calendar_in_force())


def reset_clock(case: Case, *, at: datetime, cause: str, reference: str = "", basis: str = "") -> None:
    """Runs the whole limit of the appointment anew: a supplement was handed in (NĐ 61/2018 Art. 19.4).

    The limit is the one the law gives, not what an extension has made of it.
    """
    begun = case.clock_entries.filter(kind__in=_RUNS_WHOLE, appointment=case.appointment).order_by("sequence").last()
    limit, unit = (begun.limit, LimitUnit(begun.unit)) if begun else (0, LimitUnit.MINUTES)
    entry = Entry(EntryKind.RESET, at, case.appointment, limit, cause, basis, unit)
    _write(case, entry, reference, calendar_in_force())


def extend_clock(case: Case, *, at: datetime, until: datetime, reference: str, basis: str = "") -> None:
    """Puts another due date in place of the one promised, with an apology (NĐ 61/2018 Art. 19.9: at most once)."""
    entry = Entry(EntryKind.EXTENDED, at, appointment=case.appointment, cause=APOLOGY, basis=basis, until=until)
    _write(case, entry, reference, calendar_in_force())


def add_entry(case: Case, entry: Entry, *, reference: str = "") -> None:
    """Writes a line that was reckoned with before, such as one of an appointment counted anew."""
    _write(case, entry, reference, calendar_in_force())


def stop_clock(case: Case, *, at: datetime, cause: str, reference: str = "") -> None:
    """The result is there: nothing counts any more."""
    entry = Entry(EntryKind.STOP, at, appointment=case.appointment, cause=cause)
    _write(case, entry, reference, calendar_in_force())


def _write(case: Case, entry: Entry, reference: str, calendar: Calendar) -> None:
    """One line, and its projections on the case, which the caller saves."""
    kind_of(case.kind).cause(entry.cause)  # an unknown cause would have no words: KeyError
    lines = ledger_of(case)
    reckoning = reckon([*as_entries(lines), entry], calendar)
    # Standing still moves no promise, not even to a holiday entered since it was given.
    due_at = reckoning.due_at if reckoning.state == ClockState.RUNNING else lines[-1].due_at
    line_of(case, entry, sequence=len(lines) + 1, reference=reference, due_at=due_at).save(force_insert=True)
    has_stood = case.clock_state == ClockState.PAUSED
    project(case, reckoning, due_at)
    if has_stood and reckoning.state == ClockState.RUNNING:
        move_steps([case], {case.pk: [*as_entries(lines), entry]}, calendar)


def move_steps(cases: Sequence[Case], ledgers: Mapping[int, Sequence[Entry]], calendar: Calendar) -> None:
    """Open steps of these cases are due by their limits, and as much later as the clock stood still. Two statements.

    They are nobody's promise and simply follow. Not so opinions: until which day somebody is asked was named.
    """
    runs = StepRun.objects.filter(process__in=cases, status__in=OPEN, finished__isnull=True, limit_minutes__gt=0)
    moved = [run for run in runs.exclude(step=OPINION) if move_step(run, ledgers[run.process_id], calendar)]
    StepRun.objects.bulk_update(moved, ["due_at", "near_at"])


def move_step(run: StepRun, entries: Iterable[Entry], calendar: Calendar) -> bool:
    """Makes the step due as much later as the clock stood still, and says whether that is another moment; not saved.

    A limit that ran out before a pause stays run out, as the appointment's does. A pause that goes on isn't counted:
    it moves the step when it ends.
    """
    stood = 0
    for pause in pauses_of(entries):
        used = calendar.minutes_between(run.created, pause.start) - stood
        if pause.end is None or used >= run.limit_minutes:
            break
        stood += stood_between(run.created, pause.end, [pause], calendar)
    return set_due(run, calendar, stood=stood)


def line_of(case: Case, entry: Entry, *, sequence: int, reference: str, due_at: datetime | None) -> ClockEntry:
    """A line of the ledger, not yet saved."""
    return ClockEntry(
        case=case,
        sequence=sequence,
        kind=entry.kind,
        at=entry.at,
        appointment=entry.appointment,
        limit=entry.limit,
        unit=entry.unit,
        cause=entry.cause,
        reference=reference,
        basis=entry.basis,
        due_at=due_at,
    )


def project(case: Case, reckoning: Reckoning, due_at: datetime | None) -> None:
    case.due_at, case.clock_state = due_at, reckoning.state
    case.appointment, case.limit_minutes = reckoning.appointment, reckoning.limit
