"""The pages of a dossier: what they show, what they cost."""

import re
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import Acting
from documents.models import DocumentVersion
from dossiers.models import Dossier
from dossiers.operations.draft import save_draft
from tests.factories.accounts import acting_at
from tests.factories.documents import pdf
from tests.factories.dossiers import at_step, begun, complete, drafted, received, scanned, typed_intake
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import Office

pytestmark = pytest.mark.django_db

TABS = ["dossier", "dossier_papers", "dossier_steps", "dossier_clock", "dossier_history"]
LARGEST_PAGE = 60_000


def main(client: Client, name: str, dossier: Dossier, **query: str) -> str:
    """What the page shows besides its frame, markup taken out."""
    response = client.get(reverse(name, args=[dossier.pk]), query)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2]).split())


def cost(client: Client, address: str) -> int:
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    assert len(response.content) < LARGEST_PAGE
    return len(queries)


def long_way(office: Office) -> Dossier:
    """Returned after having been sent back several times, with many papers, events and versions."""
    dossier = received(office, "P2", scans=("application", "certificate", "contract", "registration_fee", "income_tax"))
    for _turn in range(4):
        at_step(office, dossier, "appraise")
        complete(office, dossier, "send_back", note="Bổ sung trích lục")
    at_step(office, dossier, "sign")
    for _turn in range(4):
        complete(office, dossier, "return", note="Ghi lại diện tích")
        drafted(office, dossier)
        complete(office, dossier, "submit")
    return at_step(office, dossier, "hand_over")


# What they show ---------------------------------------------------------------------------------------


