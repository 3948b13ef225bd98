"""The form of a step as it is offered, and as it comes back when something is missing."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from tests.factories.moments import MORNING, stop_the_clock
from tests.factories.office import publish
from tests.workflow.ferry import FERRY, River, only_open
from tests.workflow.screen import PART, complete, deep, post, value_of, words
from tests.workflow.untouched import untouched
from workflow.engine.operations.hand import claim_step
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


@pytest.fixture
def run(case: Case) -> StepRun:
    return only_open(case)


@pytest.fixture
def sounding(river: River, case: Case) -> StepRun:
    """The next step, of which an outcome asks for a number and a table."""
    return river.walk(case, "fits", at=MORNING)


# What the panel offers -----------------------------------------------------------------------------


def shown_to(client: Client, officer: Officer, run: StepRun) -> HttpResponse:
    """The panel as this officer gets it back from a torn form."""
    client.force_login(officer)
    answer = post(client, "step_complete", run, how=PART)
    assert answer.status_code == 422
    return answer


def test_who_may_complete_it_gets_a_button_for_each_way_out(client: Client, river: River, run: StepRun) -> None:
    page = shown_to(client, river.office.specialist, run).content.decode()
    assert re.findall(r'name="outcome"\s+value="(\w+)"', page) == ["fits", "ask_again", "stop"]
    assert reverse("step_claim", args=[run.pk]) in page


def test_who_may_only_look_gets_words_and_no_form(client: Client, river: River, run: StepRun) -> None:
    answer = shown_to(client, river.office.look_up, run)
    assert "<form" not in answer.content.decode()
    assert f"Chờ tại {river.branch.short_name}; chưa ai nhận." in words(answer)


def test_who_may_only_look_reads_who_has_it(client: Client, river: River, run: StepRun) -> None:
    claim_step(step_run_id=run.pk, version=0, acting=river.acting(river.office.specialist))
    assert river.office.specialist.full_name in words(shown_to(client, river.office.look_up, run))


def test_who_leads_gets_a_form_to_hand_it_on(client: Client, river: River, run: StepRun) -> None:
    page = shown_to(client, river.office.head, run).content.decode()
    assert re.findall(r'<form method="post"\s+action="([^"]+)"', page) == [reverse("step_reassign", args=[run.pk])]
    assert f'<option value="{river.office.specialist.pk}">' in page


def test_the_way_that_ends_the_case_is_asked_about_first(client: Client, river: River, run: StepRun) -> None:
    page = shown_to(client, river.office.specialist, run).content.decode()
    [button] = re.findall(r"<button[^>]*value=\"stop\"[^>]*>", page)
    assert "data-confirm=" in button
    assert page.count("data-confirm=") == 1


# What was typed comes back -------------------------------------------------------------------------


def test_within_the_page_the_panel_comes_back_alone(client: Client, sounding: StepRun) -> None:
    with untouched():
        answer = complete(client, sounding, "deep", how=PART, **deep("sâu"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="step-panel"' in page
    assert "<html" not in page
    # It takes the panel's place, not that of the messages.
    assert "HX-Retarget" not in answer


def test_fields_come_back_as_typed_with_the_fault_beside_them(client: Client, sounding: StepRun) -> None:
    typed = deep("sâu", "Cát Bà", "") | {"to-deep-boats-1-seats": "4"}
    answer = complete(client, sounding, "deep", how=PART, **typed)
    assert value_of(answer, "to-deep-depth") == "sâu"
    assert value_of(answer, "to-deep-boats-0-name") == "Cát Bà"
    assert value_of(answer, "to-deep-boats-1-seats") == "4"
    for said in ("Một số ô chưa đúng.", "Nhập một số.", "Trường này là bắt buộc."):
        assert said in words(answer), said
    assert len(re.findall(r'aria-invalid="true"', answer.content.decode())) == 2


def test_the_note_comes_back_with_fields_that_were_wrong(client: Client, sounding: StepRun) -> None:
    answer = complete(client, sounding, "deep", how=PART, note="Đo lần hai.\nNước đục.", **deep(""))
    assert value_of(answer, "note") == "Đo lần hai.\nNước đục."


def test_a_missing_note_is_asked_for_at_the_note(client: Client, run: StepRun) -> None:
    with untouched():
        answer = complete(client, run, "ask_again", how=PART, note="  ")
    assert answer.status_code == 422
    assert re.search(r'<textarea[^>]*class="form-control is-wrong"[^>]*aria-invalid="true"', answer.content.decode())
    assert "Cần nhập mục này." in words(answer)


def test_what_was_typed_for_another_outcome_comes_back_too(client: Client, river: River, case: Case) -> None:
    """Somebody who filled in the depth and then sends it back without a note loses no word."""
    up = 'code = "up"\nname = "Trả lên"\nto = "inspect"\nmanner = "back"\nis_note_required = true\n'
    text = FERRY.replace('code = "thu"', 'code = "lui"', 1)
    text = text.replace('code = "leaks"', f'{up}\n[[steps.outcomes]]\ncode = "leaks"')
    newer = River(river.office, publish(text), river.landing)
    run = newer.walk(newer.start(at=MORNING), "pass", "fits", at=MORNING)
    answer = complete(client, run, "up", how=PART, **deep("2,4", "Cát Bà"))
    assert answer.status_code == 422
    assert value_of(answer, "to-deep-depth") == "2,4"
    assert value_of(answer, "to-deep-boats-0-name") == "Cát Bà"


def test_what_is_not_done_yet_is_said_and_the_note_kept(client: Client, river: River, run: StepRun) -> None:
    river.landing.is_measured = False
    with untouched():
        answer = complete(client, run, "fits", how=PART, note="Bến tốt.")
    assert answer.status_code == 422
    assert "Chưa xong: Bản đo bến." in words(answer)
    assert value_of(answer, "note") == "Bến tốt."


def test_without_an_outcome_the_panel_comes_back_with_everything(client: Client, sounding: StepRun) -> None:
    with untouched():
        answer = complete(client, sounding, "", how=PART, note="Đo lần hai.", **deep("2,4"))
    assert answer.status_code == 422
    assert "Chọn kết quả của bước." in words(answer)
    assert (value_of(answer, "note"), value_of(answer, "to-deep-depth")) == ("Đo lần hai.", "2,4")


def test_the_panel_that_came_back_can_be_sent_again(client: Client, run: StepRun) -> None:
    answer = complete(client, run, "ask_again", how=PART, receipt_key="k-1")
    hidden = {name: value_of(answer, name) for name in ("version", "receipt_key")}
    assert hidden == {"version": "0", "receipt_key": "k-1"}
    again = post(client, "step_complete", run, outcome="ask_again", note="Thiếu bản vẽ.", **hidden)
    assert again.status_code == 303


def test_as_a_whole_page_what_was_typed_can_be_copied_and_each_fault_is_named(
    client: Client, sounding: StepRun
) -> None:
    with untouched():
        answer = complete(client, sounding, "deep", note="Đo lần hai.", **deep("sâu", "Cát Bà"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<html" in page
    for text in ("Đo lần hai.", "sâu", "Cát Bà"):
        assert f'data-copy="{text}"' in page, text
    assert 'class="faults"' in page


def test_attack_95_a_script_in_a_note_comes_back_as_text(client: Client, run: StepRun) -> None:
    answer = complete(client, run, "", how=PART, note="</textarea><script>canary()</script>")
    assert "<script>canary" not in answer.content.decode()
    assert value_of(answer, "note") == "</textarea><script>canary()</script>"
