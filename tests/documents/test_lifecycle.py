"""The states of a paper of our own: who may move it from where to where, and what follows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.acting import EVERYONE, Acting, acting_for
from accounts.models import Officer, RoleSlot, Unit
from accounts.sight import NotVisible, tokens_of
from audit.models import AuditEvent
from documents.models import Document, LegalDocument, LegalDocumentToken
from documents.operations.lifecycle import issue, return_to_draft, revoke, sign, submit_for_review, supersede
from documents.states import State
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import UnitFactory, acting_at, officer_at
from tests.factories.documents import DocumentTypeFactory, paper

pytestmark = pytest.mark.django_db
Move = Callable[..., Document]

MOVES: dict[Move, tuple[State, State]] = {
    submit_for_review: (State.DRAFT, State.IN_REVIEW),
    return_to_draft: (State.IN_REVIEW, State.DRAFT),
    sign: (State.IN_REVIEW, State.SIGNED),
    issue: (State.SIGNED, State.ISSUED),
    supersede: (State.ISSUED, State.SUPERSEDED),
    revoke: (State.ISSUED, State.REVOKED),
}


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create(name="Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc")


def moved(move: Move, document: Document, acting: Acting) -> Document:
    extra: dict[str, Any] = {"number": "17/QĐ-CNHL", "issued_on": date(2026, 11, 20)} if move is issue else {}
    return move(document_id=document.pk, acting=acting, **extra)


@pytest.mark.parametrize("move", MOVES)
def test_each_move_leads_from_its_state_to_the_next(unit: Unit, move: Move) -> None:
    begins, ends = MOVES[move]
    document = paper(unit=unit, state=begins)
    assert moved(move, document, acting_at(unit)).state == ends
    assert Document.objects.get(pk=document.pk).state == ends


@pytest.mark.parametrize(
    ("move", "state"), [(move, state) for move, (begins, _) in MOVES.items() for state in State if state != begins]
)
def test_no_move_begins_anywhere_else(unit: Unit, move: Move, state: State) -> None:
    document = paper(unit=unit, state=state)
    with pytest.raises(Conflict):
        moved(move, document, acting_at(unit))
    assert Document.objects.get(pk=document.pk).state == state


@pytest.mark.parametrize("move", MOVES)
def test_attack_35_a_look_up_account_moves_nothing(unit: Unit, move: Move) -> None:
    document = paper(unit=unit, state=MOVES[move][0])
    with pytest.raises(Refused):
        moved(move, document, acting_at(unit, RoleSlot.Kind.LOOKUP))


@pytest.mark.parametrize("move", MOVES)
def test_attack_34_who_does_not_see_a_paper_does_not_move_it(unit: Unit, move: Move) -> None:
    document = paper(unit=unit, state=MOVES[move][0], tokens=["unit:0"])
    with pytest.raises(NotVisible):
        moved(move, document, acting_at(unit))


def test_only_its_own_unit_submits_a_draft(unit: Unit) -> None:
    document = paper(unit=unit, state=State.DRAFT)
    with pytest.raises(Refused):
        submit_for_review(document_id=document.pk, acting=acting_at(UnitFactory.create()))


def test_a_state_can_not_be_set_past_its_transitions(unit: Unit) -> None:
    document = paper(unit=unit, state=State.DRAFT)
    with pytest.raises(AttributeError):
        document.state = State.ISSUED


def test_attack_53_nobody_signs_what_he_drafted(unit: Unit) -> None:
    drafter = officer_at(unit)
    document = paper(unit=unit, state=State.IN_REVIEW, drafted_by=drafter)
    with pytest.raises(Refused):
        sign(document_id=document.pk, acting=acting_for(drafter))
    assert Document.objects.get(pk=document.pk).state == State.IN_REVIEW


def test_attack_53_nobody_signs_a_paper_he_brought_a_file_for(unit: Unit) -> None:
    helper = officer_at(unit)
    document = paper(unit=unit, state=State.IN_REVIEW, drafted_by=officer_at(unit))
    document.versions.update(uploaded_by=helper)
    with pytest.raises(Refused):
        sign(document_id=document.pk, acting=acting_for(helper))


def test_attack_53_the_database_itself_holds_four_eyes(unit: Unit) -> None:
    drafter: Officer = officer_at(unit)
    document = paper(unit=unit, state=State.IN_REVIEW, drafted_by=drafter)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(signed_by=drafter)


def test_somebody_else_signs_and_is_named(unit: Unit) -> None:
    document = paper(unit=unit, state=State.IN_REVIEW, drafted_by=officer_at(unit))
    head = acting_at(unit)
    assert sign(document_id=document.pk, acting=head).signed_by_id == head.officer_id


def test_a_move_is_recorded_by_whoever_called_for_it(unit: Unit) -> None:
    document = paper(unit=unit, state=State.DRAFT)
    submit_for_review(document_id=document.pk, acting=acting_at(unit))
    assert not AuditEvent.objects.exists()


def test_nothing_is_issued_without_a_number(unit: Unit) -> None:
    document = paper(unit=unit, state=State.SIGNED)
    with pytest.raises(Invalid):
        issue(document_id=document.pk, number="  ", issued_on=date(2026, 11, 20), acting=acting_at(unit))


def test_an_issued_decision_enters_the_register_for_the_same_eyes(unit: Unit) -> None:
    kind = DocumentTypeFactory.create(code="quyet_dinh_giao_dat", name="Quyết định giao đất", register="decision")
    document = paper(unit=unit, state=State.SIGNED, document_type=kind, title="Giao đất cho ông Lò Văn Pín")
    moved(issue, document, acting_at(unit))
    legal = LegalDocument.objects.get()
    assert (legal.kind, legal.number, legal.document_type) == ("decision", "17/QĐ-CNHL", "Quyết định giao đất")
    assert (legal.subject, legal.issuer) == ("Giao đất cho ông Lò Văn Pín", unit.name)
    assert tokens_of(LegalDocumentToken, [legal.pk]) == {legal.pk: [EVERYONE]}


def test_an_issued_paper_of_another_type_enters_no_register(unit: Unit) -> None:
    moved(issue, paper(unit=unit, state=State.SIGNED), acting_at(unit))
    assert not LegalDocument.objects.exists()


@pytest.mark.parametrize("move", [supersede, revoke])
def test_what_is_ended_is_ended_in_the_register_too(unit: Unit, move: Move) -> None:
    kind = DocumentTypeFactory.create(register="decision")
    document = paper(unit=unit, state=State.SIGNED, document_type=kind)
    moved(issue, document, acting_at(unit))
    move(document_id=document.pk, acting=acting_at(unit))
    assert LegalDocument.objects.get().status == "Hết hiệu lực toàn bộ"
