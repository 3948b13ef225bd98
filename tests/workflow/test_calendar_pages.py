"""The pages of the working calendar: looked at by everybody, changed by an administrator who saw what moves."""

import re
from datetime import date
from typing import Any, cast
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.moments import MORNING, stop_the_clock
from tests.workflow.almanac import HOLIDAY, REASON, day_off, recalculated, revision
from tests.workflow.ferry import River
from tests.workflow.screen import words
from workflow.deadlines import moves
from workflow.deadlines.models import Recalculation
from workflow.models import Case
from worktime.models import CalendarChange
from worktime.selectors import calendar_in_force

OFF = {"kind": "day", "day": "04/12/2026", "worked": "off", "note": "Nghỉ bù"}


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def case(river: River, client: Client) -> Case:
    """The administrator is signed in."""
    client.force_login(river.office.administrator)
    return river.start(at=MORNING)


def get(client: Client, name: str, **asked: str) -> HttpResponse:
    return cast("HttpResponse", client.get(reverse(name), asked))


def preview(client: Client, **typed: str) -> Any:
    return client.get(reverse("calendar_preview"), {**OFF, **typed})


def change(client: Client, **typed: str) -> Any:
    sent = {**OFF, "reason": REASON, "revision": str(revision()), **typed}
    return client.post(reverse("calendar_change"), sent)


def shown(case: Case) -> str:
    """The code as `words` reads it: its number is bold."""
    return case.code.replace("-", "- ")


# The year ------------------------------------------------------------------------------------------


def cell(page: str, day: str) -> str:
    """The classes of a day's cell."""
    found = re.search(rf'<td class="([^"]*)"[^>]*><a href="\?ngay={day}"', page)
    assert found, day
    return found[1]


def test_every_day_shows_what_is_worked_on_it(client: Client, case: Case, river: River) -> None:
    day_off(river.office)
    page = client.get(reverse("calendar")).content.decode()
    found = [cell(page, day) for day in ("2026-12-02", "2026-12-04", "2026-12-05", "2026-02-17", "2026-08-22")]
    assert found == ["d-worked", "d-closed", "d-off", "d-holiday", "d-extra"]
    assert 'title="Nghỉ bù"' in page


def test_another_year_and_a_chosen_day_are_addresses(client: Client, case: Case) -> None:
    assert "2027" in words(get(client, "calendar", nam="2027"))
    page = client.get(reverse("calendar"), {"ngay": "2027-05-06"}).content.decode()
    assert 'value="06/05/2027"' in page
    assert "chosen" in cell(page, "2027-05-06")


@pytest.mark.parametrize("nam", ["0001", "9999", "x", "-1", "99999"])
def test_a_year_nobody_knows_is_the_nearest_one(client: Client, case: Case, nam: str) -> None:
    assert client.get(reverse("calendar"), {"nam": nam}).status_code == 200


def test_who_may_not_change_it_looks_at_it_without_forms(client: Client, river: River) -> None:
    client.force_login(river.office.look_up)
    page = client.get(reverse("calendar")).content.decode()
    assert reverse("calendar_preview") not in page
    assert "?ngay=" not in page


# Preview -------------------------------------------------------------------------------------------


def test_the_preview_names_each_case_with_both_dates_and_changes_nothing(client: Client, case: Case) -> None:
    before = Case.objects.values().get(), revision()
    page = words(preview(client))
    assert shown(case) in page
    assert "08/12/2026 17:00" in page
    assert "09/12/2026 17:00" in page
    assert (Case.objects.values().get(), revision()) == before


def test_a_day_no_case_spans_moves_none(client: Client, case: Case) -> None:
    assert shown(case) not in words(preview(client, day="11/12/2026"))


def test_a_make_up_day_moves_cases_nearer(client: Client, case: Case) -> None:
    page = words(preview(client, day="05/12/2026", worked="usual", note="Làm bù"))
    assert "07/12/2026 17:00" in page


def test_other_hours_show_the_hour_they_lead_to(client: Client, case: Case) -> None:
    sent = {"kind": "hours", "day": "07/12/2026", "hours": "07:00-11:00, 12:30-16:30", "late_after": "14:30"}
    assert "08/12/2026 16:30" in words(get(client, "calendar_preview", **sent))


def test_what_an_earlier_change_left_as_promised_is_not_this_ones_doing(
    client: Client, case: Case, river: River
) -> None:
    day_off(river.office, date(2026, 12, 7))
    page = words(preview(client))
    assert "10/12/2026 17:00" in page
    assert shown(case) not in words(preview(client, day="11/12/2026"))


