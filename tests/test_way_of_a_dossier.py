"""The way of a dossier, from the counter to the returned result, told once in its order.

Every other test is about one rule of one package; this one is about the seams between them.
"""

import pytest
from django.test import Client
from django.urls import reverse
from pytest import MonkeyPatch

from audit.models import AuditEvent
from audit.verifier import verify
from documents.models import Document
from documents.selectors import texts_of
from documents.states import ReadingState
from dossiers.models import Dossier
from dossiers.operations.draft_result import draft_result
from dossiers.selectors import results_of
from dossiers.states import Status
from jobs.worker import drain
from portal.demo.papers import scan_of
from search.selectors import Query, find
from tests.factories.dossiers import begun, case_behind, complete, scanned, typed_intake
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.factories.office import Office, open_office

pytestmark = [pytest.mark.django_db, pytest.mark.databases_differ]

# What the old certificate of the applicant says.
FACTS = {
    "commune": "xã Tân Lộc",
    "address": "thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang",
    "name": "Phùng Thị Ngát",
    "birth_year": "1974",
    "id_number": "099174003312",
    "parcel": "116",
    "sheet": "24",
    "area": "312,5",
    "serial": "DK 248032",
    "register_number": "CH 03288",
    "wish": "cấp đổi Giấy chứng nhận",
    "reason": "Giấy chứng nhận đã cấp bị ố, nhòe",
}


@pytest.fixture
def office(monkeypatch: MonkeyPatch) -> Office:
    stop_the_clock(monkeypatch, MORNING)
    return open_office("P6-2025.toml")


def test_a_dossier_goes_the_whole_way(client: Client, office: Office) -> None:
    dossier = _received_at_the_counter(client, office)
    _read_by_the_machine(dossier)
    _carried_from_hand_to_hand(office, dossier)
    _returned_to_the_applicant(client, office, dossier)
    _found_by_a_colleague(office)
    _remembered_step_by_step(dossier)


def _received_at_the_counter(client: Client, office: Office) -> Dossier:
    """The clerk attaches the scan of the old certificate, types the form, receives: a code, a receipt, a due date."""
    draft = begun(office)
    scanned(office, draft, "certificate", scan_of("certificate", FACTS, seed=7).content)
    client.force_login(office.clerk)

    client.post(reverse("intake_receive", args=[draft.pk]), typed_intake(office).dict())

    dossier = Dossier.objects.get()
    assert (dossier.code, dossier.status) == ("H99.15-261202-0001", Status.RECEIVED)
    assert case_behind(dossier).due_at == moment("2026-12-09 17:00")
    assert client.get(reverse("dossier_receipt", args=[dossier.pk])).content.startswith(b"%PDF")
    return dossier


def _read_by_the_machine(dossier: Dossier) -> None:
    """What the action left in the outbox is done: the scan is read, papers and dossier are indexed."""
    drain()

    scan = dossier.components.get(code="certificate").document
    assert scan is not None
    version = scan.current
    assert version is not None
    assert version.reading_state == ReadingState.READ
    assert "GIẤY CHỨNG NHẬN" in "".join(page.text for page in texts_of(version))


def _carried_from_hand_to_hand(office: Office, dossier: Dossier) -> None:
    """Clerk, specialist, head, specialist, each at his step; the draft is one person's, the signature another's."""
    complete(office, dossier, "forward")
    draft_result(dossier_id=dossier.pk, result="certificate", acting=office.acting(office.specialist))
    complete(office, dossier, "submit")
    complete(office, dossier, "approve")
    complete(office, dossier, "issue", serial="AA 00000116")

    [result] = results_of(dossier)
    certificate = Document.objects.get(pk=result.document_id)
    assert (certificate.drafted_by, certificate.signed_by) == (office.specialist, office.head)
    assert Dossier.objects.get().status == Status.RESOLVED


def _returned_to_the_applicant(client: Client, office: Office, dossier: Dossier) -> None:
    complete(office, dossier, "returned")

    dossier = Dossier.objects.get()
    assert dossier.status == Status.RETURNED
    client.logout()
    page = client.get(reverse("public_status"), {"ma": dossier.code or "", "khoa": dossier.public_key})
    assert "Đã trả kết quả" in page.content.decode()


def _found_by_a_colleague(office: Office) -> None:
    """Without tone marks, by the words of the certificate."""
    drain()

    results = find(Query("giay chung nhan quyen su dung dat", kinds=("certificate",)), office.acting(office.look_up))

    [hit] = results.hits
    assert "<mark>" in f"{hit.title}{hit.snippet}"
    assert find(Query("giay chung nhan", kinds=("certificate",)), office.acting(office.stranger)).total == 0


def _remembered_step_by_step(dossier: Dossier) -> None:
    events = AuditEvent.objects.filter(stream=f"dossier:{dossier.pk}").order_by("sequence")
    verbs = list(events.values_list("verb", flat=True))
    assert verbs[:2] == ["dossier.registered", "dossier.received"]
    assert (verbs.count("step.completed"), verbs.count("result.numbered")) == (5, 1)
    assert verify().is_ok
