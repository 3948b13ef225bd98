"""The work lists: whose steps are on them, how urgent they are, and a row at a glance."""

import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import RoleSlot, SlotHolding
from pages.navigation import navigation_for
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.factories.office import publish
from tests.workflow.ferry import FERRY, River, only_open, stream_of
from tests.workflow.harbour import Harbour
from tests.workflow.lists import LISTS, asked_for, at_inspection, codes, in_hands, listed
from tests.workflow.screen import words
from tests.workflow.untouched import last_refusal, untouched
from workflow.engine.operations.consult import consult
from workflow.engine.operations.hand import claim_step
from workflow.engine.selectors import Tone, as_work, count_by_tone, of_tone, open_work, unit_work
from workflow.models import StepRun

# A step of two and a half days begun on Wednesday morning: due on Friday at half past two, near a day before.
NEAR, DUE = moment("2026-12-03 14:30"), moment("2026-12-04 14:30")
LARGEST_PAGE = 60_000


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


# Whose ---------------------------------------------------------------------------------------------


def test_mine_is_what_is_in_my_hands(client: Client, river: River) -> None:
    own, queued, other = (at_inspection(river) for _case in range(3))
    in_hands(river, own)
    colleague = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])
    claim_step(step_run_id=only_open(other).pk, version=0, acting=river.acting(colleague))
    client.force_login(river.office.specialist)
    assert listed(client, "work_mine") == codes(own)
    client.force_login(colleague)
    assert listed(client, "work_mine") == codes(other)
    assert queued.code not in words(asked_for(client, "work_mine"))


def test_the_units_is_what_anybody_or_nobody_has_in_it(client: Client, river: River) -> None:
    own, queued = at_inspection(river), at_inspection(river)
    in_hands(river, own)
    for officer in (river.office.specialist, river.office.head, river.office.look_up):
        client.force_login(officer)
        answer = asked_for(client, "work_unit")
        assert listed(client) == codes(own, queued)
        assert river.office.specialist.full_name in words(answer)
        assert "chưa ai nhận" in words(answer)


def test_finished_is_what_i_have_completed(client: Client, river: River) -> None:
    first, second = at_inspection(river), at_inspection(river)
    for case in (second, first):
        river.end(case, "fits", at=MORNING)
    client.force_login(river.office.specialist)
    assert set(listed(client, "work_finished")) == set(codes(first, second))
    assert "Bến phù hợp" in words(asked_for(client, "work_finished"))
    client.force_login(river.office.clerk)
    assert set(listed(client, "work_finished")) == set(codes(first, second))
    client.force_login(river.office.head)
    assert listed(client, "work_finished") == []


def test_what_i_finished_in_another_unit_is_no_longer_mine_to_see(client: Client, river: River) -> None:
    case = at_inspection(river)
    river.end(case, "fits", at=MORNING)
    SlotHolding.objects.filter(officer=river.office.specialist).delete()
    client.force_login(river.office.specialist)
    assert listed(client, "work_finished") == []


def test_a_step_completed_twice_is_listed_twice(client: Client, river: River) -> None:
    case = at_inspection(river)
    river.end(case, "ask_again", at=MORNING)
    river.walk(case, "pass", "fits", at=MORNING)
    client.force_login(river.office.specialist)
    assert listed(client, "work_finished") == codes(case, case)


def test_what_is_completed_leaves_the_open_lists(client: Client, river: River) -> None:
    case = at_inspection(river)
    in_hands(river, case)
    river.end(case, "stop", at=MORNING)
    client.force_login(river.office.specialist)
    assert listed(client, "work_mine") == listed(client) == []
    assert listed(client, "work_finished") == codes(case)


def test_beginning_and_end_of_a_case_are_on_no_list(client: Client, river: River) -> None:
    case = at_inspection(river)
    river.end(case, "stop", at=MORNING)
    assert StepRun.objects.filter(process=case, step="").count() == 2
    client.force_login(river.office.clerk)
    assert [listed(client, name) for name in LISTS] == [[], [], codes(case)]


def test_attack_36_another_units_steps_are_on_no_list_in_no_count_and_not_found(client: Client, river: River) -> None:
    case = at_inspection(river, title="Chim Hoàng Yến · bến Cây Gạo")
    in_hands(river, case)
    for officer in (river.office.stranger, river.office.clerk):
        client.force_login(officer)
        for name in ("work_mine", "work_unit"):
            for query in ({}, {"q": case.code}, {"q": "Hoàng Yến"}, {"han": "near"}, {"thu-tuc": "Bến đò"}):
                answer: Any = asked_for(client, name, **query)
                assert list(answer.context["page"].rows) == [], (name, query)
                assert {chip["count"] for chip in answer.context["chips"]} == {0}
                assert "Hoàng Yến" not in words(answer)


