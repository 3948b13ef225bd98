"""Due dates reckoned anew after a change of the calendar: ordered by a person, done once, told to everybody."""

import json
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from audit.verifier import verify
from jobs.models import OutboxRow
from jobs.outbox import take, work_through
from jobs.registry import TOPICS, Job
from jobs.worker import drain
from notices.models import Notice
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.almanac import HOLIDAY, REASON, day_off, ordered, recalculated, revision
from tests.workflow.deaths import Death, Killed
from tests.workflow.ferry import River, only_open, stream_of, verbs_of
from tests.workflow.tide import extending, pass_on, pausing, resuming, stopping
from tests.workflow.untouched import everything
from workflow.deadlines.models import Recalculation
from workflow.deadlines.operations import recalculate
from workflow.deadlines.operations.recalculate import TOPIC, carry_on, recalculate_due_dates
from workflow.engine.clockwork import ledger_of
from workflow.models import Case, ClockEntry

PROMISED, MOVED = moment("2026-12-08 17:00"), moment("2026-12-09 17:00")
State = Recalculation.State


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def case(river: River) -> Case:
    return river.start(at=MORNING)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def kinds(case: Case) -> list[str]:
    return [line.kind for line in ledger_of(case)]


def trail(stream: str) -> list[str]:
    return list(AuditEvent.objects.filter(stream=stream).order_by("sequence").values_list("verb", flat=True))


# The promise ---------------------------------------------------------------------------------------


def test_attack_50_a_holiday_entered_after_receipt_moves_no_promise(river: River, case: Case) -> None:
    before = Case.objects.filter(pk=case.pk).values().get()
    day_off(river.office)
    drain()
    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert kinds(case) == ["start"]
    assert river.start(at=MORNING).due_at == MOVED


def test_attack_50_an_ordered_recalculation_moves_it_and_the_ledger_says_by_which_change(
    river: River, case: Case
) -> None:
    change = day_off(river.office)
    found = recalculated(river.office)
    assert (fresh(case).due_at, fresh(case).version) == (MOVED, case.version + 1)
    line = ledger_of(case)[-1]
    assert (line.kind, line.cause, line.due_at) == ("recalculated", "calendar", MOVED)
    assert (line.reference, line.basis, line.limit) == (str(change.pk), REASON, 0)
    assert (found.state, found.examined, found.moved, found.set_aside) == (State.DONE, 1, 1, [])


def test_attack_81_it_is_told_once_in_the_calendars_trail_and_once_in_each_cases(river: River, case: Case) -> None:
    change = day_off(river.office)
    found = recalculated(river.office)
    assert trail("calendar:yen-giang")[-3:] == [
        "calendar.changed",
        "calendar.recalculation_ordered",
        "calendar.recalculation_done",
    ]
    assert verbs_of(case) == ["case.recalculated"]
    told = json.loads(AuditEvent.objects.get(stream=stream_of(case.subject_id)).payload)
    assert (told["change"], told["recalculation"], told["reason"]) == (change.pk, found.pk, REASON)
    assert verify().is_ok


def test_cases_the_change_does_not_touch_are_left_alone(river: River, case: Case) -> None:
    due_before = river.start(at=moment("2026-11-24 09:00"))
    paused, stopped = river.start(at=MORNING), river.start(at=MORNING)
    pass_on(river, paused, pausing(), at=MORNING)
    pass_on(river, stopped, stopping(), at=MORNING)
    before = list(Case.objects.exclude(pk=case.pk).order_by("pk").values())
    day_off(river.office)
    found = recalculated(river.office)
    assert (found.examined, found.moved) == (2, 1)
    assert list(Case.objects.exclude(pk=case.pk).order_by("pk").values()) == before
    assert kinds(due_before) == ["start"]


def test_a_day_named_by_an_apology_stays_as_long_as_it_is_worked(river: River, case: Case) -> None:
    pass_on(river, case, extending(moment("2026-12-11 17:00")), at=MORNING)
    day_off(river.office)
    recalculated(river.office)
    assert (fresh(case).due_at, kinds(case)) == (moment("2026-12-11 17:00"), ["start", "extended"])
    day_off(river.office, date(2026, 12, 11))
    recalculated(river.office)
    assert (fresh(case).due_at, kinds(case)[-1]) == (moment("2026-12-14 17:00"), "recalculated")


def test_a_case_that_paused_is_reckoned_with_its_pause(river: River, case: Case) -> None:
    """Paused from Thursday noon until Monday noon, half a day on Friday lost to nobody."""
    pass_on(river, case, pausing(), at=moment("2026-12-03 11:30"))
    pass_on(river, case, resuming(), at=moment("2026-12-07 11:30"))
    promised = fresh(case).due_at
    day_off(river.office, date(2026, 12, 9))
    recalculated(river.office)
    assert promised == moment("2026-12-10 17:00")
    assert fresh(case).due_at == moment("2026-12-11 17:00")


