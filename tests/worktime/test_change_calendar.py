"""Changing a calendar: by dated rows, with a reason, told once."""

from datetime import date, time
from uuid import uuid4

import pytest

from audit.models import AuditEvent
from audit.recording import SYSTEM
from tests.worktime.office import at, office
from worktime.calendar import NearRule
from worktime.models import CalendarChange, CalendarDay, ChangeKind, WorkingCalendar
from worktime.operations.change import (
    Change,
    ChangedMeanwhile,
    FaultyChange,
    NothingChanged,
    change_calendar,
    changed_by,
)
from worktime.operations.load import load_calendar
from worktime.selectors import calendar_in_force

TEXT = 'hours = "07:30-11:30, 13:00-17:00"\nlate_after = 15:00:00\n'
FRIDAY, SATURDAY = date(2026, 12, 4), date(2026, 12, 5)


@pytest.fixture(autouse=True)
def calendar(db: None) -> None:
    load_calendar(code="yen-giang", text=TEXT, actor=SYSTEM)


def make(change: Change, reason: str = "Công văn 12", revision: object = None) -> CalendarChange:
    return change_calendar(code="yen-giang", change=change, reason=reason, actor=SYSTEM, revision=revision)  # type: ignore[arg-type]


def off(day: date = FRIDAY) -> Change:
    return Change(kind=ChangeKind.DAY, day=day, note="Nghỉ bù")


def test_a_day_off_counts_from_the_next_look_on() -> None:
    assert calendar_in_force().is_working_day(FRIDAY)
    make(off())
    assert not calendar_in_force().is_working_day(FRIDAY)


def test_a_saturday_can_be_worked_half_a_day() -> None:
    make(Change(kind=ChangeKind.DAY, day=SATURDAY, hours="07:30-11:30", note="Làm bù"))
    calendar = calendar_in_force()
    assert calendar.add(at("04/12/2026 16:00"), 120) == at("05/12/2026 08:30")
    assert calendar.closing(SATURDAY) == at("05/12/2026 11:30")


def test_a_day_can_be_as_weekends_and_holidays_have_it_again() -> None:
    make(off())
    make(Change(kind=ChangeKind.DROP, day=FRIDAY))
    assert calendar_in_force().is_working_day(FRIDAY)
    assert not CalendarDay.objects.exists()


def test_other_office_hours_count_from_their_day_on_and_not_before() -> None:
    """In summer work begins half an hour earlier, and what comes after 14:30 is the next day's."""
    summer = "07:00-11:00, 12:30-16:30"
    make(Change(kind=ChangeKind.HOURS, day=date(2027, 5, 3), hours=summer, late_after=time(14, 30)))
    calendar = calendar_in_force()
    assert calendar.closing(date(2027, 4, 28)) == at("28/04/2027 17:00")
    assert calendar.closing(date(2027, 5, 4)) == at("04/05/2027 16:30")
    assert calendar.counting_day(at("28/04/2027 14:45")) == date(2027, 4, 28)
    assert calendar.counting_day(at("04/05/2027 14:45")) == date(2027, 5, 5)


def test_the_rule_of_warnings_is_data() -> None:
    make(Change(kind=ChangeKind.RULE, rule=NearRule(2, 30, 3)))
    assert calendar_in_force().near == NearRule(2, 30, 3)


def test_a_change_is_kept_and_told_with_what_was_and_what_is() -> None:
    made = make(off())
    make(Change(kind=ChangeKind.DAY, day=FRIDAY, hours="07:30-11:30", note="Nghỉ chiều"))
    assert [(one.before, one.after, one.note) for one in CalendarChange.objects.order_by("pk")] == [
        ("", "off", "Nghỉ bù"),
        ("off", "07:30-11:30", "Nghỉ chiều"),
    ]
    events = AuditEvent.objects.filter(stream="calendar:yen-giang", verb="calendar.changed")
    assert events.count() == 2
    assert f'"change":{made.pk}' in events.order_by("sequence")[0].payload


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change(kind=ChangeKind.DAY, day=FRIDAY), "note"),
        (Change(kind=ChangeKind.DAY, day=FRIDAY, note="x" * 201), "note"),
        (Change(kind=ChangeKind.DAY, day=FRIDAY, hours="7h30", note="x"), "hours"),
        (Change(kind=ChangeKind.DAY, day=FRIDAY, hours="11:30-07:30", note="x"), "hours"),
        (Change(kind=ChangeKind.DAY, note="x"), "day"),
        (Change(kind=ChangeKind.HOURS, day=FRIDAY, hours="07:30-11:30"), "hours"),
        (Change(kind=ChangeKind.RULE, rule=NearRule(131, 20, 2)), "rule"),
        (Change(kind=ChangeKind.RULE, rule=NearRule(1, 101, 2)), "rule"),
        (Change(kind=ChangeKind.RULE, rule=NearRule(1, 20, 0)), "rule"),
    ],
)
def test_what_cannot_be_is_said_by_its_field_and_changes_nothing(change: Change, field: str) -> None:
    before = WorkingCalendar.objects.values().get()
    with pytest.raises(FaultyChange) as fault:
        make(change)
    assert fault.value.field == field
    assert WorkingCalendar.objects.values().get() == before
    assert not CalendarChange.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 251])
def test_no_change_without_a_reason(reason: str) -> None:
    with pytest.raises(FaultyChange) as fault:
        make(off(), reason=reason)
    assert fault.value.field == "reason"


def test_what_is_so_already_is_not_changed() -> None:
    make(off())
    with pytest.raises(NothingChanged):
        make(Change(kind=ChangeKind.DAY, day=FRIDAY, note="Nghỉ bù"))
    with pytest.raises(NothingChanged):
        make(Change(kind=ChangeKind.DROP, day=SATURDAY))


def test_what_a_day_is_called_can_be_corrected() -> None:
    make(off())
    made = make(Change(kind=ChangeKind.DAY, day=FRIDAY, note="Nghỉ bù Ngày Văn hóa"), reason="Ghi nhầm tên")
    assert (made.before, made.after, made.note) == ("off", "off", "Nghỉ bù Ngày Văn hóa")
    day = CalendarDay.objects.get()
    assert (day.note, day.source) == ("Nghỉ bù Ngày Văn hóa", "Ghi nhầm tên")


def test_attack_46_a_calendar_somebody_else_changed_meanwhile_is_not_changed_unseen() -> None:
    with pytest.raises(ChangedMeanwhile):
        make(off(), revision=uuid4())


def test_what_was_changed_by_hand_is_not_loaded_over() -> None:
    make(off())
    assert not load_calendar(code="yen-giang", text=TEXT, actor=SYSTEM)
    assert not calendar_in_force().is_working_day(FRIDAY)


def test_a_calendar_as_it_would_be_forgets_what_was_worked_out_before() -> None:
    now = office()
    assert now.minutes_between(at("01/10/2026 00:00"), at("31/12/2026 00:00"))
    then = changed_by(off(), now)
    assert (now.is_working_day(FRIDAY), then.is_working_day(FRIDAY)) == (True, False)
    start, end = at("01/10/2026 00:00"), at("31/12/2026 00:00")
    assert now.minutes_between(start, end) - then.minutes_between(start, end) == 480