def test_who_acts_for_another_unit_sees_that_units_work_and_his_own_there(client: Client, river: River) -> None:
    """Two places, one person: what is in his hands in the branch isn't work of the counter."""
    both = officer_at(river.office.one_stop, RoleSlot.Kind.UPDATE, ["clerk"], officer=river.office.specialist)
    here, there = at_inspection(river), river.start(at=MORNING, by=river.office.clerk)
    in_hands(river, here)
    client.force_login(both)
    assert (listed(client), listed(client, "work_mine")) == (codes(here), codes(here))
    session = client.session
    session["slot"] = RoleSlot.objects.get(unit=river.office.one_stop, kind=RoleSlot.Kind.UPDATE).pk
    session.save()
    assert (listed(client), listed(client, "work_mine")) == (codes(there), [])


def test_who_has_no_unit_has_empty_lists(client: Client, river: River) -> None:
    at_inspection(river)
    client.force_login(river.office.administrator)
    assert [listed(client, name) for name in LISTS] == [[], [], []]


def test_the_navigation_counts_what_is_in_his_own_hands(river: River) -> None:
    in_hands(river, at_inspection(river))
    at_inspection(river)
    counts = {}
    for officer in (river.office.specialist, river.office.head, river.office.look_up):
        [item] = [item for item in navigation_for(river.acting(officer)) if item.section == "work"]
        counts[officer] = item.count
    assert list(counts.values()) == [1, 0, 0]


# How urgent ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "tone", "icon", "said"),
    [
        ("2026-12-03 11:30", "ok", "clock", "Còn 1,2 ngày"),
        ("2026-12-03 14:29", "ok", "clock", "Còn 1 ngày"),
        ("2026-12-03 14:30", "near", "hourglass-split", "Còn 1 ngày"),
        ("2026-12-04 14:20", "near", "hourglass-split", "Còn 10 phút"),
        ("2026-12-04 14:30", "near", "hourglass-split", "Còn 0 phút"),
        ("2026-12-04 14:31", "late", "exclamation-octagon-fill", "Quá hạn 1 phút"),
        ("2026-12-07 09:30", "late", "exclamation-octagon-fill", "Quá hạn 0,6 ngày"),
    ],
)
def test_a_row_says_by_colour_sign_and_words_how_it_stands(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch, now: str, tone: str, icon: str, said: str
) -> None:
    at_inspection(river)
    stop_the_clock(monkeypatch, moment(now))
    client.force_login(river.office.specialist)
    page = asked_for(client, "work_unit").content.decode()
    [row] = re.findall(r'<tr class="(\w+)"', page)
    assert row == tone
    shown = rf'<span class="due due-{tone}"><i class="bi bi-{icon}" aria-hidden="true"></i><time [^>]*>{said}</time>'
    assert re.search(shown, page)


def test_a_step_that_waits_is_outside_the_limit_and_its_case_paused(client: Client, river: River) -> None:
    case = at_inspection(river)
    river.walk(case, "fits", "deep", at=MORNING)
    client.force_login(river.office.specialist)
    page = asked_for(client, "work_unit").content.decode()
    assert re.findall(r'<tr class="(\w+)"', page) == ["pause"]
    assert re.search(r'<span class="due due-pause"><i class="bi bi-pause-circle"[^>]*></i>Không tính hạn</span>', page)
    assert re.search(r'<span class="due due-pause"><i[^>]*></i><time [^>]*>Tạm dừng</time></span>', page)


