"""What is late in the units an officer answers for: what, where, in whose hands, since when."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import StepRole
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.ferry import River, only_open
from tests.workflow.harbour import Harbour
from tests.workflow.lists import asked_for, at_inspection, codes, in_hands, listed
from tests.workflow.screen import words
from workflow.engine.escalation import troubles
from workflow.engine.models import OPINION
from workflow.engine.operations.consult import consult
from workflow.engine.selectors import Tone, as_work, count_by_tone, of_tone, open_work
from workflow.models import Case, StepRun
from workflow.views.work_list import ROWS

# Begun on Wednesday morning, a step of two and a half days is due on Friday at half past two, near a day before.
DUE, NEAR = moment("2026-12-04 14:30"), moment("2026-12-03 14:30")
LATE = DUE + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def case(river: River) -> Case:
    return at_inspection(river)


def seen_at(client: Client, river: River, monkeypatch: pytest.MonkeyPatch, at: Any, **query: str) -> list[str]:
    stop_the_clock(monkeypatch, at)
    client.force_login(river.office.head)
    return listed(client, "work_late", **query)


@pytest.mark.parametrize(
    ("at", "late", "near"),
    [(NEAR - timedelta(minutes=1), 0, 0), (NEAR, 0, 1), (DUE, 0, 1), (LATE, 1, 0)],
)
def test_a_step_is_on_it_from_the_moment_it_is_near_and_counted_late_when_its_time_is_over(
    client: Client, river: River, case: Case, monkeypatch: pytest.MonkeyPatch, at: Any, late: int, near: int
) -> None:
    assert seen_at(client, river, monkeypatch, at) == (codes(case) if late or near else [])
    found = [(one.late, one.near) for one in troubles(river.acting(river.office.head), at)]
    assert found == ([(late, near)] if late or near else [])


def test_it_says_what_where_in_whose_hands_and_since_when(
    client: Client, river: River, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_hands(river, case)
    at_inspection(river)
    stop_the_clock(monkeypatch, LATE)
    client.force_login(river.office.head)
    said = words(asked_for(client, "work_late"))
    assert river.office.specialist.full_name in said
    assert "chưa ai nhận" in said
    assert river.branch.short_name in said
    assert "04/12/2026 14:30" in said
    assert said.count("Xem bến") >= 2


def test_a_dossier_past_its_appointment_is_on_it_though_its_step_has_time(
    client: Client, river: River, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    Case.objects.filter(pk=case.pk).update(due_at=MORNING)
    now = MORNING + timedelta(hours=1)
    assert seen_at(client, river, monkeypatch, now) == codes(case)
    [one] = troubles(river.acting(river.office.head), now)
    assert (one.broken, one.late, one.near, one.since) == (1, 0, 0, MORNING)


def test_a_dossier_past_its_appointment_goes_before_steps_that_are_late_for_a_shorter_time(
    client: Client, river: River, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, without_limit = at_inspection(river), at_inspection(river)
    Case.objects.filter(pk=broken.pk).update(due_at=DUE - timedelta(days=1))
    Case.objects.filter(pk=without_limit.pk).update(due_at=DUE - timedelta(hours=1))
    StepRun.objects.filter(process=broken).update(due_at=LATE + timedelta(days=30))
    StepRun.objects.filter(process=without_limit).update(due_at=None)
    ordered = [broken.code, without_limit.code, case.code]
    assert seen_at(client, river, monkeypatch, LATE) == ordered
    monkeypatch.setattr("workflow.views.late.ROWS", 1)
    paged, key = [], ""
    for _page in ordered:
        answer: Any = asked_for(client, "work_late", key=key)
        paged += [run.process.code for run in answer.context["page"].rows]
        key = answer.context["page"].next_key
    assert (paged, key) == (ordered, "")
    file = client.get(reverse("work_late_export")).content.decode()
    assert sorted(ordered, key=file.index) == ordered


def test_what_waits_for_an_outside_event_is_nobodys_delay(
    client: Client, river: River, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    StepRun.objects.filter(pk=only_open(case).pk).update(waits_for="tax")
    assert seen_at(client, river, monkeypatch, LATE) == []


def test_a_paused_dossier_is_not_past_its_appointment(
    client: Client, river: River, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    river.walk(case, "fits", "deep", at=MORNING)
    Case.objects.filter(pk=case.pk).update(due_at=MORNING)
    assert seen_at(client, river, monkeypatch, MORNING + timedelta(hours=1)) == []


def test_while_the_clock_of_its_case_stands_still_a_step_is_late_on_no_list(harbour: Harbour) -> None:
    """It is due so much later when the clock runs on; only an opinion was asked for until a day."""
    case = harbour.divided(at=MORNING)
    water = harbour.go(case, "fits", at=MORNING)["water"]
    consult(
        step_run_id=water.pk,
        content="Có đá ngầm không?",
        due_on=date(2026, 12, 4),
        version=water.version,
        acting=harbour.acting(harbour.office.specialist),
        unit_id=harbour.office.other_branch.pk,
        at=MORNING,
    )
    now, runs = moment("2026-12-10 09:00"), open_work().filter(process=case)
    tones = {work.run.step: work.step_deadline.tone for work in as_work(runs, now=now)}
    assert tones == {"water": Tone.PAUSE, "posting": Tone.PAUSE, OPINION: Tone.LATE}
    counted = count_by_tone(runs, now)
    assert (counted[Tone.PAUSE], counted[Tone.LATE], counted["all"]) == (2, 1, 3)
    assert [run.step for run in of_tone(runs, Tone.LATE, now)] == [OPINION]


def test_it_is_narrowed_to_one_officer_of_one_unit(
    client: Client, river: River, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_hands(river, case)
    queued = at_inspection(river)
    unit = {"don-vi": str(river.branch.pk)}
    assert seen_at(client, river, monkeypatch, LATE, ai="0", **unit) == codes(queued)
    assert listed(client, "work_late", ai=str(river.office.specialist.pk), **unit) == codes(case)
    assert listed(client, "work_late", **{"don-vi": str(river.office.one_stop.pk)}) == []
    assert len(listed(client, "work_late", **{"don-vi": "x", "ai": "-1"})) == 2


@pytest.mark.parametrize("who", ["specialist", "clerk", "look_up", "administrator"])
def test_attack_33_who_leads_no_unit_has_no_such_list(client: Client, river: River, case: Case, who: str) -> None:
    client.force_login(getattr(river.office, who))
    assert client.get(reverse("work_late")).status_code == 403
    assert reverse("work_late") not in client.get(reverse("work_unit")).content.decode()


def test_attack_36_another_units_delays_are_not_on_it(
    client: Client, river: River, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, LATE)
    StepRole.objects.filter(code="head").update(leads=True)
    client.force_login(river.office.stranger)
    answer: Any = asked_for(client, "work_late", **{"don-vi": str(river.branch.pk)})
    assert list(answer.context["page"].rows) == []
    assert answer.context["troubles"] == []
    assert case.title not in words(answer)


def test_who_oversees_the_units_below_sees_theirs(
    client: Client, river: River, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, LATE)
    StepRole.objects.filter(code="head").update(oversees=True)
    type(river.branch).objects.filter(pk=river.branch.pk).update(parent=river.office.other_branch)
    client.force_login(river.office.stranger)
    assert listed(client, "work_late") == codes(case)


def test_page_by_page_nothing_is_lost_and_it_costs_the_same(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [at_inspection(river) for _case in range(3)]
    stop_the_clock(monkeypatch, LATE)
    client.force_login(river.office.head)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer: Any = asked_for(client, "work_late")
        counts.append(len(captured))
        cases += [at_inspection(river, at=MORNING) for _case in range(ROWS)]
    # A page full of what has a limit doesn't look for what has none.
    assert counts[0] >= counts[1]
    answer = asked_for(client, "work_late")
    rest = listed(client, "work_late", key=answer.context["page"].next_key)
    shown = [run.process.code for run in answer.context["page"].rows]
    assert sorted(shown + rest)[: len(cases)] == sorted(codes(*cases))[: len(shown + rest)]
