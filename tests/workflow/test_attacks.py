"""Attacks on the way of a case: steps skipped, stale forms, the law changed midway, deeds untold."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Officer, RoleSlot
from audit.models import AuditEvent
from audit.recording import SYSTEM
from tests.factories.accounts import officer_at
from tests.factories.dossiers import at_step, begun, case_behind, received
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.factories.office import INVENTED, open_office, publish
from tests.workflow.ferry import FERRY, River, only_open, stream_of, verbs_of
from tests.workflow.screen import PAGE, PART, complete, deep, post, words
from tests.workflow.untouched import last_refusal, untouched
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.engine.panel import panel_for
from workflow.engine.selectors import run_seen
from workflow.engine.story import clock_story, steps_of
from workflow.models import Case, StepRun
from workflow.procedures.operations.publish import publish_edition
from workflow.procedures.reading import FaultyEdition
from workflow.procedures.selectors import version_in_force

LATER = moment("2026-12-08 08:30")
ALL_THE_WAY = ("pass", "fits", "deep", "low", "drawn", "yes")


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
def colleague(river: River) -> Officer:
    return officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])


# 48: a step is skipped -----------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["yes", "told", "pass", "deep", "FITS", "fits ", "fịts", "0", "inspect"])
def test_attack_48_a_step_ends_in_no_way_its_edition_does_not_give_it(
    client: Client, case: Case, run: StepRun, outcome: str
) -> None:
    with untouched(refusals=1):
        assert complete(client, run, outcome, note="x").status_code == 403
    assert f'"about":"{stream_of(case.subject_id)}"' in last_refusal().payload


def test_attack_48_who_draws_the_licence_does_not_sign_it_by_the_signers_way_out(
    client: Client, river: River, case: Case
) -> None:
    run = river.walk(case, "fits", "deep", "low", at=MORNING)
    with untouched(refusals=1):
        assert complete(client, run, "yes").status_code == 403
    assert Case.objects.get(pk=case.pk).clock_state == "running"


def test_attack_48_a_step_of_another_role_is_not_done_in_passing(client: Client, river: River, case: Case) -> None:
    """The specialist sees the licence being signed and knows its number; the counter sees it too."""
    run = river.walk(case, "fits", "deep", "low", "drawn", at=MORNING)
    for officer in (river.office.specialist, river.office.clerk, river.office.administrator):
        client.force_login(officer)
        with untouched(refusals=1):
            assert complete(client, run, "yes").status_code == 403
        assert last_refusal().officer_id == officer.pk


def test_attack_48_a_step_of_another_units_case_is_not_there(client: Client, river: River, case: Case) -> None:
    """He has a step of the same name open in his own unit, and puts the other's number in its place."""
    elsewhere = replace(river, office=replace(river.office, branch=river.office.other_branch)).start(at=MORNING)
    run = river.walk(elsewhere, "pass", at=MORNING)
    assert (run.step, run.unit) == ("inspect", river.office.other_branch)
    with untouched(refusals=1):
        assert complete(client, run, "fits").status_code == 404
    assert f'"about":"{stream_of(elsewhere.subject_id)}"' in last_refusal().payload


def test_attack_48_a_number_made_up_is_no_step(client: Client, case: Case, run: StepRun) -> None:
    """Nothing is there, so there is nobody's trail to tell it to."""
    for number in (0, run.pk + 1000, 2**70):
        with untouched():
            assert post(client, "step_complete", number, outcome="fits", version="0").status_code == 404


def test_attack_48_beginning_and_end_of_a_case_are_not_completed(client: Client, river: River, case: Case) -> None:
    river.end(case, "stop", at=MORNING)
    beginning, end = StepRun.objects.filter(process=case, step="").order_by("pk")
    for officer in (river.office.specialist, river.office.administrator):
        client.force_login(officer)
        for run in (beginning, end):
            with untouched():
                assert complete(client, run, "pass").status_code == 404


