"""A case told to people: its steps in a row, and its clock line by line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.clock.ledger import (
    RUNS_WHOLE,
    ClockState,
    Entry,
    EntryKind,
    LimitUnit,
    Line,
    Pause,
    days_off_between,
    pauses_of,
    reckon,
    used_by,
)
from workflow.clock.usage import Passage, Usage, stood_between, time_by_unit
from workflow.engine.branches import turns_of
from workflow.engine.clockwork import as_entries, ledger_of
from workflow.engine.hand_overs import given_away
from workflow.engine.models import Case, ClockEntry, StepRun
from workflow.engine.selectors import case_deadline
from workflow.engine.work_models import HandOverLine
from workflow.kinds import kind_of
from workflow.procedures.schema import Step
from workflow.procedures.ways import ahead_of
from worktime.calendar import Calendar
from worktime.deadline import Deadline, days_as_number, days_in_words
from worktime.selectors import calendar_in_force


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as the rail at the side shows it; time as used/limit in days.

    state   done, now, gone (cancelled) or (empty) still to come
    branch  which of the branches side by side it stands in, such as 2 or 2.1; empty on the trunk
    """

    number: int
    title: str
    who: str
    time: str
    state: str
    run: StepRun | None = None
    branch: str = ""


def steps_of(case: Case, *, now: datetime, entries: Sequence[Entry] | None = None) -> list[StepLine]:
    """What has been passed in order, what is open, and what is still to come from there to the end.

    `entries` are those of its clock, for who has read them already.
    """
    calendar, edition = calendar_in_force(), case.edition_version.edition
    runs, pauses = passages_of(case), pauses_of(as_entries(ledger_of(case)) if entries is None else entries)
    lines = [_passed(number, run, now, pauses, calendar) for number, run in enumerate(runs, start=1)]
    ahead = ahead_of(edition, [run.step for run in runs if run.is_open and not run.is_opinion])
    return lines + [
        StepLine(number, step.name, "", _used_of(None, step, calendar), "")
        for number, step in enumerate(ahead, start=len(lines) + 1)
    ]


def _passed(number: int, run: StepRun, now: datetime, pauses: Sequence[Pause], calendar: Calendar) -> StepLine:
    who, end = run.completed_by or run.cancelled_by or run.owner, run.finished or now
    # As the control slip and the clock's page tell it: without the time the clock stood still.
    used = calendar.minutes_between(run.created, end) - stood_between(run.created, end, pauses, calendar)
    time = _("outside") if not run.limit_minutes else _ratio(used, run.limit_minutes, calendar)
    name = who.full_name if who else (run.unit.short_name if run.unit else "")
    if run.stood_in_for:
        name = _("%(who)s, in the place of %(principal)s") % {"who": name, "principal": run.stood_in_for.full_name}
    state = "now" if run.is_open else "gone" if run.is_cancelled else "done"
    return StepLine(number, run.title, name, time, state, run, "" if run.is_opinion else turns_of(run.branch))


def _ratio(used: int, limit: int, calendar: Calendar) -> str:
    return f"{days_as_number(used, calendar)}/{days_as_number(limit, calendar)}"


def _used_of(used: int | None, step: Step, calendar: Calendar) -> str:
    if step.days is None:
        return ""
    return f"–/{days_as_number(int(step.days * calendar.day_minutes), calendar)}"


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
    """A part of the bar in the header: done, pause, left or late; its width in hundredths, and its words."""

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
    entries: Sequence[Entry]


# A stretch is at least this part of the whole.
_THINNEST = 12
_ICONS = {
    EntryKind.START: ("play-circle", "ok"),
    EntryKind.RESUME: ("play-circle", "ok"),
    EntryKind.RESET: ("arrow-counterclockwise", "ok"),
    EntryKind.PAUSE: ("pause-circle", "pause"),
    EntryKind.STOP: ("stop-circle", "ok"),
    EntryKind.EXTENDED: ("calendar-plus", "near"),
    EntryKind.RECALCULATED: ("calendar-range", "ok"),
}
_STANDS = (EntryKind.PAUSE, EntryKind.STOP)


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
        entries=as_entries(entries),
    )


def usage_of(runs: Iterable[StepRun], entries: Sequence[Entry], calendar: Calendar, *, now: datetime) -> Usage:
    """How long each step and unit has had the case, against its limit and without the time the clock stood still.

    A step handed over with its unit's work is two passages: until then the giver's, from then on the taker's.
    """
    passed = list(runs)
    given = given_away(passed)
    passages = [passage for run in passed for passage in _passages(run, given.get(run.pk, []))]
    return time_by_unit(passages, entries, calendar, now=now)


def passages_of(case: Case) -> list[StepRun]:
    """The passages of a case in order, with who had them."""
    related = ("owner", "completed_by", "cancelled_by", "stood_in_for", "unit")
    return list(StepRun.objects.filter(process=case).exclude(step="").select_related(*related).order_by("number"))


