"""What the worker has to say of a dossier's dates when it looks, each once: near its end, late, and to be excused."""

from collections.abc import Iterator
from datetime import datetime

from tests.month.rules import is_outside
from tests.month.stays import Stay, Tallied
from tests.month.working_days import DAY, WorkingDays


def warn(found: Tallied, at: datetime, days: WorkingDays) -> None:
    """Of each open step and of the dossier itself: near once, and late once, for every date that was promised."""
    known = {(level, number, due) for level, number, due, _told in found.warnings}
    for number, due, limit in _deadlines(found, at, days):
        level = _level(due, limit, at, days)
        if level and (level, number, due) not in known:
            found.warnings.append((level, number, due, at))


def _deadlines(found: Tallied, at: datetime, days: WorkingDays) -> Iterator[tuple[int, datetime, int]]:
    """While the clock stands still nobody is late but who was asked for an opinion until a day of its own."""
    is_running = found.clock.state == "running"
    if is_running:
        yield 0, found.clock.promised, found.clock.read(days).limit
    for stay in found.open_stays():
        if stay.promise:
            yield stay.number, stay.promise, stay.whole
        elif is_running and not is_outside(stay.step) and stay.whole:
            yield stay.number, _due(found, stay, at, days), stay.whole


def _due(found: Tallied, stay: Stay, at: datetime, days: WorkingDays) -> datetime:
    stood = found.clock.stood(stay.opened, at, days)
    return days.moment(days.passed(stay.opened) + stay.whole + stood)


def _level(due: datetime, limit: int, at: datetime, days: WorkingDays) -> str:
    """Near from a working day before the end, or from a fifth of a long limit; what is due the same day is near."""
    if at >= due:
        return "late"
    near = min(limit, max(DAY, limit // 5))
    return "near" if not limit or days.between(at, due) <= near else ""


def draft_apology(found: Tallied, at: datetime, days: WorkingDays) -> None:
    """Two working days before the end, but not before half of a short limit is used; never after one was signed."""
    if found.clock.state != "running" or found.new_date:
        return
    due = found.clock.promised
    notice = min(2 * DAY, found.clock.read(days).limit // 2)
    if days.between(at, due) <= notice and due not in [about for _at, about in found.apologies]:
        found.apologies.append((at, due))
