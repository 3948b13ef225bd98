"""The month by hand: every date and every minute worked out in simple arithmetic, with nothing of the house's own."""

from datetime import date, datetime, time, timedelta

from tests.factories.moments import ZONE
from tests.month.clock_by_hand import HandClock, Note
from tests.month.roster import on_duty
from tests.month.rules import (
    APPOINTMENTS,
    MORE,
    POSTED_DAYS,
    edition_on,
    opened_after,
    place_of,
    quarters_of,
    role_of,
)
from tests.month.script import GIVES_UP, TAKES_OVER, Course
from tests.month.stays import OPINION, Stay, Tallied
from tests.month.warnings_by_hand import draft_apology, warn
from tests.month.working_days import DAY, ORDINARY, SWAPPED, WorkingDays


class Tally:
    """Goes through the month with the house."""

    def __init__(self) -> None:
        self.days = WorkingDays(ORDINARY)
        self.dossiers: dict[int, Tallied] = {}

    def turns_to(self, at: datetime) -> None:
        """Every deed comes with its moment."""

    # What happens to a dossier ---------------------------------------------------------------------

    def arrives(self, course: Course, at: datetime) -> None:
        found = Tallied(course, edition_on(course.procedure, at.month), course.unit, HandClock())
        self.dossiers[course.number] = found
        self._start(found, "start", at, appointment=1)
        self._open(found, "receive", at).owner = on_duty("tt-pvhcc", "clerk", at.date())

    def ends(self, course: Course, step: str, at: datetime) -> None:
        found = self.dossiers[course.number]
        stay = self._end(found, step, at)
        if step == "tax_slip":
            found.clock.note(Note("pause", at), self.days)
        elif step == "await_tax":
            self._start(found, "start", at, appointment=2)
        elif step in ("register", "update"):
            found.clock.note(Note("stop", at), self.days)
            found.resolved = at
        self._go_on(found, stay, at)

    def goes_back(self, course: Course, step: str, to: str, at: datetime) -> None:
        found = self.dossiers[course.number]
        self._end(found, step, at)
        before = next(stay for stay in reversed(found.stays) if stay.step == to)
        self._open(found, to, at).owner = before.who

    def claims(self, course: Course, step: str, at: datetime) -> None:
        stay = self.dossiers[course.number].at_step(step)
        stay.owner = on_duty(stay.unit, role_of(course.procedure, step), at.date())

    def asks(self, course: Course, step: str, unit: str, until: date, at: datetime) -> None:
        found = self.dossiers[course.number]
        self.claims(course, step, at)
        promise = self.days.moment(self.days.end_of(until))
        found.passages += 1
        limit = self.days.between(at, promise)
        found.stays.append(Stay(found.passages, OPINION, unit, at, limit, at, limit, promise=promise))

    def answers(self, course: Course, unit: str, at: datetime) -> None:
        stay = self.dossiers[course.number].at_step(OPINION)
        stay.ended, stay.who = at, on_duty(unit, "", at.date())

    def is_short(self, course: Course, at: datetime) -> None:
        self.dossiers[course.number].clock.note(Note("pause", at), self.days)

    def is_whole(self, course: Course, at: datetime) -> None:
        found = self.dossiers[course.number]
        self._start(found, "reset", at, appointment=2 if self._has_paid(found) else 1)

    def apologises(self, course: Course, until: date, at: datetime) -> None:
        found = self.dossiers[course.number]
        found.clock.note(Note("extended", at, until=until), self.days)
        found.new_date = found.clock.promised

    # What happens to the house ---------------------------------------------------------------------

    def leave_begins(self, at: datetime) -> None:
        """Who is away when stands in the roster."""

    def calendar_changes(self, at: datetime) -> None:
        """Nothing moves by it."""
        self.days = WorkingDays(SWAPPED)

    def dates_are_reckoned_anew(self, at: datetime) -> None:
        for found in self.dossiers.values():
            found.clock.reckon_anew(at, self.days)

    def unit_hands_over(self, at: datetime) -> None:
        """Time until now was the giver's, and what is left of a step's is the taker's."""
        for found in self.dossiers.values():
            found.unit = TAKES_OVER if found.unit == GIVES_UP and not self._is_over(found) else found.unit
            for stay in [stay for stay in found.open_stays() if stay.unit == GIVES_UP]:
                stay.ended, stay.who, stay.is_handed_over = at, stay.owner, True
                # None left is not the same as no limit.
                left = max(1, stay.limit - found.used(stay, at, self.days)) if stay.limit else 0
                found.stays.append(Stay(stay.number, stay.step, TAKES_OVER, at, left, stay.opened, stay.whole))

    def worker_sweeps(self, at: datetime) -> None:
        for found in self.dossiers.values():
            self._end_posting(found, at)
            warn(found, at, self.days)
            draft_apology(found, at, self.days)

    # How ---------------------------------------------------------------------------------------------

    def _start(self, found: Tallied, kind: str, at: datetime, *, appointment: int) -> None:
        figure = APPOINTMENTS[found.edition].split("+")[appointment - 1]
        more = sum(MORE[remark] for remark in found.course.remarks) if appointment == 1 else 0
        found.clock.note(Note(kind, at, int(figure.rstrip("d")) + more, figure.endswith("d")), self.days)

    def _has_paid(self, found: Tallied) -> bool:
        return any(stay.step == "await_tax" and stay.ended and not stay.is_handed_over for stay in found.stays)

    def _is_over(self, found: Tallied) -> bool:
        return not found.open_stays()

    def _open(self, found: Tallied, step: str, at: datetime) -> Stay:
        unit = place_of(found.course.procedure, step, found.unit)
        found.passages += 1
        limit = DAY // 4 * (quarters_of(found.edition)[step] or 0)
        stay = Stay(found.passages, step, unit, at, limit, at, limit)
        found.stays.append(stay)
        if step == "posting":
            found.clock.note(Note("pause", at), self.days)
        return stay

    def _end(self, found: Tallied, step: str, at: datetime) -> Stay:
        stay = found.at_step(step)
        stay.ended, stay.who = at, on_duty(stay.unit, role_of(found.course.procedure, step), at.date())
        found.stood_in += bool(stay.owner) and stay.owner != stay.who
        return stay

    def _go_on(self, found: Tallied, stay: Stay, at: datetime) -> None:
        ended = {one.step for one in found.stays if one.ended and not one.is_handed_over}
        for step in opened_after(found.course.procedure, stay.step, ended):
            self._open(found, step, at)

    def _end_posting(self, found: Tallied, at: datetime) -> None:
        """By itself, once its fifteen days are over; its last one may be a day off."""
        for stay in found.open_stays():
            if stay.step != "posting" or at < self._posted_until(stay.opened.date() + timedelta(days=POSTED_DAYS)):
                continue
            stay.ended = at
            found.clock.note(Note("resume", at), self.days)
            self._go_on(found, stay, at)

    def _posted_until(self, last: date) -> datetime:
        if last in self.days.days:
            return datetime.combine(last + timedelta(days=1), time(), ZONE)
        return self.days.moment(self.days.end_of(last))
