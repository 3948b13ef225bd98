"""Asked too often: 429, in words, with what was typed kept; others go on."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Officer
from tests.factories.accounts import OfficerFactory
from tests.factories.moments import moment, stop_the_clock

pytestmark = [pytest.mark.urls("tests.pages.urls"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def few(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OFFICER_REQUESTS_A_MINUTE, settings.STRANGER_REQUESTS_A_MINUTE = 3, 2
    stop_the_clock(monkeypatch, moment("2026-12-02 09:00:40"))


def signed_in() -> Client:
    client, officer = Client(), OfficerFactory.create()
    assert isinstance(officer, Officer)
    client.force_login(officer)
    return client


def test_attack_90_an_officer_who_asks_too_often_is_told_to_wait() -> None:
    client = signed_in()
    assert [client.get("/").status_code for _request in range(4)] == [200, 200, 200, 429]
    answer = client.get("/")
    assert answer["Retry-After"] == "20"
    assert "20" in answer.content.decode()


def test_attack_90_nothing_is_done_and_what_was_typed_is_kept() -> None:
    client = signed_in()
    for _request in range(3):
        client.get("/")
    answer = client.post("/posted/", {"note": "Ý kiến trình"})
    assert answer.status_code == 429
    assert "Ý kiến trình" in answer.content.decode()


def test_attack_90_who_has_not_signed_in_is_counted_by_his_address() -> None:
    answers = [Client().get("/dang-nhap/").status_code for _request in range(3)]
    elsewhere = Client(REMOTE_ADDR="10.0.0.9").get("/dang-nhap/").status_code
    assert (answers, elsewhere) == ([200, 200, 429], 200)


def test_an_officer_is_not_stopped_by_a_colleague() -> None:
    first, second = signed_in(), signed_in()
    for _request in range(4):
        first.get("/")
    assert second.get("/").status_code == 200


def test_the_next_minute_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    for _request in range(4):
        client.get("/")
    stop_the_clock(monkeypatch, moment("2026-12-02 09:01:00"))
    assert client.get("/").status_code == 200


def test_attack_90_an_address_is_not_made_up() -> None:
    """Without a proxy of ours the header is only a claim."""
    answers = [
        Client().get("/dang-nhap/", headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code for number in range(3)
    ]
    assert answers == [200, 200, 429]


def test_attack_90_behind_a_proxy_its_word_counts_and_no_other(settings: Any) -> None:
    settings.PROXIES = 1

    def asked(forwarded: str) -> int:
        return Client().get("/dang-nhap/", headers={"X-Forwarded-For": forwarded}).status_code

    assert [asked(f"{number}.1.1.1, 10.0.0.7") for number in range(3)] == [200, 200, 429]
    assert asked("10.0.0.8") == 200
