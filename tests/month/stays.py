"""A dossier in the tally: at which steps it stayed, in whose hands, and for how long."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.month.answers import Warned
from tests.month.clock_by_hand import HandClock
from tests.month.script import Course
from tests.month.working_days import WorkingDays

OPINION = "opinion"


@dataclass(slots=True)
class Stay:
    """A dossier's stay at a step in a unit.

    number   of its passage; a stay that was handed over has the same one as the stay that follows it
    limit    in minutes, 0 where nothing is counted
    opened, whole  when the step itself began, and its whole limit: not the same for who took it over
    promise  when an opinion is due, whatever else happens
    """

    number: int
    step: str
    unit: str
    began: datetime
    limit: int
    opened: datetime
    whole: int
    owner: str = ""
    who: str = ""
    ended: datetime | None = None
    promise: datetime | None = None
    is_handed_over: bool = False


@dataclass(slots=True)
class Tallied:
    """A dossier as it stands."""

    course: Course
    edition: str
    unit: str
    clock: HandClock
    stays: list[Stay] = field(default_factory=list)
    passages: int = 0
    warnings: list[Warned] = field(default_factory=list)
    apologies: list[tuple[datetime, datetime]] = field(default_factory=list)
    new_date: datetime | None = None
    stood_in: int = 0
    resolved: datetime | None = None

    def open_stays(self) -> list[Stay]:
        return [stay for stay in self.stays if stay.ended is None]

    def at_step(self, step: str) -> Stay:
        found = [stay for stay in self.open_stays() if stay.step == step]
        assert found, f"{self.course.number} is not at {step}"
        return found[0]

    def stood(self, stay: Stay, until: datetime, days: WorkingDays) -> int:
        """Working minutes of this stay in which the clock stood still: nobody's delay. Outside the limit all counts."""
        return self.clock.stood(stay.began, until, days) if stay.limit else 0

    def used(self, stay: Stay, until: datetime, days: WorkingDays) -> int:
        return days.between(stay.began, until) - self.stood(stay, until, days)
