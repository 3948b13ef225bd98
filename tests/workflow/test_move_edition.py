"""Moving a running case to another edition: shown first, reasoned, told, and never by itself."""

import json
from dataclasses import replace
from datetime import date

import pytest

from accounts.models import Officer
from audit.models import AuditEvent
from notices.models import Notice
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.factories.office import publish
from tests.workflow.ferry import FERRY, River, only_open, stream_of, verbs_of
from tests.workflow.harbour import HARBOUR, Harbour, open_by_code
from tests.workflow.lists import in_hands
from tests.workflow.test_attacks import newer
from tests.workflow.untouched import untouched
from workflow.clock.ledger import ClockState
from workflow.engine.edition_move import EditionMove
from workflow.engine.operations.consult import answer_consultation, consult
from workflow.engine.operations.move_edition import editions_beside, may_move, move_shown, move_to_edition
from workflow.engine.operations.send_back import steps_behind
from workflow.engine.operations.undo import undo_step
from workflow.engine.selectors import run_seen
from workflow.models import Case, ProcedureVersion, StepRun

LATER = moment("2026-12-03 08:30")


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def case(river: River) -> Case:
    """A case whose second step is in the queue of the branch."""
    case = river.start(at=MORNING)
    river.end(case, "pass", at=MORNING)
    return fresh(case)


@pytest.fixture
def new(case: Case) -> ProcedureVersion:
    return publish(newer())


def fresh(case: Case) -> Case:
    found: Case = Case.objects.select_related("edition_version__procedure", "unit").get(pk=case.pk)
    return found


def move(
    river: River,
    case: Case,
    to: ProcedureVersion,
    *,
    by: Officer | None = None,
    reason: str = "QĐ mới",
    version: int = -1,
) -> EditionMove:
    acting = river.acting(by or river.office.head)
    version = case.version if version < 0 else version
    return move_to_edition(case_id=case.pk, version_id=to.pk, reason=reason, version=version, acting=acting, at=LATER)


def test_what_would_change_is_shown_and_changes_nothing(river: River, case: Case, new: ProcedureVersion) -> None:
    with untouched():
        shown = move_shown(case, new)
    changed = {change.code: (change.before is None, change.after is None) for change in shown.changed}
    assert changed == {"inspect": (False, False), "sound": (False, True), "agree": (False, False)}
    assert (shown.limit_before, shown.limit_after) == ("4 ngày", "8 ngày")
    assert (shown.due_before, shown.due_after) == (moment("2026-12-08 17:00"), moment("2026-12-14 17:00"))
    assert shown.obstacles == ()


def test_it_goes_on_as_the_other_edition_says(river: River, case: Case, new: ProcedureVersion) -> None:
    shown = move(river, case, new)
    case.refresh_from_db()
    assert (case.edition_version, case.due_at, case.limit_minutes) == (new, shown.due_after, 8 * 480)
    run = only_open(case)
    assert (run.step, run.limit_minutes) == ("inspect", 480)
    assert river.walk(case, "fits", at=LATER).step == "flood"


def test_the_ledger_says_why_the_due_date_is_another(river: River, case: Case, new: ProcedureVersion) -> None:
    move(river, case, new)
    lines = list(case.clock_entries.order_by("sequence").values_list("kind", "cause", "reference", "at"))
    assert lines[1:] == [("reset", "edition", "moi", MORNING)]


