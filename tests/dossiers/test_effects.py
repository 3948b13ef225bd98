"""What the steps of P6 and P2 do to a dossier, from the counter to the returned result."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.acting import unit_token
from accounts.models import NumberSeries
from accounts.numbering import next_number
from accounts.sight import tokens_of
from audit.models import AuditEvent
from documents.models import Document, DocumentToken, LegalDocument
from documents.states import Register, State
from dossiers.models import Dossier, DossierToken, FinancialObligation
from dossiers.states import Proof, Status
from jobs.models import OutboxRow
from jobs.worker import drain
from pages.domain_errors import Conflict, Invalid, Refused
from tests.dossiers.pdf_words import words
from tests.factories.accounts import RoleHoldingFactory, StepRoleFactory, officer_at
from tests.factories.dossiers import at_step, case_behind, complete, drafted, open_step, received
from tests.factories.moments import moment
from tests.factories.office import Office
from workflow.clock.ledger import ClockState, EntryKind
from workflow.engine.selectors import open_runs

pytestmark = pytest.mark.django_db


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def told(field: str, value: str) -> dict[str, Any]:
    return {field: value}


def result_of(dossier: Dossier) -> Document:
    return Document.objects.get(result__dossier=dossier)


# Straight on ------------------------------------------------------------------------------------------


def test_p6_goes_from_status_to_status(office: Office) -> None:
    dossier = received(office)
    seen = [dossier.status]
    for outcome in ("forward", "submit", "approve", "issue", "returned"):
        if outcome == "submit":
            drafted(office, dossier)
        complete(office, dossier, outcome)
        seen.append(again(dossier).status)
    assert seen == [
        Status.RECEIVED,
        *(Status.IN_PROCESS, Status.IN_PROCESS, Status.IN_PROCESS),
        *(Status.RESOLVED, Status.RETURNED),
    ]
    assert open_runs(case_behind(dossier)) == []


def test_p2_waits_for_its_obligations_on_the_way(office: Office) -> None:
    dossier = received(office, "P2")
    seen = []
    for outcome in ("forward", "eligible", "send", "settled", "submit", "approve", "issue", "returned"):
        if outcome == "submit":
            drafted(office, dossier)
        complete(office, dossier, outcome)
        seen.append(again(dossier).status)
    assert seen[2] == Status.AWAITING_OBLIGATIONS
    assert [status for status in seen if status != Status.AWAITING_OBLIGATIONS] == [
        *(Status.IN_PROCESS,) * 5,
        *(Status.RESOLVED, Status.RETURNED),
    ]


def test_an_invented_procedure_ends_without_a_paper(office: Office) -> None:
    dossier = at_step(office, received(office, "ONG"), "")
    assert (dossier.status, dossier.results.count()) == (Status.RETURNED, 0)
    assert case_behind(dossier).clock_state == ClockState.STOPPED


def test_what_comes_back_to_the_counter_stays_in_process(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    complete(office, dossier, "send_back")
    assert again(dossier).status == Status.IN_PROCESS
    assert open_step(dossier).owner == office.clerk
    complete(office, dossier, "forward")
    assert again(dossier).status == Status.IN_PROCESS


def test_attack_81_each_completed_step_is_one_event(office: Office) -> None:
    dossier = received(office, "P2")
    events = AuditEvent.objects.exclude(stream__startswith="parcel:")
    for outcome in ("forward", "eligible", "send", "settled"):
        before = AuditEvent.objects.count()
        complete(office, dossier, outcome)
        assert AuditEvent.objects.count() == before + 1
    drafted(office, dossier)
    for outcome in ("submit", "approve", "issue", "returned"):
        # What the result changes in the land register stands on the parcel's own stream.
        before = events.count()
        complete(office, dossier, outcome)
        assert events.count() == before + 1
        assert AuditEvent.objects.latest("id").stream == f"dossier:{dossier.pk}"


def test_the_unit_it_reaches_sees_it_with_all_its_papers(office: Office) -> None:
    dossier = received(office, scans=("certificate",))
    scan = dossier.components.get(code="certificate").document_id
    assert scan is not None
    at_step(office, dossier, "check")
    both = sorted([unit_token(office.one_stop.pk), unit_token(office.branch.pk)])
    assert tokens_of(DossierToken, [dossier.pk])[dossier.pk] == both
    assert tokens_of(DocumentToken, [scan])[scan] == both


def test_every_step_has_it_indexed_again(office: Office) -> None:
    dossier = received(office)
    for outcome in ("forward", "send_back"):
        OutboxRow.objects.all().delete()
        complete(office, dossier, outcome)
        assert OutboxRow.objects.filter(topic="index", key=f"dossier:{dossier.pk}").exists()


# Financial obligations --------------------------------------------------------------------------------


def awaiting(office: Office) -> Dossier:
    return at_step(office, received(office, "P2"), "await_tax")


def test_the_slip_goes_to_tax_and_the_clock_stands_still(office: Office) -> None:
    dossier = awaiting(office)
    obligation = dossier.obligations.get()
    assert (obligation.slip_number, obligation.settled_at, obligation.proof) == ("0001/2026", None, "")
    case = case_behind(dossier)
    entry = case.clock_entries.latest("sequence")
    assert (entry.kind, entry.cause, entry.reference) == (EntryKind.PAUSE, "tax", "0001/2026")
    assert entry.basis == "151/2025/NĐ-CP"
    assert case.clock_state == ClockState.PAUSED


def test_slips_of_an_agencys_year_have_no_gap(office: Office) -> None:
    numbers = [awaiting(office).obligations.get().slip_number for _ in range(3)]
    assert numbers == ["0001/2026", "0002/2026", "0003/2026"]
    with transaction.atomic():
        assert next_number(agency="H99.16.21", kind="tax-slip", year=2026) == 4


def test_attack_80_a_slip_that_was_not_sent_leaves_its_number(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = at_step(office, received(office, "P2"), "tax_slip")

    def fails(*_args: object, **_kwargs: object) -> None:
        raise OSError

    with monkeypatch.context() as patch, pytest.raises(OSError):
        patch.setattr("dossiers.effects.pause_clock", fails)
        complete(office, dossier, "send")
    assert again(dossier).status == Status.IN_PROCESS
    assert not FinancialObligation.objects.exists()
    assert not NumberSeries.objects.filter(kind="tax-slip").exists()
    complete(office, dossier, "send")
    assert dossier.obligations.get().slip_number == "0001/2026"


def test_the_proof_begins_the_second_appointment_with_nothing_carried_over(office: Office) -> None:
    dossier = awaiting(office)
    complete(office, dossier, "settled", at=moment("2026-12-16 10:00"))
    obligation, case = dossier.obligations.get(), case_behind(dossier)
    assert (obligation.notice_number, obligation.proof) == ("5518/TB-TCS3", Proof.PAID)
    assert (obligation.amount, obligation.proven_on) == (Decimal(16_000_000), date(2026, 11, 20))
    assert obligation.settled_at == moment("2026-12-16 10:00")
    assert (case.appointment, case.clock_state) == (2, ClockState.RUNNING)
    assert case.due_at == moment("2026-12-21 17:00")


@pytest.mark.parametrize("proof", Proof.values)
def test_an_obligation_is_met_in_one_of_three_ways(office: Office, proof: str) -> None:
    dossier = awaiting(office)
    complete(office, dossier, "settled", proof=proof)
    assert dossier.obligations.get().proof == proof


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("notice_number", ""), ("proof", "promised"), ("proof", "")),
        *(("amount", "nhiều"), ("amount", "-5"), ("amount", ""), ("proven_on", "31/02/2026"), ("proven_on", "")),
    ],
)
def test_a_proof_that_is_not_whole_settles_nothing(office: Office, field: str, value: str) -> None:
    dossier = awaiting(office)
    with pytest.raises(Invalid) as fault:
        complete(office, dossier, "settled", **told(field, value))
    assert set(fault.value.fields) == {field}
    assert again(dossier).status == Status.AWAITING_OBLIGATIONS
    assert dossier.obligations.get().settled_at is None


# Draft, review, signature, issue ----------------------------------------------------------------------


def test_a_result_goes_from_draft_to_issued_with_number_date_and_signer(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    drafted(office, dossier)
    states = [result_of(dossier).state]
    for outcome in ("submit", "approve", "issue"):
        complete(office, dossier, outcome)
        states.append(result_of(dossier).state)
    document = result_of(dossier)
    assert states == [State.DRAFT, State.IN_REVIEW, State.SIGNED, State.ISSUED]
    assert (document.number, document.issued_on) == ("VP 00001", date(2026, 12, 2))
    assert (document.drafted_by, document.signed_by) == (office.specialist, office.head)
    assert dossier.results.get().serial == "AA 00000116"
    assert again(dossier).resolved_at is not None


def test_what_is_sent_back_is_a_draft_again_in_the_same_hands(office: Office) -> None:
    dossier = at_step(office, received(office), "sign")
    complete(office, dossier, "return", note="Ghi lại diện tích")
    assert result_of(dossier).state == State.DRAFT
    assert open_step(dossier).owner == office.specialist
    drafted(office, dossier)
    complete(office, dossier, "submit")
    assert result_of(dossier).state == State.IN_REVIEW
    assert result_of(dossier).versions.count() == 2


def test_numbers_of_an_agencys_year_have_no_gap(office: Office) -> None:
    issued = [result_of(at_step(office, received(office), "hand_over")).number for _ in range(3)]
    assert issued == ["VP 00001", "VP 00002", "VP 00003"]


def test_an_issued_certificate_is_in_the_register(office: Office) -> None:
    dossier = at_step(office, received(office), "hand_over")
    legal = LegalDocument.objects.get(document=result_of(dossier))
    assert (legal.kind, legal.number, legal.issued_on) == (Register.CERTIFICATE, "VP 00001", date(2026, 12, 2))
    assert legal.issuer == office.branch.name
    assert set(legal.tokens.values_list("token", flat=True)) == {
        unit_token(office.one_stop.pk),
        unit_token(office.branch.pk),
    }


def test_the_clock_stops_with_the_issue(office: Office) -> None:
    case = case_behind(at_step(office, received(office), "hand_over"))
    assert case.clock_state == ClockState.STOPPED
    assert case.clock_entries.latest("sequence").cause == "result"


def test_nothing_is_submitted_without_a_draft(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    with pytest.raises(Invalid):
        complete(office, dossier, "submit")
    complete(office, dossier, "send_back")


def test_a_serial_that_cannot_be_issues_nothing(office: Office) -> None:
    dossier = at_step(office, received(office), "register")
    with pytest.raises(Invalid) as fault:
        complete(office, dossier, "issue", serial="AA 1")
    assert set(fault.value.fields) == {"serial"}
    assert result_of(dossier).state == State.SIGNED
    assert not NumberSeries.objects.filter(kind="certificate").exists()


def test_a_status_the_step_does_not_fit_is_a_conflict(office: Office) -> None:
    """The edition and the dossier disagree: nothing moves and the number series stays."""
    dossier = at_step(office, received(office, "P2"), "tax_slip")
    Dossier.objects.filter(pk=dossier.pk).update(status=Status.RESOLVED)
    with pytest.raises(Conflict):
        complete(office, dossier, "send")
    assert open_step(dossier).step == "tax_slip"
    assert not NumberSeries.objects.filter(kind="tax-slip").exists()


# Four eyes --------------------------------------------------------------------------------------------


def test_attack_53_who_drafted_it_does_not_sign_it(client: Client, office: Office) -> None:
    both = officer_at(office.branch, "update", ["specialist"])
    RoleHoldingFactory.create(officer=both, unit=office.branch, role=StepRoleFactory.create(code="head"))
    dossier = at_step(office, received(office), "check")
    drafted(office, dossier)
    Document.objects.filter(result__dossier=dossier).update(drafted_by=both)
    complete(office, dossier, "submit")
    with pytest.raises(Refused):
        complete(office, dossier, "approve", by=both)
    assert result_of(dossier).state == State.IN_REVIEW
    assert open_step(dossier).step == "sign"


def test_attack_53_who_brought_any_file_of_it_does_not_sign_it(client: Client, office: Office) -> None:
    """Two draft it in turn; neither may sign, by the page either, and the refusal is in the trail."""
    both = officer_at(office.branch, "update", ["specialist", "head"])
    dossier = at_step(office, received(office), "check")
    drafted(office, dossier)
    result_of(dossier).versions.update(uploaded_by=both)
    complete(office, dossier, "submit")
    run = open_step(dossier)
    client.force_login(both)
    posted = {"outcome": "approve", "version": str(run.version), "receipt_key": "k"}
    assert client.post(reverse("step_complete", args=[run.pk]), posted).status_code == 403
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.stream) == ("access.refused", f"account:{both.pk}")
    assert result_of(dossier).state == State.IN_REVIEW


# The numbered copy ------------------------------------------------------------------------------------


def test_the_job_prints_the_issued_result_once_with_number_date_and_signer(office: Office) -> None:
    dossier = at_step(office, received(office), "hand_over")
    OutboxRow.objects.exclude(topic="issued_result").delete()
    before = AuditEvent.objects.count()
    drain(["issued_result"])
    document = result_of(dossier)
    assert document.current is not None
    text = words(document.current)
    for fact in ("VP 00001", "AA 00000116", "ngày 02 tháng 12 năm 2026", office.head.full_name, "(Đã ký)"):
        assert fact in text, fact
    assert (document.versions.count(), document.current.uploaded_by) == (2, None)
    event = AuditEvent.objects.order_by("id")[before]
    assert AuditEvent.objects.count() == before + 1
    assert (event.verb, event.officer_id, json.loads(event.payload)["number"]) == ("result.numbered", None, "VP 00001")


def test_attack_63_a_job_delivered_twice_prints_once(office: Office) -> None:
    dossier = at_step(office, received(office), "hand_over")
    row = OutboxRow.objects.get(topic="issued_result")
    drain(["issued_result"])
    events = AuditEvent.objects.count()
    row.pk = None
    row.lease = row.leased_until = None
    row.save()
    drain(["issued_result"])
    assert result_of(dossier).versions.count() == 2
    assert AuditEvent.objects.count() == events
    assert not OutboxRow.objects.filter(topic="issued_result").exists()


# Returned ---------------------------------------------------------------------------------------------


def test_the_result_is_returned_to_a_known_receiver(office: Office) -> None:
    dossier = at_step(office, received(office), "hand_over")
    at = moment("2026-12-08 10:00")
    complete(office, dossier, "returned", receiver_name="Lục Văn Thạo", receiver_id="099068001177", at=at)
    dossier = again(dossier)
    assert (dossier.returned_to, dossier.returned_to_id_number) == ("Lục Văn Thạo", "099068001177")
    assert (dossier.status, dossier.returned_at) == (Status.RETURNED, at)


@pytest.mark.parametrize(
    ("field", "value"), [("receiver_name", ""), ("receiver_id", "12"), ("receiver_id", ""), ("collected", "")]
)
def test_a_result_goes_to_nobody_unknown(office: Office, field: str, value: str) -> None:
    dossier = at_step(office, received(office), "hand_over")
    with pytest.raises(Invalid) as fault:
        complete(office, dossier, "returned", **told(field, value))
    assert set(fault.value.fields) == {field}
    assert again(dossier).status == Status.RESOLVED


@pytest.mark.parametrize("who", ["specialist", "head", "stranger", "administrator", "look_up"])
def test_only_the_counter_returns_a_result(office: Office, who: str) -> None:
    dossier = at_step(office, received(office), "hand_over")
    with pytest.raises((Refused, Exception)) as refusal:
        complete(office, dossier, "returned", by=getattr(office, who))
    assert type(refusal.value).__name__ in ("Refused", "NotVisible")
    assert again(dossier).status == Status.RESOLVED
