"""What every answer says to the browser about scripts, frames and caches."""

import pytest
from django.test import Client

from tests.factories.accounts import OfficerFactory

pytestmark = [pytest.mark.urls("tests.pages.urls"), pytest.mark.django_db]
ANSWERS = ["/dang-nhap/", "/fail/conflict/", "/khong-co/", "/fail/broken/", "/kept/"]


@pytest.mark.parametrize("address", ANSWERS)
def test_attack_97_no_inline_script_or_style_is_allowed(client: Client, address: str) -> None:
    client.raise_request_exception = False
    policy = client.get(address)["Content-Security-Policy"]
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert "unsafe" not in policy
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["base-uri"] == "'none'"


@pytest.mark.parametrize("address", ["/dang-nhap/", "/fail/conflict/", "/khong-co/"])
def test_attack_97_pages_hold_nothing_the_policy_forbids(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


@pytest.mark.parametrize("address", ANSWERS)
def test_attack_96_no_page_can_be_framed(client: Client, address: str) -> None:
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/", "/dang-nhap/", "/fail/conflict/", "/khong-co/", "/fail/broken/"])
def test_attack_100_no_page_stays_in_a_cache(client: Client, address: str) -> None:
    client.raise_request_exception = False
    if address != "/dang-nhap/":
        client.force_login(OfficerFactory.create())
    answer = client.get(address)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_a_view_may_say_otherwise(client: Client) -> None:
    assert client.get("/kept/")["Cache-Control"] == "private, max-age=60"


def test_types_are_not_guessed(client: Client) -> None:
    assert client.get("/dang-nhap/")["X-Content-Type-Options"] == "nosniff"
