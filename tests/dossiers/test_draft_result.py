"""Drafting the result: only in the step that drafts it, only by who has it; printed from the template or brought."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.acting import unit_token
from accounts.sight import NotVisible, tokens_of
from audit.models import AuditEvent
from documents.models import Blob, Document, DocumentToken
from documents.states import State
from dossiers.models import Dossier, DossierResult
from dossiers.operations.draft_result import draft_result
from pages.domain_errors import Conflict, Invalid, Refused
from tests.dossiers.pdf_words import words
from tests.factories.accounts import acting_at
from tests.factories.documents import pdf
from tests.factories.dossiers import at_step, begun, complete, drafted, open_step, received
from tests.factories.office import Office
from workflow.engine.operations.hand import claim_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(office: Office) -> Dossier:
    """At the step in which its certificate is drafted."""
    return at_step(office, received(office), "check")


def brought(office: Office, dossier: Dossier, content: bytes, name: str = "du-thao.pdf") -> DossierResult:
    acting = office.acting(office.specialist)
    return draft_result(
        dossier_id=dossier.pk, result="certificate", acting=acting, file=ContentFile(content), name=name
    )


def test_the_template_is_filled_in_from_dossier_and_form(office: Office, dossier: Dossier) -> None:
    result = draft_result(dossier_id=dossier.pk, result="certificate", acting=office.acting(office.specialist))
    document = result.document
    assert document.current is not None
    text = words(document.current)
    for fact in (
        "GIẤY CHỨNG NHẬN",
        "CHI NHÁNH VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI KHU VỰC HẢI LỘC",
        "Phùng Thị Ngát, số định danh 099174003312",
        "312,5 m²",
        "ONT+CLN",
        str(dossier.code),
        "Thay cho Giấy chứng nhận DK 248032",
        "(Dự thảo, chưa ký)",
        "ngày … tháng … năm …",
    ):
        assert fact in text, fact
    assert (document.state, document.drafted_by, document.unit) == (State.DRAFT, office.specialist, office.branch)
    assert document.title.endswith("Phùng Thị Ngát")


def test_who_receives_the_right_is_named_where_the_form_has_him(office: Office) -> None:
    dossier = at_step(office, received(office, "P2"), "draft")
    result = draft_result(dossier_id=dossier.pk, result="certificate", acting=office.acting(office.specialist))
    assert result.document.current is not None
    text = words(result.document.current)
    assert "Lương Văn Khởi, số định danh 099079001262, phần 1/1" in text
    assert "640.000.000 đồng" in text
    assert "Phùng Thị Ngát" not in text


def test_a_file_of_ones_own_is_a_draft_too(office: Office, dossier: Dossier) -> None:
    document = brought(office, dossier, pdf()).document
    assert (document.state, document.drafted_by) == (State.DRAFT, office.specialist)
    assert document.current is not None
    assert document.current.file_name == "du-thao.pdf"


def test_units_of_the_dossier_see_the_draft(office: Office, dossier: Dossier) -> None:
    document = brought(office, dossier, pdf()).document
    both = sorted([unit_token(office.one_stop.pk), unit_token(office.branch.pk)])
    assert tokens_of(DocumentToken, [document.pk])[document.pk] == both


def test_a_second_draft_is_a_further_version(office: Office, dossier: Dossier) -> None:
    first, second = brought(office, dossier, pdf()), brought(office, dossier, pdf(pages=2))
    assert first.pk == second.pk
    assert Document.objects.get(pk=first.document_id).versions.count() == 2


def test_attack_81_each_draft_is_one_event(office: Office, dossier: Dossier) -> None:
    before = AuditEvent.objects.count()
    result = brought(office, dossier, pdf())
    brought(office, dossier, pdf(pages=2))
    events = AuditEvent.objects.order_by("id")[before:]
    assert [event.verb for event in events] == ["document.drafted", "document.version_added"]
    assert {event.stream for event in events} == {f"document:{result.document_id}"}


def test_a_file_that_is_no_paper_is_refused(office: Office, dossier: Dossier) -> None:
    with pytest.raises(Invalid):
        brought(office, dossier, b"MZ" + b"0" * 100, name="du-thao.exe")
    assert not DossierResult.objects.exists()
    assert not Blob.objects.exists()


@pytest.mark.parametrize("step", ["receive", "sign", "register", "hand_over", ""])
def test_no_other_step_drafts_it(office: Office, step: str) -> None:
    dossier = at_step(office, received(office), step)
    before = AuditEvent.objects.count()
    acting = office.acting(office.specialist if step != "receive" else office.clerk)
    with pytest.raises(Conflict):
        draft_result(dossier_id=dossier.pk, result="certificate", acting=acting)
    assert AuditEvent.objects.count() == before


def test_a_draft_dossier_has_no_result(office: Office) -> None:
    with pytest.raises(Conflict):
        draft_result(dossier_id=begun(office).pk, result="certificate", acting=office.acting(office.clerk))


def test_a_result_the_edition_does_not_know_is_a_conflict(office: Office, dossier: Dossier) -> None:
    with pytest.raises(Conflict):
        draft_result(dossier_id=dossier.pk, result="decision", acting=office.acting(office.specialist))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        *(("clerk", Refused), ("head", Refused), ("look_up", Refused), ("administrator", Refused)),
        ("stranger", NotVisible),
    ],
)
def test_only_who_does_the_step_drafts(office: Office, dossier: Dossier, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        draft_result(dossier_id=dossier.pk, result="certificate", acting=office.acting(getattr(office, who)))
    assert not DossierResult.objects.exists()


def test_not_while_the_step_is_in_a_colleagues_hands(office: Office, dossier: Dossier) -> None:
    colleague = acting_at(office.branch, roles=["specialist"])
    run = open_step(dossier)
    claim_step(step_run_id=run.pk, version=run.version, acting=colleague)
    with pytest.raises(Refused):
        brought(office, dossier, pdf())
    assert not DossierResult.objects.exists()


def test_a_submitted_result_gets_no_further_version(office: Office, dossier: Dossier) -> None:
    drafted(office, dossier)
    complete(office, dossier, "submit")
    with pytest.raises(Conflict):
        brought(office, dossier, pdf(pages=2))
    assert Document.objects.get(result__dossier=dossier).versions.count() == 1


def test_the_page_offers_it_to_who_may_and_takes_it(client: Client, office: Office, dossier: Dossier) -> None:
    address = reverse("dossier_draft_result", args=[dossier.pk, "certificate"])
    for who, is_offered in (("specialist", True), ("head", False), ("clerk", False), ("look_up", False)):
        client.force_login(getattr(office, who))
        html = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
        assert (address in html) is is_offered, who
    client.force_login(office.specialist)
    response = client.post(address, {"file": SimpleUploadedFile("bản của tôi.pdf", pdf())})
    assert response.status_code == 303
    assert Document.objects.get(result__dossier=dossier).current.file_name == "bản của tôi.pdf"  # type: ignore[union-attr]