def test_the_case_has_a_deadline_of_its_own_beside_the_steps(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_inspection(river)
    stop_the_clock(monkeypatch, moment("2026-12-07 09:30"))
    client.force_login(river.office.specialist)
    text = words(asked_for(client, "work_unit"))
    assert "Quá hạn 0,6 ngày" in text
    assert "Còn 1,8 ngày" in text


def test_each_urgency_is_counted_and_shows_its_rows(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, near = at_inspection(river, at=moment("2026-12-01 09:00")), at_inspection(river)
    fresh = [at_inspection(river, at=moment("2026-12-04 08:00")) for _case in range(2)]
    waiting = [at_inspection(river) for _case in range(3)]
    for case in waiting:
        river.walk(case, "fits", "deep", at=MORNING)
    stop_the_clock(monkeypatch, moment("2026-12-04 09:00"))
    client.force_login(river.office.specialist)
    answer: Any = asked_for(client, "work_unit")
    assert [chip["count"] for chip in answer.context["chips"]] == [7, 1, 1, 2, 3]
    assert [(chip["words"], chip.get("tone")) for chip in answer.context["chips"]] == [
        ("Tất cả", None),
        ("Quá hạn", Tone.LATE),
        ("Sắp đến hạn", Tone.NEAR),
        ("Còn hạn", Tone.OK),
        ("Tạm dừng", Tone.PAUSE),
    ]
    for tone, cases in (("late", [late]), ("near", [near]), ("ok", fresh), ("pause", waiting)):
        assert listed(client, han=tone) == codes(*cases)


def test_rows_and_counts_agree_at_every_hour(river: River) -> None:
    """What a row says and what its filter counts come from two places: they must not part."""
    text = FERRY.replace('code = "thu"', 'code = "cho"', 1).replace(
        'waits_for = "low_water"', 'waits_for = "low_water"\ndays = 1'
    )
    text = text.replace("days = 4\n", "days = 5\n", 1)
    waiting = River(river.office, publish(text), river.landing)
    waiting.walk(at_inspection(waiting), "fits", "deep", at=MORNING)
    for arrived in ("2026-11-30 09:00", "2026-12-01 16:50"):
        river.end(at_inspection(river, at=moment(arrived)), "fits", at=moment("2026-12-01 16:50"))
    at_inspection(river)
    river.walk(at_inspection(river), "fits", "deep", at=MORNING)
    runs = unit_work(river.acting(river.office.specialist))
    now, seen = MORNING, Counter[str]()
    while now < moment("2026-12-09 09:00"):
        told = Counter(work.step_deadline.tone for work in as_work(runs, now=now))
        counted = count_by_tone(runs, now)
        assert {tone.value: counted[tone] for tone in Tone} == {tone.value: told[tone] for tone in Tone}, now
        assert counted["all"] == sum(told.values()) == 5
        seen += told
        now += timedelta(minutes=47)
    assert set(seen) == set(Tone)


def test_a_step_whose_case_stands_still_is_not_late_but_an_opinion_asked_for_is(harbour: Harbour) -> None:
    """Posted on the shore; the step in the water has a day of Wednesday at nine, and has asked until Friday."""
    case = harbour.divided(at=MORNING)
    water, acting = harbour.go(case, "fits", at=MORNING)["water"], harbour.acting(harbour.office.specialist)
    asked: dict[str, Any] = {"content": "Sâu bao nhiêu?", "due_on": date(2026, 12, 4), "unit_id": harbour.above.pk}
    question = consult(step_run_id=water.pk, version=water.version, acting=acting, at=MORNING, **asked)
    runs, now = open_work().filter(process=case), moment("2026-12-08 09:00")
    tones = {work.run.step: work.step_deadline.tone for work in as_work(runs, now=now)}
    assert tones == {"water": "pause", "posting": "pause", "@opinion": "late"}
    assert [run.pk for run in of_tone(runs, Tone.LATE, now)] == [question.asked_id]
    assert count_by_tone(runs, now)["pause"] == 2


def test_a_row_is_of_one_urgency(river: River) -> None:
    at_inspection(river)
    runs = unit_work(river.acting(river.office.specialist))
    for now in (MORNING, NEAR, DUE, DUE + timedelta(seconds=1)):
        assert sum(of_tone(runs, tone, now).count() for tone in Tone) == 1, now


# Quick look ----------------------------------------------------------------------------------------


def test_the_first_row_is_shown_at_a_glance_beside_the_list(client: Client, river: River) -> None:
    case = at_inspection(river)
    client.force_login(river.office.specialist)
    page = asked_for(client, "work_unit").content.decode()
    glance = page.partition('id="quick-look"')[2]
    assert case.title in glance
    assert f'href="{reverse("work_mine")}?ben={case.subject_id}"' in glance


def test_a_row_at_a_glance_is_a_part_of_the_page(client: Client, river: River) -> None:
    case = at_inspection(river)
    run = in_hands(river, case)
    for officer in (river.office.specialist, river.office.look_up, river.office.clerk):
        client.force_login(officer)
        answer: Any = client.get(reverse("work_quick_look", args=[run.pk]), headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "<html" not in answer.content.decode()
        for fact in (case.title, "Bến đò", "Xem bến", river.office.specialist.full_name, "08/12/2026 17:00"):
            assert fact in words(answer), fact


def test_attack_34_another_units_row_is_not_there_at_a_glance(client: Client, river: River) -> None:
    case = at_inspection(river)
    run = only_open(case)
    beginning = StepRun.objects.get(process=case, step="")
    client.force_login(river.office.stranger)
    with untouched(refusals=1):
        hidden: Any = client.get(reverse("work_quick_look", args=[run.pk]))
    assert f'"about":"{stream_of(case.subject_id)}"' in last_refusal().payload
    with untouched():
        missing: Any = client.get(reverse("work_quick_look", args=[987_654]))
        none: Any = client.get(reverse("work_quick_look", args=[beginning.pk]))
    assert {answer.status_code for answer in (hidden, missing, none)} == {404}
    assert words(hidden) == words(missing) == words(none)
