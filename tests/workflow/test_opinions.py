"""Opinions asked for from a step: asked, answered, late, taken back; the step waits for them."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.acting import Acting, acting_for
from accounts.models import Officer, RoleSlot
from accounts.operations.delegate import end_delegation
from audit.models import AuditEvent
from notices.models import Notice
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.ferry import River, only_open, stream_of, verbs_of
from tests.workflow.leave import away, colleague_of
from tests.workflow.untouched import untouched
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.consult import answer_consultation, consult, may_answer, take_back_consultation
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.engine.selectors import open_opinions_of, unit_work
from workflow.models import Case, Consultation, StepRun

LATER = moment("2026-12-08 08:30")
DUE_ON = date(2026, 12, 4)


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def case(river: River) -> Case:
    """A case whose second step is in the queue of the branch."""
    case = river.start(at=MORNING)
    river.end(case, "pass", at=MORNING)
    return case


def ask(river: River, case: Case, *, by: Officer | None = None, **asked: Any) -> Consultation:
    run = only_open(case)
    given = {"content": "Luồng có bồi không?", "due_on": DUE_ON, "version": run.version, "at": MORNING, **asked}
    if "agency" not in given:
        given.setdefault("unit_id", river.office.other_branch.pk)
    return consult(step_run_id=run.pk, acting=river.acting(by or river.office.specialist), **given)


def answer(river: River, question: Consultation, *, by: Officer | None = None, **given: Any) -> Consultation:
    run = StepRun.objects.get(pk=question.asked_id)
    said = {"answer": "Không bồi.", "version": run.version, "at": MORNING, **given}
    return answer_consultation(step_run_id=run.pk, acting=river.acting(by or river.office.stranger), **said)


def take_back(river: River, question: Consultation, *, by: Officer | None = None, **given: Any) -> Consultation:
    run = StepRun.objects.get(pk=question.asked_id)
    said = {"reason": "Đã rõ.", "version": run.version, "at": MORNING, **given}
    return take_back_consultation(step_run_id=run.pk, acting=river.acting(by or river.office.specialist), **said)


def test_the_question_stands_on_the_list_of_the_unit_asked_until_its_own_deadline(river: River, case: Case) -> None:
    question = ask(river, case)
    [run] = unit_work(river.acting(river.office.stranger))
    assert (run.pk, run.title) == (question.asked_id, "Ý kiến của CN Mường Sại")
    assert run.due_at == question.due_at == moment("2026-12-04 17:00")
    assert run.limit_minutes == 2 * 480 + 390


def test_a_day_that_is_off_moves_the_deadline_to_the_next_working_day(river: River, case: Case) -> None:
    assert ask(river, case, due_on=date(2026, 12, 5)).due_at == moment("2026-12-07 17:00")


def test_the_unit_asked_sees_the_subject_from_now_on(river: River, case: Case) -> None:
    ask(river, case)
    assert (case.subject_id, river.office.other_branch.pk) in river.landing.sight


def test_who_asks_has_the_step_in_his_hands(river: River, case: Case) -> None:
    ask(river, case)
    run = only_open(case)
    assert (run.owner, run.awaited) == (river.office.specialist, 1)


def test_the_step_goes_forward_only_after_the_answer(river: River, case: Case) -> None:
    question = ask(river, case)
    with untouched(), pytest.raises(Invalid, match="chờ 1 ý kiến"):
        river.end(case, "fits", at=MORNING)
    answer(river, question)
    assert river.end(case, "fits", at=MORNING).outcome == "fits"


def test_sending_back_does_not_wait_and_lets_the_question_lapse(river: River, case: Case) -> None:
    question = ask(river, case)
    river.end(case, "ask_again", at=LATER)
    question.refresh_from_db()
    assert (question.taken_back_at, question.reason) == (LATER, "Thiếu bản vẽ bến.")
    assert StepRun.objects.get(pk=question.asked_id).is_cancelled


def test_ending_the_case_lets_the_question_lapse(river: River, case: Case) -> None:
    question = ask(river, case)
    river.end(case, "stop", at=LATER)
    question.refresh_from_db()
    assert question.taken_back_at == LATER
    assert not open_opinions_of(case)


def test_of_two_questions_the_step_waits_for_both(river: River, case: Case) -> None:
    first, second = ask(river, case), ask(river, case, agency="Cảng vụ")
    assert only_open(case).awaited == 2
    answer(river, first)
    assert only_open(case).awaited == 1
    answer(river, second, by=river.office.specialist)
    assert only_open(case).awaited == 0


def test_an_answer_keeps_what_was_said_by_whom_and_tells_who_asked(river: River, case: Case) -> None:
    question = answer(river, ask(river, case), answer="  Không bồi.  ")
    assert (question.answer, question.answered_by, question.answered_at) == (
        *("Không bồi.", river.office.stranger),
        MORNING,
    )
    assert not question.is_open
    [notice] = Notice.objects.filter(recipient_id=river.office.specialist.pk)
    assert case.code in notice.message


def test_an_answer_after_its_deadline_counts_and_is_told_as_late(river: River, case: Case) -> None:
    question = answer(river, ask(river, case), at=LATER)
    assert question.is_late
    assert verbs_of(case)[-2:] == ["consultation.asked", "consultation.answered_late"]


def test_any_updating_officer_of_the_unit_asked_answers_and_its_head_hands_it_on(river: River, case: Case) -> None:
    run = StepRun.objects.get(pk=ask(river, case).asked_id)
    helper = officer_at(river.office.other_branch, RoleSlot.Kind.UPDATE)
    head = river.acting(river.office.stranger)
    reassign_step(step_run_id=run.pk, to_officer_id=helper.pk, version=run.version, reason="", acting=head)
    run.refresh_from_db()
    answered = answer_consultation(step_run_id=run.pk, answer="Có.", version=run.version, acting=river.acting(helper))
    assert answered.answered_by == helper


def test_it_is_claimed_like_any_work(river: River, case: Case) -> None:
    run = StepRun.objects.get(pk=ask(river, case).asked_id)
    claimed = claim_step(step_run_id=run.pk, version=run.version, acting=river.acting(river.office.stranger))
    assert claimed.owner == river.office.stranger


def test_of_an_outside_agency_the_asking_unit_records_the_reply(river: River, case: Case) -> None:
    question = ask(river, case, agency=" Cảng vụ đường thủy ")
    run = StepRun.objects.get(pk=question.asked_id)
    assert (question.whom, run.unit, run.role, run.waits_for) == (
        *("Cảng vụ đường thủy", river.branch),
        *("specialist", "opinion"),
    )
    assert answer(river, question, by=river.office.specialist).answer == "Không bồi."


def test_a_question_taken_back_lets_the_step_go_on(river: River, case: Case) -> None:
    question = take_back(river, ask(river, case))
    assert (question.reason, question.taken_back_at) == ("Đã rõ.", MORNING)
    assert river.end(case, "fits", at=MORNING).outcome == "fits"
    assert verbs_of(case)[-2:] == ["consultation.taken_back", "step.completed"]


def test_the_form_sent_twice_answers_once(river: River, case: Case) -> None:
    question = ask(river, case)
    answer(river, question, receipt_key="k-1", version=0)
    with untouched():
        answer(river, question, receipt_key="k-1", version=0)


# What is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"content": "  "}, "content"),
        ({"due_on": date(2026, 12, 1)}, "due_on"),
        ({"unit_id": None}, "unit"),
        ({"unit_id": 10**9}, "unit"),
        ({"agency": "x" * 201}, "unit"),
    ],
)
def test_a_question_that_lacks_something_is_not_asked(
    river: River, case: Case, asked: dict[str, Any], field: str
) -> None:
    with untouched(), pytest.raises(Invalid) as fault:
        ask(river, case, **asked)
    assert field in fault.value.fields


def test_a_unit_does_not_ask_itself(river: River, case: Case) -> None:
    with untouched(), pytest.raises(Invalid):
        ask(river, case, unit_id=river.branch.pk)


def test_only_who_may_do_the_step_asks(river: River, case: Case) -> None:
    for officer in (river.office.clerk, river.office.head, river.office.look_up):
        with untouched(), pytest.raises(Refused):
            ask(river, case, by=officer)


def test_attack_46_a_stale_form_asks_nothing(river: River, case: Case) -> None:
    ask(river, case)
    with untouched(), pytest.raises(Conflict):
        ask(river, case, version=0)


def test_attack_48_an_opinion_is_not_completed_like_a_step(river: River, case: Case) -> None:
    run = StepRun.objects.get(pk=ask(river, case).asked_id)
    with untouched(), pytest.raises(Refused):
        complete_step(step_run_id=run.pk, outcome="fits", version=0, acting=river.acting(river.office.stranger))


def test_attack_48_a_step_is_not_answered_like_an_opinion(river: River, case: Case) -> None:
    run = only_open(case)
    acting = river.acting(river.office.specialist)
    with untouched(), pytest.raises(Refused):
        answer_consultation(step_run_id=run.pk, answer="Có.", version=run.version, acting=acting)


def test_who_asks_does_not_answer_for_another_unit(river: River, case: Case) -> None:
    question = ask(river, case)
    with untouched(), pytest.raises(Refused):
        answer(river, question, by=river.office.specialist)


def test_attack_53_who_works_in_both_units_does_not_answer_his_own_question(river: River, case: Case) -> None:
    officer_at(river.office.other_branch, RoleSlot.Kind.UPDATE, officer=river.office.specialist)
    question = ask(river, case)
    run = StepRun.objects.get(pk=question.asked_id)
    slot = RoleSlot.objects.get(unit=river.office.other_branch, kind=RoleSlot.Kind.UPDATE)
    acting = acting_for(river.office.specialist, slot_id=slot.pk)
    with untouched(), pytest.raises(Refused, match="Chính mình"):
        answer_consultation(step_run_id=run.pk, answer="Có.", version=run.version, acting=acting)


def test_attack_53_two_who_stood_in_for_each_other_do_not_answer_each_others_questions(
    river: River, case: Case
) -> None:
    """Whichever of the two asked, and also when the one stands in for the other no more."""
    principal, delegate = river.office.specialist, colleague_of(river)
    for officer in (principal, delegate):
        officer_at(river.office.other_branch, RoleSlot.Kind.UPDATE, officer=officer)
    slot = RoleSlot.objects.get(unit=river.office.other_branch, kind=RoleSlot.Kind.UPDATE)
    today = timezone.localdate()
    made = away(river, principal, delegate, valid_from=today, valid_to=today)
    run = only_open(case)
    StepRun.objects.filter(pk=run.pk).update(owner=principal)
    for asker, answerer in ((delegate, principal), (principal, delegate)):
        asked = StepRun.objects.get(pk=ask(river, case, by=asker).asked_id)
        acting = acting_for(answerer, slot_id=slot.pk)
        assert not may_answer(asked, acting)
        _refused_as_ones_own(asked, acting)
    end_delegation(delegation_id=made.pk, acting=river.acting(principal))
    question = Consultation.objects.latest("pk")
    _refused_as_ones_own(StepRun.objects.get(pk=question.asked_id), acting_for(delegate, slot_id=slot.pk))
    assert answer(river, question).answer


def _refused_as_ones_own(asked: StepRun, acting: Acting) -> None:
    with untouched(), pytest.raises(Refused, match="Chính mình"):
        answer_consultation(step_run_id=asked.pk, answer="Có.", version=asked.version, acting=acting)


def test_an_empty_answer_is_none(river: River, case: Case) -> None:
    question = ask(river, case)
    with untouched(), pytest.raises(Invalid):
        answer(river, question, answer=" ")


def test_a_question_taken_back_is_not_answered_and_says_why(river: River, case: Case) -> None:
    question = take_back(river, ask(river, case))
    with untouched(), pytest.raises(Conflict, match="Đã rõ"):
        answer(river, question)


def test_only_who_asked_or_leads_takes_back(river: River, case: Case) -> None:
    question = ask(river, case)
    for officer in (river.office.clerk, river.office.stranger):
        with untouched(), pytest.raises(Refused):
            take_back(river, question, by=officer)
    assert take_back(river, question, by=river.office.head).reason == "Đã rõ."


def test_attack_81_asking_answering_taking_back_are_told_once_each(river: River, case: Case) -> None:
    known = AuditEvent.objects.filter(stream=stream_of(case.subject_id)).count()
    answer(river, ask(river, case))
    take_back(river, ask(river, case))
    assert verbs_of(case)[known:] == [
        *("consultation.asked", "consultation.answered"),
        *("consultation.asked", "consultation.taken_back"),
    ]
