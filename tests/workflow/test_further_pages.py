"""The pages of what may be done at a step beside ending it: who is offered what, and what a post does."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.factories.office import publish
from tests.workflow.ferry import River, only_open, verbs_of
from tests.workflow.harbour import HARBOUR, Harbour, open_by_code
from tests.workflow.screen import PAGE, PART, complete, post, words
from tests.workflow.test_attacks import newer
from tests.workflow.untouched import untouched
from workflow.engine.operations.consult import consult
from workflow.engine.panel import panel_for
from workflow.engine.selectors import open_opinions_of, run_seen
from workflow.models import Case, StepRun


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def case(river: River, client: Client) -> Case:
    """A case whose second step is in the queue of the branch; its specialist is signed in."""
    case = river.start(at=MORNING)
    river.end(case, "pass", at=MORNING)
    client.force_login(river.office.specialist)
    return case


def page(client: Client, run: StepRun, officer: Officer) -> str:
    client.force_login(officer)
    answer = client.get(reverse("step_further", args=[run.pk]))
    assert answer.status_code == 200
    return words(answer)  # type: ignore[arg-type]


def asked(river: River, case: Case) -> StepRun:
    run = only_open(case)
    return consult(
        step_run_id=run.pk,
        content="Có bồi không?",
        due_on=date(2026, 12, 4),
        version=run.version,
        acting=river.acting(river.office.specialist),
        unit_id=river.office.other_branch.pk,
        at=MORNING,
    ).asked


def test_who_has_the_step_may_ask_and_send_back_and_nobody_but_an_administrator_may_jump(
    client: Client, river: River, case: Case
) -> None:
    run = only_open(case)
    own = page(client, run, river.office.specialist)
    assert "Lấy ý kiến" in own and "Trả lại bước trước" in own and "Chuyển sang bước khác" not in own
    assert "Chuyển sang bước khác" in page(client, run, river.office.administrator)
    assert "Không có việc nào khác" in page(client, run, river.office.look_up)


def test_who_completed_the_step_before_is_offered_to_undo_it(client: Client, river: River, case: Case) -> None:
    run = only_open(case)
    assert "Rút lại" in page(client, run, river.office.clerk)
    passed = StepRun.objects.get(process=case, step="counter")
    answer = post(client, "step_undo", passed, version=str(passed.version), reason="Nhầm")
    assert (answer.status_code, only_open(case).step) == (303, "counter")


def test_the_panel_leads_whoever_completed_a_step_to_where_he_takes_it_back(client: Client, harbour: Harbour) -> None:
    """Also who works in the unit that took the dossier in, or in one of another kind than the competent one."""
    case = harbour.start(at=MORNING)
    share = harbour.go(case, "pass", at=MORNING)["share"]
    office, seen = harbour.office, moment("2026-12-02 10:00")
    assert panel_for(
        run_seen(share.pk, harbour.acting(office.clerk)), harbour.acting(office.clerk), now=seen
    ).may_do_more
    water = harbour.go(case, "divide", "fits", at=MORNING)["water"]
    surveyor, stranger = harbour.acting(harbour.surveyor), harbour.acting(office.stranger)
    assert panel_for(run_seen(water.pk, surveyor), surveyor, now=seen).may_do_more
    assert "Đo trên bờ" in page(client, water, harbour.surveyor)
    harbour.landing.sight.add((case.subject_id, office.other_branch.pk))
    assert not panel_for(run_seen(water.pk, stranger), stranger, now=seen).may_do_more


def test_asking_by_the_page_and_answering_by_the_page(client: Client, river: River, case: Case) -> None:
    run = only_open(case)
    other = str(river.office.other_branch.pk)
    asked_for = {"unit": other, "content": "Có bồi không?", "due_on": "2026-12-04", "version": str(run.version)}
    assert post(client, "opinion_ask", run, **asked_for).status_code == 303
    [opinion] = open_opinions_of(case)
    client.force_login(river.office.stranger)
    answer = post(client, "opinion_answer", opinion, answer="Không bồi.", version=str(opinion.version), receipt_key="k")
    assert answer.status_code == 303
    assert verbs_of(case)[-2:] == ["consultation.asked", "consultation.answered"]


@pytest.mark.parametrize(
    "typed", [{"due_on": "2026-13-01"}, {"due_on": ""}, {"content": ""}, {"unit": ""}, {"unit": "x"}, {"version": ""}]
)
def test_a_torn_or_incomplete_question_is_not_asked_and_nothing_typed_is_lost(
    client: Client, river: River, case: Case, typed: dict[str, str]
) -> None:
    run = only_open(case)
    right = {
        "unit": str(river.office.other_branch.pk),
        "content": "Có bồi không?",
        "due_on": "2026-12-04",
        "version": str(run.version),
        "agency": "",
    }
    with untouched():
        answer = post(client, "opinion_ask", run, **{**right, **typed})
    assert answer.status_code == 422
    for text in {**right, **typed}["content"], {**right, **typed}["due_on"]:
        assert text in answer.content.decode()


def test_a_question_is_taken_back_by_the_page(client: Client, river: River, case: Case) -> None:
    opinion = asked(river, case)
    answer = post(client, "opinion_take_back", opinion, version=str(opinion.version), reason="Đã rõ")
    assert (answer.status_code, only_open(case).awaited) == (303, 0)


def test_a_step_is_sent_back_by_the_page_where_its_edition_lets_it(client: Client, river: River, case: Case) -> None:
    run = only_open(case)
    typed = {"to_step": "counter", "note": "Thiếu", "version": str(run.version), "receipt_key": "k"}
    assert post(client, "step_back", run, **typed).status_code == 303
    assert only_open(case).step == "counter"
    run = river.walk(case, "pass", "fits", at=MORNING)
    with untouched(refusals=1):
        assert post(client, "step_back", run, to_step="counter", note="Thiếu", version="0").status_code == 403


def test_attack_48_a_page_made_up_jumps_nowhere(client: Client, case: Case) -> None:
    run = only_open(case)
    with untouched(refusals=1):
        answer = post(client, "step_jump", run, to_step="tell", reason="x", version=str(run.version))
    assert answer.status_code == 403


def test_an_administrator_sets_it_on_another_step_by_the_page(client: Client, river: River, case: Case) -> None:
    client.force_login(river.office.administrator)
    run = only_open(case)
    answer = post(client, "step_jump", run, to_step="tell", reason="Mất mạng", version=str(run.version))
    assert (answer.status_code, only_open(case).step) == (303, "tell")


# Another edition -----------------------------------------------------------------------------------


def test_the_head_sees_what_another_edition_changes_and_moves_the_case_with_a_reason(
    client: Client, river: River, case: Case
) -> None:
    to, run = publish(newer()), only_open(case)
    client.force_login(river.office.head)
    address = reverse("case_edition", args=[run.pk, to.pk])
    with untouched():
        shown = words(client.get(address))  # type: ignore[arg-type]
    for fact in ("08/12/2026 17:00", "14/12/2026 17:00", "Đo luồng", "Duyệt giấy phép"):
        assert fact in shown, fact
    case.refresh_from_db()
    answer = client.post(address, {"version": str(case.version), "reason": "Quyết định mới"})
    case.refresh_from_db()
    assert (answer.status_code, case.edition_version) == (303, to)


def test_what_stands_in_the_way_is_said_and_nothing_offered(client: Client, river: River, case: Case) -> None:
    to = publish(newer())
    run = river.walk(case, "fits", at=MORNING)
    client.force_login(river.office.head)
    answer = client.get(reverse("case_edition", args=[run.pk, to.pk]))
    assert "không còn bước đang mở “Đo luồng”" in words(answer)  # type: ignore[arg-type]
    assert 'name="reason"' not in answer.content.decode()


def test_attack_33_others_do_not_even_see_what_it_would_change(client: Client, river: River, case: Case) -> None:
    to, run = publish(newer()), only_open(case)
    address = reverse("case_edition", args=[run.pk, to.pk])
    assert client.get(address).status_code == 403
    client.force_login(river.office.stranger)
    assert client.get(address).status_code == 404


# The panel -----------------------------------------------------------------------------------------


def test_the_panel_shows_what_was_asked_to_who_waits_and_the_question_to_who_answers(river: River, case: Case) -> None:
    opinion = asked(river, case)
    acting = river.acting(river.office.specialist)
    own = panel_for(run_seen(only_open(case).pk, acting), acting, now=MORNING)
    assert [question.content for question in own.questions] == ["Có bồi không?"]
    assert not own.may_answer
    asker = panel_for(run_seen(opinion.pk, acting), acting, now=MORNING)
    assert (asker.may_answer, asker.may_take_back) == (False, True)
    other = river.acting(river.office.stranger)
    there = panel_for(run_seen(opinion.pk, other), other, now=MORNING)
    assert (there.may_answer, there.may_claim, there.may_take_back, there.may_complete) == (True, True, False, False)


@pytest.fixture
def listed(harbour: Harbour, client: Client) -> Case:
    """A case at a step with a checklist of two lines; its specialist is signed in."""
    text = HARBOUR.replace('name = "Phân việc"\n', 'name = "Phân việc"\nchecklist = ["Đủ bản vẽ", "Đúng tên"]\n', 1)
    edition = publish(text.replace('code = "thu"', 'code = "moi"', 1))
    case = Harbour(harbour.office, edition, harbour.landing, harbour.surveyor).start(at=MORNING)
    harbour.go(case, "pass", at=MORNING)
    client.force_login(harbour.office.specialist)
    return case


def test_what_is_not_ticked_off_keeps_a_step_from_going_on_but_not_from_going_back(
    client: Client, listed: Case
) -> None:
    run = open_by_code(listed)["share"]
    with untouched():
        answer = complete(client, run, "whole", how=PART, **{"tick-0": "on"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Đúng tên" in words(answer)
    assert page.count("checked") == 1
    assert complete(client, run, "ask_again", how=PAGE, note="Thiếu").status_code == 303


def test_all_ticked_off_it_goes_on(client: Client, listed: Case) -> None:
    run = open_by_code(listed)["share"]
    assert complete(client, run, "whole", **{"tick-0": "on", "tick-1": "on"}).status_code == 303
    assert set(open_by_code(listed)) == {"agree"}
