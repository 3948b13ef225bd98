"""Where one part of the engine meets another: standing in, opinions, handing over, the calendar, other editions."""

import json
from datetime import date
from typing import Any

import pytest

from accounts.models import Officer, RoleSlot, Unit
from audit.models import AuditEvent
from notices.models import Notice
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.factories.office import publish
from tests.workflow.almanac import day_off, recalculated, revision
from tests.workflow.ferry import River, only_open, stream_of, verbs_of
from tests.workflow.giving import accepted, of_unit
from tests.workflow.harbour import Harbour, open_by_code, timed_out
from tests.workflow.leave import away, colleague_of
from tests.workflow.lists import at_inspection, in_hands
from tests.workflow.test_attacks import newer
from workflow.deadlines.operations.change_calendar import change_working_calendar
from workflow.deadlines.operations.warn import warn_of_deadlines
from workflow.engine.operations.bulk import assign_steps, claim_steps
from workflow.engine.operations.consult import answer_consultation, consult, take_back_consultation
from workflow.engine.operations.hand import claim_step
from workflow.engine.operations.marked import Mark
from workflow.engine.operations.move_edition import move_to_edition
from workflow.engine.operations.send_back import send_back
from workflow.engine.operations.undo import undo_step
from workflow.models import Case, Consultation, StepRun
from worktime.models import ChangeKind
from worktime.operations.change import Change

LATER = moment("2026-12-03 08:30")


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def principal(river: River) -> Officer:
    return river.office.specialist


@pytest.fixture
def delegate(river: River) -> Officer:
    return colleague_of(river)


@pytest.fixture
def case(river: River) -> Case:
    """Its step `inspect` is in the principal's hands."""
    case = at_inspection(river)
    in_hands(river, case)
    return case


def asked(river: River, case: Case, by: Officer, **changes: Any) -> Consultation:
    run = only_open(case)
    given = {"content": "Luồng có bồi không?", "due_on": date(2026, 12, 4), "version": run.version, **changes}
    if "agency" not in given:
        given.setdefault("unit_id", river.office.other_branch.pk)
    return consult(step_run_id=run.pk, acting=river.acting(by), at=MORNING, **given)


def run_of(question: Consultation) -> StepRun:
    found: StepRun = StepRun.objects.get(pk=question.asked_id)
    return found


def told(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        AuditEvent.objects.filter(stream=stream_of(case.subject_id)).latest("id").payload
    )
    return found


# Standing in ---------------------------------------------------------------------------------------


