"""The page of the cross-check: what it shows, how it decides, what it costs; and the badge where people work."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import DocumentVersion, ReadPage
from dossiers.cross_check import cross_check
from dossiers.models import Dossier, MismatchRuling
from tests.factories.dossiers import at_step, begun, open_step, received
from tests.factories.office import Office
from tests.factories.readings import land, person, read_as, said

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def dossier(office: Office) -> Dossier:
    """At the specialist's step; the certificate says 321,5 m² where the form says 312,5."""
    dossier = at_step(office, received(office, scans=("application", "certificate")), "check")
    read_as(dossier, "certificate", *land("116", "24", "321.5"), *person("Phùng Thị Ngát", "099174003312"))
    return dossier


def tab(client: Client, dossier: Dossier, **query: str) -> str:
    response = client.get(reverse("dossier_check", args=[dossier.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def form_of(dossier: Dossier, office: Office, **changes: object) -> dict[str, object]:
    row = cross_check(Dossier.objects.get(pk=dossier.pk), office.acting(office.specialist)).row("area")
    assert row is not None
    sent = {"fact_key": "area", "seen_key": row.fingerprint, "version": row.ruling_number, "ruling": "paper_right"}
    return {**sent, "note": "", **changes}


def test_form_and_paper_stand_side_by_side_with_the_strip_of_the_scan(
    client: Client, office: Office, dossier: Dossier
) -> None:
    client.force_login(office.specialist)
    html = tab(client, dossier)
    document = dossier.components.get(code="certificate").document
    assert document is not None
    beside = html.partition('id="mismatch"')[2]
    for fact in ("312,5 m²", "321,5 m²", "Giấy chứng nhận đã cấp", "97%"):
        assert fact in beside, fact
    assert f"{reverse('document_page_picture', args=[document.pk, 1, 2000])}?version=1" in beside
    assert re.search(r'viewBox="130 538 460 84"', beside)
    assert 'x="300" y="566" width="120" height="28"' in beside
    link = re.search(r'href="(/tai-lieu/[^"]+)"', beside)
    assert link is not None
    viewer = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert viewer.count("w-chosen") == 1
    assert f"{reverse('dossier_check', args=[dossier.pk])}?muc=area" in viewer


def test_a_turned_page_is_shown_upright(client: Client, office: Office, dossier: Dossier) -> None:
    ReadPage.objects.update(rotation=90)
    client.force_login(office.specialist)
    assert 'transform="translate(1415 0) rotate(90)"' in tab(client, dossier)


def test_a_value_without_a_place_has_no_picture(client: Client, office: Office, dossier: Dossier) -> None:
    read_as(dossier, "certificate", *land("116", "24"), said("area", "321.5", group=1, page=None, box=None))
    client.force_login(office.specialist)
    html = tab(client, dossier)
    assert "321,5 m²" in html
    assert "<image" not in html


def test_walking_to_a_row_fetches_that_value_alone(client: Client, office: Office, dossier: Dossier) -> None:
    client.force_login(office.specialist)
    part = client.get(reverse("dossier_check", args=[dossier.pk]), {"muc": "parcel"}, headers=HTMX).content.decode()
    assert 'data-fact="parcel"' in part
    assert "<html" not in part
    assert "mismatch-form" not in part
    assert 'data-fact="area"' in tab(client, dossier, muc="no-such").partition('id="mismatch"')[2][:200]


def test_only_who_has_the_step_is_offered_the_decisions(client: Client, office: Office, dossier: Dossier) -> None:
    offered = []
    for who in ("specialist", "clerk", "head", "look_up"):
        client.force_login(getattr(office, who))
        if "mismatch-form" in tab(client, dossier):
            offered.append(who)
    assert offered == ["specialist"]


def test_a_decision_leads_on_to_the_next_mismatch(client: Client, office: Office, dossier: Dossier) -> None:
    read_as(dossier, "certificate", *land("117", "24", "321.5"))
    client.force_login(office.specialist)
    response = client.post(reverse("dossier_check_decide", args=[dossier.pk]), form_of(dossier, office))
    assert (response.status_code, response["Location"]) == (
        303,
        f"{reverse('dossier_check', args=[dossier.pk])}?muc=parcel",
    )
    assert "Giấy chứng nhận đã cấp: 321,5" in client.get(reverse("dossier_history", args=[dossier.pk])).content.decode()


@pytest.mark.parametrize(
    ("sure", "words"), [(0.97, "unless the paper is right"), (0.5, "unless the paper or the form is right")]
)
def test_the_page_asks_for_a_reason_where_the_decision_does(
    client: Client, office: Office, dossier: Dossier, sure: float, words: str
) -> None:
    read_as(dossier, "certificate", *land("116", "24"), said("area", "321.5", sure=sure, group=1))
    client.force_login(office.specialist)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert f"Needed {words}." in tab(client, dossier, muc="area")


def test_htmx_is_led_on_too(client: Client, office: Office, dossier: Dossier) -> None:
    client.force_login(office.specialist)
    address = reverse("dossier_check_decide", args=[dossier.pk])
    response = client.post(address, form_of(dossier, office), headers=HTMX)
    assert response["HX-Redirect"].endswith("?muc=area")


def test_what_is_missing_is_asked_for_where_it_was_typed(client: Client, office: Office, dossier: Dossier) -> None:
    client.force_login(office.specialist)
    sent = form_of(dossier, office, ruling="form_right", note=" ")
    response = client.post(reverse("dossier_check_decide", args=[dossier.pk]), sent, headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'aria-invalid="true"' in html
    assert re.search(r'value="form_right"[^>]*data-tried', html)
    assert not MismatchRuling.objects.exists()
    assert client.post(reverse("dossier_check_decide", args=[dossier.pk]), sent).status_code == 422


@pytest.mark.parametrize("version", ["", "x", "99999"])
def test_a_torn_form_is_refused(client: Client, office: Office, dossier: Dossier, version: str) -> None:
    client.force_login(office.specialist)
    sent = form_of(dossier, office, version=version)
    assert client.post(reverse("dossier_check_decide", args=[dossier.pk]), sent).status_code == 422


def test_attack_45_who_comes_second_keeps_his_text(client: Client, office: Office, dossier: Dossier) -> None:
    client.force_login(office.specialist)
    address, sent = reverse("dossier_check_decide", args=[dossier.pk]), form_of(dossier, office)
    assert client.post(address, sent).status_code == 303
    second = client.post(address, {**sent, "ruling": "ignored", "note": "Sai số cho phép"}, headers=HTMX)
    html = second.content.decode()
    assert second.status_code == 409
    assert "Sai số cho phép" in html
    assert office.specialist.full_name in html
    assert str(sent["seen_key"]) not in html
    assert MismatchRuling.objects.count() == 1


def test_an_outdated_decision_is_shown_with_the_values_of_its_time(
    client: Client, office: Office, dossier: Dossier
) -> None:
    client.force_login(office.specialist)
    client.post(reverse("dossier_check_decide", args=[dossier.pk]), form_of(dossier, office, note="Đơn gõ nhầm"))
    read_as(dossier, "certificate", *land("116", "24", "330"))
    beside = tab(client, dossier).partition('id="mismatch"')[2]
    for fact in ("330 m²", "312,5 m²", "321,5 m²", "Đơn gõ nhầm", office.specialist.full_name, "mismatch-form"):
        assert fact in beside, fact


def test_where_papers_disagree_the_value_is_chosen(client: Client, office: Office, dossier: Dossier) -> None:
    read_as(dossier, "application", *land("116", "24", "330"))
    client.force_login(office.specialist)
    assert tab(client, dossier).count("<option") == 2


# What is there when there is nothing ------------------------------------------------------------------


def test_without_papers_the_page_says_what_to_do(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = received(office)
    html = tab(client, dossier)
    assert 'class="empty"' in html
    assert reverse("dossier_papers", args=[dossier.pk]) in html.partition('class="empty"')[2]


def test_papers_being_read_are_waited_for(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = received(office, scans=("certificate",))
    assert 'class="empty"' in tab(client, dossier)
    DocumentVersion.objects.update(reading_state="waiting")
    read_as(dossier, "certificate", *land("116", "24", "312.5"))
    assert "<table" in tab(client, dossier)


def test_a_draft_has_nothing_to_compare(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    assert client.get(reverse("dossier_check", args=[begun(office).pk])).status_code == 404


# Where people work ------------------------------------------------------------------------------------


def test_the_count_stands_on_every_tab_and_beside_the_step(client: Client, office: Office, dossier: Dossier) -> None:
    client.force_login(office.specialist)
    address = reverse("dossier_check", args=[dossier.pk])
    for name in ("dossier", "dossier_papers", "dossier_steps"):
        html = client.get(reverse(name, args=[dossier.pk])).content.decode()
        assert re.search(rf'href="{address}"[^>]*>[^<]*<span class="n">1</span>', html), name
        assert html.count(address) == 2, name
    client.post(reverse("dossier_check_decide", args=[dossier.pk]), form_of(dossier, office))
    html = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert html.count(address) == 1


def test_the_quick_look_of_the_work_list_says_it_too(client: Client, office: Office, dossier: Dossier) -> None:
    client.force_login(office.specialist)
    look = reverse("work_quick_look", args=[open_step(dossier).pk])
    address = reverse("dossier_check", args=[dossier.pk])
    assert address in client.get(look).content.decode()
    read_as(dossier, "certificate", *land("116", "24", "312.5"))
    assert address not in client.get(look).content.decode()


def test_many_papers_cost_no_more_queries_than_one(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    costs = []
    for scans in (("certificate",), ("application", "certificate", "contract", "registration_fee", "income_tax")):
        dossier = received(office, "P2", scans=scans)
        for component in scans:
            read_as(dossier, component, *land("116", "24", "330"), *person("Phùng Thị Ngát", "099174003312"))
        address = reverse("dossier_check", args=[dossier.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(address).content) < 60_000
        costs.append(len(queries))
    assert costs[0] == costs[1]