def test_pauses_the_appointment_has_had_count_under_the_new_limit_too(river: River, harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", at=MORNING)
    to = publish(HARBOUR.replace('code = "thu"', 'code = "moi"', 1).replace("days = 5\n", "days = 6\n", 1))
    move(harbour, fresh(case), to)
    case.refresh_from_db()
    assert (case.clock_state, case.limit_minutes) == (ClockState.PAUSED, 6 * 480)
    harbour.go(case, "over", at=LATER)
    case.refresh_from_db()
    # Six days less the none used before the pause, from Thursday half past eight on.
    assert (case.clock_state, case.due_at) == (ClockState.RUNNING, moment("2026-12-11 08:30"))


def test_what_the_clock_stood_still_stays_off_an_open_steps_limit(harbour: Harbour) -> None:
    """A day of Wednesday at nine; the clock stood until Thursday half past eight."""
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", at=MORNING)
    harbour.go(case, "over", at=LATER)
    assert open_by_code(case)["water"].due_at == moment("2026-12-04 08:30")
    to = publish(HARBOUR.replace('code = "thu"', 'code = "moi"', 1).replace("days = 5\n", "days = 6\n", 1))
    move(harbour, fresh(case), to)
    assert open_by_code(case)["water"].due_at == moment("2026-12-04 08:30")


def test_branches_stay_where_they_are(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    before = {code: run.branch for code, run in open_by_code(case).items()}
    to = publish(HARBOUR.replace('code = "thu"', 'code = "moi"', 1).replace('"Đo trên bờ"', '"Đo bờ"', 1))
    move(harbour, fresh(case), to)
    assert {code: run.branch for code, run in open_by_code(case).items()} == before
    assert open_by_code(case)["shore"].title == "Đo bờ"
    assert set(harbour.go(case, "deep", "fits", "over", at=LATER)) == {"meet"}


def test_attack_81_it_is_told_once_with_what_changed(river: River, case: Case, new: ProcedureVersion) -> None:
    move(river, case, new)
    assert verbs_of(case) == ["step.completed", "case.moved_to_edition"]
    told = json.loads(AuditEvent.objects.filter(stream=stream_of(case.subject_id)).latest("sequence").payload)
    assert (told["before"], told["after"], told["reason"]) == ("thu", "moi", "QĐ mới")
    assert told["changed"] == ["Xem bến", "Duyệt giấy phép", "Đo luồng"]


def test_attack_54_no_case_moves_by_itself_and_none_in_passing(river: River, case: Case, new: ProcedureVersion) -> None:
    assert fresh(case).edition_version == river.edition
    assert editions_beside(case) == [new]


def test_an_open_step_that_is_not_there_any_more_stands_in_the_way(
    river: River, case: Case, new: ProcedureVersion
) -> None:
    river.walk(case, "fits", at=MORNING)
    with untouched(), pytest.raises(Invalid, match="Đo luồng"):
        move(river, fresh(case), new)


def test_a_step_that_stands_in_another_branch_there_stands_in_the_way(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    to = publish(
        HARBOUR.replace('code = "thu"', 'code = "moi"', 1).replace('["water", "shore"]', '["shore", "water"]', 1)
    )
    with untouched(), pytest.raises(Invalid):
        move(harbour, fresh(case), to)


def test_only_who_leads_the_competent_unit_or_an_administrator(river: River, case: Case, new: ProcedureVersion) -> None:
    office = river.office
    for officer in (office.specialist, office.clerk, office.look_up):
        assert not may_move(case, river.acting(officer))
        with untouched(), pytest.raises(Refused):
            move(river, case, new, by=officer)
    assert may_move(case, river.acting(office.administrator))
    assert move(river, case, new, by=office.administrator).limit_after == "8 ngày"


def test_without_a_reason_nothing_is_moved(river: River, case: Case, new: ProcedureVersion) -> None:
    with untouched(), pytest.raises(Invalid):
        move(river, case, new, reason=" ")


def test_attack_46_what_was_shown_before_somebody_went_on_is_shown_again(
    river: River, case: Case, new: ProcedureVersion
) -> None:
    river.walk(case, "fits", "deep", at=MORNING)
    with untouched(), pytest.raises(Conflict):
        move(river, case, new)


def test_attack_44_the_same_form_twice_moves_once(river: River, case: Case, new: ProcedureVersion) -> None:
    move(river, case, new)
    with untouched(), pytest.raises(Conflict):
        move(river, case, new)


def test_a_case_that_has_ended_and_an_edition_of_another_procedure_are_left_alone(
    river: River, case: Case, new: ProcedureVersion
) -> None:
    other = publish(HARBOUR)
    for to in (other, river.edition):
        with untouched(), pytest.raises(Invalid):
            move(river, case, to)
    river.end(case, "stop", at=MORNING)
    with untouched(), pytest.raises(Conflict):
        move(river, fresh(case), new)


def test_a_branch_that_has_come_by_a_step_that_leads_elsewhere_there_stands_in_the_way(harbour: Harbour) -> None:
    """Nobody could say there that it has come: the branches would wait for it for ever, or end without it."""
    case = harbour.divided(at=MORNING)
    harbour.go(case, "deep", at=MORNING)
    to = publish(HARBOUR.replace('code = "thu"', 'code = "moi"', 1).replace('code = "deep"', 'code = "low"', 1))
    with untouched(), pytest.raises(Invalid, match="Đo dưới nước"):
        move(harbour, fresh(case), to)


def test_what_was_passed_under_the_other_edition_is_neither_undone_nor_gone_back_behind(
    river: River, case: Case
) -> None:
    river.walk(case, "fits", "deep", at=MORNING)
    new = publish(newer())
    move(river, fresh(case), new)
    sound = StepRun.objects.get(process=case, step="sound")
    with untouched(), pytest.raises(Conflict):
        undo_step(step_run_id=sound.pk, version=sound.version, acting=river.acting(river.office.specialist), at=LATER)
    run = river.walk(case, "low", "drawn", at=LATER)
    acting = river.acting(river.office.head)
    assert [step.code for step in steps_behind(run_seen(run.pk, acting))] == ["draw"]


def harbour_in_words() -> ProcedureVersion:
    """The harbour's edition with another name for a step, and nothing else."""
    return publish(HARBOUR.replace('code = "thu"', 'code = "moi"', 1).replace('"Đo trên bờ"', '"Đo bờ"', 1))


def inspected(instead: str) -> ProcedureVersion:
    """The river's edition with this in place of whose the inspection is."""
    before = 'name = "Xem bến"\nrole = "specialist"\n'
    return publish(FERRY.replace('code = "thu"', 'code = "moi"', 1).replace(before, f'name = "Xem bến"\n{instead}', 1))


def test_an_open_step_stays_due_as_much_later_as_the_clock_has_stood_still(harbour: Harbour) -> None:
    case = harbour.divided(at=MORNING)
    harbour.go(case, "fits", at=MORNING)
    water = harbour.go(case, "over", at=LATER)["water"]
    move(harbour, fresh(case), harbour_in_words())
    assert open_by_code(case)["water"].due_at == water.due_at == moment("2026-12-04 08:30")


def drawn_first() -> ProcedureVersion:
    """The river's edition, but the landing is drawn before the water falls: before the second appointment begins."""
    text = FERRY.replace('code = "thu"', 'code = "moi"', 1).replace("days = 4\n", "days = 6\n", 1)
    draw = text[text.index('[[steps]]\ncode = "draw"') : text.index('[[steps]]\ncode = "agree"')]
    text = text.replace(draw, "").replace('to = "draw"', 'to = "agree"').replace('to = "flood"', 'to = "draw"')
    return publish(f"{text}\n{draw.replace('agree', 'flood')}")


def test_a_step_behind_which_the_running_appointment_begins_there_stands_in_the_way(river: River) -> None:
    """Who ended it would begin an appointment that has begun: the case could go no further."""
    case = river.start(at=MORNING)
    river.walk(case, "pass", "fits", "deep", "low", at=MORNING)
    to = drawn_first()
    with untouched(), pytest.raises(Invalid, match="Vẽ bến"):
        move(river, fresh(case), to)


def test_a_step_before_which_the_next_appointment_begins_there_stands_in_the_way(river: River) -> None:
    """Nobody would begin it any more: the case would have no appointment to the end."""
    beside = replace(river, edition=drawn_first())
    case = beside.start(at=MORNING)
    beside.walk(case, "pass", "fits", "deep", at=MORNING)
    with untouched(), pytest.raises(Invalid, match="“Vẽ bến” đứng sau"):
        move(river, fresh(case), river.edition)


def test_a_step_that_is_anothers_to_do_there_goes_into_their_queue(river: River, case: Case) -> None:
    claimed = in_hands(river, case)
    move(river, fresh(case), inspected('role = "head"\n'))
    run = only_open(case)
    assert (run.role, run.owner, run.unit, run.version) == ("head", None, river.branch, claimed.version + 1)
    [told] = Notice.objects.filter(recipient_id=river.office.specialist.pk)
    assert f"“Xem bến” của hồ sơ {case.code}" in told.message


def test_a_step_that_is_done_in_another_unit_there_goes_to_it(river: River, case: Case) -> None:
    in_hands(river, case)
    move(river, fresh(case), inspected('role = "clerk"\nplace = "received"\n'))
    run = only_open(case)
    assert (run.role, run.owner, run.unit) == ("clerk", None, river.office.one_stop)
    assert river.end(case, "fits", at=LATER).completed_by == river.office.clerk


def test_a_step_its_officer_still_does_there_stays_in_his_hands(river: River, case: Case) -> None:
    in_hands(river, case)
    move(river, fresh(case), inspected('role = "specialist"\nplace = "kind"\nunit_kind = "registration_branch"\n'))
    assert only_open(case).owner == river.office.specialist
    assert not Notice.objects.exists()


def test_what_an_agency_outside_was_asked_is_recorded_by_who_does_the_step_there(river: River, case: Case) -> None:
    acting = river.acting(river.office.specialist)
    question = consult(
        step_run_id=only_open(case).pk,
        content="Luồng có lối đi không?",
        due_on=date(2026, 12, 4),
        version=0,
        acting=acting,
        agency="Cảng vụ",
        at=MORNING,
    )
    move(river, fresh(case), inspected('role = "clerk"\nplace = "received"\n'))
    clerk = river.acting(river.office.clerk)
    asked = run_seen(question.asked_id, clerk)
    answer_consultation(step_run_id=asked.pk, answer="Có.", version=asked.version, acting=clerk, at=LATER)
    assert only_open(case).awaited == 0
