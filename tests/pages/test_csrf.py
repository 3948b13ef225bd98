"""A form from an old or foreign page changes nothing (attack 94), and the answer shows nothing of it."""

import pytest
from django.test import Client

from tests.factories.accounts import OfficerFactory

pytestmark = [pytest.mark.urls("tests.pages.urls"), pytest.mark.django_db]


@pytest.fixture
def strict() -> Client:
    """A browser with its CSRF check on, signed in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(OfficerFactory.create())
    return client


def test_attack_94_a_post_without_a_token_is_refused(strict: Client) -> None:
    answer = strict.post("/posted/", {"note": "tel. 0900 555 000 canary"})
    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()


def test_what_a_foreign_page_posted_is_not_shown(strict: Client) -> None:
    assert "canary" not in strict.post("/posted/", {"note": "tel. 0900 555 000 canary"}).content.decode()


def test_htmx_keeps_its_page_and_gets_a_message(strict: Client) -> None:
    answer = strict.post("/posted/", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#messages"
    assert "<html" not in answer.content.decode()


def test_the_token_every_page_carries_for_htmx_is_taken(strict: Client) -> None:
    token = strict.get("/").context["csrf_token"]
    assert strict.post("/posted/", headers={"X-CSRFToken": str(token)}).content == b"posted"
