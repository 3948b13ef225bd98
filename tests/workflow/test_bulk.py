"""Many rows at once: each has its own result, and with one he has no right to nothing is done at all."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from viewflow.workflow.status import STATUS

from accounts.models import Officer
from accounts.sight import NotVisible
from audit.models import AuditEvent
from notices.models import Notice
from pages.domain_errors import Invalid, Refused
from tests.factories.moments import MORNING, stop_the_clock
from tests.workflow.ferry import River, only_open, verbs_of
from tests.workflow.leave import away, colleague_of
from tests.workflow.lists import at_inspection, in_hands
from tests.workflow.screen import complete, words
from tests.workflow.untouched import untouched
from workflow.engine.operations.bulk import assign_steps, claim_steps
from workflow.engine.operations.hand import claim_step
from workflow.engine.operations.marked import AT_ONCE, Mark, NoneDone
from workflow.models import Case, StepRun


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def cases(river: River) -> list[Case]:
    """Three in the queue of the branch."""
    return [at_inspection(river) for _case in range(3)]


@pytest.fixture
def colleague(river: River) -> Officer:
    return colleague_of(river)


def marks(*cases: Case, version: int | None = None) -> list[Mark]:
    runs = [only_open(case) for case in cases]
    return [Mark(run.pk, run.version if version is None else version) for run in runs]


def owners(cases: list[Case]) -> list[Officer | None]:
    return [only_open(case).owner for case in cases]


def post(client: Client, *ticked: Mark, deed: str, which: str = "unit", **typed: Any) -> Any:
    """The form of the list, sent with these rows ticked."""
    rows = [f"{mark.run_id}:{mark.version}" for mark in ticked]
    return client.post(reverse(f"work_{which}_bulk"), {"row": rows, "deed": deed, **typed})


# Claiming ------------------------------------------------------------------------------------------


def test_all_ticked_steps_are_claimed(client: Client, river: River, cases: list[Case]) -> None:
    client.force_login(river.office.specialist)
    answer = post(client, *marks(*cases), deed="claim")
    assert (answer.status_code, answer["Location"]) == (303, reverse("work_unit"))
    assert owners(cases) == [river.office.specialist] * 3
    assert {only_open(case).status for case in cases} == {STATUS.ASSIGNED}
    assert {only_open(case).version for case in cases} == {1}


def test_attack_45_and_46_what_somebody_else_has_meanwhile_stays_his_and_every_row_says_its_result(
    client: Client, river: River, cases: list[Case], colleague: Officer
) -> None:
    ticked = marks(*cases)
    claim_step(step_run_id=ticked[1].run_id, version=0, acting=river.acting(colleague))
    client.force_login(river.office.specialist)
    answer = post(client, *ticked, deed="claim")
    assert answer.status_code == 409
    assert owners(cases) == [river.office.specialist, colleague, river.office.specialist]
    said = words(answer)
    assert "Đã làm 2 việc, giữ nguyên 1 việc" in said
    assert colleague.full_name in said
    page: Any = answer
    assert [result.run.process for result in page.context["results"]] == cases
    assert page.context["ticked"] == {ticked[1].run_id}


def test_attack_46_when_every_row_changed_nothing_is_done_and_each_says_why(
    client: Client, river: River, cases: list[Case], colleague: Officer
) -> None:
    ticked = marks(*cases)
    claim_steps(marks=ticked, acting=river.acting(colleague))
    client.force_login(river.office.specialist)
    with untouched():
        answer = post(client, *ticked, deed="claim")
    assert answer.status_code == 409
    assert words(answer).count(colleague.full_name) >= 3


def test_attack_46_a_completed_step_is_not_claimed(river: River, cases: list[Case]) -> None:
    ticked = marks(*cases)
    river.end(cases[0], "fits", at=MORNING)
    results = claim_steps(marks=ticked, acting=river.acting(river.office.specialist))
    assert [result.is_done for result in results] == [False, True, True]
    assert "Bến phù hợp" in str(results[0].reason)


def test_attack_44_claimed_a_second_time_they_stay_and_nothing_is_told_again(river: River, cases: list[Case]) -> None:
    ticked, acting = marks(*cases), river.acting(river.office.specialist)
    claim_steps(marks=ticked, acting=acting)
    with untouched():
        results = claim_steps(marks=ticked, acting=acting)
    assert all(result.is_done for result in results)


def test_attack_40_and_48_one_row_of_another_role_and_none_is_claimed(
    client: Client, river: River, cases: list[Case]
) -> None:
    river.walk(cases[2], "fits", "deep", "low", "drawn", at=MORNING)
    client.force_login(river.office.specialist)
    with untouched(refusals=1):
        assert post(client, *marks(*cases), deed="claim").status_code == 403


@pytest.mark.parametrize("deed", ["claim", "assign", "follow", "unfollow"])
def test_attack_34_and_40_one_row_of_another_unit_or_none_at_all_and_nothing_is_done(
    client: Client, river: River, cases: list[Case], deed: str
) -> None:
    client.force_login(river.office.stranger)
    typed: dict[str, Any] = {"to_officer": river.office.stranger.pk}
    answers = []
    for foreign, refusals in ((marks(cases[0])[0], 1), (Mark(987_654, 0), 0)):
        with untouched(refusals=refusals):
            answers.append(post(client, foreign, deed=deed, **typed))
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert answers[0].status_code == answers[1].status_code


@pytest.mark.parametrize("deed", ["claim", "assign", "follow", "unfollow"])
def test_attack_35_a_look_up_account_does_none_of_it(
    client: Client, river: River, cases: list[Case], deed: str
) -> None:
    client.force_login(river.office.look_up)
    with untouched(refusals=1):
        assert post(client, *marks(*cases), deed=deed, to_officer=river.office.specialist.pk).status_code == 403
    page = client.get(reverse("work_unit")).content.decode()
    assert "checkbox" not in page
    assert 'id="chosen"' not in page


@pytest.mark.parametrize(
    "rows", [[], ["x"], ["1"], ["1:x"], ["-1:0"], ["1:0:0"], ["9" * 30 + ":0"], ["²:0"], ["1:0\x00"]]
)
def test_a_torn_form_is_answered_in_words(client: Client, river: River, cases: list[Case], rows: list[str]) -> None:
    client.force_login(river.office.specialist)
    with untouched():
        answer: Any = client.post(reverse("work_unit_bulk"), {"row": rows, "deed": "claim"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("deed", ["", "delete", "complete", "__class__"])
def test_attack_48_there_is_no_other_deed(client: Client, river: River, cases: list[Case], deed: str) -> None:
    client.force_login(river.office.specialist)
    with untouched():
        assert post(client, *marks(*cases), deed=deed).status_code == 422


def test_attack_91_no_more_rows_at_once_than_a_page_could_hold(river: River) -> None:
    acting = river.acting(river.office.specialist)
    with pytest.raises(Invalid):
        claim_steps(marks=[Mark(number, 0) for number in range(1, AT_ONCE + 2)], acting=acting)
    with pytest.raises(Invalid):
        claim_steps(marks=[], acting=acting)


# Handing on ----------------------------------------------------------------------------------------


def test_who_leads_hands_all_of_them_to_one(
    client: Client, river: River, cases: list[Case], colleague: Officer
) -> None:
    in_hands(river, cases[0])
    client.force_login(river.office.head)
    assert post(client, *marks(*cases), deed="assign", to_officer=colleague.pk, reason="Nghỉ").status_code == 303
    assert owners(cases) == [colleague] * 3
    [notice] = Notice.objects.filter(recipient_id=colleague.pk)
    assert "3 việc" in notice.message
    told = json.loads(AuditEvent.objects.filter(verb="step.reassigned").order_by("id")[0].payload)
    assert (told["before"], told["after"], told["reason"]) == (
        river.office.specialist.full_name,
        colleague.full_name,
        "Nghỉ",
    )


@pytest.mark.parametrize("who", ["specialist", "clerk", "stranger"])
def test_attack_48_nobody_else_hands_them_on(river: River, cases: list[Case], colleague: Officer, who: str) -> None:
    acting = river.acting(getattr(river.office, who))
    with untouched(), pytest.raises((Refused, NotVisible)):
        assign_steps(marks=marks(*cases), to_officer_id=colleague.pk, reason="", acting=acting)


def test_attack_48_who_does_not_do_the_step_gets_none_of_it(river: River, cases: list[Case]) -> None:
    acting = river.acting(river.office.head)
    for officer in (river.office.clerk, river.office.stranger, river.office.head, river.office.look_up):
        with untouched(), pytest.raises(NoneDone):
            assign_steps(marks=marks(*cases), to_officer_id=officer.pk, reason="", acting=acting)


def test_a_row_whose_step_he_does_not_do_stays_and_the_others_go(
    river: River, cases: list[Case], colleague: Officer
) -> None:
    river.walk(cases[2], "fits", "deep", "low", "drawn", at=MORNING)
    acting = river.acting(river.office.head)
    results = assign_steps(marks=marks(*cases), to_officer_id=colleague.pk, reason="", acting=acting)
    assert [result.is_done for result in results] == [True, True, False]
    assert owners(cases) == [colleague, colleague, None]


def test_attack_46_and_47_completed_against_handed_on(river: River, cases: list[Case], colleague: Officer) -> None:
    ticked = marks(*cases)
    river.end(cases[1], "fits", at=MORNING)
    acting = river.acting(river.office.head)
    results = assign_steps(marks=ticked, to_officer_id=colleague.pk, reason="", acting=acting)
    assert [result.is_done for result in results] == [True, False, True]
    assert only_open(cases[1]).owner is None


def test_attack_47_who_had_a_step_before_it_was_handed_on_has_a_conflict_and_keeps_his_note(
    client: Client, river: River, cases: list[Case], colleague: Officer
) -> None:
    run = in_hands(river, cases[0])
    assign_steps(marks=marks(*cases), to_officer_id=colleague.pk, reason="", acting=river.acting(river.office.head))
    client.force_login(river.office.specialist)
    answer = complete(client, run, "fits", note="Bến đo xong.")
    assert answer.status_code == 409
    assert "Bến đo xong." in answer.content.decode()


def test_without_a_choice_of_whom_the_list_comes_back_as_it_was(
    client: Client, river: River, cases: list[Case]
) -> None:
    client.force_login(river.office.head)
    with untouched():
        answer = post(client, *marks(*cases), deed="assign", to_officer="", reason="Đi công tác")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Đi công tác"' in page
    assert page.count(" checked") == 3


def test_a_reason_too_long_to_keep_is_refused_and_not_cut_short(
    client: Client, river: River, cases: list[Case], colleague: Officer
) -> None:
    client.force_login(river.office.head)
    with untouched():
        answer = post(client, *marks(*cases), deed="assign", to_officer=colleague.pk, reason="Đi công tác " * 30)
    assert answer.status_code == 422
    assert "Đi công tác " * 30 in answer.content.decode()


def test_attack_53_four_eyes_hold_for_what_was_handed_on_in_bulk(river: River, cases: list[Case]) -> None:
    """The signer's step can be handed to nobody who doesn't sign, whatever else is ticked with it."""
    river.walk(cases[0], "fits", "deep", "low", "drawn", at=MORNING)
    acting = river.acting(river.office.head)
    results = assign_steps(marks=marks(*cases), to_officer_id=river.office.specialist.pk, reason="", acting=acting)
    assert [(result.run.step, result.is_done) for result in results] == [
        ("agree", False),
        ("inspect", True),
        ("inspect", True),
    ]


def test_a_step_of_who_is_away_is_not_claimed_from_him_by_who_stands_in(river: River, colleague: Officer) -> None:
    """He completes it in the other's place; whose it is stays as it is."""
    case = at_inspection(river)
    in_hands(river, case)
    away(river, river.office.specialist, colleague)
    with untouched(), pytest.raises(NoneDone):
        claim_steps(marks=marks(case), acting=river.acting(colleague))