def test_open_steps_follow_the_calendar_whether_the_promise_moves_or_not(river: River, case: Case) -> None:
    run = river.walk(case, "pass", at=moment("2026-12-03 09:00"))
    assert run.due_at == moment("2026-12-07 14:30")
    day_off(river.office)
    recalculated(river.office)
    assert only_open(case).due_at == moment("2026-12-08 14:30")
    assert only_open(case).near_at == moment("2026-12-07 14:30")


def test_a_second_recalculation_moves_nothing_more(river: River, case: Case) -> None:
    day_off(river.office)
    recalculated(river.office)
    before = list(Case.objects.values()), list(ClockEntry.objects.values()), Notice.objects.count()
    assert recalculated(river.office).moved == 0
    # But for the word to whoever ordered it.
    assert (list(Case.objects.values()), list(ClockEntry.objects.values()), Notice.objects.count() - 1) == before


# Who is told ---------------------------------------------------------------------------------------


def test_who_has_the_case_in_hand_is_told_of_the_move_and_who_ordered_it_of_its_end(river: River, case: Case) -> None:
    day_off(river.office)
    recalculated(river.office)
    [told] = Notice.objects.filter(recipient_id=river.office.clerk.pk)
    assert case.code in told.message
    assert "17:00 08/12/2026" in told.message
    assert "17:00 09/12/2026" in told.message
    [ended] = Notice.objects.filter(recipient_id=river.office.administrator.pk)
    assert "1" in ended.message


def test_a_case_in_nobodys_hands_is_told_to_who_leads_the_unit(river: River, case: Case) -> None:
    river.walk(case, "pass", at=MORNING)
    day_off(river.office)
    recalculated(river.office)
    assert Notice.objects.filter(message__contains=case.code).get().recipient_id == river.office.head.pk


def test_many_moves_of_one_officer_are_one_message(river: River) -> None:
    for _number in range(7):
        river.start(at=MORNING)
    day_off(river.office)
    recalculated(river.office)
    [told] = Notice.objects.filter(recipient_id=river.office.clerk.pk)
    assert "7" in told.message


# Ordering ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk", "specialist", "head", "look_up"])
def test_only_an_administrator_orders_it(river: River, who: str) -> None:
    acting = river.acting(getattr(river.office, who))
    with pytest.raises(Refused):
        recalculate_due_dates(reason=REASON, revision=revision(), acting=acting)
    assert not OutboxRow.objects.filter(topic=TOPIC).exists()


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 251])
def test_it_is_not_ordered_without_a_reason(river: River, reason: str) -> None:
    with pytest.raises(Invalid) as fault:
        recalculate_due_dates(reason=reason, revision=revision(), acting=river.acting(river.office.administrator))
    assert "reason" in fault.value.fields


def test_attack_46_it_is_not_ordered_for_a_calendar_nobody_saw(river: River) -> None:
    with pytest.raises(Conflict):
        recalculate_due_dates(reason=REASON, revision=uuid4(), acting=river.acting(river.office.administrator))


def test_attack_44_ordered_twice_it_is_done_once(river: River, case: Case) -> None:
    day_off(river.office)
    ordered(river.office)
    with pytest.raises(Conflict):
        ordered(river.office)
    assert Recalculation.objects.count() == 1


def test_a_calendar_changed_again_ends_it(river: River, case: Case) -> None:
    day_off(river.office)
    first = ordered(river.office)
    day_off(river.office, date(2026, 12, 7))
    drain([TOPIC])
    first.refresh_from_db()
    assert (first.state, first.moved, fresh(case).due_at) == (State.SUPERSEDED, 0, PROMISED)
    recalculated(river.office)
    assert fresh(case).due_at == moment("2026-12-10 17:00")


# In chunks, by workers that die --------------------------------------------------------------------


