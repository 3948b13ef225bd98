"""The clock of a case as operations write it: line by line, and what it leaves on case and steps."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest

from tests.factories.moments import MORNING, moment
from tests.factories.office import publish
from tests.workflow.ferry import FERRY, River, only_open, verbs_of
from tests.workflow.tide import Deed, doing, pass_on, pausing, resetting, resuming, stopping
from workflow.clock.ledger import ClockOrderError, ClockState
from workflow.engine.clockwork import ledger_of, pause_clock, start_clock
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.models import Case, ClockEntry, StepRun
from worktime.models import CalendarDay, WorkingCalendar

DAY = 480
# The first appointment of the ferry: four days, of which the day of receipt is none.
PROMISED = moment("2026-12-08 17:00")
# A day and a half of the limit are used on Friday at noon.
FRIDAY_NOON, NEXT_WEDNESDAY = moment("2026-12-04 11:30"), moment("2026-12-09 11:30")


@pytest.fixture
def case(river: River) -> Case:
    return river.start(at=MORNING)


def stored(case: Case) -> list[tuple[object, ...]]:
    """The ledger as the database keeps it, but for the due dates."""
    columns = ("sequence", "kind", "at", "appointment", "limit", "cause", "reference", "basis")
    return list(ClockEntry.objects.filter(case=case).order_by("sequence").values_list(*columns))


def dues(case: Case) -> list[datetime | None]:
    return [line.due_at for line in ledger_of(case)]


def projected(case: Case) -> tuple[datetime | None, str, int, int]:
    """What lists read."""
    found = Case.objects.get(pk=case.pk)
    return found.due_at, found.clock_state, found.appointment, found.limit_minutes


def enter_holiday(day: date) -> None:
    CalendarDay.objects.create(calendar=WorkingCalendar.objects.get(), date=day, note="Nghỉ bù", source="thử")
    WorkingCalendar.objects.update(revision=UUID(int=day.toordinal()))


# The lines -----------------------------------------------------------------------------------------


def test_every_line_is_kept_with_its_cause_as_a_code_and_the_paper_and_law_behind_it(river: River, case: Case) -> None:
    later = [moment(f"2026-12-{day:02d} 10:00") for day in (3, 4, 7, 8)]
    for deed, at in zip((pausing(), resuming(), resetting(), stopping()), later, strict=True):
        pass_on(river, case, deed, at=at)
    assert stored(case) == [
        (1, "start", MORNING, 1, 4 * DAY, "complete", "", "Quy định thử nghiệm Điều 3"),
        (2, "pause", later[0], 1, 0, "flood", "17/TL", "Điều 7"),
        (3, "resume", later[1], 1, 0, "flood", "18/TL", "Điều 8"),
        (4, "reset", later[2], 1, 4 * DAY, "complete", "19/BS", "Điều 9"),
        (5, "stop", later[3], 1, 0, "licence", "20/GP", ""),
    ]


def test_what_is_known_of_a_line_does_not_change_when_the_next_is_written(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=FRIDAY_NOON)
    before = list(case.clock_entries.order_by("sequence").values())
    pass_on(river, case, resuming(), at=NEXT_WEDNESDAY)
    assert list(case.clock_entries.order_by("sequence").values())[:2] == before


def test_each_line_keeps_the_due_date_it_led_to(river: River, case: Case) -> None:
    for deed, at in ((pausing(), FRIDAY_NOON), (resuming(), NEXT_WEDNESDAY), (resetting(), NEXT_WEDNESDAY)):
        pass_on(river, case, deed, at=at)
    # Two and a half days are left on Wednesday at noon; anew, four from Thursday on.
    assert dues(case) == [PROMISED, PROMISED, moment("2026-12-11 17:00"), moment("2026-12-15 17:00")]


def test_every_case_has_a_ledger_of_its_own(river: River, case: Case) -> None:
    other = river.start(at=NEXT_WEDNESDAY)
    pass_on(river, case, pausing(), at=NEXT_WEDNESDAY)
    assert [line[:2] for line in stored(other)] == [(1, "start")]
    assert [line[:2] for line in stored(case)] == [(1, "start"), (2, "pause")]
    assert Case.objects.get(pk=other.pk).clock_state == ClockState.RUNNING


def test_attack_49_lines_are_in_the_order_they_were_written_whatever_their_moments(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=NEXT_WEDNESDAY)
    pass_on(river, case, resuming(), at=FRIDAY_NOON)
    assert [line.kind for line in ledger_of(case)] == ["start", "pause", "resume"]


def test_a_limit_is_in_working_minutes_of_the_calendar(river: River) -> None:
    text = FERRY.replace('code = "thu"', 'code = "le"', 1).replace("days = 4\n", "days = 4.25\n", 1)
    case = River(river.office, publish(text), river.landing).start(at=MORNING)
    assert (case.limit_minutes, case.due_at) == (2040, moment("2026-12-09 09:30"))


def test_a_law_without_an_article_is_named_alone(river: River) -> None:
    text = FERRY.replace('code = "thu"', 'code = "le"', 1).replace(', place = "Điều 3"', "", 1)
    case = River(river.office, publish(text), river.landing).start(at=MORNING)
    assert [line.basis for line in ledger_of(case)] == ["Quy định thử nghiệm"]


@pytest.mark.parametrize("deed", [pausing("storm"), stopping("storm")], ids=["pause", "stop"])
def test_a_cause_nobody_has_words_for_moves_nothing(river: River, case: Case, deed: Deed) -> None:
    before = stored(case), projected(case)
    with pytest.raises(KeyError):
        pass_on(river, case, deed, at=FRIDAY_NOON)
    assert (stored(case), projected(case)) == before
    assert only_open(case).step == "counter"


@pytest.mark.parametrize(
    "deed",
    [resuming(), lambda occasion: start_clock(occasion.case, at=occasion.at, appointment=1, cause="complete")],
    ids=["resume without a pause", "the same appointment twice"],
)
def test_a_line_that_cannot_stand_there_takes_its_step_back_with_it(river: River, case: Case, deed: Deed) -> None:
    before = stored(case), projected(case)
    with pytest.raises(ClockOrderError):
        pass_on(river, case, deed, at=FRIDAY_NOON)
    assert (stored(case), projected(case), verbs_of(case)) == (*before, [])
    assert only_open(case).step == "counter"


def test_an_appointment_nobody_promised_does_not_begin(river: River, case: Case) -> None:
    with pytest.raises(KeyError):
        pass_on(
            river,
            case,
            lambda occasion: start_clock(occasion.case, at=occasion.at, appointment=3, cause="complete"),
            at=FRIDAY_NOON,
        )
    assert len(stored(case)) == 1


# What stands on the case ---------------------------------------------------------------------------


def test_paused_the_due_date_stands(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=FRIDAY_NOON)
    assert projected(case) == (PROMISED, ClockState.PAUSED, 1, 4 * DAY)


def test_resumed_what_was_left_runs_on(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=FRIDAY_NOON)
    pass_on(river, case, resuming(), at=NEXT_WEDNESDAY)
    assert projected(case) == (moment("2026-12-11 17:00"), ClockState.RUNNING, 1, 4 * DAY)


def test_of_two_pauses_the_first_that_ends_moves_nothing(river: River, case: Case) -> None:
    pass_on(river, case, pausing("flood"), at=FRIDAY_NOON)
    pass_on(river, case, pausing("low_water"), at=FRIDAY_NOON)
    pass_on(river, case, resuming("flood"), at=NEXT_WEDNESDAY)
    assert projected(case) == (PROMISED, ClockState.PAUSED, 1, 4 * DAY)
    pass_on(river, case, resuming("low_water"), at=NEXT_WEDNESDAY)
    assert projected(case) == (moment("2026-12-11 17:00"), ClockState.RUNNING, 1, 4 * DAY)


def test_a_supplement_runs_the_whole_limit_anew(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=FRIDAY_NOON)
    pass_on(river, case, resetting(), at=NEXT_WEDNESDAY)
    assert projected(case) == (moment("2026-12-15 17:00"), ClockState.RUNNING, 1, 4 * DAY)


def test_the_second_appointment_has_its_own_limit_law_and_day(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", at=FRIDAY_NOON)
    river.end(case, "low", at=NEXT_WEDNESDAY)
    assert stored(case)[2] == (
        *(3, "start", NEXT_WEDNESDAY, 2, 2 * DAY, "low_water", "", "Quy định thử nghiệm Điều 4"),
    )
    assert projected(case) == (moment("2026-12-11 17:00"), ClockState.RUNNING, 2, 2 * DAY)


def test_anew_in_the_second_appointment_it_is_that_ones_limit(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", "low", "drawn", at=FRIDAY_NOON)
    with doing("license", resetting()):
        river.end(case, "yes", at=NEXT_WEDNESDAY)
    assert stored(case)[-1][1:5] == ("reset", NEXT_WEDNESDAY, 2, 2 * DAY)
    assert projected(case) == (moment("2026-12-11 17:00"), ClockState.RUNNING, 2, 2 * DAY)


def test_paused_in_the_second_appointment_the_line_says_so(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", "low", "drawn", at=FRIDAY_NOON)
    with doing("license", pausing()):
        river.end(case, "yes", at=NEXT_WEDNESDAY)
    assert stored(case)[-1][1:5] == ("pause", NEXT_WEDNESDAY, 2, 0)


def test_stopped_the_due_date_stays_to_be_read_and_nothing_is_written_any_more(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", "low", "drawn", "yes", at=FRIDAY_NOON)
    lines, known = stored(case), projected(case)
    assert (lines[-1][1], known[1]) == ("stop", ClockState.STOPPED)
    river.end(case, "told", at=NEXT_WEDNESDAY)
    assert (stored(case), projected(case)) == (lines, known)
    assert known[0] is not None


def test_what_stands_on_the_case_is_what_the_last_line_led_to(river: River, case: Case) -> None:
    for day, deed in enumerate((pausing(), resuming(), pausing(), resetting(), stopping()), start=3):
        pass_on(river, case, deed, at=moment(f"2026-12-{day:02d} 10:00"))
        assert projected(case)[0] == dues(case)[-1]


def test_a_step_without_an_effect_leaves_the_clock_alone(river: River, case: Case) -> None:
    before = projected(case)
    river.walk(case, "pass", "fits", at=NEXT_WEDNESDAY)
    assert (len(stored(case)), projected(case)) == (1, before)


# A calendar that changed meanwhile -----------------------------------------------------------------


@pytest.mark.parametrize("deed", [pausing(), stopping()], ids=["pause", "stop"])
def test_attack_50_standing_still_does_not_move_a_promise_to_a_holiday_entered_since(
    river: River, case: Case, deed: Deed
) -> None:
    enter_holiday(date(2026, 12, 7))
    pass_on(river, case, deed, at=FRIDAY_NOON)
    assert dues(case) == [PROMISED, PROMISED]
    assert projected(case)[0] == PROMISED


def test_attack_50_nor_does_the_first_of_two_pauses_that_ends(river: River, case: Case) -> None:
    pass_on(river, case, pausing("flood"), at=FRIDAY_NOON)
    pass_on(river, case, pausing("low_water"), at=FRIDAY_NOON)
    enter_holiday(date(2026, 12, 7))
    pass_on(river, case, resuming("flood"), at=NEXT_WEDNESDAY)
    assert projected(case)[:2] == (PROMISED, ClockState.PAUSED)


def test_what_is_left_runs_on_over_a_holiday_entered_since(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=FRIDAY_NOON)
    enter_holiday(date(2026, 12, 10))
    pass_on(river, case, resuming(), at=NEXT_WEDNESDAY)
    assert projected(case)[0] == moment("2026-12-14 17:00")


# What a step's own limit does meanwhile --------------------------------------------------------------


def limits(run: StepRun) -> tuple[object, ...]:
    found = StepRun.objects.get(pk=run.pk)
    return found.limit_minutes, found.due_at, found.near_at


def claimed(river: River, run: StepRun) -> StepRun:
    return claim_step(step_run_id=run.pk, version=run.version, acting=river.acting(river.office.specialist))


def handed_on(river: River, run: StepRun) -> StepRun:
    to, acting = river.office.specialist.pk, river.acting(river.office.head)
    return reassign_step(step_run_id=run.pk, to_officer_id=to, version=run.version, reason="", acting=acting)


@pytest.mark.parametrize("hand", [claimed, handed_on])
def test_in_other_hands_a_step_is_due_when_it_was(
    river: River, case: Case, hand: Callable[[River, StepRun], StepRun]
) -> None:
    run = river.walk(case, "pass", at=MORNING)
    before = limits(run)
    hand(river, run)
    assert limits(run) == before == (1200, moment("2026-12-04 14:30"), moment("2026-12-03 14:30"))
    assert only_open(case).owner == river.office.specialist


def test_sent_back_a_step_has_its_whole_limit_again_and_the_first_time_keeps_what_it_had(
    river: River, case: Case
) -> None:
    first = only_open(case)
    river.walk(case, "pass", at=MORNING)
    before = limits(first)
    again = river.walk(case, "ask_again", at=NEXT_WEDNESDAY)
    assert limits(again) == (DAY // 2, moment("2026-12-09 17:00"), NEXT_WEDNESDAY)
    assert limits(first) == before


def test_waiting_for_an_outside_event_a_step_has_no_limit_and_the_case_is_paused(river: River, case: Case) -> None:
    run = river.walk(case, "pass", "fits", "deep", at=FRIDAY_NOON)
    assert limits(run) == (0, None, None)
    assert projected(case)[:2] == (PROMISED, ClockState.PAUSED)


def test_the_step_after_the_wait_has_its_limit_from_the_end_of_the_wait(river: River, case: Case) -> None:
    run = river.walk(case, "pass", "fits", "deep", at=FRIDAY_NOON)
    run = river.walk(case, "low", at=NEXT_WEDNESDAY)
    assert limits(run)[:2] == (DAY, moment("2026-12-10 11:30"))


def test_a_pause_of_the_case_takes_nothing_off_the_next_steps_own_limit(river: River, case: Case) -> None:
    pass_on(river, case, lambda occasion: pause_clock(occasion.case, at=occasion.at, cause="flood"), at=MORNING)
    assert limits(only_open(case))[:2] == (1200, moment("2026-12-04 14:30"))


def test_a_step_may_be_due_after_the_case(river: River, case: Case) -> None:
    """Late already: the step's limit is the office's own, the promise stands."""
    run = river.walk(case, "pass", at=NEXT_WEDNESDAY)
    due_at = projected(case)[0]
    assert run.due_at is not None
    assert due_at is not None
    assert run.due_at > due_at
