"""The statutory clock: what a ledger of starts, pauses, resumes, resets and stops says of the due date."""

from datetime import datetime

import pytest

from tests.worktime.office import HOURS, at, day, office
from workflow.clock.ledger import (
    ClockOrderError,
    ClockState,
    Entry,
    EntryKind,
    Line,
    Reckoning,
    days_off_between,
    reckon,
    used_by,
)
from worktime.calendar import Calendar
from worktime.deadline import days_as_number

OFFICE = office()
DAY = 480


def start(moment: str, days: float = 5, appointment: int = 1) -> Entry:
    return Entry(EntryKind.START, at(moment), appointment, int(days * DAY))


def reset(moment: str, days: float = 5, appointment: int = 1) -> Entry:
    return Entry(EntryKind.RESET, at(moment), appointment, int(days * DAY))


def pause(moment: str, cause: str = "tax") -> Entry:
    return Entry(EntryKind.PAUSE, at(moment), cause=cause)


def resume(moment: str, cause: str = "tax") -> Entry:
    return Entry(EntryKind.RESUME, at(moment), cause=cause)


def stop(moment: str) -> Entry:
    return Entry(EntryKind.STOP, at(moment))


def due(*entries: Entry, calendar: Calendar = OFFICE) -> datetime | None:
    return reckon(entries, calendar).due_at


# The start ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "days", "due_at"),
    [
        # The day of receipt is not counted: five days from Monday morning end on Monday evening.
        ("09/11/2026 08:47", 5, "16/11/2026 17:00"),
        ("09/11/2026 15:00", 5, "16/11/2026 17:00"),
        ("09/11/2026 06:10", 5, "16/11/2026 17:00"),
        ("13/11/2026 10:00", 1, "16/11/2026 17:00"),
        # After 15:00 it counts as the next working day's.
        ("09/11/2026 15:01", 5, "17/11/2026 17:00"),
        ("09/11/2026 22:00", 5, "17/11/2026 17:00"),
        ("13/11/2026 15:30", 1, "17/11/2026 17:00"),
        # On a Saturday or Sunday too.
        ("14/11/2026 09:00", 5, "23/11/2026 17:00"),
        ("15/11/2026 16:00", 5, "23/11/2026 17:00"),
        # A Saturday worked for another day is a working day.
        ("22/08/2026 09:00", 5, "28/08/2026 17:00"),
        # Over Tết, and late on the last day before it.
        ("13/02/2026 10:00", 5, "27/02/2026 17:00"),
        ("13/02/2026 15:30", 5, "02/03/2026 17:00"),
        ("18/02/2026 10:00", 1, "24/02/2026 17:00"),
        # Over the Day of Culture.
        ("23/11/2026 09:05", 3, "27/11/2026 17:00"),
        # Half a day by the minute; no days at all: the same day.
        ("09/11/2026 08:47", 0.5, "10/11/2026 11:30"),
        ("09/11/2026 08:47", 0, "09/11/2026 17:00"),
        ("09/11/2026 16:00", 0, "10/11/2026 17:00"),
    ],
)
def test_a_limit_counts_from_the_end_of_the_day_of_receipt(received: str, days: float, due_at: str) -> None:
    reckoning = reckon([start(received, days)], OFFICE)
    assert reckoning.due_at == at(due_at)
    assert (reckoning.state, reckoning.appointment, reckoning.limit) == (ClockState.RUNNING, 1, int(days * DAY))
    assert reckoning.used == 0


def test_nothing_is_used_on_the_day_of_receipt() -> None:
    entries = [start("09/11/2026 08:47")]
    assert used_by(entries, OFFICE, at("09/11/2026 17:00")) == 0
    assert used_by(entries, OFFICE, at("10/11/2026 08:00")) == 30
    assert used_by(entries, OFFICE, at("16/11/2026 17:00")) == 5 * DAY


def test_without_a_start_there_is_no_clock() -> None:
    assert reckon([], OFFICE) == Reckoning((), ClockState.NONE, 0, 0, None)
    assert reckon([], OFFICE).used == used_by([], OFFICE, at("09/11/2026 08:00")) == 0


# Pauses ------------------------------------------------------------------------------------------