@pytest.fixture
def five(river: River, monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """Five cases, two of which fit into a chunk; the calendar is changed."""
    monkeypatch.setattr(recalculate, "CHUNK", 2)
    cases = [river.start(at=MORNING) for _number in range(5)]
    day_off(river.office)
    return cases


def moves(cases: list[Case]) -> list[int]:
    return [kinds(case).count("recalculated") for case in cases]


def test_every_case_is_moved_once_over_several_chunks(river: River, five: list[Case]) -> None:
    found = recalculated(river.office)
    assert moves(five) == [1] * 5
    assert (found.state, found.examined, found.moved) == (State.DONE, 5, 5)


def test_a_chunk_costs_the_same_statements_however_many_there_are(
    river: River, five: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    for case in five[1:]:
        river.end(case, "pass", at=MORNING)
    counted = []
    for chunk in (2, 4):
        monkeypatch.setattr(recalculate, "CHUNK", chunk)
        Recalculation.objects.update(state=State.DONE)
        day_off(river.office, date(2026, 12, 6 + chunk // 2))
        made = ordered(river.office)
        with CaptureQueriesContext(connection) as captured:
            assert carry_on(recalculation_id=made.pk)
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_attack_63_a_chunk_whose_worker_dies_before_the_end_is_done_by_the_next_one(
    river: River, five: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies after everything is written, before the transaction ends."""
    made, write = ordered(river.office), recalculate._tell

    def die(*_moves: object) -> None:
        raise SystemExit

    monkeypatch.setattr(recalculate, "_tell", die)
    with pytest.raises(SystemExit):
        drain([TOPIC])
    assert moves(five) == [0] * 5
    monkeypatch.setattr(recalculate, "_tell", write)
    OutboxRow.objects.update(leased_until=MORNING)
    drain([TOPIC])
    made.refresh_from_db()
    assert (moves(five), made.moved, made.state) == ([1] * 5, 5, State.DONE)
    assert verify().is_ok


def dies(death: Death, made: Recalculation) -> bool:
    """Whether the chunk is killed before it is committed."""
    try:
        with death.awaited():
            carry_on(recalculation_id=made.pk)
    except Killed:
        return not death.is_committed
    return False


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_attack_63_a_chunk_killed_at_any_of_its_statements_leaves_nothing_and_is_done_once_by_the_next(
    river: River, five: list[Case], *, is_after: bool
) -> None:
    made = ordered(river.office)
    before = everything(), list(Recalculation.objects.values())
    statements = 1
    while dies(Death(statements, is_after), made):
        assert (everything(), list(Recalculation.objects.values())) == before
        statements += 1
    assert statements > 12
    drain([TOPIC])
    made.refresh_from_db()
    assert (moves(five), made.examined, made.moved, made.state) == ([1] * 5, 5, 5, State.DONE)
    assert verify().is_ok


def test_attack_63_a_job_delivered_twice_moves_nothing_twice(river: River, five: list[Case]) -> None:
    made = ordered(river.office)
    for attempt in range(1, 9):
        TOPICS[TOPIC].handler([Job(str(made.pk), {}, attempt)])
    drain([TOPIC])
    made.refresh_from_db()
    assert (moves(five), made.examined, made.state) == ([1] * 5, 5, State.DONE)
    assert trail("calendar:yen-giang").count("calendar.recalculation_done") == 1


def test_attack_64_a_case_whose_ledger_makes_no_sense_is_set_aside_and_the_others_are_moved(
    river: River, five: list[Case]
) -> None:
    ClockEntry.objects.create(
        case=five[1], sequence=2, kind="resume", at=MORNING, appointment=1, cause="flood", due_at=PROMISED
    )
    found = recalculated(river.office)
    assert moves(five) == [1, 0, 1, 1, 1]
    assert (found.state, found.moved, found.set_aside) == (State.DONE, 4, [five[1].code])
    assert five[1].code in Notice.objects.filter(recipient_id=river.office.administrator.pk).get().message


def test_attack_64_what_fails_every_time_is_given_up_its_owner_told_and_another_may_be_ordered(
    river: River, five: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ordered(river.office)
    with monkeypatch.context() as broken:
        broken.setattr(recalculate, "_tell", lambda _moves: 1 / 0)
        for _try in range(TOPICS[TOPIC].attempts):
            OutboxRow.objects.update(available_at=MORNING)
            drain([TOPIC])
    made.refresh_from_db()
    assert (made.state, moves(five)) == (State.GIVEN_UP, [0] * 5)
    assert Notice.objects.filter(recipient_id=river.office.administrator.pk).count() == 1
    assert recalculated(river.office).moved == 5
    # The dead job, sent again, finds everything done.
    assert not carry_on(recalculation_id=made.pk) or Recalculation.objects.filter(state=State.RUNNING).count() == 1


def test_attack_64_a_job_that_was_given_up_goes_on_where_it_was_left_when_it_is_sent_again(
    river: River, five: list[Case]
) -> None:
    made = ordered(river.office)
    carry_on(recalculation_id=made.pk)
    recalculate.give_up(recalculation_id=made.pk)
    carry_on(recalculation_id=made.pk)
    drain([TOPIC])
    made.refresh_from_db()
    assert (made.state, made.examined, moves(five)) == (State.DONE, 5, [1] * 5)


def test_attack_65_a_worker_that_comes_too_late_moves_nothing(river: River, five: list[Case]) -> None:
    """Its lease ran out and another worker took the row while it still worked."""
    ordered(river.office)
    [row] = take(TOPICS[TOPIC])
    OutboxRow.objects.filter(pk=row.pk).update(lease=uuid4())
    assert not work_through(TOPICS[TOPIC], [row])
    assert moves(five) == [0] * 5


def test_a_case_that_ended_meanwhile_is_not_moved(river: River, five: list[Case]) -> None:
    ordered(river.office)
    last = five[-1]
    river.end(last, "pass", at=MORNING)
    river.end(last, "stop", at=MORNING)
    drain([TOPIC])
    assert moves(five) == [1, 1, 1, 1, 0]


def test_the_day_that_was_changed_lies_between_receipt_and_promise() -> None:
    """Else the tests above would prove nothing."""
    assert MORNING.date() < HOLIDAY < PROMISED.date()
