"""Papers brought in while a dossier is worked on: asked for by the step or not, seen with the dossier, kept with it."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.acting import unit_token
from accounts.models import RoleSlot
from accounts.sight import NotVisible, tokens_of
from audit.models import AuditEvent
from documents.models import Blob, Document, DocumentToken
from documents.states import State
from dossiers.models import Dossier
from dossiers.operations.bring_paper import OTHER_TYPES, bring_paper, other_types
from dossiers.records.checking import documents_of
from dossiers.selectors import brought_for, is_worked_on_since
from dossiers.step_paper_models import StepPaper
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import officer_at
from tests.factories.documents import pdf
from tests.factories.dossiers import at_step, complete, drafted, open_step, received
from tests.factories.moments import MORNING, moment
from tests.factories.office import EDITIONS, Office, publish
from workflow.engine.operations.hand import claim_step
from workflow.procedures.reading import FaultyEdition, read_edition
from workflow.procedures.schema import StepFile
from workflow.procedures.writing import to_toml

pytestmark = pytest.mark.django_db
FILES = """
files = [
  { code = "extract", name = "Trích lục bản đồ địa chính", document_type = "trich_luc_ban_do" },
  { code = "visit", name = "Biên bản kiểm tra", document_type = "bien_ban_kiem_tra_thuc_dia", is_required = false },
]
"""
OTHER = StepFile(code="", name="Đơn của hộ liền kề", document_type="don_khieu_nai")


def text_with_files() -> str:
    """Renewal, whose check asks for a map extract and takes the minutes of a visit."""
    text = (EDITIONS / "P6-2025.toml").read_text("utf-8").replace('code = "2025"', 'code = "2026"', 1)
    text = text.replace("effective_from = 2025-07-01", "effective_from = 2026-12-01", 1)
    assert 'drafts = ["certificate"]\n' in text
    return text.replace('drafts = ["certificate"]\n', f'drafts = ["certificate"]{FILES}', 1)


@pytest.fixture
def dossier(office: Office) -> Dossier:
    """At the step that asks for papers."""
    publish(text_with_files())
    return at_step(office, received(office), "check")


def brought(office: Office, dossier: Dossier, code: str = "extract", **changes: Any) -> StepPaper:
    by = changes.pop("by", office.specialist)
    known: dict[str, Any] = {"file": ContentFile(pdf(width=changes.pop("width", 318))), "file_name": "trich-luc.pdf"}
    run = changes.pop("step_run_id", None) or open_step(dossier).pk
    return bring_paper(
        dossier_id=dossier.pk, step_run_id=run, code=code, acting=office.acting(by), **{**known, **changes}
    )


def test_a_step_does_not_go_forward_without_the_papers_it_asks_for(office: Office, dossier: Dossier) -> None:
    drafted(office, dossier)
    with pytest.raises(Invalid, match="Trích lục bản đồ địa chính") as refusal:
        complete(office, dossier, "submit")
    # What it only takes is not asked for.
    assert "Biên bản" not in str(refusal.value.message)
    brought(office, dossier)
    complete(office, dossier, "submit")
    assert open_step(dossier).step == "sign"


def test_a_paper_is_kept_with_its_type_its_step_and_one_event(office: Office, dossier: Dossier) -> None:
    before = AuditEvent.objects.count()
    paper = brought(office, dossier)
    document = paper.document
    assert (document.document_type_id, document.state, document.unit) == (
        "trich_luc_ban_do",
        State.RECEIVED,
        office.branch,
    )
    assert (paper.code, paper.name, paper.step_run) == ("extract", "Trích lục bản đồ địa chính", open_step(dossier))
    [event] = AuditEvent.objects.order_by("id")[before:]
    assert (event.stream, event.verb) == (f"document:{document.pk}", "document.received")
    assert (dossier.code or "-") in event.payload


def test_a_second_file_for_it_is_a_new_version(office: Office, dossier: Dossier) -> None:
    first, second = brought(office, dossier), brought(office, dossier, width=319)
    assert first == second
    assert first.document.versions.count() == 2
    other = [brought(office, dossier, "", other=OTHER, width=320 + number) for number in range(2)]
    assert other[0].document != other[1].document


def test_another_paper_is_brought_by_its_name_and_type(office: Office, dossier: Dossier) -> None:
    paper = brought(office, dossier, "", other=OTHER)
    assert (paper.code, paper.name, paper.document.document_type_id) == ("", OTHER.name, "don_khieu_nai")
    assert brought_for(dossier.pk, ["extract", ""]) == {""}


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("", None),
        ("", StepFile(code="", name="  ", document_type="giay_to_khac")),
        ("", StepFile(code="", name="Đơn", document_type="quyet_dinh_giao_dat")),
        ("", StepFile(code="", name="Đ" * 251, document_type="giay_to_khac")),
        ("made_up", OTHER),
    ],
)
def test_attack_81_what_it_is_has_to_be_said_rightly_and_nothing_stays_otherwise(
    office: Office, dossier: Dossier, code: str, other: StepFile | None
) -> None:
    blobs, events = Blob.objects.count(), AuditEvent.objects.count()
    with pytest.raises(Invalid):
        brought(office, dossier, code, other=other)
    assert (Blob.objects.count(), AuditEvent.objects.count(), StepPaper.objects.count()) == (blobs, events, 0)


def test_each_other_type_is_one_of_the_house(office: Office) -> None:
    assert {kind.pk for kind in other_types()} == set(OTHER_TYPES)


def test_attack_48_only_who_has_the_step_brings_papers_in(office: Office, dossier: Dossier) -> None:
    for officer in (office.head, office.look_up, office.clerk):
        with pytest.raises(Refused):
            brought(office, dossier, by=officer)
    with pytest.raises(NotVisible):
        brought(office, dossier, by=office.stranger)
    assert not StepPaper.objects.exists()


def test_attack_46_at_a_step_that_is_over_nothing_is_brought_in(office: Office, dossier: Dossier) -> None:
    run = open_step(dossier)
    brought(office, dossier)
    drafted(office, dossier)
    complete(office, dossier, "submit")
    with pytest.raises(Conflict):
        brought(office, dossier, step_run_id=run.pk)
    with pytest.raises(Conflict):
        brought(office, dossier, step_run_id=987_654)


def test_attack_45_in_a_colleagues_hands_it_is_his(office: Office, dossier: Dossier) -> None:
    colleague = officer_at(office.branch, RoleSlot.Kind.UPDATE, ["specialist"])
    run = open_step(dossier)
    claim_step(step_run_id=run.pk, version=run.version, acting=office.acting(colleague))
    with pytest.raises(Refused):
        brought(office, dossier)
    brought(office, dossier, by=colleague)


def test_who_comes_to_see_the_dossier_sees_the_paper(office: Office, dossier: Dossier) -> None:
    """Units it reached before, and those it reaches later."""
    document = brought(office, dossier).document
    assert set(tokens_of(DocumentToken, [document.pk])[document.pk]) == {
        unit_token(office.one_stop.pk),
        unit_token(office.branch.pk),
    }
    assert document in documents_of(dossier)


def test_what_was_begun_is_not_undone(office: Office, dossier: Dossier) -> None:
    assert not is_worked_on_since(dossier.pk, moment("2026-12-01 09:00"))
    brought(office, dossier)
    assert is_worked_on_since(dossier.pk, moment("2026-12-01 09:00"))
    assert not is_worked_on_since(dossier.pk, MORNING)


def test_papers_are_brought_in_and_shown_on_their_tab(client: Client, office: Office, dossier: Dossier) -> None:
    client.force_login(office.specialist)
    address = reverse("dossier_step_paper", args=[dossier.pk, open_step(dossier).pk])
    page = client.get(reverse("dossier_papers", args=[dossier.pk])).content.decode()
    assert page.count(f'action="{address}"') == 3
    assert "Trích lục bản đồ địa chính" in page
    file = SimpleUploadedFile("trich-luc.pdf", pdf(width=330))
    answer: Any = client.post(address, {"code": "extract", "file": file})
    assert answer.status_code == 303
    file = SimpleUploadedFile("don.pdf", pdf(width=331))
    typed = {"code": "", "name": "Đơn <b>của</b> hộ liền kề", "type": "don_khieu_nai", "file": file}
    assert client.post(address, typed).status_code == 303
    page = client.get(reverse("dossier_papers", args=[dossier.pk])).content.decode()
    for paper in StepPaper.objects.all():
        assert f'href="{reverse("document", args=[paper.document_id])}"' in page
    assert "Đơn &lt;b&gt;của&lt;/b&gt; hộ liền kề" in page
    client.force_login(office.head)
    shown = client.get(reverse("dossier_papers", args=[dossier.pk])).content.decode()
    assert "Đơn &lt;b&gt;của&lt;/b&gt; hộ liền kề" in shown
    assert address not in shown


def test_attack_18_an_empty_file_and_none_at_all_are_refused_in_words(
    client: Client, office: Office, dossier: Dossier
) -> None:
    client.force_login(office.specialist)
    address = reverse("dossier_step_paper", args=[dossier.pk, open_step(dossier).pk])
    for sent in ({"code": "extract"}, {"code": "extract", "file": SimpleUploadedFile("rong.pdf", b"")}):
        assert client.post(address, sent).status_code == 422
    assert not Document.objects.filter(step_paper__isnull=False).exists()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"trich_luc_ban_do"', '"khong_co"', "steps.check.extract: unknown document type khong_co"),
        ('code = "visit"', 'code = "extract"', "steps.files.extract: stands twice"),
        ('code = "visit"', 'code = "Thăm"', "steps.files.Thăm: a code is small letters"),
        ('"Biên bản kiểm tra"', f'"{"B" * 251}"', "steps.check.visit.name: 251 characters"),
    ],
)
def test_a_fault_in_what_a_step_asks_for_is_named(office: Office, old: str, new: str, fault: str) -> None:
    with pytest.raises(FaultyEdition, match=fault):
        publish(text_with_files().replace(old, new, 1))


def test_what_a_step_asks_for_goes_from_file_to_edition_to_file() -> None:
    edition = read_edition(text_with_files())
    assert [file.is_required for file in edition.step("check").files] == [True, False]
    assert read_edition(to_toml(edition)) == edition