def test_a_pause_keeps_what_is_left_by_the_minute() -> None:
    # Ten minutes of the first counted day are used; five weeks later the rest runs on.
    entries = [start("09/11/2026 08:47", 1), pause("10/11/2026 07:40"), resume("15/12/2026 10:00")]
    assert due(*entries) == at("16/12/2026 09:50")
    assert used_by(entries, OFFICE, at("15/12/2026 10:05")) == 15


def test_paused_the_due_date_stands_where_it_stood_and_nothing_is_used() -> None:
    entries = [start("09/11/2026 08:47"), pause("12/11/2026 14:10")]
    reckoning = reckon(entries, OFFICE)
    assert (reckoning.state, reckoning.due_at, reckoning.used) == (ClockState.PAUSED, at("16/11/2026 17:00"), 1270)
    assert used_by(entries, OFFICE, at("30/11/2026 10:00")) == 1270


def test_resumed_at_the_moment_it_was_paused_nothing_has_changed() -> None:
    assert due(start("09/11/2026 08:47"), pause("12/11/2026 14:10"), resume("12/11/2026 14:10")) == at(
        "16/11/2026 17:00"
    )


def test_a_pause_over_the_weekend_and_out_of_hours_costs_nothing() -> None:
    assert due(start("09/11/2026 08:47"), pause("13/11/2026 17:30"), resume("16/11/2026 07:10")) == at(
        "16/11/2026 17:00"
    )


def test_paused_at_closing_time_the_rest_runs_from_the_next_opening() -> None:
    assert due(start("09/11/2026 08:47"), pause("13/11/2026 17:00"), resume("19/11/2026 07:30")) == at(
        "19/11/2026 17:00"
    )


def test_pauses_that_overlap_end_with_the_last() -> None:
    entries = [
        start("09/11/2026 08:47", 2),
        pause("10/11/2026 17:00", "tax"),
        pause("11/11/2026 10:00", "posting"),
        resume("12/11/2026 09:00", "tax"),
    ]
    reckoning = reckon(entries, OFFICE)
    assert (reckoning.state, reckoning.used) == (ClockState.PAUSED, DAY)
    assert due(*entries, resume("17/11/2026 13:00", "posting")) == at("18/11/2026 11:30")


def test_two_pauses_for_one_cause_need_two_resumes() -> None:
    entries = [
        start("09/11/2026 08:47"),
        pause("10/11/2026 10:00"),
        pause("10/11/2026 11:00"),
        resume("11/11/2026 10:00"),
    ]
    assert reckon(entries, OFFICE).state == ClockState.PAUSED
    assert reckon([*entries, resume("12/11/2026 10:00")], OFFICE).state == ClockState.RUNNING


def test_a_pause_on_the_very_first_day_uses_nothing_and_that_day_is_still_skipped() -> None:
    entries = [start("09/11/2026 08:47"), pause("09/11/2026 10:00"), resume("09/11/2026 14:00")]
    assert due(*entries) == at("16/11/2026 17:00")
    assert reckon(entries, OFFICE).used == 0


def test_a_pause_from_the_first_day_into_a_later_one_runs_the_whole_limit_from_there() -> None:
    assert due(start("09/11/2026 08:47", 1), pause("09/11/2026 10:00"), resume("11/11/2026 10:00")) == at(
        "12/11/2026 10:00"
    )


def test_a_receipt_after_hours_paused_before_its_day_has_begun_uses_nothing() -> None:
    # It counts as Tuesday's, so Wednesday is the first day that counts, paused or not.
    entries = [start("09/11/2026 16:00", 1), pause("10/11/2026 09:00"), resume("10/11/2026 11:00")]
    assert due(*entries) == at("11/11/2026 17:00")


def test_overdue_stays_overdue_however_long_it_is_paused() -> None:
    entries = [start("09/11/2026 08:47", 1), pause("12/11/2026 10:00"), resume("30/11/2026 10:00")]
    reckoning = reckon(entries, OFFICE)
    assert reckoning.due_at == at("10/11/2026 17:00")
    assert reckoning.used == DAY + DAY + 150
    assert used_by(entries, OFFICE, at("30/11/2026 11:00")) == reckoning.used + 60


def test_a_minute_before_it_is_due_there_is_a_minute_left_to_run() -> None:
    assert due(start("09/11/2026 08:47", 1), pause("10/11/2026 16:59"), resume("12/11/2026 08:00")) == at(
        "12/11/2026 08:01"
    )


# Reset, second appointment, stop -----------------------------------------------------------------


