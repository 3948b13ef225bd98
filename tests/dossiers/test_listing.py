"""The list of dossiers: what an officer may see, by status, day and place of receipt, page by page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.models import Dossier
from dossiers.states import Status
from pages.paging import PAGE_SIZE
from tests.factories.dossiers import at_step, begun, received, shelved
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import Office

pytestmark = pytest.mark.django_db


def listed(client: Client, **query: str) -> list[str]:
    """The codes on the page."""
    response = client.get(reverse("dossiers"), query)
    assert response.status_code == 200
    return [dossier.code for dossier in response.context["page"].rows]


def test_the_newest_comes_first_and_drafts_do_not_come(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    first, second = received(office), received(office, "P2")
    begun(office)
    assert listed(client) == [second.code, first.code]


def test_attack_36_each_unit_lists_what_reached_it(client: Client, office: Office) -> None:
    here = at_step(office, received(office), "check")
    there = at_step(office, received(office, unit=office.other_branch.pk), "check")
    received(office)
    for who, seen in (
        ("specialist", {here.code}),
        ("head", {here.code}),
        ("look_up", {here.code}),
        ("stranger", {there.code}),
    ):
        client.force_login(getattr(office, who))
        assert set(listed(client)) == seen, who
    for who in ("clerk", "administrator"):
        client.force_login(getattr(office, who))
        assert len(listed(client)) == 3


def test_a_row_says_how_its_dossier_stands_and_nothing_once_it_is_resolved(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, done = received(office), at_step(office, received(office), "hand_over")
    for now, tone in (("2026-12-03 09:00", "ok"), ("2026-12-09 09:00", "near"), ("2026-12-21 09:00", "late")):
        stop_the_clock(monkeypatch, moment(now))
        client.force_login(office.clerk)
        rows = dict(client.get(reverse("dossiers")).context["rows"])
        assert (rows[fresh].tone, rows[done]) == (tone, None)
    assert "Quá hạn" in client.get(reverse("dossiers")).content.decode()


def test_it_is_narrowed_by_status(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    resting, resolved = received(office), at_step(office, received(office), "hand_over")
    assert listed(client, **{"trang-thai": Status.RECEIVED}) == [resting.code]
    assert listed(client, **{"trang-thai": Status.RESOLVED}) == [resolved.code]
    assert listed(client, **{"trang-thai": Status.RETURNED}) == []
    assert len(listed(client, **{"trang-thai": "none of these"})) == 2


def test_a_day_is_the_offices_day(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    early = received(office, at=moment("2026-12-01 00:00"))
    late = received(office, at=moment("2026-12-01 23:59"))
    received(office, at=moment("2026-11-30 23:59"))
    received(office, at=moment("2026-12-02 00:00"))
    for day in ("2026-12-01", "01/12/2026", "1-12-2026"):
        assert set(listed(client, ngay=day)) == {early.code, late.code}


@pytest.mark.parametrize("day", ["", "yesterday", "2026-13-01", "0001-01-01", "9999-12-31", "31/02/2026", "²"])
def test_a_day_that_cannot_be_counts_as_none(client: Client, office: Office, day: str) -> None:
    client.force_login(office.clerk)
    received(office)
    assert len(listed(client, ngay=day)) == 1


def test_what_the_unit_took_in_itself_is_told_apart(client: Client, office: Office) -> None:
    mine, other = received(office), received(office)
    Dossier.objects.filter(pk=other.pk).update(received_unit=office.branch)
    client.force_login(office.clerk)
    assert set(listed(client)) == {mine.code, other.code}
    assert listed(client, **{"noi-nhan": "don-vi"}) == [mine.code]


def test_attack_91_the_list_goes_on_by_key_and_every_row_comes_once(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    everything = {received(office).code, *(copy.code for copy in shelved(received(office), 2 * PAGE_SIZE))}
    everything.add("H99.15-261202-0002")
    seen: list[str] = []
    key, pages = "", 0
    while key or not pages:
        response = client.get(reverse("dossiers"), {"key": key} if key else {})
        seen += [dossier.code for dossier in response.context["page"].rows]
        key, pages = response.context["page"].next_key, pages + 1
    assert (pages, len(seen), set(seen)) == (3, len(everything), everything)


def test_the_next_page_keeps_the_filters(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    shelved(received(office), PAGE_SIZE + 1)
    query = {"trang-thai": Status.RECEIVED, "ngay": "2026-12-02", "noi-nhan": "don-vi"}
    html = client.get(reverse("dossiers"), query).content.decode()
    link = html.partition('rel="next"')[2].partition('href="')[2].partition('"')[0]
    for part in ("trang-thai=received", "ngay=2026-12-02", "noi-nhan=don-vi", "key="):
        assert part in link


@pytest.mark.parametrize("key", ["x", "W251bGwsIDBd", "W251bGwsIC0xXQ", "-" * 500])
def test_a_damaged_key_is_said_to_be_one(client: Client, office: Office, key: str) -> None:
    client.force_login(office.clerk)
    assert client.get(reverse("dossiers"), {"key": key}).status_code == 422


def test_an_empty_list_says_why(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    nothing = client.get(reverse("dossiers")).content.decode()
    assert reverse("intake_start") in nothing.partition("<main")[2]
    filtered = client.get(reverse("dossiers"), {"trang-thai": "resolved"}).content.decode()
    assert f'href="{reverse("dossiers")}"' in filtered.partition("<main")[2]


def test_many_rows_cost_no_more_queries_than_few(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = received(office)
    costs = []
    for more in (1, 40):
        shelved(dossier, more) if more == 1 else shelved(received(office), more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(reverse("dossiers"))
        costs.append(len(queries))
        assert len(response.content) < 60_000
    assert costs[0] == costs[1]
