"""What house and tally are asked of a dossier at the end of the month, in words both can answer in."""

from dataclasses import dataclass
from datetime import datetime

Warned = tuple[str, int, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the control slip: what was done, by whom and in which unit, from when to when, and how long it took.

    time, stood  as the slip says them in days: `0,3/0,5`, and what was taken out because the clock stood still
    """

    step: str
    unit: str
    who: str
    received: str
    handed_on: str
    verdict: str
    time: str
    stood: str


@dataclass(frozen=True, slots=True)
class OfUnit:
    """What a unit used of its limit with a dossier, in working minutes, and how many of its steps were late."""

    unit: str
    used: int
    limit: int
    outside: int
    late: int


@dataclass(slots=True)
class Answer:
    """All there is to say of a dossier at the end of the month.

    promised   what its receipt says
    ledger     each line of its clock: what happened when, and the date promised from then on
    warnings   near or late, number of the passage (0: the dossier's own date), the date, and when it was said
    apologies  when one was drafted, for which date
    new_date   of the apology that was signed
    stood_in   steps done in the place of who was away
    is_late    past its date when it was resolved, or now
    """

    edition: str
    promised: datetime
    ledger: list[tuple[str, datetime, datetime]]
    slip: list[Row]
    units: list[OfUnit]
    warnings: list[Warned]
    apologies: list[tuple[datetime, datetime]]
    new_date: datetime | None
    stood_in: int
    is_late: bool
    is_finished: bool
