"""The way of one dossier through its edition: who did which step when, and where it stands now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from portal.scale.office import Person, Place
from workflow.procedures.schema import Edition, Outcome, Step
from worktime.calendar import Calendar
from worktime.deadline import near_minutes

# Of a hundred steps six take longer than they may, of a thousand dossiers one lies about for ever.
_LATE, _FORGOTTEN, _SENT_BACK = 0.06, 0.001, 0.05
# Working minutes outside any limit: the tax authority and the citizen take days.
_SHORTEST_WAIT, _LONGEST_WAIT = 120, 6000
_CLAIMED = 0.4


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage through a step.

    outcome, ended  none while it is open
    person          who did it or has it; none while it waits in the unit's queue
    claimed_at      when he took it from the queue, if he did
    used            working minutes it took
    """

    number: int
    step: Step
    place: Place
    began: datetime
    limit: int
    due_at: datetime | None
    near_at: datetime | None
    person: Person | None
    outcome: Outcome | None = None
    ended: datetime | None = None
    claimed_at: datetime | None = None
    used: int | None = None


def is_straight(edition: Edition) -> bool:
    """Whether a life can be told of it: one step after the other, here or there, with limits the form doesn't move."""
    outcomes = [outcome for step in edition.steps for outcome in step.outcomes]
    return (
        all(step.place != "kind" and step.timer is None and not step.pauses for step in edition.steps)
        and not any(outcome.splits or outcome.opens for outcome in outcomes)
        and all(promised.days and promised.unit == "working_days" for promised in edition.appointments)
        and not any(promised.more for promised in edition.appointments)
    )


class Life:
    """Plays a dossier from its receipt to `now`. The same chance plays the same life."""

    def __init__(self, edition: Edition, shop: Place, handler: Place, calendar: Calendar, chance: Random) -> None:
        self._edition, self._calendar, self._chance = edition, calendar, chance
        self._places = {"received": shop, "competent": handler}
        self._hands: dict[str, Person] = {}
        self._is_forgotten = chance.random() < _FORGOTTEN

    def person(self, role: str, place: Place) -> Person:
        """One dossier's steps of one role stay in the same hands."""
        if role not in self._hands:
            self._hands[role] = place.someone(role, self._chance)
        return self._hands[role]

    def passages(self, received_at: datetime, now: datetime) -> Iterator[Passage]:
        """In order; the last is open unless the dossier has come to its end."""
        step, at, number, way_back = self._edition.steps[0], received_at, 1, 0
        is_known = True
        while True:
            passage = self._passage(step, at, number, now, is_known=is_known, may_go_back=way_back < 2)
            yield passage
            outcome, ended = passage.outcome, passage.ended
            if outcome is None or ended is None or not outcome.to:
                return
            is_known = outcome.manner == "back"
            way_back += is_known
            step, at, number = self._edition.step(outcome.to), ended, number + 1

    def _passage(
        self, step: Step, at: datetime, number: int, now: datetime, *, is_known: bool, may_go_back: bool
    ) -> Passage:
        place, chance = self._places[step.place], self._chance
        limit, near = _limits(step, self._calendar)
        person = self.person(step.role, place)
        used = self._minutes(limit)
        ended = self._calendar.add(at, used)
        is_open = ended >= now or (self._is_forgotten and number > 1)
        claims = not is_known and chance.random() < _CLAIMED
        outcome = _way_on(step, chance, may_go_back=may_go_back)
        claimed_at = self._calendar.add(at, used // 4) if claims else None
        if is_open and claimed_at is not None and claimed_at >= now:
            claimed_at = None
        return Passage(
            number=number,
            step=step,
            place=place,
            began=at,
            limit=limit,
            due_at=self._calendar.add(at, limit) if limit else None,
            near_at=self._calendar.add(at, limit - near) if limit else None,
            person=None if is_open and not is_known and claimed_at is None else person,
            outcome=None if is_open else outcome,
            ended=None if is_open else ended,
            claimed_at=claimed_at,
            used=None if is_open else used,
        )

    def _minutes(self, limit: int) -> int:
        chance = self._chance
        if not limit:
            return chance.randrange(_SHORTEST_WAIT, _LONGEST_WAIT)
        share = chance.uniform(1.05, 2.5) if chance.random() < _LATE else chance.uniform(0.1, 0.95)
        return max(5, int(limit * share))


def _limits(step: Step, calendar: Calendar) -> tuple[int, int]:
    """The step's limit, and how many minutes before its end it is near."""
    if step.days is None:
        return 0, 0
    limit = int(step.days * calendar.day_minutes)
    return limit, near_minutes(limit, calendar)


def _way_on(step: Step, chance: Random, *, may_go_back: bool) -> Outcome:
    forward = [outcome for outcome in step.outcomes if outcome.manner == "forward"]
    back = [outcome for outcome in step.outcomes if outcome.manner == "back"]
    if back and may_go_back and chance.random() < _SENT_BACK:
        return chance.choice(back)
    return chance.choice(forward)