def givers_of(runs: Sequence[StepRun]) -> dict[int, list[int]]:
    """From which passages each of these came, by their numbers: side by side or asked for, not the one before.

    The first one came from none of them. One query.
    """
    numbers = {run.pk: run.number for run in runs}
    links = StepRun.previous.through.objects.filter(from_steprun__in=list(numbers)).order_by("pk")
    found: dict[int, list[int]] = {run.number: [] for run in runs}
    for taken, given in links.values_list("from_steprun_id", "to_steprun_id"):
        if given in numbers:
            found[numbers[taken]].append(numbers[given])
    return found


def _passages(run: StepRun, given: Iterable[HandOverLine]) -> Iterator[Passage]:
    rest = _passage(run)
    for line in given:
        at, giver = line.hand_over.accepted_at, line.hand_over.from_unit.short_name
        yield replace(rest, unit=giver, who=line.owner_name, ended=at, outcome=line.outcome_words, note="")
        rest = replace(rest, began=at or rest.began, is_rest=True)
    yield rest


def _passage(run: StepRun) -> Passage:
    who = run.completed_by or run.owner
    return Passage(
        number=run.number,
        title=run.title,
        unit=run.unit.short_name if run.unit else "",
        who=who.full_name if who else "",
        began=run.created,
        ended=None if run.is_open else run.finished,
        limit=run.limit_minutes,
        outcome=run.outcome_name,
        note=run.note,
    )


def _line(case: Case, stored: ClockEntry, line: Line, calendar: Calendar) -> ClockLine:
    icon, tone = _ICONS[line.entry.kind]
    is_running = line.entry.kind not in _STANDS
    # As it was promised then, whatever the calendar says of those days now.
    due = _moment(stored.due_at) if stored.due_at and is_running else "–"
    added = days_as_number(line.added, calendar) if line.added else "–"
    used = days_as_number(line.used, calendar)
    basis = stored.basis
    if line.entry.kind in RUNS_WHOLE:
        limit = limit_words(line.entry.limit, line.entry.unit, calendar)
        basis = f"{basis}: {limit}" if basis else limit
    return ClockLine(stored.at, icon, tone, _words(case, stored), basis, added, used, due)


def _words(case: Case, entry: ClockEntry) -> str:
    return f"{entry.get_kind_display()}: {_cause(case, entry)}"


def _cause(case: Case, entry: ClockEntry) -> str:
    return str(kind_of(case.kind).cause(entry.cause)) % {"reference": entry.reference}


def limit_words(limit: int, unit: LimitUnit, calendar: Calendar) -> str:
    """A limit as it is counted: in working time, in days of the calendar, or none at all."""
    if not limit:
        return _("the same working day")
    if unit == LimitUnit.DAYS:
        return ngettext("%(days)s calendar day", "%(days)s calendar days", limit) % {"days": limit}
    return days_in_words(limit, calendar)


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
    starts = [entry for entry in entries if entry.kind in RUNS_WHOLE]
    if not starts or case.due_at is None:
        return ""
    start = starts[-1]
    since = [entry for entry in entries if entry.sequence > start.sequence]
    sentence = _("%(limit)s after %(start)s (%(words)s); the day of receipt does not count") % {
        "limit": limit_words(start.limit, LimitUnit(start.unit), calendar),
        "start": _moment(start.at),
        "words": _cause(case, start),
    }
    parts = [sentence, *_moved_by(case, start, since, calendar)]
    words = f"{'; '.join(parts)}."
    if calendar.counting_day(start.at) != localtime(start.at).date():
        words = f"{words} {_('Received late or on a day off: counted from the next working day')}."
    return words


def _moved_by(case: Case, start: ClockEntry, since: Sequence[ClockEntry], calendar: Calendar) -> Iterator[str]:
    """What else the due date has come to: by pauses, by what somebody decided, and the days off leapt over."""
    due_at = case.due_at or start.at
    moves = [entry for entry in since if entry.kind in (EntryKind.EXTENDED, EntryKind.RECALCULATED)]
    before = moves[0].sequence if moves else None
    reached = [entry.due_at for entry in since if entry.due_at and (before is None or entry.sequence < before)]
    paused = calendar.minutes_between(start.due_at, reached[-1]) if start.due_at and reached else 0
    if paused:
        yield _("paused %(time)s") % {"time": days_in_words(paused, calendar)}
    for entry in moves:
        yield f"{_words(case, entry)}, {_moment(entry.due_at)}"
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
    over = used_now - limit
    if limit and over > 0 and stretches and stretches[-1][0] == "done" and stretches[-1][1] >= over:
        used = stretches.pop()[1] - over
        if used:
            stretches.append(("done", used, _("used %(time)s") % {"time": days_in_words(used, calendar)}))
        stretches.append(("late", over, _("overdue %(time)s") % {"time": days_in_words(over, calendar)}))
    left = max(-over, 0)
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