def test_a_reset_runs_the_whole_limit_anew_from_the_end_of_its_day() -> None:
    entries = [start("09/11/2026 08:47"), pause("11/11/2026 10:00", "supplement"), reset("18/11/2026 09:00")]
    reckoning = reckon(entries, OFFICE)
    assert (reckoning.due_at, reckoning.used, reckoning.state) == (at("26/11/2026 17:00"), 0, ClockState.RUNNING)


def test_a_reset_late_in_the_day_counts_as_the_next_days_like_a_receipt() -> None:
    assert due(start("09/11/2026 08:47"), reset("13/11/2026 15:01", 1)) == at("17/11/2026 17:00")


def test_a_reset_ends_every_pause() -> None:
    entries = [start("09/11/2026 08:47"), pause("10/11/2026 10:00"), pause("10/11/2026 11:00", "posting")]
    assert reckon([*entries, reset("18/11/2026 09:00")], OFFICE).state == ClockState.RUNNING
    after = [reset("18/11/2026 09:00"), pause("19/11/2026 10:00"), resume("20/11/2026 10:00")]
    assert reckon([*entries, *after], OFFICE).state == ClockState.RUNNING
    with pytest.raises(ClockOrderError):
        reckon([*entries, *after[:2], resume("20/11/2026 10:00", "posting")], OFFICE)


def test_a_reset_heals_what_was_overdue() -> None:
    assert due(start("09/11/2026 08:47", 1), reset("30/11/2026 09:00", 1)) == at("01/12/2026 17:00")


def test_the_second_appointment_carries_nothing_over() -> None:
    hurried = [start("09/11/2026 08:47"), pause("10/11/2026 07:31"), start("23/11/2026 09:05", 3, 2)]
    dawdled = [start("09/11/2026 08:47"), pause("20/11/2026 16:00"), start("23/11/2026 09:05", 3, 2)]
    for entries in (hurried, dawdled):
        reckoning = reckon(entries, OFFICE)
        assert (reckoning.due_at, reckoning.appointment) == (at("27/11/2026 17:00"), 2)
        assert (reckoning.used, reckoning.limit) == (0, 3 * DAY)


def test_stopped_nothing_counts_any_more() -> None:
    entries = [start("09/11/2026 08:47"), stop("12/11/2026 14:10")]
    reckoning = reckon(entries, OFFICE)
    assert (reckoning.state, reckoning.used) == (ClockState.STOPPED, 1270)
    assert reckoning.due_at == at("16/11/2026 17:00")
    assert used_by(entries, OFFICE, at("30/11/2026 10:00")) == 1270


def test_stopped_while_paused_the_pause_counts_for_nothing() -> None:
    assert reckon([start("09/11/2026 08:47"), pause("12/11/2026 14:10"), stop("20/11/2026 10:00")], OFFICE).used == 1270


# The ledger of a transfer, as its page shows it --------------------------------------------------

TRANSFER = [start("09/11/2026 08:47"), pause("12/11/2026 14:10"), start("23/11/2026 09:05", 3, 2)]


def test_each_line_says_what_was_used_what_it_added_and_when_it_was_due() -> None:
    assert reckon(TRANSFER, OFFICE).lines == (
        Line(TRANSFER[0], 0, 0, at("16/11/2026 17:00")),
        Line(TRANSFER[1], 1270, 1270, at("16/11/2026 17:00")),
        Line(TRANSFER[2], 0, 0, at("27/11/2026 17:00")),
    )


def test_the_figures_of_the_page_come_out() -> None:
    now = at("25/11/2026 09:42")
    used = used_by(TRANSFER, OFFICE, now)
    paused = OFFICE.minutes_between(at("12/11/2026 14:10"), at("23/11/2026 09:05"))
    figures = [days_as_number(minutes, OFFICE) for minutes in (1270, 5 * DAY - 1270, paused, used, 3 * DAY - used)]
    assert figures == ["2,6", "2,4", "6,6", "0,3", "2,7"]


def test_a_day_made_off_moves_the_due_date_by_a_day() -> None:
    as_usual = office({day("24/11/2026"): HOURS})
    assert due(*TRANSFER, calendar=as_usual) == at("26/11/2026 17:00")
    assert due(*TRANSFER, calendar=OFFICE) == at("27/11/2026 17:00")


