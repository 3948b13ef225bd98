"""A case told to people: its steps in a row, and its due date line by line."""

import re
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from tests.factories.moments import MORNING, moment
from tests.factories.office import publish
from tests.workflow.ferry import FERRY, River
from tests.workflow.harbour import Harbour
from tests.workflow.tide import Deed, pass_on, pausing, resetting, resuming, stopping
from workflow.engine.operations.hand import claim_step
from workflow.engine.story import ClockStory, StepLine, clock_story, steps_of
from workflow.models import Case
from worktime.models import CalendarDay, WorkingCalendar

# Four working days after the morning it was received; a day and a half are used on Friday at noon.
PROMISED = moment("2026-12-08 17:00")
FRIDAY_NOON, NEXT_WEDNESDAY = moment("2026-12-04 11:30"), moment("2026-12-09 11:30")


@pytest.fixture
def case(river: River) -> Case:
    return river.start(at=MORNING)


def rail(case: Case, now: datetime = MORNING) -> list[StepLine]:
    return steps_of(Case.objects.get(pk=case.pk), now=now)


def clock(case: Case, now: datetime) -> ClockStory:
    return clock_story(Case.objects.get(pk=case.pk), now=now)


def bar(story: ClockStory) -> list[tuple[str, str]]:
    return [(stretch.kind, stretch.words) for stretch in story.bar]


# Steps ---------------------------------------------------------------------------------------------


def test_steps_are_told_as_passed_open_and_still_to_come(river: River, case: Case) -> None:
    river.walk(case, "pass", at=MORNING)
    assert [(line.number, line.title, line.state) for line in rail(case)] == [
        (1, "Nhận đơn", "done"),
        (2, "Xem bến", "now"),
        (3, "Đo luồng", ""),
        (4, "Chờ nước rút", ""),
        (5, "Vẽ bến", ""),
        (6, "Ký giấy phép", ""),
        (7, "Báo chủ đò", ""),
    ]


def test_a_step_that_was_sent_back_is_told_both_times(river: River, case: Case) -> None:
    river.walk(case, "pass", "ask_again", "pass", at=MORNING)
    told = [(line.number, line.title, line.state) for line in rail(case)]
    assert told[:5] == [
        (1, "Nhận đơn", "done"),
        (2, "Xem bến", "done"),
        (3, "Nhận đơn", "done"),
        (4, "Xem bến", "now"),
        (5, "Đo luồng", ""),
    ]
    assert [line.run.outcome_name for line in rail(case)[:4] if line.run] == [
        *("Chuyển đi", "Trả lại quầy", "Chuyển đi", "")
    ]


def test_a_step_is_told_without_the_time_the_clock_stood_still(harbour: Harbour) -> None:
    """As its limit, the control slip and the clock's page have it, while it is open and afterwards."""
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", at=MORNING)
    told = [{line.title: line.time for line in rail(case, now)}["Đo dưới nước"] for now in (MORNING, NEXT_WEDNESDAY)]
    assert told == ["0/1", "0/1"]
    harbour.go(case, "over", at=FRIDAY_NOON)
    harbour.go(case, "deep", at=moment("2026-12-07 11:30"))
    [water] = [line for line in rail(case, NEXT_WEDNESDAY) if line.title == "Đo dưới nước"]
    assert (water.state, water.time) == ("done", "1/1")


def test_attack_49_steps_are_told_in_the_order_they_happened_however_the_clocks_jump(river: River, case: Case) -> None:
    river.end(case, "pass", at=NEXT_WEDNESDAY)
    river.end(case, "fits", at=MORNING)
    assert [line.title for line in rail(case) if line.state] == ["Nhận đơn", "Xem bến", "Đo luồng"]


def test_of_a_finished_case_nothing_is_still_to_come(river: River, case: Case) -> None:
    river.walk(case, "pass", at=MORNING)
    river.end(case, "stop", at=MORNING)
    assert [(line.title, line.state) for line in rail(case)] == [("Nhận đơn", "done"), ("Xem bến", "done")]