def test_who_stands_in_asks_and_the_step_stays_his_colleagues(
    river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    away(river, principal, delegate)
    question = asked(river, case, delegate)
    assert (only_open(case).owner, question.asked_by) == (principal, delegate)
    assert (verbs_of(case)[-1], told(case)["principal"]) == ("consultation.asked_for", principal.full_name)


def test_the_answer_is_told_to_who_asked_and_to_whose_step_it_is(
    river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    away(river, principal, delegate)
    run = run_of(asked(river, case, delegate))
    acting = river.acting(river.office.stranger)
    answer_consultation(step_run_id=run.pk, answer="Không bồi.", version=run.version, acting=acting, at=MORNING)
    for officer in (principal, delegate):
        assert Notice.objects.filter(recipient_id=officer.pk, message__contains=case.code).count() == 1


def test_an_agencys_answer_is_entered_in_the_place_of_a_colleague(
    river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    run = run_of(asked(river, case, principal, agency="Cảng vụ"))
    claim_step(step_run_id=run.pk, version=run.version, acting=river.acting(principal))
    run.refresh_from_db()
    away(river, principal, delegate)
    acting = river.acting(delegate)
    answer_consultation(step_run_id=run.pk, answer="Không bồi.", version=run.version, acting=acting, at=MORNING)
    run.refresh_from_db()
    assert (run.completed_by, run.stood_in_for) == (delegate, principal)
    assert (verbs_of(case)[-1], told(case)["principal"]) == ("consultation.answered_for", principal.full_name)


def test_who_stands_in_takes_a_question_back(river: River, case: Case, principal: Officer, delegate: Officer) -> None:
    run = run_of(asked(river, case, principal))
    away(river, principal, delegate)
    acting = river.acting(delegate)
    take_back_consultation(step_run_id=run.pk, reason="Đã rõ", version=run.version, acting=acting, at=MORNING)
    assert (verbs_of(case)[-1], told(case)["principal"]) == ("consultation.taken_back_for", principal.full_name)


def test_who_stands_in_sends_back_and_the_record_shows_both(
    river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    away(river, principal, delegate)
    run = only_open(case)
    send_back(
        step_run_id=run.pk,
        to_step="counter",
        note="Thiếu bản vẽ",
        version=run.version,
        acting=river.acting(delegate),
        at=MORNING,
    )
    assert (verbs_of(case)[-1], told(case)["principal"]) == ("step.sent_back_for", principal.full_name)


def test_an_undone_step_is_again_his_who_was_away(
    river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    away(river, principal, delegate)
    run = only_open(case)
    river.end(case, "fits", at=MORNING, by=delegate)
    run.refresh_from_db()
    undo_step(step_run_id=run.pk, version=run.version, acting=river.acting(delegate), at=MORNING)
    run.refresh_from_db()
    assert (run.owner, run.stood_in_for, run.completed_by) == (principal, None, None)


# Opinions among the work ---------------------------------------------------------------------------


def test_an_opinion_is_claimed_and_handed_on_with_other_ticked_rows(river: River, case: Case) -> None:
    """It has no role: whoever updates in the unit may answer it."""
    run = run_of(asked(river, case, river.office.specialist))
    other_head = officer_at(river.office.other_branch, RoleSlot.Kind.UPDATE, ["head"])
    claim_steps(marks=[Mark(run.pk, run.version)], acting=river.acting(other_head))
    run.refresh_from_db()
    assert run.owner == other_head
    stranger = river.office.stranger
    assign_steps(
        marks=[Mark(run.pk, run.version)], to_officer_id=stranger.pk, reason="", acting=river.acting(other_head)
    )
    run.refresh_from_db()
    assert run.owner == stranger


def test_an_opinion_goes_with_its_units_work_and_the_dossier_stays(river: River, case: Case) -> None:
    run = run_of(asked(river, case, river.office.specialist))
    other_head = officer_at(river.office.other_branch, RoleSlot.Kind.UPDATE, ["head"])
    above = Unit.objects.get(code="vpdkdd")
    its_head = officer_at(above, RoleSlot.Kind.UPDATE, ["head"])
    made = of_unit(river, from_unit_id=river.office.other_branch.pk, to_unit_id=above.pk, by=other_head)
    accepted(river, made, its_head)
    run.refresh_from_db()
    case.refresh_from_db()
    assert (run.unit, case.unit) == (above, river.branch)
    assert (case.subject_id, above.pk) in river.landing.sight


def test_who_is_asked_is_not_warned_of_the_cases_own_deadline(river: River, case: Case) -> None:
    run = run_of(asked(river, case, river.office.specialist, due_on=date(2026, 12, 31)))
    claim_step(step_run_id=run.pk, version=run.version, acting=river.acting(river.office.stranger))
    warn_of_deadlines(now=moment("2026-12-08 16:00"))
    assert not Notice.objects.filter(recipient_id=river.office.stranger.pk, message__contains=case.code).exists()


# The calendar --------------------------------------------------------------------------------------


def test_the_day_named_for_an_opinion_stays_when_the_calendar_changes(river: River, case: Case) -> None:
    question = asked(river, case, river.office.specialist, due_on=date(2026, 12, 7))
    day_off(river.office)
    recalculated(river.office)
    assert run_of(question).due_at == question.due_at == moment("2026-12-07 17:00")
    assert only_open(case).due_at != question.due_at


def test_a_step_that_ends_by_itself_waits_for_the_next_working_day(harbour: Harbour) -> None:
    """Its last day became one off after it was opened (Civil Code Art. 148.5)."""
    case = harbour.divided(at=MORNING)
    harbour.go(case, "deep", "fits", at=MORNING)
    day_off(harbour.office, date(2026, 12, 17))
    assert timed_out(moment("2026-12-18 00:00")) == 0
    assert open_by_code(case)["posting"].scheduled == moment("2026-12-18 17:00")
    assert timed_out(moment("2026-12-18 17:00")) == 1


def test_a_step_that_ends_by_itself_ends_earlier_once_its_last_day_is_worked_after_all(harbour: Harbour) -> None:
    """When due dates are reckoned anew, not before."""
    day_off(harbour.office, date(2026, 12, 17))
    case = harbour.divided(at=MORNING)
    harbour.go(case, "deep", "fits", at=MORNING)
    acting = harbour.acting(harbour.office.administrator)
    worked = Change(kind=ChangeKind.DROP, day=date(2026, 12, 17))
    change_working_calendar(change=worked, reason="Không nghỉ bù nữa", revision=revision(), acting=acting)
    assert open_by_code(case)["posting"].scheduled == moment("2026-12-18 17:00")
    recalculated(harbour.office)
    assert timed_out(moment("2026-12-18 00:00")) == 1


# Another edition -----------------------------------------------------------------------------------


def moved(river: River, case: Case, text: str) -> list[tuple[str, str, str, str]]:
    """Kind, cause, reference and unit of the lines of its ledger after it was moved to this edition."""
    found = Case.objects.get(pk=case.pk)
    acting = river.acting(river.office.head)
    to = publish(text)
    move_to_edition(case_id=found.pk, version_id=to.pk, reason="QĐ mới", version=found.version, acting=acting, at=LATER)
    return list(found.clock_entries.order_by("sequence").values_list("kind", "cause", "reference", "unit"))


def test_a_limit_in_days_of_the_calendar_is_counted_in_them(river: River, case: Case) -> None:
    lines = moved(river, case, newer().replace("days = 8\n", 'days = 8\nunit = "days"\n', 1))
    assert lines[-1] == ("reset", "edition", "moi", "days")
    case.refresh_from_db()
    assert case.due_at == moment("2026-12-10 17:00")


def test_a_repeated_pause_keeps_the_number_of_its_paper(river: River) -> None:
    case = river.start(at=MORNING)
    river.walk(case, "pass", "fits", "deep", at=MORNING)
    before = list(case.clock_entries.order_by("sequence").values_list("kind", "cause", "reference", "unit"))
    assert moved(river, case, newer())[len(before) :] == [("reset", "edition", "moi", "minutes"), before[1]]


def test_what_only_tells_of_another_calendar_is_not_repeated(river: River, case: Case) -> None:
    day_off(river.office)
    recalculated(river.office)
    assert [kind for kind, *_rest in moved(river, case, newer())] == ["start", "recalculated", "reset"]
