"""What is promised at the counter, and that the promise stays."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.dossiers import begun, case_behind, received
from tests.factories.moments import moment
from tests.factories.office import Office
from worktime.models import CalendarDay, WorkingCalendar

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-12-02 07:31", "2026-12-09 17:00"),
        ("2026-12-02 15:00", "2026-12-09 17:00"),
        ("2026-12-02 15:01", "2026-12-10 17:00"),
        ("2026-12-04 15:01", "2026-12-14 17:00"),
        ("2026-12-05 10:00", "2026-12-14 17:00"),
        ("2026-12-06 23:59", "2026-12-14 17:00"),
        ("2026-12-28 09:00", "2027-01-05 17:00"),
    ],
    ids=["early", "at three", "after three", "late on Friday", "Saturday", "Sunday", "over New Year's Day"],
)
def test_the_day_of_receipt_does_not_count(office: Office, at: str, due: str) -> None:
    dossier = received(office, at=moment(at))
    assert case_behind(dossier).due_at == moment(due)
    assert f"{moment(due):%d/%m/%Y}" in dossier.forms.get().content["due_at"]


def test_the_screen_promises_what_the_receipt_will(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    promised = client.get(reverse("intake", args=[begun(office).pk])).context["promise"]
    assert promised.due_at == case_behind(received(office)).due_at


def test_attack_50_a_holiday_entered_later_changes_no_promise(office: Office) -> None:
    dossier = received(office)
    calendar = WorkingCalendar.objects.get()
    CalendarDay.objects.create(calendar=calendar, date=date(2026, 12, 4), note="Nghỉ bù", source="thử")
    WorkingCalendar.objects.update(revision="00000000-0000-0000-0000-000000000001")
    assert case_behind(dossier).due_at == moment("2026-12-09 17:00")
    assert "09/12/2026" in dossier.forms.get().content["due_at"]
    assert case_behind(received(office)).due_at == moment("2026-12-10 17:00")


def test_two_appointments_begin_with_the_first(office: Office) -> None:
    case = case_behind(received(office, "P2"))
    assert (case.appointment, case.limit_minutes) == (1, 5 * 480)