def test_the_preview_goes_on_page_by_page_at_a_cost_that_does_not_grow(
    client: Client,
    river: River,
    case: Case,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moves, "PAGE", 2)
    codes = {case.code} | {river.start(at=MORNING).code for _number in range(4)}
    seen, after = set[str](), "0"
    for _page in range(3):
        with CaptureQueriesContext(connection) as captured:
            page = preview(client, sau=after).content.decode()
        assert len(captured) <= 14
        seen |= {code for code in codes if code[-4:] in page}
        found = re.search(r'rel="next"[^>]*sau=(\d+)', page)
        after = found[1] if found else ""
    assert (seen, after) == (codes, "")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "31/02/2026"}, "day"),
        ({"day": "01/01/1900"}, "day"),
        ({"note": ""}, "note"),
        ({"worked": "other", "hours": ""}, "hours"),
        ({"worked": "other", "hours": "sáng"}, "hours"),
        ({"worked": "party"}, "worked"),
        ({"kind": "rule", "near_days": "-1", "near_percent": "20", "apology_days": "2"}, "near_days"),
        ({"kind": "hours", "hours": "07:30-11:30", "late_after": "15:00"}, "hours"),
    ],
)
def test_what_is_wrong_stands_at_its_field_with_what_was_typed(
    client: Client, case: Case, typed: dict[str, str], field: str
) -> None:
    answer = preview(client, **typed)
    page = answer.content.decode()
    kind = typed.get("kind", "day")
    assert answer.status_code == 422
    assert re.search(rf'id="{kind}_{field}_help" class="help bad"', page)


@pytest.mark.parametrize("kind", ["", "drop", "everything"])
def test_a_form_that_is_none_is_not_taken(client: Client, case: Case, kind: str) -> None:
    assert preview(client, kind=kind).status_code == 422


# The change ----------------------------------------------------------------------------------------


def test_the_change_is_made_with_its_reason_and_leads_to_what_it_left_behind(client: Client, case: Case) -> None:
    answer = change(client)
    assert (answer.status_code, answer["Location"]) == (303, reverse("calendar_moves"))
    made = CalendarChange.objects.get()
    assert (made.date, made.after, made.reason) == (HOLIDAY, "off", REASON)
    assert not calendar_in_force().is_working_day(HOLIDAY)
    page = words(get(client, "calendar_moves"))
    assert shown(case) in page
    assert "09/12/2026 17:00" in page


def test_a_day_is_as_usual_again(client: Client, case: Case) -> None:
    change(client)
    assert change(client, worked="drop", note="").status_code == 303
    assert calendar_in_force().is_working_day(HOLIDAY)


@pytest.mark.parametrize(
    ("typed", "status"),
    [({"reason": ""}, 422), ({"day": "x"}, 422), ({"revision": str(uuid4())}, 409), ({"revision": "x"}, 409)],
)
def test_what_is_not_right_changes_nothing(client: Client, case: Case, typed: dict[str, str], status: int) -> None:
    assert change(client, **typed).status_code == status
    assert not CalendarChange.objects.exists()


def test_attack_44_the_same_form_sent_twice_is_one_change(client: Client, case: Case) -> None:
    seen = str(revision())
    assert [change(client, revision=seen).status_code for _time in range(2)] == [303, 409]
    assert CalendarChange.objects.count() == 1


@pytest.mark.parametrize("who", ["clerk", "specialist", "head", "look_up"])
@pytest.mark.parametrize("address", ["calendar_preview", "calendar_moves", "calendar_change", "calendar_recalculate"])
def test_attack_33_only_an_administrator_looks_ahead_changes_or_recalculates(
    client: Client, river: River, who: str, address: str
) -> None:
    client.force_login(getattr(river.office, who))
    sent = {**OFF, "reason": REASON, "revision": str(revision())}
    ask = client.get if address in ("calendar_preview", "calendar_moves") else client.post
    assert ask(reverse(address), sent).status_code == 403
    assert not CalendarChange.objects.exists()
    assert not Recalculation.objects.exists()


# Reckoning anew ------------------------------------------------------------------------------------


def test_it_is_ordered_watched_and_reported(client: Client, case: Case, river: River) -> None:
    day_off(river.office)
    answer = client.post(reverse("calendar_recalculate"), {"reason": REASON, "revision": str(revision())})
    assert answer.status_code == 303
    running = client.get(reverse("calendar_moves")).content.decode()
    assert 'hx-trigger="every 2s"' in running
    Recalculation.objects.all().delete()
    recalculated(river.office)
    done = get(client, "calendar_moves")
    assert 'hx-trigger="every 2s"' not in done.content.decode()
    assert shown(case) not in words(done)
    assert REASON in words(done)


def test_without_anything_to_move_it_is_not_offered(client: Client, case: Case) -> None:
    assert reverse("calendar_recalculate") not in client.get(reverse("calendar_moves")).content.decode()
