"""Whose time it was: each step and unit against its own limit, without the stretches in which the clock stood still."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.office import at, office
from workflow.clock.ledger import Entry, EntryKind, pauses_of
from workflow.clock.usage import Passage, Usage, Verdict, time_by_unit
from workflow.clock.usage_told import usage_told

DAY = 480
CALENDAR = office()
# A Monday.
START = at("09/11/2026 08:00")


def passage(unit: str, began: str, ended: str | None, limit: float = 1) -> Passage:
    number = int(began[:2])
    end = at(f"{ended[:2]}/11/2026 {ended[3:]}") if ended else None
    begin = at(f"{began[:2]}/11/2026 {began[3:]}")
    return Passage(number, f"Bước {number}", unit, "Ông A", begin, end, int(limit * DAY))


def paused(begin: str, end: str | None, cause: str = "tax") -> list[Entry]:
    lines = [Entry(EntryKind.PAUSE, at(f"{begin[:2]}/11/2026 {begin[3:]}"), cause=cause)]
    if end:
        lines.append(Entry(EntryKind.RESUME, at(f"{end[:2]}/11/2026 {end[3:]}"), cause=cause))
    return lines


def used(passages: Sequence[Passage], pauses: Sequence[Entry] = (), now: str = "30/11/2026 17:00") -> Usage:
    return time_by_unit(passages, [Entry(EntryKind.START, START), *pauses], CALENDAR, now=at(now))


def test_a_step_used_its_working_minutes() -> None:
    [step] = used([passage("CN", "09 08:00", "10 08:00")]).steps
    assert (step.used, step.stood) == (DAY, 0)


@pytest.mark.parametrize(
    ("pauses", "stood"),
    [
        (paused("10 07:30", "10 17:00"), DAY),
        (paused("10 13:00", None), 2 * DAY),
        (paused("06 07:30", "06 17:00"), 0),
        (paused("06 07:30", "10 07:30"), DAY - 30),
        (paused("10 07:30", "11 07:30") + paused("11 13:00", "11 15:00", "posting"), DAY + 120),
        (
            [
                *paused("10 07:30", None)[:1],
                *paused("10 09:00", None, "posting"),
                Entry(EntryKind.RESUME, at("10/11/2026 11:30"), cause="tax"),
                Entry(EntryKind.RESUME, at("10/11/2026 17:00"), cause="posting"),
            ],
            DAY,
        ),
    ],
    ids=["within", "until now", "before", "from before", "two", "overlapping"],
)
def test_what_the_clock_stood_still_is_nobodys_time(pauses: list[Entry], stood: int) -> None:
    [step] = used([passage("CN", "09 08:00", "12 11:30", 3)], pauses, now="12/11/2026 11:30").steps
    from_monday_to_thursday_noon = 3 * DAY - 30 + 240
    assert (step.stood, step.used) == (stood, from_monday_to_thursday_noon - stood)


@pytest.mark.parametrize(
    ("began", "ended", "verdict"),
    [
        ("09 08:00", "09 16:00", Verdict.EARLY),
        ("09 08:00", "10 08:00", Verdict.ON_TIME),
        ("09 08:00", "10 07:31", Verdict.ON_TIME),
        ("09 08:00", "10 08:01", Verdict.LATE),
        ("09 08:00", None, Verdict.LATE),
    ],
)
def test_a_step_is_early_on_time_or_late_against_its_own_limit(began: str, ended: str, verdict: Verdict) -> None:
    [step] = used([passage("CN", began, ended)]).steps
    assert step.verdict == verdict


def test_an_open_step_in_time_is_running_and_one_without_a_limit_outside() -> None:
    steps = used([passage("CN", "09 08:00", None), passage("Thuế", "09 08:00", None, 0)], now="09/11/2026 16:00").steps
    assert [step.verdict for step in steps] == [Verdict.RUNNING, Verdict.OUTSIDE]


def test_a_pause_makes_a_late_step_one_on_time() -> None:
    late = passage("CN", "09 08:00", "11 08:00")
    assert used([late]).steps[0].verdict == Verdict.LATE
    assert used([late], paused("10 07:30", "10 17:00")).steps[0].verdict == Verdict.ON_TIME


def test_a_unit_has_the_time_of_all_its_steps_and_not_of_others() -> None:
    usage = used(
        [
            passage("Một cửa", "09 08:00", "09 10:00", 0.5),
            passage("CN", "09 10:00", "10 10:00"),
            passage("Thuế", "10 10:00", "16 10:00", 0),
            passage("CN", "16 10:00", "16 15:00"),
        ],
        paused("10 10:00", "16 10:00"),
    )
    assert [(unit.unit, unit.steps, unit.used, unit.limit, unit.outside) for unit in usage.units] == [
        ("Một cửa", 1, 120, 240, 0),
        ("CN", 2, DAY + 210, 2 * DAY, 0),
        ("Thuế", 1, 0, 0, 4 * DAY),
    ]
    assert [unit.verdict for unit in usage.units] == [Verdict.ON_TIME, Verdict.ON_TIME, Verdict.OUTSIDE]


@pytest.mark.parametrize(("limit", "left", "late"), [(1.5, 240, [0, 1]), (2.5, 720, [0, 0]), (0.5, 1, [1, 1])])
def test_who_takes_a_step_over_has_what_was_left_of_its_limit(limit: float, left: int, late: list[int]) -> None:
    """A day was used when it was handed over; one that was late by then doesn't become one without a limit."""
    given_away = passage("CN 1", "09 08:00", "10 08:00", limit)
    rest = replace(passage("CN 2", "10 08:00", "11 08:00", limit), is_rest=True)
    usage = used([given_away, rest])
    assert [(unit.unit, unit.used, unit.limit) for unit in usage.units] == [
        ("CN 1", DAY, int(limit * DAY)),
        ("CN 2", DAY, left),
    ]
    assert [unit.late for unit in usage.units] == late