# Trail and cost ------------------------------------------------------------------------------------


def test_attack_81_each_dossier_is_told_of_once(river: River, cases: list[Case], colleague: Officer) -> None:
    claim_steps(marks=marks(*cases), acting=river.acting(river.office.specialist))
    assign_steps(marks=marks(*cases), to_officer_id=colleague.pk, reason="", acting=river.acting(river.office.head))
    assert [verbs_of(case) for case in cases] == [["step.completed", "step.claimed", "step.reassigned"]] * 3


def test_attack_41_only_the_owner_changes(client: Client, river: River, cases: list[Case]) -> None:
    before = StepRun.objects.filter(pk=only_open(cases[0]).pk).values().get()
    client.force_login(river.office.specialist)
    typed: dict[str, Any] = {
        "status": "DONE",
        "unit": "1",
        "outcome": "fits",
        "owner": river.office.head.pk,
        "due_at": "",
    }
    post(client, *marks(cases[0]), deed="claim", **typed)
    after = StepRun.objects.filter(pk=before["id"]).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"owner_id", "status", "version", "assigned"}


@pytest.mark.parametrize("deed", ["claim", "assign"])
def test_many_rows_cost_but_their_own_trail(river: River, colleague: Officer, deed: str) -> None:
    """Locking, reading and changing are so many statements however many rows; an event is three a dossier."""
    head, specialist = river.acting(river.office.head), river.acting(river.office.specialist)

    def run(count: int) -> int:
        ticked = marks(*(at_inspection(river) for _case in range(count)))
        with CaptureQueriesContext(connection) as captured:
            if deed == "claim":
                claim_steps(marks=ticked, acting=specialist)
            else:
                assign_steps(marks=ticked, to_officer_id=colleague.pk, reason="", acting=head)
        return len(captured)

    few, more, many = run(2), run(6), run(10)
    assert many - more == more - few
    assert (more - few) / 4 <= 3
