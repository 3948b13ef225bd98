"""Loading the calendar of a province, and the calendar in force."""

from datetime import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from audit.models import AuditEvent
from audit.recording import SYSTEM
from audit.selectors import history
from tests.worktime.office import at, day
from worktime import selectors
from worktime.calendar import read_shifts
from worktime.management.commands.load_calendar import SHIPPED
from worktime.models import CalendarDay, WorkingCalendar
from worktime.operations.load import FaultyCalendar, load_calendar
from worktime.selectors import calendar_in_force

pytestmark = pytest.mark.django_db

HEAD = 'hours = "07:30-11:30, 13:00-17:00"\nlate_after = 15:00:00\n'
OFF = '[[days]]\ndate = 2026-11-25\nhours = ""\nnote = "Nghỉ"\nsource = "Thông báo 12"\n'
WORKED = '[[days]]\ndate = 2026-11-28\nhours = "07:30-11:30"\nnote = "Làm bù"\nsource = "Thông báo 12"\n'


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "_known", {})


def load(text: str = HEAD + OFF, code: str = "yen-giang") -> bool:
    return load_calendar(code=code, text=text, actor=SYSTEM)


def test_a_calendar_is_loaded_with_its_days_and_one_event() -> None:
    assert load(HEAD + OFF + WORKED)
    calendar = WorkingCalendar.objects.get()
    assert (calendar.code, calendar.hours, calendar.late_after) == ("yen-giang", "07:30-11:30, 13:00-17:00", time(15))
    days = calendar.days.order_by("date").values_list("date", "hours", "note", "source")
    assert list(days) == [
        (day("25/11/2026"), "", "Nghỉ", "Thông báo 12"),
        (day("28/11/2026"), "07:30-11:30", "Làm bù", "Thông báo 12"),
    ]
    event = AuditEvent.objects.get()
    assert (event.stream, event.verb) == ("calendar:yen-giang", "calendar.loaded")
    with translation.override("en"):
        (line,) = history(["calendar:yen-giang"])
        assert line.words == "Loaded the working calendar yen-giang: 07:30-11:30, 13:00-17:00"


def test_loaded_again_nothing_happens() -> None:
    load()
    revision = WorkingCalendar.objects.get().revision
    assert not load()
    assert not load(HEAD + "# only a remark\n" + OFF)
    assert WorkingCalendar.objects.get().revision == revision
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        HEAD + OFF + WORKED,
        HEAD + OFF.replace("Nghỉ", "Nghỉ lễ"),
        HEAD + OFF.replace('""', '"07:30-09:30"'),
        HEAD.replace("15:00", "16:00") + OFF,
        HEAD.replace("17:00", "16:30") + OFF,
    ],
)
def test_every_difference_makes_a_new_revision_and_one_more_event(text: str) -> None:
    load()
    before = WorkingCalendar.objects.get().revision
    assert load(text)
    assert WorkingCalendar.objects.get().revision != before
    assert AuditEvent.objects.count() == 2
    assert not load(text)


def test_each_province_has_its_own_calendar() -> None:
    load()
    load(HEAD + WORKED, code="other")
    assert CalendarDay.objects.filter(calendar="yen-giang").count() == 1
    assert not load()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("hours = ", "Invalid value"),
        ('hours = "07:30-11:30"', "late_after"),
        ("late_after = 15:00:00", "hours"),
        ("hours = 8\nlate_after = 15:00:00", "hours"),
        (HEAD.replace("07:30-11:30", "11:30-07:30"), "hours"),
        ('hours = ""\nlate_after = 15:00:00', "hours"),
        ('hours = " , "\nlate_after = 15:00:00', "hours"),
        (HEAD.replace("15:00:00", "15"), "late_after"),
        (HEAD.replace("15:00:00", '"three"'), "late_after"),
        (HEAD.replace("15:00:00", "2026-01-01T15:00:00"), "late_after"),
        (HEAD + 'province = "Yên Giang"', "province"),
        (HEAD + "days = 3", "days"),
        (HEAD + OFF.replace("[[days]]", "[days]"), "days"),
        (HEAD + OFF.replace('""', '"8 hours"'), "days.0.hours"),
        (HEAD + OFF.replace('""', "[]"), "days.0.hours"),
        (HEAD + OFF.replace("2026-11-25", '"tomorrow"'), "days.0.date"),
        (HEAD + OFF.replace("2026-11-25", "2026-11-25T08:00:00"), "days.0.date"),
        (HEAD + OFF.replace("2026-11-25", "20261125"), "days.0.date"),
        (HEAD + OFF + WORKED.replace("note", "notice"), "days.1.note"),
        (HEAD + OFF + WORKED.replace("source", "# source"), "days.1.source"),
        (HEAD + OFF.replace("Nghỉ", "N" * 201), "days.0.note"),
        (HEAD + OFF + WORKED.replace("28", "25"), "days: "),
    ],
)
def test_a_faulty_file_is_refused_with_the_place_and_the_old_calendar_stays(text: str, place: str) -> None:
    load()
    with pytest.raises(FaultyCalendar) as refused:
        load(text)
    assert place in str(refused.value)
    assert CalendarDay.objects.get().note == "Nghỉ"
    assert AuditEvent.objects.count() == 1


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(FaultyCalendar) as refused:
        load('hours = "8"\n' + OFF.replace("note", "notice"))
    assert {"hours:", "late_after:", "days.0.note:"} <= set(str(refused.value).split())


