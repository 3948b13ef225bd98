"""The statutory clock a second time, slowly: told as days and slots that are walked through one by one.

Nothing of the engine's arithmetic is used. A calendar here is the list of all worked slots (a minute, or a quarter of
an hour, each by the minute it begins in); the due date is the end of the last slot a limit needs.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from workflow.clock.ledger import Entry, EntryKind, LimitUnit

A_DAY = 24 * 60
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def slots_of(day: int, hours: str, step: int) -> list[int]:
    """The worked slots of a day like `08:00-11:30, 13:00-17:00`, by walking from midnight to midnight."""
    return [day * A_DAY + minute for minute in _slots_from_midnight(hours, step)]


@cache
def _slots_from_midnight(hours: str, step: int) -> tuple[int, ...]:
    shifts = [tuple(_clock(end) for end in part.strip().split("-")) for part in hours.split(",") if part]
    return tuple(minute for minute in range(0, A_DAY, step) if any(opens <= minute < shuts for opens, shuts in shifts))


def _clock(text: str) -> int:
    hour, minute = text.split(":")
    return 60 * int(hour) + int(minute)


class SlowClock:
    """Takes the entries of a ledger one after the other; minutes are counted from the midnight of `first`.

    running   stretches in which the clock ran, the last one open while it runs
    standing  days a limit in calendar days does not count
    need      slots, or days, the limit needs
    """

    def __init__(self, first: date, slots: Sequence[int], *, step: int, late_after: int) -> None:
        self.first, self.slots, self.step, self.late_after = first, slots, step, late_after
        self.ends = {slot // A_DAY: slot + step for slot in slots}
        self.running: list[list[int | None]] = []
        self.standing: set[int] = set()
        self.causes: list[str] = []
        self.latest = self.first_day = self.need = self.due_minute = self.stood_since = 0
        self.in_days = self.is_run_out = False

    @property
    def due(self) -> datetime:
        return datetime.combine(self.first, datetime.min.time(), ZONE) + timedelta(minutes=self.due_minute)

    def minute_of(self, moment: datetime) -> int:
        local = moment.astimezone(ZONE)
        return (local.date() - self.first).days * A_DAY + local.hour * 60 + local.minute

    def take(self, entry: Entry) -> None:
        minute = self.minute_of(entry.at)
        if entry.kind in (EntryKind.START, EntryKind.RESET):
            self._begin(entry, minute)
            return
        # Written after what stands before it, whatever the machine's clock said.
        self.latest = max(self.latest, minute)
        if entry.kind == EntryKind.PAUSE:
            self._pause(entry.cause)
        elif entry.kind == EntryKind.RESUME:
            self._resume(entry.cause, minute)
        elif entry.kind == EntryKind.EXTENDED and entry.until:
            self._extend(self.minute_of(entry.until))
        elif entry.kind == EntryKind.STOP and not self.causes:
            self.running[-1][1] = self.latest

    # The rules ---------------------------------------------------------------------------------------

    def _begin(self, entry: Entry, minute: int) -> None:
        self.first_day = self._day_of_receipt(minute)
        self.latest = self.ends[self.first_day]
        self.running, self.standing, self.causes = [[self.latest, None]], set(), []
        self.in_days = entry.unit == LimitUnit.DAYS and entry.limit > 0
        self.need = entry.limit if self.in_days else entry.limit // self.step
        self.due_minute = self._end_in_days() if self.in_days else self._end_in_slots()

    def _day_of_receipt(self, minute: int) -> int:
        day, is_late = minute // A_DAY, minute % A_DAY > self.late_after
        if day in self.ends and not is_late:
            return day
        return self._open_day(day + 1)

    def _open_day(self, day: int) -> int:
        while day not in self.ends:
            day += 1
        return day

    def _end_in_slots(self) -> int:
        if not self.need:
            return self.ends[self.first_day]
        last = next(islice(self._counted(), self.need - 1, None), None)
        return self.due_minute if last is None else last + self.step

    def _counted(self, until: int | None = None) -> Iterator[int]:
        """Worked slots in stretches in which the clock ran."""
        for begin, end in self.running:
            for slot in self._from(begin or 0):
                if (end is not None and slot >= end) or (until is not None and slot >= until):
                    break
                yield slot

    def _from(self, minute: int) -> Iterator[int]:
        for place in range(bisect_left(self.slots, minute), len(self.slots)):
            yield self.slots[place]

    def _end_in_days(self) -> int:
        counted, day = 0, self.first_day
        while counted < self.need:
            day += 1
            counted += day not in self.standing
        return self.ends[self._open_day(day)]

    def _days_until(self, last: int) -> int:
        return sum(day not in self.standing for day in range(self.first_day + 1, last + 1))

    def _pause(self, cause: str) -> None:
        if not self.causes:
            self.running[-1][1] = self.latest
            self._stand_still()
        self.causes.append(cause)

    def _stand_still(self) -> None:
        self.stood_since = self.latest // A_DAY
        if self.in_days or not self.need:
            self.is_run_out = self.latest > self.due_minute
        else:
            self.is_run_out = sum(1 for _ in self._counted()) >= self.need
        if self.in_days and self._days_until(self.stood_since - 1) >= self.need:
            # Its last day was off and over: what is left goes on to the working day after it.
            self.need = self._days_until(self.due_minute // A_DAY)

    def _resume(self, cause: str, minute: int) -> None:
        self.causes.remove(cause)
        if self.causes:
            return
        self.running.append([self.latest, None])
        if self.is_run_out:
            return
        if self.in_days:
            self.standing |= set(range(self.stood_since, self.latest // A_DAY))
            self.due_minute = self._end_in_days()
        elif self.need:
            self.due_minute = self._end_in_slots()
        else:
            self.due_minute = max(self.due_minute, self.ends[self._day_of_receipt(minute)])

    def _extend(self, until: int) -> None:
        day = until // A_DAY
        self.due_minute = until if day in self.ends else self.ends[self._open_day(day)]
        if self.in_days:
            self.need = self._days_until(day)
        else:
            self.need = sum(1 for _ in self._counted(self.due_minute))

    # What is asked of it -----------------------------------------------------------------------------

    def used(self) -> int:
        """Minutes counted until the last entry."""
        return self.used_at(self.latest)

    def used_at(self, minute: int) -> int:
        return self.step * sum(1 for _ in self._counted(minute))
