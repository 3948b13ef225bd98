"""Loading a province's calendar from its TOML file."""

import json
import tomllib
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated
from uuid import uuid4

from django.db import transaction
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from audit.recording import Actor, record
from worktime.calendar import read_shifts
from worktime.models import CalendarDay, WorkingCalendar


class FaultyCalendar(ValueError):
    """The file is no calendar; the message says where, as in `days.0.note: Field required`."""


@transaction.atomic
def load_calendar(*, code: str, text: str, actor: Actor) -> bool:
    """Makes the calendar `code` as `text` says and records it; False when it already was so.

    What was changed on the calendar's pages is no longer the file's: then nothing is loaded and it stays as it is.

    `text` has `hours`, `late_after` and `[[days]]` with `date`, `hours` (empty: off), `note`, `source`.
    """
    wanted = _read(text)
    calendar = WorkingCalendar.objects.select_for_update().filter(code=code).first()
    if calendar and (_as_stored(calendar) == wanted or calendar.changes.exists()):
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
_STRICT = ConfigDict(extra="forbid", strict=True)


def _hours(text: str) -> str:
    read_shifts(text)
    return text


def _open_hours(text: str) -> str:
    if not read_shifts(text):
        message = "an ordinary working day has office hours"
        raise ValueError(message)
    return text


_Hours = Annotated[str, Field(max_length=80), AfterValidator(_hours)]
_Text = Annotated[str, Field(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    __pydantic_config__ = _STRICT
    date: date
    hours: _Hours
    note: _Text
    source: _Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__ = _STRICT
    hours: Annotated[_Hours, AfterValidator(_open_hours)]
    late_after: time
    days: tuple[_Day, ...] = ()


_FILE = TypeAdapter(_File)


def _read(text: str) -> tuple[str, time, _Days]:
    try:
        # In strict mode pydantic takes tuples, dates and times from JSON, but not from Python's own.
        file = _FILE.validate_json(json.dumps(tomllib.loads(text), default=str))
    except tomllib.TOMLDecodeError as fault:
        raise FaultyCalendar(str(fault)) from fault
    except ValidationError as errors:
        faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in errors.errors())
        raise FaultyCalendar("; ".join(faults)) from errors
    days = {day.date: (day.hours, day.note, day.source) for day in file.days}
    if len(days) < len(file.days):
        message = "days: a date stands twice"
        raise FaultyCalendar(message)
    return file.hours, file.late_after, days


def _as_stored(calendar: WorkingCalendar) -> tuple[str, time, _Days]:
    days = calendar.days.values_list("date", "hours", "note", "source")
    return (
        calendar.hours,
        calendar.late_after,
        {day: (hours, note, source) for day, hours, note, source in days},
    )
