"""A case told to people: its steps in a row, and its clock line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from workflow.clock.ledger import ClockState, Entry, EntryKind, Line, days_off_between, reckon, used_by
from workflow.engine.clockwork import as_entries, ledger_of
from workflow.engine.models import OPEN, Case, ClockEntry, StepRun
from workflow.engine.selectors import case_deadline
from workflow.kinds import kind_of
from workflow.procedures.schema import Edition, Step
from worktime.calendar import Calendar
from worktime.deadline import Deadline, days_as_number, days_in_words
from worktime.selectors import calendar_in_force


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as the rail at the side shows it: done, now or (empty) still to come; time as used/limit in days."""

    number: int
    title: str
    who: str
    time: str
    state: str
    run: StepRun | None = None


def steps_of(case: Case, *, now: datetime) -> list[StepLine]:
    """What has been passed in order, what is open, and the straight way from there to the end."""
    calendar, edition = calendar_in_force(), case.edition_version.edition
    runs = list(
        StepRun.objects.filter(process=case)
        .exclude(step="")
        .select_related("owner", "completed_by", "unit")
        .order_by("number")
    )
    lines = [_passed(number, run, now, calendar) for number, run in enumerate(runs, start=1)]
    last = runs[-1] if runs else None
    if last is None or not last.is_open:
        return lines
    ahead = _straight_way(edition, edition.step(last.step))
    return lines + [
        StepLine(number, step.name, "", _used_of(None, step, calendar), "")
        for number, step in enumerate(ahead, start=len(lines) + 1)
    ]


def _passed(number: int, run: StepRun, now: datetime, calendar: Calendar) -> StepLine:
    is_open = run.status in OPEN
    who = run.completed_by or run.owner
    used = calendar.minutes_between(run.created, now) if is_open else run.minutes_used or 0
    time = _("outside") if not run.limit_minutes else _ratio(used, run.limit_minutes, calendar)
    name = who.full_name if who else (run.unit.short_name if run.unit else "")
    return StepLine(number, run.title, name, time, "now" if is_open else "done", run)


def _ratio(used: int, limit: int, calendar: Calendar) -> str:
    return f"{days_as_number(used, calendar)}/{days_as_number(limit, calendar)}"


def _used_of(used: int | None, step: Step, calendar: Calendar) -> str:
    if step.days is None:
        return ""
    return f"–/{days_as_number(int(step.days * calendar.day_minutes), calendar)}"


def _straight_way(edition: Edition, start: Step) -> list[Step]:
    """The steps after `start` if every one of them goes forward."""
    way: list[Step] = []
    step: Step | None = start
    while step is not None:
        forward = next((outcome for outcome in step.outcomes if outcome.manner == "forward"), None)
        step = edition.step(forward.to) if forward and forward.to else None
        if step is None or step in way or step is start:
            break
        way.append(step)
    return way


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One line of the ledger in words; `added` and `used` in days, `due` the date it led to."""

    at: datetime
    icon: str
    tone: str
    words: str
    basis: str
    added: str
    used: str
    due: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the bar in the header: done, pause or left; its width in hundredths, and its words."""

    kind: str
    share: int
    words: str


@dataclass(frozen=True, slots=True)
class ClockStory:
    """The clock of a case explained: where it stands, why, line by line, and the bar."""

    deadline: Deadline
    appointment: str
    due_at: datetime | None
    why: str
    lines: Sequence[ClockLine]
    bar: Sequence[Stretch]


# A stretch is at least this part of the whole.
_THINNEST = 12
_ICONS = {
    EntryKind.START: ("play-circle", "ok"),
    EntryKind.RESUME: ("play-circle", "ok"),
    EntryKind.RESET: ("arrow-counterclockwise", "ok"),
    EntryKind.PAUSE: ("pause-circle", "pause"),
    EntryKind.STOP: ("stop-circle", "ok"),
}


def clock_story(case: Case, *, now: datetime) -> ClockStory:
    """Explains the due date from the ledger, the edition and the calendar."""
    calendar, entries = calendar_in_force(), ledger_of(case)
    reckoning = reckon(as_entries(entries), calendar)
    lines = [_line(case, stored, line, calendar) for stored, line in zip(entries, reckoning.lines, strict=True)]
    used_now = used_by(as_entries(entries), calendar, now)
    if reckoning.state == ClockState.RUNNING:
        lines.append(_now_line(case, used_now, now, calendar))
    return ClockStory(
        deadline=case_deadline(case, now, calendar),
        appointment=_appointment_words(case),
        due_at=case.due_at,
        why=_why(case, entries, calendar),
        lines=lines,
        bar=_bar(as_entries(entries), reckoning.lines, reckoning.limit, used_now, calendar, now),
    )


