"""A new file for a paper: the unit it belongs to adds it, nothing before it is lost."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.acting import EVERYONE, Acting
from accounts.models import RoleSlot, Unit
from accounts.sight import NotVisible
from audit.models import AuditEvent
from documents.models import Document, DocumentVersion
from documents.operations.add_version import add_version, bring_version
from documents.operations.draft import draft_document
from documents.operations.issued_copy import has_issued_copy, keep_issued_copy
from documents.operations.store import take_in
from documents.states import State
from jobs.models import OutboxRow
from pages.domain_errors import Conflict, Refused
from tests.factories.accounts import UnitFactory, acting_at, officer_at
from tests.factories.documents import DocumentTypeFactory, legal_document, paper, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


def add(document: Document, acting: Acting) -> DocumentVersion:
    stored = take_in(ContentFile(pdf(pages=2)), "ban-quet-lai.pdf")
    return add_version(document_id=document.pk, stored=stored, acting=acting, context={})


def test_the_new_file_is_current_and_the_old_one_stays(unit: Unit) -> None:
    document = paper(unit=unit)
    version = add(document, acting_at(unit))
    document = Document.objects.get(pk=document.pk)
    assert (version.number, document.current_id) == (2, version.pk)
    assert document.versions.count() == 2
    assert AuditEvent.objects.get().verb == "document.version_added"


def test_attack_55_the_same_file_sent_again_after_a_lost_answer_is_one_version(unit: Unit) -> None:
    document, acting = paper(unit=unit), acting_at(unit)
    assert add(document, acting) == add(document, acting)
    assert (document.versions.count(), AuditEvent.objects.count()) == (2, 1)
    add(document, acting_at(unit))
    assert document.versions.count() == 3, "a colleague's file is his own deed"


def test_a_printed_draft_is_kept_as_its_drafters(unit: Unit) -> None:
    DocumentTypeFactory.create(code="quyet_dinh")
    acting = acting_at(unit)
    version = draft_document(
        stored=take_in(ContentFile(pdf()), "du-thao.pdf"),
        document_type="quyet_dinh",
        title="Quyết định cho thuê đất",
        unit_id=unit.pk,
        tokens=[EVERYONE],
        acting=acting,
        context={"dossier": "H99.16.21-260422-0001"},
    )
    assert (version.document.state, version.document.drafted_by_id) == ("draft", acting.officer_id)
    assert AuditEvent.objects.get().verb == "document.drafted"


def test_another_unit_may_not_replace_what_it_sees(unit: Unit) -> None:
    document = paper(unit=unit)
    with pytest.raises(Refused):
        add(document, acting_at(UnitFactory.create()))
    assert DocumentVersion.objects.count() == 1


def test_attack_35_a_look_up_account_adds_nothing(unit: Unit) -> None:
    document = paper(unit=unit)
    with pytest.raises(Refused):
        add(document, acting_at(unit, RoleSlot.Kind.LOOKUP))
    assert DocumentVersion.objects.count() == 1


def test_attack_34_a_hidden_paper_is_not_there(unit: Unit) -> None:
    document = paper(unit=unit, tokens=["unit:0"])
    with pytest.raises(NotVisible):
        add(document, acting_at(unit))


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.SIGNED, State.ISSUED, State.SUPERSEDED, State.REVOKED])
def test_what_was_submitted_keeps_its_file(unit: Unit, state: State) -> None:
    document = paper(unit=unit, state=state)
    with pytest.raises(Conflict):
        add(document, acting_at(unit))
    assert DocumentVersion.objects.count() == 1


def test_a_file_is_not_even_looked_at_for_who_may_not_bring_it(unit: Unit, own_vault: Path) -> None:
    document = paper(unit=unit)
    before = sorted(own_vault.rglob("*"))
    with pytest.raises(Refused):
        bring_version(
            document_id=document.pk,
            file=ContentFile(pdf(pages=2)),
            name="ban-quet-lai.pdf",
            acting=acting_at(UnitFactory.create()),
        )
    assert sorted(own_vault.rglob("*")) == before


# The issued copy ----------------------------------------------------------------------------------


def test_an_issued_paper_is_printed_once_with_its_number(unit: Unit) -> None:
    document = paper(unit=unit, state=State.ISSUED, pages=("Dự thảo",))
    document.versions.update(uploaded_by=officer_at(unit))
    legal = legal_document(document=document)
    stored = take_in(ContentFile(pdf(pages=2)), "quyet-dinh.pdf")
    assert not has_issued_copy(document)
    with transaction.atomic():
        assert keep_issued_copy(document_id=document.pk, stored=stored, number=document.number)
        assert not keep_issued_copy(document_id=document.pk, stored=stored, number=document.number)
    document = Document.objects.get(pk=document.pk)
    assert has_issued_copy(document)
    assert document.versions.count() == 2
    assert document.current is not None
    assert document.current.number == 2
    # What the register says is searched too, so it is indexed anew with the printed text.
    assert OutboxRow.objects.filter(topic="index", key=f"decision:{legal.pk}").exists()


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.SIGNED])
def test_what_is_not_issued_has_no_issued_copy(unit: Unit, state: State) -> None:
    document = paper(unit=unit, state=state)
    stored = take_in(ContentFile(pdf(pages=2)), "quyet-dinh.pdf")
    with transaction.atomic():
        assert not keep_issued_copy(document_id=document.pk, stored=stored, number=document.number)
    assert document.versions.count() == 1
