"""The search page."""

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.acting import unit_token
from accounts.models import RoleSlot
from tests.factories.accounts import OfficerFactory, UnitFactory, officer_at
from tests.factories.shelf import Shelf, anybody, entry, found

Open = Callable[..., str]


@pytest.fixture
def client(client: Client) -> Client:
    """A look-up account."""
    client.force_login(officer_at(UnitFactory.create(), RoleSlot.Kind.LOOKUP))
    return client


@pytest.fixture
def open_page(client: Client) -> Open:
    def opened(headers: dict[str, str] | None = None, **params: Any) -> str:
        response = client.get(reverse("search"), params, headers=headers or {})
        assert response.status_code == 200
        return response.content.decode()

    return opened


def test_who_has_not_signed_in_is_sent_to_sign_in(db: None) -> None:
    response = Client().get(reverse("search"), {"q": "giao đất"})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("sign_in"))


def test_a_look_up_account_may_search(shelf: Shelf, open_page: Open) -> None:
    shelf.index(entry("Về việc giao đất", id="7", number="28/2018/QĐ-UBND", dated=date(2018, 2, 3)))
    page = open_page(q="giao dat")
    assert 'href="/decision/7/"' in page
    assert "28/2018/QĐ-UBND" in page
    assert "Về việc <mark>giao đất</mark>" in page
    assert "03/02/2018" in page


def test_attack_36_the_page_of_one_unit_shows_nothing_of_another(shelf: Shelf, client: Client) -> None:
    mine, other = UnitFactory.create(), UnitFactory.create()
    shelf.index(
        entry("giao đất", id="1", tokens=frozenset({unit_token(mine.pk)})),
        entry("giao đất zqxcanary", id="2", tokens=frozenset({unit_token(other.pk)}), issuer="zqxissuer"),
    )
    client.force_login(officer_at(mine))
    page = client.get(reverse("search"), {"q": "giao đất"}).content.decode()
    assert "/decision/1/" in page
    assert "zqx" not in page


def test_filters_narrow_and_can_be_taken_off_one_by_one(shelf: Shelf, open_page: Open) -> None:
    shelf.index(
        entry("giao đất", id="1", status="in_force", issuer="UBND tỉnh"),
        entry("giao đất", id="2", status="in_force", issuer="Sở Xây dựng"),
        entry("giao đất", id="3", kind="dossier"),
    )
    page = unescape(open_page(q="giao đất", kind="decision", issuer="UBND tỉnh"))
    assert "/decision/1/" in page
    assert "/decision/2/" not in page
    assert "/dossier/3/" not in page
    assert 'href="?q=giao+%C4%91%E1%BA%A5t&kind=decision"' in page
    assert 'href="?q=giao+%C4%91%E1%BA%A5t&issuer=UBND+t%E1%BB%89nh"' in page


def test_unknown_choices_are_passed_over(shelf: Shelf, open_page: Open) -> None:
    shelf.index(entry("giao đất", id="1"))
    assert "/decision/1/" in open_page(q="giao đất", kind="weather", sort="price", page_size="1000000000")


def test_more_hits_follow_as_a_part_for_htmx_and_as_a_page_without(shelf: Shelf, open_page: Open) -> None:
    shelf.index(*(entry(f"giao đất lô {number}", id=str(number)) for number in range(13)))
    first = unescape(open_page(q="giao đất"))
    assert first.count("data-hit") == 10
    key = first.split("&key=", 1)[1].split('"', 1)[0]
    part = open_page(q="giao đất", key=key, headers={"HX-Request": "true"})
    assert part.count("data-hit") == 3
    assert "<html" not in part
    assert 'hx-swap-oob="innerHTML"' in part
    page = open_page(q="giao đất", key=key)
    assert page.count("data-hit") == 3
    assert "<html" in page


def test_a_damaged_key_is_a_clear_error(shelf: Shelf, client: Client) -> None:
    assert client.get(reverse("search"), {"q": "giao đất", "key": "x"}).status_code == 422


def test_the_empty_page_says_what_can_be_typed(shelf: Shelf, open_page: Open) -> None:
    page = open_page()
    assert "28/2018" in page
    assert "data-hit" not in page


def test_finding_nothing_says_what_to_do(shelf: Shelf, open_page: Open) -> None:
    assert 'class="empty"' in open_page(q="xyzzy")
    filtered = open_page(q="xyzzy", kind="decision")
    assert 'class="empty"' in filtered
    assert 'href="?q=xyzzy"' in filtered


def test_attack_67_the_page_says_that_search_is_degraded(shelf: Shelf, open_page: Open, settings: Any) -> None:
    settings.SEARCH_URL = "http://127.0.0.1:9/hosodat"
    page = open_page(q="giao đất")
    assert 'class="say near"' in page
    assert 'class="empty"' not in page


@pytest.mark.parametrize("asked", ["giaoo đất", "giao đất cảng xyzzy"])
def test_a_mercy_is_told(shelf: Shelf, open_page: Open, asked: str) -> None:
    shelf.index(entry("giao đất cảng", id="1"))
    page = open_page(q=asked)
    assert "/decision/1/" in page
    assert 'class="say info"' in page


def test_attack_95_a_script_in_every_field_is_inert(shelf: Shelf, open_page: Open) -> None:
    canary = '<script>alert("x")</script>'
    fields = ("number", "unit", "document_type", "status", "issuer")
    shelf.index(entry(canary, id="1", text=canary, **dict.fromkeys(fields, canary)), entry("alert", id="2", issuer="a"))
    for params in ({"q": canary}, {"q": "alert"}, {"q": "alert", "issuer": canary}):
        page = open_page(**params)
        assert "/decision/1/" in page
        assert "<script>" not in page


def test_searching_takes_no_post(shelf: Shelf, client: Client) -> None:
    assert client.post(reverse("search"), {"q": "x"}).status_code == 405


def test_the_page_costs_eight_queries_two_of_them_its_own(
    shelf: Shelf, open_page: Open, django_assert_num_queries: Any
) -> None:
    shelf.index(*(entry(f"giao đất {number}", status="in_force") for number in range(30)))
    open_page(q="giao đất")
    with django_assert_num_queries(8):
        open_page(q="giao đất")
    acting = anybody()
    with django_assert_num_queries(2):
        assert found("giao đất", acting).total == 30


def test_an_officer_without_a_place_sees_what_is_for_everyone(shelf: Shelf, client: Client) -> None:
    client.force_login(OfficerFactory.create())
    shelf.index(entry("giao đất", id="1"))
    assert "/decision/1/" in client.get(reverse("search"), {"q": "giao đất"}).content.decode()
