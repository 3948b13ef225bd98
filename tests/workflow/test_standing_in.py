"""Steps of a colleague who is away: done by who stands in, in his own name, and the record shows both."""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.operations.delegate import end_delegation
from audit.models import AuditEvent
from dossiers.models import Dossier, DossierResult
from dossiers.operations.draft_result import draft_result
from pages.domain_errors import Conflict, Refused
from tests.factories.accounts import RoleHoldingFactory, StepRoleFactory
from tests.factories.documents import pdf
from tests.factories.dossiers import at_step, open_step, received
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.ferry import River, only_open, stream_of
from tests.workflow.leave import away, colleague_of
from tests.workflow.lists import asked_for, at_inspection, codes, in_hands, listed
from tests.workflow.screen import complete, words
from tests.workflow.untouched import untouched
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.engine.story import steps_of
from workflow.models import Case, StepRun


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


def done_by(river: River, case: Case, officer: Officer, outcome: str = "fits", **asked: Any) -> StepRun:
    run = only_open(case)
    return complete_step(
        step_run_id=run.pk, outcome=outcome, version=run.version, acting=river.acting(officer), at=MORNING, **asked
    )


def test_who_stands_in_completes_the_step_and_the_record_shows_both(
    river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    away(river, principal, delegate)
    run = done_by(river, case, delegate)
    run.refresh_from_db()
    assert (run.completed_by, run.stood_in_for, run.owner) == (delegate, principal, delegate)
    event = AuditEvent.objects.filter(stream=stream_of(case.subject_id)).latest("sequence")
    told = json.loads(event.payload)
    assert (event.verb, told["principal"], told["principal_id"]) == (
        "step.completed_for",
        principal.full_name,
        principal.pk,
    )
    assert event.officer_id == delegate.pk
    line = next(line for line in steps_of(case, now=MORNING) if line.run == run)
    assert line.who == f"{delegate.full_name} (thay {principal.full_name})"


def test_his_own_steps_are_his_own(river: River, principal: Officer, delegate: Officer) -> None:
    away(river, principal, delegate)
    case = at_inspection(river)
    run = done_by(river, case, delegate)
    run.refresh_from_db()
    assert run.stood_in_for is None
    assert AuditEvent.objects.filter(verb="step.completed_for").count() == 0


def test_the_colleagues_steps_are_on_his_list_while_he_stands_in_and_no_longer(
    client: Client, river: River, case: Case, principal: Officer, delegate: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(delegate)
    assert listed(client, "work_mine") == []
    away(river, principal, delegate)
    assert listed(client, "work_mine") == codes(case)
    assert f"thay {principal.full_name}" in words(asked_for(client, "work_mine"))
    for at, shown in (("2026-12-06 23:59", codes(case)), ("2026-12-07 00:00", [])):
        stop_the_clock(monkeypatch, moment(at))
        client.force_login(delegate)
        assert listed(client, "work_mine") == shown
    client.force_login(principal)
    assert listed(client, "work_mine") == codes(case)


def test_only_steps_of_the_delegated_role_are_on_his_list(
    client: Client, river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    """Both hold two roles, and one of them is delegated."""
    RoleHoldingFactory.create(officer=principal, unit=river.branch, role=StepRoleFactory.create(code="head"))
    other = at_inspection(river)
    StepRun.objects.filter(pk=only_open(other).pk).update(owner=principal, role="head")
    away(river, principal, delegate)
    client.force_login(delegate)
    assert listed(client, "work_mine") == codes(case)
    with pytest.raises(Refused):
        done_by(river, other, delegate)


def test_what_is_sent_back_goes_to_whose_step_it_was_and_not_to_who_stood_in(
    river: River, principal: Officer, delegate: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = at_step(river.office, received(river.office), "check")
    run = open_step(dossier)
    claim_step(step_run_id=run.pk, version=run.version, acting=river.acting(principal))
    away(river, principal, delegate)
    drafted_and_submitted(river, dossier, delegate)
    stop_the_clock(monkeypatch, moment("2026-12-07 08:00"))
    run = open_step(dossier)
    complete_step(
        step_run_id=run.pk,
        outcome="return",
        version=run.version,
        acting=river.acting(river.office.head),
        note="Sai diện tích.",
    )
    assert open_step(dossier).owner == principal


def test_attack_48_after_the_last_day_he_completes_nothing_of_it(
    river: River, case: Case, principal: Officer, delegate: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(river, principal, delegate)
    stop_the_clock(monkeypatch, moment("2026-12-07 00:00"))
    with untouched(), pytest.raises(Refused):
        done_by(river, case, delegate)


def test_attack_30_ended_while_his_page_is_open_he_completes_nothing_of_it(
    client: Client, river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    made = away(river, principal, delegate)
    client.force_login(delegate)
    run = only_open(case)
    end_delegation(delegation_id=made.pk, acting=river.acting(principal))
    with untouched(refusals=1):
        assert complete(client, run, "fits").status_code == 403


def test_attack_44_the_same_form_sent_twice_by_who_stands_in_moves_the_case_once(
    client: Client, river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    away(river, principal, delegate)
    client.force_login(delegate)
    run = only_open(case)
    answers = [complete(client, run, "fits", receipt_key="phieu-1").status_code for _time in range(2)]
    assert answers == [303, 303]
    assert StepRun.objects.filter(process=case).exclude(step="").count() == 3
    assert AuditEvent.objects.filter(verb="step.completed_for").count() == 1


def test_attack_45_who_is_away_and_who_stands_in_complete_and_one_wins(
    river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    """He reads his list on the train: he comes second and learns who was faster."""
    away(river, principal, delegate)
    run = only_open(case)
    acting = river.acting(principal)
    done_by(river, case, delegate)
    with untouched(), pytest.raises(Conflict) as caught:
        complete_step(step_run_id=run.pk, outcome="fits", version=run.version, acting=acting, at=MORNING)
    assert delegate.full_name in str(caught.value.message)


def test_attack_46_and_47_handed_to_a_third_meanwhile_who_stood_in_has_a_conflict(
    river: River, case: Case, principal: Officer, delegate: Officer
) -> None:
    away(river, principal, delegate)
    run, third = only_open(case), colleague_of(river)
    reassign_step(
        step_run_id=run.pk,
        to_officer_id=third.pk,
        version=run.version,
        reason="",
        acting=river.acting(river.office.head),
    )
    with untouched(), pytest.raises(Conflict) as caught:
        complete_step(
            step_run_id=run.pk, outcome="fits", version=run.version, acting=river.acting(delegate), at=MORNING
        )
    assert third.full_name in str(caught.value.message)


def test_attack_48_standing_in_opens_no_other_role_and_no_other_unit(
    river: River, principal: Officer, delegate: Officer
) -> None:
    away(river, principal, delegate)
    case = at_inspection(river)
    river.walk(case, "fits", "deep", "low", "drawn", at=MORNING)
    with untouched(), pytest.raises(Refused):
        done_by(river, case, delegate, "yes")


def test_the_step_panel_says_in_whose_place(
    client: Client, principal: Officer, monkeypatch: pytest.MonkeyPatch, river: River
) -> None:
    delegate = colleague_of(river)
    dossier = at_step(river.office, received(river.office), "check")
    run = open_step(dossier)
    claim_step(step_run_id=run.pk, version=run.version, acting=river.acting(principal))
    client.force_login(delegate)
    page = reverse("dossier", args=[dossier.pk])
    assert "xử lý thay" not in client.get(page).content.decode()
    away(river, principal, delegate)
    said = client.get(page).content.decode()
    assert f"{principal.full_name} vắng mặt, bạn xử lý thay" in said


# 53: four eyes -------------------------------------------------------------------------------------


def approve(river: River, dossier: Dossier, by: Officer) -> StepRun:
    run = open_step(dossier)
    return complete_step(step_run_id=run.pk, outcome="approve", version=run.version, acting=river.acting(by))


def drafted_by(river: River, officer: Officer) -> Dossier:
    """A dossier whose result he drafted, and which waits for the head's signature."""
    dossier = at_step(river.office, received(river.office), "check")
    drafted_and_submitted(river, dossier, officer)
    return dossier


def drafted_and_submitted(river: River, dossier: Dossier, officer: Officer) -> None:
    file = ContentFile(pdf(width=400 + dossier.pk))
    draft_result(dossier_id=dossier.pk, result="certificate", acting=river.acting(officer), file=file, name="gcn.pdf")
    run = open_step(dossier)
    complete_step(step_run_id=run.pk, outcome="submit", version=run.version, acting=river.acting(officer))


def signs_too(river: River, officer: Officer) -> Officer:
    """From now on he has the head's role beside his own, as a deputy in a small branch."""
    RoleHoldingFactory.create(officer=officer, unit=river.branch, role=StepRoleFactory.create(code="head"))
    return officer


def in_hands_of(dossier: Dossier, officer: Officer) -> None:
    StepRun.objects.filter(pk=open_step(dossier).pk).update(owner=officer)


def test_a_deputy_who_stands_in_for_the_head_signs_what_another_drafted(
    river: River, principal: Officer, delegate: Officer
) -> None:
    away(river, river.office.head, signs_too(river, delegate), role="head")
    dossier = drafted_by(river, principal)
    in_hands_of(dossier, river.office.head)
    run = approve(river, dossier, delegate)
    assert (run.completed_by, run.stood_in_for) == (delegate, river.office.head)
    assert DossierResult.objects.get(dossier=dossier).document.signed_by == delegate


def test_attack_53_who_stands_in_for_the_head_does_not_sign_his_own_draft(river: River, delegate: Officer) -> None:
    away(river, river.office.head, signs_too(river, delegate), role="head")
    dossier = drafted_by(river, delegate)
    in_hands_of(dossier, river.office.head)
    with untouched(), pytest.raises(Refused):
        approve(river, dossier, delegate)


def test_attack_53_who_stood_in_for_who_drafted_it_does_not_sign_it(
    river: River, principal: Officer, delegate: Officer
) -> None:
    """Who drafts for a colleague and who signs what he drafted is one pair of eyes, whichever of the two did which."""
    made = away(river, principal, delegate)
    for drafter, signer in ((principal, delegate), (delegate, principal)):
        dossier = drafted_by(river, drafter)
        signs_too(river, signer)
        with untouched(), pytest.raises(Refused):
            approve(river, dossier, signer)
    waiting = drafted_by(river, delegate)
    end_delegation(delegation_id=made.pk, acting=river.acting(principal))
    with untouched(), pytest.raises(Refused):
        approve(river, waiting, principal)


def test_attack_53_who_stood_in_for_him_before_it_was_drafted_signs_it(
    river: River, principal: Officer, delegate: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(river, principal, delegate)
    stop_the_clock(monkeypatch, moment("2026-12-07 08:00"))
    dossier = drafted_by(river, principal)
    assert approve(river, dossier, signs_too(river, delegate)).completed_by == delegate