def test_the_way_ahead_is_told_though_it_leads_back_to_where_it_was(river: River) -> None:
    text = FERRY.replace('code = "thu"', 'code = "vong"', 1)
    text = text.replace(
        'name = "Đã báo"', 'name = "Đã báo"\nto = "draw"\n\n[[steps.outcomes]]\ncode = "end"\nname = "Xong"'
    )
    case = River(river.office, publish(text), river.landing).start(at=MORNING)
    assert [line.title for line in rail(case)][-2:] == ["Ký giấy phép", "Báo chủ đò"]


def test_a_step_names_who_completed_it_who_has_it_or_where_it_waits(river: River, case: Case) -> None:
    run = river.walk(case, "pass", at=MORNING)
    assert [line.who for line in rail(case)[:3]] == [river.office.clerk.full_name, river.branch.short_name, ""]
    claim_step(step_run_id=run.pk, version=run.version, acting=river.acting(river.office.specialist))
    assert rail(case)[1].who == river.office.specialist.full_name


def test_time_is_told_as_used_of_the_limit_in_days(river: River, case: Case) -> None:
    river.walk(case, "pass", at=FRIDAY_NOON)
    now = moment("2026-12-08 11:30")
    assert [line.time for line in rail(case, now)] == ["2,3/0,5", "2/2,5", "–/1", "", "–/1", "–/1", ""]


