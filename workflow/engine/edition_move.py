"""What moving a running case to another edition would change: shown before anybody decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from workflow.clock.ledger import RUNS_WHOLE, ClockState, Entry, EntryKind, LimitUnit, reckon
from workflow.engine.clockwork import limit_of
from workflow.engine.models import ClockEntry
from workflow.engine.story import limit_words
from workflow.kinds import EDITION, Effect
from workflow.procedures.schema import Appointment, Edition, Step
from workflow.procedures.spans import appointments_over
from workflow.procedures.ways import ways_of
from worktime.calendar import Calendar

Limit = tuple[int, LimitUnit]
Row = TypeVar("Row", Entry, ClockEntry)


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step as it was and as it would be; none where one of the editions has no such step."""

    code: str
    before: Step | None
    after: Step | None

    @property
    def name(self) -> str:
        step = self.after or self.before
        return step.name if step else self.code

    @property
    def is_changed(self) -> bool:
        """Whether who does it, how long or how it may end differs."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class EditionMove:
    """What changes for a case.

    steps         every step of either edition, in the order of the new one
    limit_before, limit_after  of the appointment that runs, as it is counted, with what the subject's form adds to it
    added         the lines the clock's ledger would get
    obstacles     why the case can't be moved, in words; none when it can
    """

    steps: tuple[StepChange, ...]
    limit_before: str
    limit_after: str
    due_before: datetime | None
    due_after: datetime | None
    added: tuple[Entry, ...]
    obstacles: tuple[str, ...]

    @property
    def changed(self) -> list[StepChange]:
        return [step for step in self.steps if step.is_changed]


def edition_move(
    before: Edition,
    after: Edition,
    *,
    open_steps: Sequence[str],
    came: Sequence[tuple[str, str]],
    appointment: int,
    entries: Sequence[Entry],
    values: Mapping[str, Any],
    calendar: Calendar,
    effects: Mapping[str, Effect],
) -> EditionMove:
    """Compares the editions as they stand to a case with these steps open and this ledger of its clock.

    `came` are the steps, with their outcomes, that were ended in the forks that are open: by these the branches that
    have come are known. By `values`, the subject's form, an appointment may have more days; by `effects` it begins.
    """
    reckoning = reckon(entries, calendar)
    limits = [_limit(edition, appointment, values, calendar) for edition in (before, after)]
    is_counting = reckoning.state in (ClockState.RUNNING, ClockState.PAUSED)
    added: tuple[Entry, ...] = ()
    if is_counting and limits[0] != limits[1] and limits[1] is not None:
        added = _counted_anew(entries, limits[1], after.code)
    return EditionMove(
        steps=_steps(before, after),
        limit_before=limit_words(*limits[0], calendar) if limits[0] else "",
        limit_after=limit_words(*limits[1], calendar) if limits[1] else "",
        due_before=reckoning.due_at,
        due_after=reckon([*entries, *added], calendar).due_at,
        added=added,
        obstacles=(
            *_obstacles(before, after, open_steps, appointment),
            *_out_of_appointment(after, open_steps, appointment, effects),
            *_left_behind(before, after, came),
        ),
    )


def _limit(edition: Edition, number: int, values: Mapping[str, Any], calendar: Calendar) -> Limit | None:
    promised = _promised(edition, number)
    return limit_of(promised, values, calendar) if promised else None


def _promised(edition: Edition, number: int) -> Appointment | None:
    return next((one for one in edition.appointments if one.number == number), None)


def _steps(before: Edition, after: Edition) -> tuple[StepChange, ...]:
    old, new = ({step.code: step for step in edition.steps} for edition in (before, after))
    return tuple(StepChange(code, old.get(code), new.get(code)) for code in dict.fromkeys([*new, *old]))


def _counted_anew(entries: Sequence[Entry], limit: Limit, edition: str) -> tuple[Entry, ...]:
    """The running appointment from its beginning under the new limit, with every pause it has had since, and the day
    the head has named for it if he had to."""
    first, *since = since_beginning(entries)
    anew = Entry(EntryKind.RESET, first.at, first.appointment, limit[0], EDITION, edition, limit[1])
    return (anew, *since)


def since_beginning(lines: Sequence[Row]) -> list[Row]:
    """The running appointment's lines from its beginning on, without those that only tell of another calendar."""
    begun: int = max(place for place, line in enumerate(lines) if line.kind in RUNS_WHOLE)
    return [line for line in lines[begun:] if line.kind != EntryKind.RECALCULATED]


def _obstacles(before: Edition, after: Edition, open_steps: Sequence[str], appointment: int) -> list[str]:
    found = []
    here, there = ways_of(before).regions, ways_of(after).regions
    for code in open_steps:
        name = before.step(code).name
        if code not in there:
            found.append(_("The open step “%(step)s” isn't there any more.") % {"step": name})
        elif there[code] != here.get(code, ()):
            found.append(_("The open step “%(step)s” stands in another branch there.") % {"step": name})
    if appointment and _promised(after, appointment) is None:
        found.append(_("There is no appointment %(number)s any more.") % {"number": appointment})
    results = {result.code for result in after.results}
    gone = [result.name for result in before.results if result.code not in results]
    return found + [_("The result “%(result)s” isn't there any more.") % {"result": name} for name in gone]


def _out_of_appointment(
    after: Edition, open_steps: Sequence[str], appointment: int, effects: Mapping[str, Effect]
) -> list[str]:
    """Open steps that stand there before the beginning of the appointment, so that who ended them could not go on, or
    behind the beginning of a later one, which would never come."""
    before = _(
        "The open step “%(step)s” stands there before the appointment that runs now begins; it can't begin again."
    )
    behind = _("The open step “%(step)s” stands there behind where the next appointment begins; it would never begin.")
    found, over = [], appointments_over(after, effects)
    for code in open_steps:
        numbers = over.get(code)
        if not appointment or not numbers:
            continue
        if max(numbers) < appointment:
            found.append(before % {"step": after.step(code).name})
        elif min(numbers) > appointment:
            found.append(behind % {"step": after.step(code).name})
    return found


def _left_behind(before: Edition, after: Edition, came: Sequence[tuple[str, str]]) -> list[str]:
    """Branches that have come, of which the other edition couldn't say that they have."""
    steps, found = {step.code: step for step in after.steps}, []
    for code, outcome in dict.fromkeys(came):
        way, known = before.step(code).outcome(outcome), steps.get(code)
        there = known.outcome(outcome) if known else None
        if way is not None and (there is None or there.to != way.to):
            message = _("The step “%(step)s”, by which a branch has come so far, leads elsewhere there.")
            found.append(message % {"step": before.step(code).name})
    return found