# The command -------------------------------------------------------------------------------------


def test_the_command_loads_the_shipped_calendar_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_calendar")
    call_command("load_calendar")
    assert capsys.readouterr().out.splitlines() == ["yen-giang.toml: loaded", "yen-giang.toml: unchanged"]
    assert WorkingCalendar.objects.get().code == "yen-giang"
    assert AuditEvent.objects.count() == 1


def test_the_command_names_the_faulty_file_and_its_fault(tmp_path: Path) -> None:
    file = tmp_path / "tinh.toml"
    file.write_text(HEAD.replace("17:00", "17:00h"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"tinh\.toml: hours:.*17:00h"):
        call_command("load_calendar", file)
    with pytest.raises(CommandError, match=r"nowhere\.toml"):
        call_command("load_calendar", tmp_path / "nowhere.toml")
    assert not WorkingCalendar.objects.exists()


def test_the_command_refuses_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "tinh.toml"
    file.write_bytes(HEAD.encode() + b"# ngh\xec")
    with pytest.raises(CommandError, match=r"tinh\.toml"):
        call_command("load_calendar", file)


def test_the_shipped_calendar_honours_the_new_years_swap_of_2026() -> None:
    load((SHIPPED / "yen-giang.toml").read_text(encoding="utf-8"))
    calendar = calendar_in_force()
    # The package of holidays doesn't know it: 02/01 off, Saturday 10/01 worked instead.
    assert [calendar.is_working_day(day(f"{number:02d}/01/2026")) for number in (1, 2, 5, 9, 10, 17)] == [
        *(False, False, True, True, True, False)
    ]
    assert calendar.add(at("31/12/2025 17:00"), 480) == at("05/01/2026 17:00")
    assert (calendar.day_minutes, calendar.late_after) == (480, time(15))


# In force ----------------------------------------------------------------------------------------


def test_without_a_calendar_there_is_none_in_force() -> None:
    with pytest.raises(WorkingCalendar.DoesNotExist):
        calendar_in_force()


def test_the_calendar_is_built_once_and_then_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load()
    first = calendar_in_force()
    for _ in range(3):
        with django_assert_num_queries(1):
            assert calendar_in_force() is first


def test_an_edit_is_in_force_at_once() -> None:
    load()
    assert not calendar_in_force().is_working_day(day("25/11/2026"))
    load(HEAD + WORKED)
    calendar = calendar_in_force()
    assert calendar.is_working_day(day("25/11/2026"))
    assert calendar.minutes_between(at("28/11/2026 00:00"), at("29/11/2026 00:00")) == 240
    assert len(selectors._known) == 1


def test_a_calendar_edited_while_it_is_read_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    load()

    def read_and_be_overtaken(text: str) -> object:
        WorkingCalendar.objects.update(revision="00000000-0000-0000-0000-000000000001")
        return read_shifts(text)

    monkeypatch.setattr("worktime.selectors.read_shifts", read_and_be_overtaken)
    calendar_in_force()
    assert selectors._known == {}


def test_only_the_settings_province_is_in_force(settings: object) -> None:
    load()
    load(HEAD.replace("17:00", "16:00"), code="other")
    assert calendar_in_force().day_minutes == 480
    settings.PROVINCE = "other"  # type: ignore[attr-defined] # pytest-django's settings
    assert calendar_in_force().day_minutes == 420