def test_the_head_says_whose_dossier_it_is_and_until_when(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    text = main(client, "dossier", received(office))
    for fact in ("H99.15-261202- 0001", "Phùng Thị Ngát", "Cấp đổi GCN", "thửa 116, tờ 24", "thứ Tư 09/12/2026, 17:00"):
        assert fact in text, fact


def test_the_form_is_shown_as_people_write_it(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    text = main(client, "dossier", received(office, "P2"))
    for fact in ("312,5 m²", "640.000.000 đồng", "12/11/2026", "Toàn bộ thửa đất", "Lương Văn Khởi", "1/1"):
        assert fact in text, fact


def test_obligations_are_shown_before_and_after_they_are_met(client: Client, office: Office) -> None:
    client.force_login(office.specialist)
    dossier = at_step(office, received(office, "P2"), "await_tax")
    assert "0001/2026" in main(client, "dossier", dossier)
    complete(office, dossier, "settled")
    text = main(client, "dossier", dossier)
    for fact in ("5518/TB-TCS3", "16.000.000 đồng", "20/11/2026"):
        assert fact in text, fact


def test_papers_are_shown_with_what_became_of_their_scans(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = received(office, scans=("certificate",))
    html = client.get(reverse("dossier_papers", args=[dossier.pk])).content.decode()
    assert reverse("document", args=[DocumentVersion.objects.get().document_id]) in html
    for state, sign in (("waiting", "arrow-repeat"), ("read", "check-circle-fill"), ("failed", "exclamation-octagon")):
        DocumentVersion.objects.update(reading_state=state)
        page = client.get(reverse("dossier_papers", args=[dossier.pk])).content.decode()
        assert f"bi-{sign}" in page, state
    DocumentVersion.objects.update(screening="quarantined")
    assert "shield-exclamation" in client.get(reverse("dossier_papers", args=[dossier.pk])).content.decode()


def test_steps_are_shown_with_who_did_them_and_why(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = at_step(office, received(office), "check")
    complete(office, dossier, "send_back", note="Thiếu trích đo")
    text = main(client, "dossier_steps", dossier)
    for fact in ("Tiếp nhận, chuyển hồ sơ", office.specialist.full_name, "Trả lại một cửa", "Thiếu trích đo"):
        assert fact in text, fact


def test_a_result_is_shown_with_its_number_and_its_place_in_the_register(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = at_step(office, received(office), "hand_over")
    html = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    legal = dossier.results.get().document.legal_document
    for fact in ("VP 00001", "AA 00000116", office.head.full_name, reverse("legal_document", args=[legal.pk])):
        assert fact in html, fact


def test_a_returned_dossier_says_who_has_the_result(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = at_step(office, received(office), "hand_over")
    complete(office, dossier, "returned", receiver_name="Lục Văn Thạo", receiver_id="099068001177")
    assert "Lục Văn Thạo" in main(client, "dossier", dossier)


def test_only_who_has_the_step_is_offered_its_outcomes(client: Client, office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    for who in ("specialist", "head", "clerk", "look_up", "administrator"):
        client.force_login(getattr(office, who))
        html = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
        assert ("/hoan-thanh/" in html) is (who == "specialist"), who


# Where a dossier opens --------------------------------------------------------------------------------


def test_a_draft_opens_at_the_counter_and_a_received_one_on_its_page(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    draft, dossier = begun(office), received(office)
    assert client.get(reverse("dossier", args=[draft.pk]))["Location"] == reverse("intake", args=[draft.pk])
    assert client.get(reverse("intake", args=[dossier.pk]))["Location"] == reverse("dossier", args=[dossier.pk])


@pytest.mark.parametrize("tab", TABS)
def test_a_draft_has_no_page_for_who_does_not_receive(client: Client, office: Office, tab: str) -> None:
    client.force_login(office.administrator)
    assert client.get(reverse(tab, args=[begun(office).pk])).status_code == 404


def test_a_colleague_opens_a_draft_and_a_look_up_account_does_not(client: Client, office: Office) -> None:
    draft = begun(office)
    address = reverse("intake", args=[draft.pk])
    for slot, status in (("update", 200), ("lookup", 403)):
        colleague = acting_at(office.one_stop, slot, ["clerk"])
        client.force_login(type(office.clerk).objects.get(pk=colleague.officer_id))
        assert client.get(address).status_code == status


def test_the_picker_offers_each_procedure_in_force_once(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    html = client.get(reverse("intake_start")).content.decode()
    assert sorted(re.findall(r'name="procedure"\s+value="(\w+)"', html)) == ["ONG", "P2", "P6"]


def test_the_picker_of_another_time_offers_the_editions_of_that_time(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, moment("2024-07-31 09:00"))
    client.force_login(office.clerk)
    assert "2014" in main_of_start(client)


def main_of_start(client: Client) -> str:
    return client.get(reverse("intake_start")).content.decode().partition("<main")[2]


# What they cost ---------------------------------------------------------------------------------------


def test_a_long_way_costs_no_more_queries_than_a_short_one(client: Client, office: Office) -> None:
    short, long = at_step(office, received(office, "P2", scans=("contract",)), "hand_over"), long_way(office)
    dearer, dear = [], []
    for who, tab in product((office.clerk, office.specialist, office.head), TABS):
        client.force_login(who)
        costs = [cost(client, reverse(tab, args=[dossier.pk])) for dossier in (short, long)]
        dearer += [(who, tab, costs)] if costs[0] != costs[1] else []
        # session, officer, acting (4) · dossier, case · step, clock, calendar, panel, results, papers · events · news
        dear += [(who, tab, costs)] if costs[0] > 30 else []
    assert (dearer, dear) == ([], [])


def test_the_intake_screen_costs_the_same_however_much_is_typed(client: Client, office: Office, clerk: Acting) -> None:
    client.force_login(office.clerk)
    empty, full = begun(office, "P2"), begun(office, "P2")
    rows = {f"form__recipients__{number}__name": f"Người nhận {number}" for number in range(12)}
    typed = typed_intake(office, "P2", form__recipients__TOTAL_FORMS=12, **rows)
    save_draft(dossier_id=full.pk, typed=dict(typed.lists()), acting=clerk)
    save_draft(dossier_id=empty.pk, typed={"unit": [str(office.branch.pk)]}, acting=clerk)
    for number, component in enumerate(("application", "certificate", "contract", "income_tax")):
        scanned(office, full, component, pdf(width=600 + number))
    warm = cost(client, reverse("intake", args=[empty.pk]))
    costs = [cost(client, reverse("intake", args=[draft.pk])) for draft in (empty, full)]
    assert costs[0] == costs[1] <= warm
    assert costs[0] <= 20


def test_the_counter_costs_the_same_with_few_and_many_drafts(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    costs = []
    for count in (1, 12):
        for _draft in range(count):
            begun(office)
        costs.append(cost(client, reverse("intake_start")))
    assert costs[0] == costs[1]


def test_saving_costs_few_queries(client: Client, office: Office) -> None:
    """It happens with every pause of a typing clerk."""
    client.force_login(office.clerk)
    draft, typed = begun(office, "P2"), typed_intake(office, "P2").dict()
    client.post(reverse("intake_save", args=[draft.pk]), typed)
    with CaptureQueriesContext(connection) as queries:
        client.post(reverse("intake_save", args=[draft.pk]), typed)
    assert len(queries) <= 18, [query["sql"][:90] for query in queries]