def test_attack_48_a_step_that_was_passed_is_not_ended_another_way(client: Client, river: River, case: Case) -> None:
    passed = StepRun.objects.get(process=case, step="counter")
    client.force_login(river.office.clerk)
    for version in (0, passed.version):
        passed.version = version
        with untouched():
            answer = complete(client, passed, "pass", receipt_key="k-2")
        assert answer.status_code == 409
        assert f"{river.office.clerk.full_name} đã hoàn thành bước “Nhận đơn”" in words(answer)


def test_attack_48_of_a_finished_case_no_step_goes_on(client: Client, river: River, case: Case) -> None:
    river.end(case, "stop", at=MORNING)
    for step, officer in (("counter", river.office.clerk), ("inspect", river.office.specialist)):
        client.force_login(officer)
        run = StepRun.objects.get(process=case, step=step)
        for deed in ("step_complete", "step_claim"):
            with untouched():
                answer = post(client, deed, run, version=str(run.version), outcome="fits", receipt_key="k-2")
            assert answer.status_code == 409, (step, deed)
    assert Case.objects.get(pk=case.pk).finished == MORNING


def test_attack_48_what_must_be_done_first_is_not_skipped(client: Client, river: River, run: StepRun) -> None:
    river.landing.is_measured = False
    with untouched():
        assert complete(client, run, "fits").status_code == 422
    assert run.is_open