def _line(case: Case, stored: ClockEntry, line: Line, calendar: Calendar) -> ClockLine:
    icon, tone = _ICONS[line.entry.kind]
    is_running = line.entry.kind in (EntryKind.START, EntryKind.RESUME, EntryKind.RESET)
    # As it was promised then, whatever the calendar says of those days now.
    due = _moment(stored.due_at) if stored.due_at and is_running else "–"
    added = days_as_number(line.added, calendar) if line.added else "–"
    used = days_as_number(line.used, calendar)
    basis = stored.basis
    if line.entry.limit:
        limit = days_in_words(line.entry.limit, calendar)
        basis = f"{basis}: {limit}" if basis else limit
    return ClockLine(stored.at, icon, tone, _words(case, stored), basis, added, used, due)


def _words(case: Case, entry: ClockEntry) -> str:
    return f"{entry.get_kind_display()}: {_cause(case, entry)}"


def _cause(case: Case, entry: ClockEntry) -> str:
    return str(kind_of(case.kind).causes[entry.cause]) % {"reference": entry.reference}


def _now_line(case: Case, used: int, now: datetime, calendar: Calendar) -> ClockLine:
    deadline = case_deadline(case, now, calendar)
    return ClockLine(now, "clock", deadline.tone, _("Now"), "", "", days_as_number(used, calendar), deadline.words)


def _appointment_words(case: Case) -> str:
    edition = case.edition_version.edition
    if not case.appointment or len(edition.appointments) == 1:
        return _("Due")
    return _("Appointment %(number)s") % {"number": case.appointment}


def _why(case: Case, entries: Sequence[ClockEntry], calendar: Calendar) -> str:
    """The due date's reasons in one sentence: the limit, since when, pauses, and the days off leapt over."""
    starts = [entry for entry in entries if entry.limit_minutes]
    if not starts or case.due_at is None:
        return ""
    start = starts[-1]
    sentence = _("%(limit)s after %(start)s (%(words)s); the day of receipt does not count") % {
        "limit": days_in_words(start.limit_minutes, calendar),
        "start": _moment(start.at),
        "words": _cause(case, start),
    }
    parts = [sentence, *_moved_by(start, case.due_at, calendar)]
    words = f"{'; '.join(parts)}."
    if calendar.counting_day(start.at) != localtime(start.at).date():
        words = f"{words} {_('Received late or on a day off: counted from the next working day')}."
    return words


def _moved_by(start: ClockEntry, due_at: datetime, calendar: Calendar) -> Iterator[str]:
    """What else the due date has come to: the time it was moved on by pauses, and the days off leapt over."""
    paused = calendar.minutes_between(start.due_at, due_at) if start.due_at else 0
    if paused:
        yield _("paused %(time)s") % {"time": days_in_words(paused, calendar)}
    off = [_off_words(day, name) for day, name in days_off_between(start.at, due_at, calendar)]
    if off:
        yield _("days off: %(days)s") % {"days": ", ".join(off)}


def _off_words(day: date, name: str) -> str:
    text = date_format(day, "d/m")
    return f"{text} ({name})" if name else text


def _moment(moment: datetime | None) -> str:
    return date_format(localtime(moment), "d/m/Y H:i") if moment else "–"


def _bar(
    entries: Sequence[Entry], lines: Sequence[Line], limit: int, used_now: int, calendar: Calendar, now: datetime
) -> list[Stretch]:
    """Used, paused and left time side by side; each stretch wide enough to be seen."""
    stretches: list[tuple[str, int, str]] = []
    state = ClockState.NONE
    for number, line in enumerate(lines, start=1):
        until = lines[number].entry.at if number < len(lines) else now
        state = reckon(entries[:number], calendar).state
        if state == ClockState.PAUSED:
            minutes = calendar.minutes_between(line.entry.at, until)
            stretches.append(("pause", minutes, _("paused %(time)s") % {"time": days_in_words(minutes, calendar)}))
        elif state == ClockState.RUNNING:
            # Not what the next line says of it: one that starts a limit anew has forgotten it.
            used = used_by(entries[:number], calendar, until) - line.used
            stretches.append(("done", used, _("used %(time)s") % {"time": days_in_words(used, calendar)}))
    left = max(limit - used_now, 0)
    if state == ClockState.RUNNING and left:
        stretches.append(("left", left, _("%(time)s left") % {"time": days_in_words(left, calendar)}))
    return _in_shares(stretches)


def _in_shares(stretches: list[tuple[str, int, str]]) -> list[Stretch]:
    """Hundredths of the bar; even what took no time is wide enough to be seen, unless nothing took any."""
    total = sum(minutes for _kind, minutes, _words in stretches)
    if not total:
        return []
    least = max(1, total // _THINNEST)
    widths = [max(minutes, least) for _kind, minutes, _words in stretches]
    shares = [round(100 * width / sum(widths)) for width in widths]
    return [Stretch(kind, share, words) for (kind, _minutes, words), share in zip(stretches, shares, strict=True)]