def test_time_spent_waiting_is_told_as_outside_the_limit(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", at=MORNING)
    assert rail(case, NEXT_WEDNESDAY)[3].time == "không tính hạn"


def test_the_time_of_a_completed_step_does_not_grow(river: River, case: Case) -> None:
    river.walk(case, "pass", at=moment("2026-12-02 14:30"))
    assert rail(case, NEXT_WEDNESDAY)[0].time == "0,5/0,5"


def test_what_the_clock_stood_still_is_not_told_as_time_of_the_step(harbour: Harbour) -> None:
    """Posted on the shore from Wednesday at nine to Thursday half past eight; measured in the water meanwhile."""
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", at=MORNING)
    harbour.go(case, "over", at=moment("2026-12-03 08:30"))
    now = moment("2026-12-03 14:00")
    assert [line.time for line in rail(case, now) if line.title == "Đo dưới nước"] == ["0,5/1"]
    harbour.go(case, "deep", at=now)
    assert [line.time for line in rail(case, NEXT_WEDNESDAY) if line.title == "Đo dưới nước"] == ["0,5/1"]


# The clock line by line ----------------------------------------------------------------------------


def test_each_line_says_in_words_what_happened_and_on_what_ground(river: River, case: Case) -> None:
    for deed, at in (
        (pausing(), FRIDAY_NOON),
        (resuming(), NEXT_WEDNESDAY),
        (resetting(), NEXT_WEDNESDAY),
        (stopping(), NEXT_WEDNESDAY),
    ):
        pass_on(river, case, deed, at=at)
    assert [(line.words, line.basis) for line in clock(case, NEXT_WEDNESDAY).lines] == [
        ("Bắt đầu: hồ sơ đầy đủ", "Quy định thử nghiệm Điều 3: 4 ngày"),
        ("Tạm dừng: nước lớn, tin số 17/TL", "Điều 7"),
        ("Chạy tiếp: nước lớn, tin số 18/TL", "Điều 8"),
        ("Tính lại từ đầu: hồ sơ đầy đủ", "Điều 9: 4 ngày"),
        ("Kết thúc: đã có giấy phép", ""),
    ]


def test_each_line_has_its_sign_and_its_moment(river: River, case: Case) -> None:
    for deed in (pausing(), resuming(), resetting(), stopping()):
        pass_on(river, case, deed, at=FRIDAY_NOON)
    lines = clock(case, NEXT_WEDNESDAY).lines
    assert [(line.icon, line.tone) for line in lines] == [
        ("play-circle", "ok"),
        ("pause-circle", "pause"),
        ("play-circle", "ok"),
        ("arrow-counterclockwise", "ok"),
        ("stop-circle", "ok"),
    ]
    assert [line.at for line in lines] == [MORNING, *[FRIDAY_NOON] * 4]


def test_a_paused_case_says_why_in_words_and_by_which_law_and_nothing_runs(river: River, case: Case) -> None:
    pass_on(river, case, pausing(basis="NĐ 61/2018 Điều 19"), at=FRIDAY_NOON)
    story = clock(case, NEXT_WEDNESDAY)
    last = story.lines[-1]
    assert (last.words, last.basis) == ("Tạm dừng: nước lớn, tin số 17/TL", "NĐ 61/2018 Điều 19")
    assert (last.added, last.used, last.due) == ("1,5", "1,5", "–")
    assert (story.deadline.tone, story.deadline.words) == ("pause", "Tạm dừng")


def test_while_it_runs_the_last_line_says_how_it_stands_now(river: River, case: Case) -> None:
    story = clock(case, FRIDAY_NOON)
    now = story.lines[-1]
    assert (now.words, now.at, now.tone, now.used, now.due) == ("Bây giờ", FRIDAY_NOON, "ok", "1,5", "Còn 2,5 ngày")
    late = clock(case, NEXT_WEDNESDAY).lines[-1]
    assert (late.tone, late.used, late.due) == ("late", "4,5", "Quá hạn 0,5 ngày")


@pytest.mark.parametrize("deed", [pausing(), stopping()], ids=["paused", "stopped"])
def test_standing_still_there_is_no_line_for_now(river: River, case: Case, deed: Deed) -> None:
    pass_on(river, case, deed, at=FRIDAY_NOON)
    assert len(clock(case, NEXT_WEDNESDAY).lines) == 2


def test_the_lines_add_up_to_what_is_used_and_to_the_due_date(river: River, case: Case) -> None:
    """Half days only, so that nothing is lost in rounding."""
    noons = [moment(f"2026-12-{day:02d} 11:30") for day in (3, 4, 7, 8, 9)]
    for deed, at in zip((pausing(), resuming(), pausing(), resuming()), noons[:4], strict=True):
        pass_on(river, case, deed, at=at)
    story = clock(case, noons[4])
    days = [float(line.added.replace(",", ".")) for line in story.lines if line.added not in ("", "–")]
    # Half of Thursday and the days between the pauses; since the last one ended, a day.
    assert (days, story.lines[-2].used, story.lines[-1].used) == ([0.5, 1], "1,5", "2,5")
    dues = [line.due for line in story.lines]
    assert dues == ["08/12/2026 17:00", "–", "09/12/2026 17:00", "–", "10/12/2026 17:00", "Còn 1,5 ngày"]
    assert story.due_at == moment("2026-12-10 17:00")


def test_attack_50_a_line_says_what_was_promised_then_whatever_the_calendar_says_now(river: River, case: Case) -> None:
    CalendarDay.objects.create(
        calendar=WorkingCalendar.objects.get(), date=date(2026, 12, 7), note="Nghỉ bù", source="thử"
    )
    WorkingCalendar.objects.update(revision=UUID(int=1))
    story = clock(case, FRIDAY_NOON)
    assert (story.due_at, story.lines[0].due) == (PROMISED, "08/12/2026 17:00")


# The reason in one sentence ------------------------------------------------------------------------

LATE = " Nhận sau 15:00 hoặc ngày nghỉ: tính từ ngày làm việc tiếp theo."


def said(start: str, *days_off: str, cause: str = "hồ sơ đầy đủ", limit: str = "4 ngày", paused: str = "") -> str:
    parts = [f"{limit} làm việc sau {start} ({cause})", "không tính ngày nhận"]
    parts += [f"tạm dừng {paused}"] if paused else []
    parts += [f"nghỉ {', '.join(days_off)}"] if days_off else []
    return f"{'; '.join(parts)}."


def test_the_reason_names_the_limit_its_beginning_and_the_days_off(river: River, case: Case) -> None:
    assert clock(case, MORNING).why == said("02/12/2026 09:00", "05/12", "06/12")


def test_without_a_day_off_none_is_named(river: River) -> None:
    case = river.start(at=moment("2026-12-07 08:00"))
    assert clock(case, MORNING).why == said("07/12/2026 08:00")


def test_a_holiday_is_called_by_its_name(river: River) -> None:
    case = river.start(at=moment("2026-12-29 08:00"))
    assert "01/01 (" in clock(case, MORNING).why


def test_what_comes_late_or_on_a_day_off_says_from_when_it_counts(river: River) -> None:
    evening, saturday = river.start(at=moment("2026-12-02 15:01")), river.start(at=moment("2026-12-05 10:00"))
    assert clock(evening, MORNING).why == said("02/12/2026 15:01", "05/12", "06/12") + LATE
    assert clock(saturday, MORNING).why == said("05/12/2026 10:00", "05/12", "06/12") + LATE
    assert LATE not in clock(river.start(at=moment("2026-12-02 15:00")), MORNING).why


def test_the_time_a_pause_has_moved_it_on_is_part_of_the_reason(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=FRIDAY_NOON)
    assert "tạm dừng" not in clock(case, NEXT_WEDNESDAY).why
    pass_on(river, case, resuming(), at=NEXT_WEDNESDAY)
    assert clock(case, NEXT_WEDNESDAY).why == said("02/12/2026 09:00", "05/12", "06/12", paused="3 ngày")


def test_of_several_beginnings_the_last_is_the_reason(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=FRIDAY_NOON)
    pass_on(river, case, resetting(), at=NEXT_WEDNESDAY)
    assert clock(case, NEXT_WEDNESDAY).why == said("09/12/2026 11:30", "12/12", "13/12")


def test_of_the_second_appointment_it_is_its_own_limit(river: River, case: Case) -> None:
    river.walk(case, "pass", "fits", "deep", "low", at=moment("2026-12-07 10:00"))
    story = clock(case, NEXT_WEDNESDAY)
    assert story.why == said("07/12/2026 10:00", cause="nước rút", limit="2 ngày")
    assert (story.appointment, story.due_at) == ("Hẹn trả lần 2", moment("2026-12-09 17:00"))


@pytest.mark.parametrize(
    ("received", "paused"),
    [
        ("2026-12-02 09:00", ()),
        ("2026-12-02 15:30", ()),
        ("2026-12-05 10:00", ()),
        ("2026-12-29 16:00", ()),
        ("2026-12-02 09:00", ("2026-12-04 11:30", "2026-12-09 11:30")),
        ("2026-12-04 15:30", ("2026-12-08 11:30", "2026-12-15 11:30")),
        ("2026-12-02 09:00", ("2026-12-02 10:00", "2026-12-02 14:00")),
    ],
)
def test_the_reason_adds_up_to_the_due_date(river: River, received: str, paused: tuple[str, ...]) -> None:
    """Counted on the fingers, as an applicant would: day by day from the beginning, over what is named as off."""
    case = river.start(at=moment(received))
    for deed, at in zip((pausing(), resuming()), paused, strict=False):
        pass_on(river, case, deed, at=moment(at))
    story = clock(case, moment(received))
    head, _semicolon, rest = story.why.partition(";")
    off = {tuple(map(int, day.split("/"))) for day in re.findall(r"\d\d?/\d\d?(?!/)", rest)}
    days = sum(int(number) for number in re.findall(r"(\d+) ngày", head + "".join(re.findall("tạm dừng .*?;", rest))))
    day = moment(received).date()
    if LATE in story.why:
        day = next(late for late in after(day) if (late.day, late.month) not in off)
    counted = [one for one in after(day, 40) if (one.day, one.month) not in off]
    assert story.due_at is not None
    assert counted[days - 1] == story.due_at.astimezone(MORNING.tzinfo).date()


def after(day: date, count: int = 14) -> list[date]:
    return [day + timedelta(days=number) for number in range(1, count)]


def test_an_edition_with_one_appointment_does_not_number_it(river: River, case: Case) -> None:
    text = FERRY.replace('code = "thu"', 'code = "mot"', 1)
    second = text[text.index("[[appointments]]\nnumber = 2") : text.index("[form]")]
    text = text.replace(second, "").replace('effect = "water_is_low"\n', "").replace("days = 4\n", "days = 6\n", 1)
    single = River(river.office, publish(text), river.landing).start(at=MORNING)
    assert clock(single, MORNING).appointment == "Hẹn trả"
    assert clock(case, MORNING).appointment == "Hẹn trả lần 1"


# The bar -------------------------------------------------------------------------------------------


def test_the_bar_shows_what_is_used_and_what_is_left(river: River, case: Case) -> None:
    story = clock(case, FRIDAY_NOON)
    assert bar(story) == [("done", "đã dùng 1,5 ngày"), ("left", "còn 2,5 ngày")]
    assert [stretch.share for stretch in story.bar] == [38, 62]


def test_the_bar_shows_a_pause_where_it_was(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=FRIDAY_NOON)
    assert bar(clock(case, NEXT_WEDNESDAY)) == [("done", "đã dùng 1,5 ngày"), ("pause", "tạm dừng 3 ngày")]
    pass_on(river, case, resuming(), at=NEXT_WEDNESDAY)
    assert bar(clock(case, moment("2026-12-10 11:30"))) == [
        ("done", "đã dùng 1,5 ngày"),
        ("pause", "tạm dừng 3 ngày"),
        ("done", "đã dùng 1 ngày"),
        ("left", "còn 1,5 ngày"),
    ]


def test_the_bar_shows_what_had_been_used_before_it_began_anew(river: River, case: Case) -> None:
    pass_on(river, case, resetting(), at=FRIDAY_NOON)
    assert bar(clock(case, FRIDAY_NOON))[0] == ("done", "đã dùng 1,5 ngày")


def test_the_bar_counts_from_the_last_pause_what_was_used_before_it_began_anew(river: River, case: Case) -> None:
    pass_on(river, case, pausing(), at=FRIDAY_NOON)
    pass_on(river, case, resuming(), at=moment("2026-12-07 11:30"))
    pass_on(river, case, resetting(), at=NEXT_WEDNESDAY)
    assert bar(clock(case, NEXT_WEDNESDAY)) == [
        ("done", "đã dùng 1,5 ngày"),
        ("pause", "tạm dừng 1 ngày"),
        ("done", "đã dùng 2 ngày"),
        ("done", "đã dùng 0 phút"),
        ("left", "còn 4 ngày"),
    ]


def test_the_bar_stays_paused_while_one_of_two_pauses_lasts(river: River, case: Case) -> None:
    pass_on(river, case, pausing("flood"), at=FRIDAY_NOON)
    pass_on(river, case, pausing("low_water"), at=FRIDAY_NOON)
    pass_on(river, case, resuming("flood"), at=moment("2026-12-07 11:30"))
    assert [kind for kind, _words in bar(clock(case, NEXT_WEDNESDAY))] == ["done", "pause", "pause", "pause"]


def test_stopped_nothing_is_left_in_the_bar(river: River, case: Case) -> None:
    pass_on(river, case, stopping(), at=FRIDAY_NOON)
    story = clock(case, NEXT_WEDNESDAY)
    assert bar(story) == [("done", "đã dùng 1,5 ngày")]
    assert story.deadline.tone == "done"


def test_overdue_the_bar_shows_by_how_much(river: River, case: Case) -> None:
    assert bar(clock(case, NEXT_WEDNESDAY)) == [("done", "đã dùng 4 ngày"), ("late", "quá hạn 0,5 ngày")]


def test_even_what_took_no_time_is_wide_enough_to_be_seen(river: River, case: Case) -> None:
    shares = [stretch.share for stretch in clock(case, MORNING).bar]
    assert shares == [8, 92]