def test_who_takes_a_step_without_a_limit_over_has_none_either() -> None:
    rest = replace(passage("CN 2", "10 08:00", "11 08:00", 0), is_rest=True)
    usage = used([passage("CN 1", "09 08:00", "10 08:00", 0), rest])
    assert [(unit.limit, unit.outside, unit.verdict) for unit in usage.units] == [(0, DAY, Verdict.OUTSIDE)] * 2


def test_it_is_told_by_unit_in_days() -> None:
    told = usage_told(used([passage("CN", "09 08:00", "10 08:00")], paused("09 08:00", "09 10:00")), CALENDAR)
    [unit] = told
    [line] = unit.lines
    assert (unit.time, line.time, line.stood) == ("0,8/1", "0,8/1", "0,3")


MOMENTS = st.lists(st.integers(0, 18 * 24 * 60), min_size=2, max_size=6)


@given(MOMENTS, MOMENTS)
def test_every_worked_minute_of_a_step_either_counts_or_stood_still(moments: list[int], stands: list[int]) -> None:
    """Passages follow one another; pauses begin and end whenever they like."""
    times = [START + timedelta(minutes=minute) for minute in sorted(moments)]
    turns = [START + timedelta(minutes=minute) for minute in sorted(stands)]
    passages = [Passage(n, "", "CN", "", a, b, DAY) for n, (a, b) in enumerate(pairwise(times))]
    kinds = [EntryKind.PAUSE, EntryKind.RESUME] * 3
    lines = [Entry(kind, turn, cause="tax") for kind, turn in zip(kinds, turns, strict=False)]
    usage = time_by_unit(passages, [Entry(EntryKind.START, START), *lines], CALENDAR, now=times[-1])
    whole = CALENDAR.minutes_between(times[0], times[-1])
    stood = sum(
        CALENDAR.minutes_between(max(pause.start, times[0]), min(pause.end or times[-1], times[-1]))
        for pause in pauses_of(lines)
    )
    assert sum(step.used for step in usage.steps) == whole - stood
    assert sum(step.stood for step in usage.steps) == stood