def test_what_a_second_pause_added_is_told_apart_from_the_first() -> None:
    entries = [
        start("09/11/2026 08:47"),
        pause("10/11/2026 17:00"),
        resume("11/11/2026 07:30"),
        pause("11/11/2026 08:30"),
    ]
    assert [(line.used, line.added) for line in reckon(entries, OFFICE).lines] == [
        *((0, 0), (DAY, DAY), (DAY, 0), (DAY + 60, 60))
    ]


# Order -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entries",
    [
        [pause("10/11/2026 10:00")],
        [resume("10/11/2026 10:00")],
        [reset("10/11/2026 10:00")],
        [stop("10/11/2026 10:00")],
        [start("09/11/2026 08:47"), start("10/11/2026 10:00")],
        [start("09/11/2026 08:47"), start("10/11/2026 10:00", appointment=2)],
        [start("09/11/2026 08:47"), resume("10/11/2026 10:00")],
        [start("09/11/2026 08:47"), pause("10/11/2026 10:00"), start("11/11/2026 10:00")],
        [start("09/11/2026 08:47"), pause("10/11/2026 10:00"), resume("11/11/2026 10:00", "posting")],
        [start("09/11/2026 08:47"), pause("10/11/2026 10:00"), resume("11/11/2026 10:00"), resume("12/11/2026 10:00")],
        *(
            [start("09/11/2026 08:47"), stop("10/11/2026 10:00"), entry]
            for entry in (
                start("11/11/2026 10:00", appointment=2),
                pause("11/11/2026 10:00"),
                resume("11/11/2026 10:00"),
                reset("11/11/2026 10:00"),
                stop("11/11/2026 10:00"),
            )
        ),
    ],
)
def test_an_entry_that_cant_follow_those_before_it_is_refused(entries: list[Entry]) -> None:
    reckon(entries[:-1], OFFICE)
    with pytest.raises(ClockOrderError):
        reckon(entries, OFFICE)


def test_attack_49_a_resume_dated_before_its_pause_counts_no_minute_twice() -> None:
    honest = [start("09/11/2026 08:47"), pause("11/11/2026 10:00"), resume("11/11/2026 10:00")]
    a_day_slow = [*honest[:2], resume("10/11/2026 10:00")]
    assert due(*a_day_slow) == due(*honest) == at("16/11/2026 17:00")
    now = at("12/11/2026 10:00")
    assert used_by(a_day_slow, OFFICE, now) == used_by(honest, OFFICE, now)


def test_attack_49_a_pause_dated_before_the_resume_ahead_of_it_uses_nothing() -> None:
    entries = [
        start("09/11/2026 08:47"),
        pause("10/11/2026 17:00"),
        resume("17/11/2026 17:00"),
        pause("16/11/2026 10:00"),
    ]
    assert [line.used for line in reckon(entries, OFFICE).lines] == [0, DAY, DAY, DAY]


def test_attack_49_of_pauses_that_overlap_the_latest_entry_counts_though_the_last_is_dated_before() -> None:
    entries = [start("09/11/2026 08:47"), pause("11/11/2026 10:00"), pause("12/11/2026 10:00", "posting")]
    entries += [resume("12/11/2026 11:00"), resume("11/11/2026 15:00", "posting")]
    honest = [*entries[:4], resume("12/11/2026 11:00", "posting")]
    assert due(*entries) == due(*honest) == at("18/11/2026 08:30")


def test_attack_49_entries_count_in_their_order_however_the_machines_clocks_jump() -> None:
    entries = [start("10/11/2026 08:47"), pause("09/11/2026 10:00"), resume("12/11/2026 07:30")]
    # By their dates the pause would stand before the start; by their order it doesn't.
    reckoning = reckon(entries, OFFICE)
    assert [line.entry for line in reckoning.lines] == entries
    assert reckoning.due_at == at("18/11/2026 17:00")
    with pytest.raises(ClockOrderError):
        reckon(sorted(entries, key=lambda entry: entry.at), OFFICE)


def test_the_days_off_a_deadline_leaps_over_have_their_names() -> None:
    assert days_off_between(at("20/11/2026 10:00"), at("27/11/2026 17:00"), OFFICE) == [
        (day("21/11/2026"), ""),
        (day("22/11/2026"), ""),
        (day("24/11/2026"), "Ngày Văn hóa Việt Nam"),
    ]
    assert days_off_between(at("27/11/2026 17:00"), at("20/11/2026 10:00"), OFFICE) == []
