"""What an officer does with a step, from his browser: with a whole page or within the one that is open."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Officer, RoleSlot
from audit.models import AuditEvent
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, stop_the_clock
from tests.factories.office import publish
from tests.workflow.ferry import FERRY, River, boats, only_open, stream_of
from tests.workflow.screen import PAGE, PART, complete, deep, post, value_of, words
from tests.workflow.tide import doing
from tests.workflow.untouched import last_refusal, untouched
from workflow.engine.operations.hand import claim_step
from workflow.models import Case, StepRun

DEEDS = ["step_claim", "step_reassign", "step_complete"]


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


def ferry(case: Case) -> str:
    return f"{reverse('work_mine')}?ben={case.subject_id}"


def as_asked(river: River, run: StepRun, deed: str) -> dict[str, str]:
    """What the form of this deed posts when nothing is wrong with it."""
    version = {"version": str(run.version)}
    return {
        "step_claim": version,
        "step_reassign": {**version, "to_officer": str(river.office.specialist.pk), "reason": "nghỉ phép"},
        "step_complete": {**version, "outcome": "fits"},
    }[deed]


def signed_in_for(river: River, client: Client, deed: str) -> None:
    client.force_login(river.office.head if deed == "step_reassign" else river.office.specialist)


# Done ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", DEEDS)
def test_done_the_browser_goes_to_the_subject_and_says_what_was_done(
    client: Client, river: River, case: Case, run: StepRun, deed: str
) -> None:
    signed_in_for(river, client, deed)
    answer = post(client, deed, run, **as_asked(river, run, deed))
    assert (answer.status_code, answer["Location"]) == (303, ferry(case))
    said = {
        "step_claim": "Đã nhận bước “Xem bến”.",
        "step_reassign": "Đã giao bước “Xem bến”.",
        "step_complete": "Đã xong: Xem bến, Bến phù hợp.",
    }
    assert said[deed] in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("deed", DEEDS)
def test_done_from_the_open_page_it_goes_there_too(
    client: Client, river: River, case: Case, run: StepRun, deed: str
) -> None:
    signed_in_for(river, client, deed)
    answer = post(client, deed, run, how=PART, **as_asked(river, run, deed))
    assert (answer.status_code, answer["HX-Redirect"]) == (200, ferry(case))
    assert answer.content == b""


def test_claimed_the_step_is_his(client: Client, river: River, run: StepRun) -> None:
    post(client, "step_claim", run, version="0")
    run.refresh_from_db()
    assert (run.owner, run.version) == (river.office.specialist, 1)


def test_handed_on_it_is_the_others_and_the_reason_is_in_the_trail(
    client: Client, river: River, case: Case, run: StepRun
) -> None:
    second = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])
    client.force_login(river.office.head)
    post(client, "step_reassign", run, version="0", to_officer=str(second.pk), reason="Đi công tác")
    run.refresh_from_db()
    assert run.owner == second
    assert '"reason":"Đi công tác"' in AuditEvent.objects.filter(stream=stream_of(case.subject_id)).latest("id").payload


def test_completed_note_and_fields_are_kept(client: Client, case: Case, sounding: StepRun) -> None:
    complete(client, sounding, "deep", note="Đo lúc triều kiệt.", **deep("2,4", "Cát Bà"))
    sounding.refresh_from_db()
    assert (sounding.outcome, sounding.note) == ("deep", "Đo lúc triều kiệt.")
    assert sounding.typed == {"depth": "2.4", "boats": [{"name": "Cát Bà"}]}


def test_attack_44_the_same_form_sent_again_is_answered_as_the_first_time(
    client: Client, case: Case, run: StepRun
) -> None:
    first = complete(client, run, "fits", receipt_key="k-1")
    with untouched():
        again = complete(client, run, "fits", receipt_key="k-1")
    assert (again.status_code, again["Location"]) == (first.status_code, first["Location"])


@pytest.mark.databases_differ
def test_a_key_longer_than_its_column_still_tells_the_same_form(client: Client, case: Case, run: StepRun) -> None:
    complete(client, run, "fits", receipt_key="k" * 60)
    assert complete(client, run, "fits", receipt_key="k" * 60).status_code == 303
    assert StepRun.objects.get(pk=run.pk).receipt_key == "k" * 40


def test_a_form_of_another_page_is_not_taken_for_the_same(client: Client, case: Case, run: StepRun) -> None:
    complete(client, run, "fits", receipt_key="k-1")
    with untouched():
        assert complete(client, run, "fits", receipt_key="k-2").status_code == 409


# Only by post --------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_nothing_is_done_but_by_post(client: Client, case: Case, run: StepRun, deed: str, method: str) -> None:
    with untouched():
        answer = getattr(client, method)(reverse(deed, args=[run.pk]))
    assert answer.status_code == 405


# Fields that are not asked for ---------------------------------------------------------------------


def test_fields_of_another_outcome_are_ignored(client: Client, river: River, run: StepRun) -> None:
    assert complete(client, run, "fits", **deep("sâu")).status_code == 303
    run.refresh_from_db()
    assert run.typed == {}


def test_two_outcomes_that_ask_for_the_same_get_each_its_own(client: Client, river: River, case: Case) -> None:
    asks = '\n[[steps.outcomes.fields]]\ncode = "depth"\nlabel = "Độ sâu"\ntype = "number"\nis_required = true\n'
    text = FERRY.replace('code = "thu"', 'code = "hai"', 1).replace('effect = "sink"\n', f'effect = "sink"\n{asks}')
    newer = River(river.office, publish(text), river.landing)
    run = newer.walk(newer.start(at=MORNING), "pass", "fits", at=MORNING)
    with doing("sink", lambda occasion: None):
        assert complete(client, run, "leaks", **deep("2,4"), **{"to-leaks-depth": "0,5"}).status_code == 303
    run.refresh_from_db()
    assert run.typed == {"depth": "0.5"}


def test_a_field_without_its_outcomes_prefix_is_not_taken(client: Client, sounding: StepRun) -> None:
    with untouched():
        assert complete(client, sounding, "deep", depth="2,4", **boats()).status_code == 422


def test_attack_41_what_the_form_does_not_ask_for_is_ignored(client: Client, river: River, run: StepRun) -> None:
    stranger, elsewhere = str(river.office.stranger.pk), str(river.office.other_branch.pk)
    forged = {
        **dict.fromkeys(("owner", "owner_id", "completed_by", "to-fits-owner"), stranger),
        **dict.fromkeys(("unit", "unit_id"), elsewhere),
        **dict.fromkeys(("step", "to"), "tell"),
        **dict.fromkeys(("at", "finished"), "2020-01-01"),
        **dict.fromkeys(("status", "outcome_name"), "CANCELED"),
    }
    complete(client, run, "fits", **forged)
    run.refresh_from_db()
    assert (run.step, run.unit, run.owner) == ("inspect", river.branch, river.office.specialist)
    assert (run.completed_by, run.outcome_name, run.typed) == (river.office.specialist, "Bến phù hợp", {})
    assert (run.finished, only_open(run.process).step) == (MORNING, "sound")


# A form that was tampered with ---------------------------------------------------------------------


@pytest.mark.parametrize("version", [None, "", " ", "x", "-1", "+1", "1.0", "0x1", "²", "1 or 1=1", "9" * 19])
@pytest.mark.parametrize("deed", DEEDS)
def test_a_version_that_is_no_number_is_refused(
    client: Client, river: River, case: Case, run: StepRun, deed: str, version: str | None
) -> None:
    signed_in_for(river, client, deed)
    asked = as_asked(river, run, deed)
    del asked["version"]
    with untouched():
        answer = post(client, deed, run, **asked, **({} if version is None else {"version": version}))
    assert answer.status_code == 422
    assert "Biểu mẫu không đầy đủ. Hãy mở lại trang." in words(answer)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_version_nobody_has_seen_is_a_conflict(
    client: Client, river: River, case: Case, run: StepRun, deed: str
) -> None:
    signed_in_for(river, client, deed)
    for version in ("1", "9" * 18):
        with untouched():
            answer = post(client, deed, run, **{**as_asked(river, run, deed), "version": version})
        assert answer.status_code == 409


@pytest.mark.parametrize("to_officer", ["", "x", "-1", "0", "9" * 18, "9" * 30])
def test_a_step_is_handed_to_nobody_who_is_not_there(
    client: Client, river: River, case: Case, run: StepRun, to_officer: str
) -> None:
    client.force_login(river.office.head)
    with untouched():
        answer = post(client, "step_reassign", run, version="0", to_officer=to_officer, reason="Đi công tác")
    assert answer.status_code == 422
    assert 'data-copy="Đi công tác"' in answer.content.decode()


def test_within_the_page_a_torn_form_brings_the_panel_as_it_stands(
    client: Client, river: River, case: Case, run: StepRun
) -> None:
    claim_step(step_run_id=run.pk, version=0, acting=river.acting(river.office.specialist))
    answer = post(client, "step_complete", run, how=PART, outcome="fits", version="x", note="Bến tốt.")
    assert answer.status_code == 422
    assert (value_of(answer, "version"), value_of(answer, "note")) == ("1", "Bến tốt.")


def test_a_torn_form_shows_nobody_a_step_he_may_not_see(client: Client, river: River, case: Case, run: StepRun) -> None:
    client.force_login(river.office.stranger)
    with untouched(refusals=1):
        answer = post(client, "step_complete", run, how=PART, outcome="fits", version="x")
    assert answer.status_code == 404
    assert case.code not in answer.content.decode()


# Who may not ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [PAGE, PART])
@pytest.mark.parametrize("deed", DEEDS)
def test_attack_35_a_look_up_slot_changes_nothing_and_the_trail_knows(
    client: Client, river: River, case: Case, run: StepRun, deed: str, how: str
) -> None:
    looker = officer_at(river.branch, RoleSlot.Kind.LOOKUP, ["specialist", "head"])
    client.force_login(looker)
    with untouched(refusals=1):
        answer = post(client, deed, run, how=how, **as_asked(river, run, deed))
    assert answer.status_code == 403
    assert "Tài khoản này chỉ tra cứu, không được cập nhật." in words(answer)
    refusal = last_refusal()
    assert (refusal.stream, refusal.slot) == (f"account:{looker.pk}", "lookup")
    assert f'"about":"{stream_of(case.subject_id)}"' in refusal.payload
    assert reverse(deed, args=[run.pk]) in refusal.payload


@pytest.mark.parametrize("deed", DEEDS)
def test_another_role_of_the_unit_changes_nothing(
    client: Client, river: River, case: Case, run: StepRun, deed: str
) -> None:
    other = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["records_clerk"])
    client.force_login(other)
    with untouched(refusals=1):
        assert post(client, deed, run, **as_asked(river, run, deed)).status_code == 403


@pytest.mark.parametrize("deed", DEEDS)
def test_attack_34_to_another_unit_the_step_is_not_there(
    client: Client, river: River, case: Case, run: StepRun, deed: str
) -> None:
    client.force_login(river.office.stranger)
    with untouched(refusals=1):
        hidden = post(client, deed, run, **as_asked(river, run, deed))
    with untouched():
        missing = post(client, deed, 987_654, **as_asked(river, run, deed))
    assert hidden.status_code == missing.status_code == 404
    assert words(hidden) == words(missing)


def test_attack_30_what_was_a_right_when_the_page_was_opened_is_asked_again(
    client: Client, river: River, case: Case, run: StepRun
) -> None:
    officer: Officer = river.office.specialist
    officer.role_holdings.update(valid_to="2024-12-31")
    with untouched(refusals=1):
        assert complete(client, run, "fits").status_code == 403