# 46: a stale form ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [PAGE, PART])
def test_attack_46_what_was_handed_on_meanwhile_is_said_kindly_and_nothing_typed_is_lost(
    client: Client, river: River, run: StepRun, colleague: Officer, how: str
) -> None:
    acting = river.acting(river.office.head)
    reassign_step(step_run_id=run.pk, to_officer_id=colleague.pk, version=0, reason="", acting=acting)
    with untouched():
        answer = complete(client, run, "fits", how=how, note="Bến tốt, xem hai lần.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"Bước “Xem bến” vừa được chuyển cho {colleague.full_name}." in words(answer)
    assert 'data-copy="Bến tốt, xem hai lần."' in page
    assert ("<html" in page, answer.headers.get("HX-Retarget")) == (
        (False, "#messages") if how == PART else (True, None)
    )


def test_attack_46_what_was_completed_meanwhile_says_by_whom_when_and_how(
    client: Client, river: River, case: Case, run: StepRun, colleague: Officer
) -> None:
    river.end(case, "ask_again", at=MORNING, by=colleague)
    with untouched():
        answer = complete(client, run, "fits", how=PART, note="Bến tốt.")
    assert answer.status_code == 409
    for fact in (colleague.full_name, "Xem bến", "09:00", "Trả lại quầy", "Bến tốt."):
        assert fact in words(answer), fact


def test_attack_46_fields_typed_into_a_stale_form_are_kept_too(
    client: Client, river: River, case: Case, colleague: Officer
) -> None:
    run = river.walk(case, "fits", at=MORNING)
    claim_step(step_run_id=run.pk, version=0, acting=river.acting(colleague))
    with untouched():
        answer = complete(client, run, "deep", how=PART, **deep("2,4", "Cát Bà"))
    assert answer.status_code == 409
    for text in ("2,4", "Cát Bà"):
        assert f'data-copy="{text}"' in answer.content.decode()


def test_attack_46_a_step_claimed_meanwhile_says_who_has_it(
    client: Client, river: River, run: StepRun, colleague: Officer
) -> None:
    claim_step(step_run_id=run.pk, version=0, acting=river.acting(colleague))
    with untouched():
        answer = post(client, "step_claim", run, version="0")
    assert answer.status_code == 409
    assert colleague.full_name in words(answer)


def test_attack_46_the_reason_typed_for_a_step_that_has_moved_is_kept(
    client: Client, river: River, run: StepRun, colleague: Officer
) -> None:
    claim_step(step_run_id=run.pk, version=0, acting=river.acting(river.office.specialist))
    client.force_login(river.office.head)
    with untouched():
        answer = post(client, "step_reassign", run, version="0", to_officer=str(colleague.pk), reason="Đi công tác")
    assert answer.status_code == 409
    assert 'data-copy="Đi công tác"' in answer.content.decode()


# 54: the law changes midway ------------------------------------------------------------------------


def newer(begins: str = "2026-12-01") -> str:
    """An edition with other steps, limits and forms: nothing is sounded any more, and the signer asks for a fee."""
    text = FERRY.replace('code = "thu"', 'code = "moi"', 1).replace("2020-01-01", begins, 1)
    sound = text[text.index('[[steps]]\ncode = "sound"') : text.index('[[steps]]\ncode = "flood"')]
    text = text.replace(sound, "").replace('to = "sound"', 'to = "flood"\neffect = "wait_for_low_water"')
    text = text.replace("days = 2.5", "days = 1").replace("days = 4\n", "days = 8\n", 1)
    text = text.replace("number = 2\ndays = 2", "number = 2\ndays = 3").replace('"Ký giấy phép"', '"Duyệt giấy phép"')
    fee = '[[steps.outcomes.fields]]\ncode = "fee"\nlabel = "Lệ phí"\ntype = "money"\nis_required = true\n\n'
    return text.replace('effect = "license"\n', f'effect = "license"\n\n{fee}', 1)


def passed(case: Case) -> list[tuple[str, str, Decimal]]:
    """Its steps with their titles and their limits in days."""
    runs = StepRun.objects.filter(process=case).exclude(step="").order_by("number")
    return [(run.step, run.title, Decimal(run.limit_minutes) / 480) for run in runs]


def test_attack_54_a_running_case_finishes_as_its_own_edition_says(river: River) -> None:
    untroubled, running = river.start(at=MORNING), river.start(at=MORNING)
    river.walk(untroubled, *ALL_THE_WAY, at=MORNING)
    river.walk(running, "pass", at=MORNING)
    publish(newer())
    river.walk(running, *ALL_THE_WAY[1:], at=MORNING)
    for case in (untroubled, running):
        river.end(case, "told", at=MORNING)
    assert passed(running) == passed(untroubled)
    assert [step for step, _title, _days in passed(running)][2] == "sound"
    columns = ("kind", "appointment", "limit", "basis", "due_at")
    ledgers = [list(case.clock_entries.order_by("sequence").values_list(*columns)) for case in (running, untroubled)]
    assert ledgers[0] == ledgers[1]
    running.refresh_from_db()
    assert (running.finished, running.edition_version) == (MORNING, river.edition)


def test_attack_54_what_a_running_case_offers_asks_and_tells_stays_as_it_began(
    client: Client, river: River, case: Case
) -> None:
    publish(newer())
    case = Case.objects.get(pk=case.pk)
    assert [line.title for line in steps_of(case, now=MORNING)][2:] == [
        *("Đo luồng", "Chờ nước rút", "Vẽ bến", "Ký giấy phép", "Báo chủ đò")
    ]
    assert "4 ngày làm việc" in clock_story(case, now=MORNING).why
    run = river.walk(case, "fits", "deep", "low", "drawn", at=MORNING)
    acting = river.acting(river.office.head)
    assert [choice.form for choice in panel_for(run_seen(run.pk, acting), acting, now=MORNING).choices] == [None, None]
    client.force_login(river.office.head)
    assert complete(client, run, "yes").status_code == 303


def test_attack_54_a_new_case_takes_the_new_edition(river: River) -> None:
    old = river.start(at=MORNING)
    case = River(river.office, publish(newer()), river.landing).start(at=MORNING)
    assert (case.limit_minutes, old.limit_minutes) == (8 * 480, 4 * 480)
    run = river.walk(case, "pass", "fits", "low", "drawn", at=MORNING)
    assert [step for step, _title, _days in passed(case)] == ["counter", "inspect", "flood", "draw", "agree"]
    assert (run.title, run.limit_minutes) == ("Duyệt giấy phép", 480)
    river.end(case, "yes", at=MORNING, data={"fee": "50.000"})
    assert StepRun.objects.get(pk=run.pk).typed == {"fee": 50000}


def test_attack_54_both_are_carried_beside_each_other(river: River) -> None:
    old, new = river.start(at=MORNING), River(river.office, publish(newer()), river.landing).start(at=MORNING)
    for case in (old, new):
        river.walk(case, "pass", "fits", at=MORNING)
    assert [only_open(case).step for case in (old, new)] == ["sound", "flood"]


def test_attack_54_the_new_edition_is_for_its_day_and_after(river: River) -> None:
    publish(newer("2026-12-03"))
    found = [version_in_force("DO", day) for day in (date(2026, 12, 2), date(2026, 12, 3), date(2030, 1, 1))]
    assert [version.code for version in found if version] == ["thu", "moi", "moi"]


@pytest.mark.django_db
def test_attack_54_a_dossier_is_begun_under_the_edition_of_its_day_and_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = open_office("P6-2025.toml")
    publish(INVENTED.read_text("utf-8"))
    text = INVENTED.read_text("utf-8").replace('code = "thu"', 'code = "moi"', 1)
    publish(text.replace("2020-01-01", "2026-12-03", 1).replace("days = 3\n", "days = 5\n", 1))
    before = received(office, "ONG")
    stop_the_clock(monkeypatch, moment("2026-12-03 00:00"))
    after = begun(office, "ONG")
    assert (before.version.code, after.version.code) == ("thu", "moi")
    at_step(office, before, "")
    case = case_behind(before)
    assert (case.edition_version.code, case.limit_minutes) == ("thu", 3 * 480)
    assert case.finished is not None


def test_attack_54_the_edition_of_running_cases_is_not_changed_by_publishing_it_anew(river: River, case: Case) -> None:
    with untouched(), pytest.raises(FaultyEdition):
        publish_edition(text=newer().replace('code = "moi"', 'code = "thu"', 1), actor=SYSTEM)
    assert river.walk(case, "fits", at=MORNING).step == "sound"


# 81: each deed is told once ------------------------------------------------------------------------

Deed = Callable[[River, StepRun, Client], object]
DEEDS: dict[str, tuple[Deed, list[str]]] = {
    "claimed": (lambda river, run, client: post(client, "step_claim", run, version="0"), ["step.claimed"]),
    "completed": (lambda river, run, client: complete(client, run, "fits"), ["step.completed"]),
    "sent back": (lambda river, run, client: complete(client, run, "ask_again", note="Thiếu."), ["step.completed"]),
    "ended": (lambda river, run, client: complete(client, run, "stop"), ["step.completed"]),
    "handed on": (
        lambda river, run, client: reassign_step(
            step_run_id=run.pk,
            to_officer_id=river.office.specialist.pk,
            version=0,
            reason="",
            acting=river.acting(river.office.head),
        ),
        ["step.reassigned"],
    ),
    "published": (lambda river, run, client: publish(newer()), ["procedure.published"]),
    "refused": (lambda river, run, client: complete(client, run, "yes"), ["access.refused"]),
    "not accepted": (lambda river, run, client: complete(client, run, "ask_again"), []),
    "too late": (lambda river, run, client: post(client, "step_claim", run, version="7"), []),
    "looked at": (lambda river, run, client: client.get("/viec/don-vi/"), []),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_attack_81_each_deed_is_told_once_and_what_changed_nothing_not_at_all(
    client: Client, river: River, run: StepRun, deed: str
) -> None:
    known = list(AuditEvent.objects.values_list("pk", flat=True))
    act, verbs = DEEDS[deed]
    act(river, run, client)
    assert list(AuditEvent.objects.exclude(pk__in=known).values_list("verb", flat=True)) == verbs


def test_attack_81_a_whole_way_is_told_step_by_step(river: River) -> None:
    case = river.start(at=MORNING)
    river.walk(case, *ALL_THE_WAY, at=MORNING)
    river.end(case, "told", at=LATER)
    assert verbs_of(case) == ["step.completed"] * 7
    events = AuditEvent.objects.filter(stream=stream_of(case.subject_id)).order_by("sequence")
    told = [json.loads(event.payload)["step_run"] for event in events]
    assert told == [run.pk for run in StepRun.objects.filter(process=case).exclude(step="").order_by("number")]
