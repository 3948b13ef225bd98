"""Loading a province's calendar from its TOML file."""

import tomllib
from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import uuid4

from django.db import transaction

from audit.recording import Actor, record
from worktime.calendar import read_shifts
from worktime.models import CalendarDay, WorkingCalendar


class FaultyCalendar(ValueError):
    """The file is no calendar; the message says where."""


@transaction.atomic
def load_calendar(*, code: str, text: str, actor: Actor) -> bool:
    """Makes the calendar `code` as `text` says and records it; False when it already was so.

    `text` has `hours`, `late_after` and `[[days]]` with `date`, `hours` (empty: off), `note`, `source`.
    """
    wanted = _read(text)
    calendar = WorkingCalendar.objects.select_for_update().filter(code=code).first()
    if calendar and _as_stored(calendar) == wanted:
        return False
    hours, late_after, days = wanted
    calendar, _ = WorkingCalendar.objects.update_or_create(
        code=code, defaults={"hours": hours, "late_after": late_after, "revision": uuid4()}
    )
    calendar.days.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, date=day, hours=its_hours, note=note, source=source)
        for day, (its_hours, note, source) in days.items()
    )
    payload = {"calendar": code, "hours": hours, "days": len(days)}
    record(f"calendar:{code}", "calendar.loaded", actor=actor, payload=payload)
    return True


_Days = dict[date, tuple[str, str, str]]


def _read(text: str) -> tuple[str, time, _Days]:
    try:
        data = tomllib.loads(text)
        hours, late_after = data["hours"], data["late_after"]
        read_shifts(hours)
        if not isinstance(late_after, time):
            message = "late_after is no time of day"
            raise FaultyCalendar(message)
        return hours, late_after, {day["date"]: _read_day(day) for day in data.get("days", ())}
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as fault:
        raise FaultyCalendar(str(fault)) from fault


def _read_day(day: Mapping[str, Any]) -> tuple[str, str, str]:
    read_shifts(day["hours"])
    return day["hours"], day["note"], day["source"]


def _as_stored(calendar: WorkingCalendar) -> tuple[str, time, _Days]:
    days = calendar.days.values_list("date", "hours", "note", "source")
    return (
        calendar.hours,
        calendar.late_after,
        {day: (hours, note, source) for day, hours, note, source in days},
    )
