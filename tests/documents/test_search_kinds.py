"""What the index is told of papers and legal documents, and what it is never told."""

from collections.abc import Iterable

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.acting import EVERYONE, unit_token
from documents.models import Document, DocumentVersion, LegalDocument
from documents.operations.sight import narrow_sight, widen_sight
from documents.search_kinds import document_entries, legal_entries
from documents.states import Register
from jobs.models import OutboxRow
from search.kinds import KINDS, Entry
from search.models import Narrowed
from tests.factories.accounts import UnitFactory
from tests.factories.documents import DocumentTypeFactory, legal_document, paper

pytestmark = pytest.mark.django_db


def one(entries: Iterable[Entry]) -> Entry:
    (entry,) = entries
    return entry


def test_a_paper_is_found_by_what_was_read_for_who_may_see_it() -> None:
    unit = UnitFactory.create(name="Chi nhánh Hải Lộc")
    kind = DocumentTypeFactory.create(name="Hợp đồng chuyển nhượng")
    fields = {"number": "12/HĐ", "issuer": "Văn phòng công chứng", "issued_on": "2026-03-04"}
    document = paper(
        unit=unit, document_type=kind, tokens=[unit_token(unit.pk)], pages=("Thửa 116", "Tờ 24"), fields=fields
    )
    entry = one(document_entries([str(document.pk)]))
    assert entry.text == "Thửa 116\n\nTờ 24"
    assert entry.tokens == {unit_token(unit.pk)}
    assert (entry.number, entry.unit, entry.document_type) == ("12/HĐ", "Chi nhánh Hải Lộc", "Hợp đồng chuyển nhượng")
    assert (entry.status, entry.issuer, str(entry.dated)) == ("received", "Văn phòng công chứng", "2026-03-04")


def test_a_paper_nobody_has_read_yet_is_found_by_its_title() -> None:
    document = paper(pages=(), title="Đơn của bà Ngát")
    entry = one(document_entries([str(document.pk)]))
    assert (entry.title, entry.text) == ("Đơn của bà Ngát", "")


@pytest.mark.parametrize("reason", ["secret", "encrypted", "broken"])
def test_what_lies_in_quarantine_is_never_indexed(reason: str) -> None:
    document = paper()
    scan = legal_document(document=document)
    DocumentVersion.objects.update(screening="quarantined", quarantine_reason=reason)
    assert list(legal_entries("decision", [str(scan.pk)])) == []
    scan.tokens.all().delete()
    scan.delete()
    assert list(document_entries([str(document.pk)])) == []


def test_a_paper_in_the_register_is_found_there_and_not_twice() -> None:
    document = paper(pages=("Điều 1. Giao đất",))
    legal = legal_document(document=document)
    assert list(document_entries([str(document.pk)])) == []
    assert str(document.pk) not in set(KINDS["document"].all_ids())
    assert one(legal_entries("decision", [str(legal.pk)])).text == "Điều 1. Giao đất"


def test_a_legal_document_is_found_by_its_wording() -> None:
    legal = legal_document(text="Điều 9. Tạm dừng tính thời hạn", number="41/2026/QĐ-UBND")
    entry = one(legal_entries("decision", [str(legal.pk)]))
    assert (entry.number, entry.text) == ("41/2026/QĐ-UBND", "Điều 9. Tạm dừng tính thời hạn")
    assert entry.tokens == {EVERYONE}
    assert KINDS["decision"].statuses[entry.status].tone == "ok"


def test_decisions_and_certificates_are_kinds_of_their_own() -> None:
    decision, certificate = legal_document(), legal_document(kind=Register.CERTIFICATE)
    assert list(KINDS["decision"].all_ids()) == [str(decision.pk)]
    assert list(KINDS["certificate"].all_ids()) == [str(certificate.pk)]
    assert list(legal_entries("certificate", [str(decision.pk)])) == []
    assert KINDS["certificate"].url(str(certificate.pk)) == f"/van-ban/{certificate.pk}/"


def test_many_papers_cost_no_more_queries_than_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ids = [str(paper(pages=(f"Trang {number}",)).pk) for number in range(5)]
    with django_assert_num_queries(3):
        assert len(list(document_entries(ids))) == 5


def test_attack_43_a_narrowed_paper_leaves_every_search_at_once() -> None:
    document = paper(tokens=["unit:1", "unit:2"])
    legal = legal_document(document=document, tokens=["unit:1", "unit:2"])
    narrow_sight(document_id=document.pk, tokens=["unit:2", "unit:3"])
    assert {token.token for token in document.tokens.all()} == {"unit:2", "unit:3"}
    assert {token.token for token in legal.tokens.all()} == {"unit:2", "unit:3"}
    assert set(Narrowed.objects.values_list("kind", "object_id")) == {
        ("document", str(document.pk)),
        ("decision", str(legal.pk)),
    }


def test_widening_adds_eyes_and_asks_for_the_index() -> None:
    documents: list[Document] = [paper(tokens=["unit:1"]), paper(tokens=["unit:1"])]
    legal = legal_document(document=documents[0], tokens=["unit:1"])
    widen_sight(document_ids=[document.pk for document in documents], tokens=["unit:2"])
    holders: list[Document | LegalDocument] = [*documents, legal]
    for holder in holders:
        assert {token.token for token in holder.tokens.all()} == {"unit:1", "unit:2"}
    assert OutboxRow.objects.filter(topic="index").count() == 3
