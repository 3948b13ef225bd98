"""A deadline has one tone, one wording and one bar, everywhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.office import at, day, office
from worktime.deadline import (
    Deadline,
    days_as_number,
    deadline_of,
    finished_deadline,
    near_minutes,
)

OFFICE = office()
DAY = 480
DUE = at("16/11/2026 17:00")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def deadline(now: str | datetime, *, due: datetime | None = DUE, days: int = 5, is_paused: bool = False) -> Deadline:
    moment = at(now) if isinstance(now, str) else now
    return deadline_of(due, now=moment, calendar=OFFICE, limit_minutes=days * DAY, is_paused=is_paused)


@pytest.mark.parametrize(
    ("now", "tone", "words", "share"),
    [
        ("09/11/2026 17:00", "ok", "5 days left", 0),
        ("10/11/2026 07:30", "ok", "5 days left", 0),
        ("10/11/2026 17:00", "ok", "4 days left", 20),
        ("12/11/2026 14:10", "ok", "2,4 days left", 52),
        ("13/11/2026 16:59", "ok", "1 day left", 79),
        ("13/11/2026 17:00", "near", "1 day left", 80),
        ("15/11/2026 12:00", "near", "1 day left", 80),
        ("16/11/2026 13:00", "near", "0,5 days left", 90),
        ("16/11/2026 16:36", "near", "0,1 days left", 99),
        ("16/11/2026 16:37", "near", "23 minutes left", 99),
        ("16/11/2026 16:59", "near", "1 minute left", 99),
        ("16/11/2026 17:00", "near", "0 minutes left", 100),
        ("16/11/2026 20:15", "late", "Past due", 100),
        ("17/11/2026 07:40", "late", "10 minutes late", 100),
        ("17/11/2026 11:30", "late", "0,5 days late", 100),
        ("18/11/2026 17:00", "late", "2 days late", 100),
    ],
)
def test_a_deadline_of_five_days_as_time_goes_by(now: str, tone: str, words: str, share: int) -> None:
    assert deadline(now) == Deadline(tone, words, share, DUE)


def test_a_second_past_the_moment_is_late() -> None:
    assert deadline(DUE + timedelta(seconds=1)).tone == "late"


def test_days_off_are_not_counted_as_time_left() -> None:
    due = at("24/02/2026 17:00")
    assert deadline("13/02/2026 17:00", due=due, days=10).words == "2 days left"


def test_a_paused_deadline_is_neither_near_nor_late() -> None:
    for now in ("10/11/2026 17:00", "16/11/2026 16:00", "30/11/2026 08:00"):
        paused = deadline(now, is_paused=True)
        assert (paused.tone, paused.words, paused.due_at) == ("pause", "Paused", DUE)


def test_without_a_due_date_there_is_nothing_to_hurry_for() -> None:
    assert deadline("10/11/2026 17:00", due=None) == Deadline("pause", "No time limit", 0)
    assert deadline("10/11/2026 17:00", due=None, is_paused=True) == Deadline("pause", "Outside the limit", 0)


def test_a_limit_of_no_days_is_near_and_used_up_from_the_start() -> None:
    assert deadline("16/11/2026 10:00", days=0) == Deadline("near", "0,7 days left", 100, DUE)


def test_no_more_is_left_than_the_limit() -> None:
    early = deadline("02/11/2026 08:00", days=5)
    assert (early.share, early.words) == (0, "5 days left")


def test_what_is_finished_says_how_and_hurries_nobody() -> None:
    assert finished_deadline("Returned") == Deadline("done", "Returned", 100)
    assert finished_deadline(gettext_lazy("Paused")).words == gettext("Paused")


# Near --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "near"),
    [(0, 0), (60, 60), (DAY, DAY), (2 * DAY, DAY), (5 * DAY, DAY), (6 * DAY, 576), (20 * DAY, 4 * DAY)],
)
def test_near_is_a_day_or_a_fifth_and_never_more_than_the_limit(limit: int, near: int) -> None:
    assert near_minutes(limit, OFFICE) == near


def test_a_fifth_of_a_long_limit_is_near() -> None:
    assert deadline("10/11/2026 16:59", days=20, due=DUE).tone == "ok"
    assert deadline("10/11/2026 17:00", days=20, due=DUE).tone == "near"


@given(
    st.datetimes(datetime(2026, 11, 2), datetime(2026, 11, 30)),  # noqa: DTZ001 hypothesis wants naive bounds
    st.integers(1, 12 * DAY),
    st.integers(0, 30 * 24 * 60),
)
def test_the_tone_turns_at_the_moment_the_lists_reckon_with(start: datetime, limit: int, passed: int) -> None:
    opened = start.replace(tzinfo=OFFICE.zone)
    due = OFFICE.add(opened, limit)
    near_at = OFFICE.add(opened, limit - near_minutes(limit, OFFICE))
    now = opened.replace(second=0, microsecond=0) + timedelta(minutes=passed)
    tone = deadline_of(due, now=now, calendar=OFFICE, limit_minutes=limit).tone
    assert tone == ("late" if now > due else "near" if now >= near_at else "ok")


# Words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "number"),
    [
        (0, "0"),
        (23, "0"),
        (24, "0,1"),
        (240, "0,5"),
        (DAY, "1"),
        (1270, "2,6"),
        (1296, "2,7"),
        (12 * DAY, "12"),
        (12 * DAY + 240, "12,5"),
        (1250 * DAY, "1.250"),
    ],
)
def test_days_read_as_an_office_writes_numbers(minutes: int, number: str) -> None:
    with translation.override("vi"):
        assert days_as_number(minutes, OFFICE) == number


def test_days_are_days_of_this_office() -> None:
    short = office(hours="08:00-12:00")
    assert (days_as_number(240, short), days_as_number(240, OFFICE)) == ("1", "0,5")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("12/11/2026 14:08", "Còn 2,4 ngày"),
        ("16/11/2026 16:59", "Còn 1 phút"),
        ("16/11/2026 20:15", "Quá hạn"),
        ("17/11/2026 07:40", "Quá hạn 10 phút"),
        ("18/11/2026 17:00", "Quá hạn 2 ngày"),
    ],
)
def test_the_wording_in_vietnamese(now: str, words: str) -> None:
    with translation.override("vi"):
        assert deadline(now).words == words


def test_own_days_count_in_the_words() -> None:
    closed = office({day("16/11/2026"): ""})
    standing = deadline_of(at("17/11/2026 17:00"), now=at("13/11/2026 17:00"), calendar=closed, limit_minutes=5 * DAY)
    assert (standing.tone, standing.words) == ("near", "1 day left")
