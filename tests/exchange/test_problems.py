"""Under /api/ every refusal is a problem (RFC 9457), and no answer is a page, a cookie or a thing to be cached."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from exchange.problems import Problem
from tests.factories.accounts import OfficerFactory, UnitFactory
from tests.factories.exchange import Partner, partner
from tests.factories.moments import stop_the_clock

pytestmark = pytest.mark.django_db
OPERATIONS = ("/api/dossiers/x", "/api/search?q=a", "/api/procedures", "/api/procedures/P6/form")
NOWHERE = (
    "/api/",
    "/api/nothing",
    "/api/dossiers/",
    "/api/dossiers",
    "/api/docs",
    "/api/openapi.yaml",
    "/api/a/b/c.json",
)


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Partner:
    stop_the_clock(monkeypatch)
    return partner(UnitFactory.create())


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The problem, which must be one, and nothing a browser would keep or follow."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), response.content
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    told: dict[str, Any] = response.json()
    assert set(told) <= set(Problem.model_fields)
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert told["title"]
    return told


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("address", NOWHERE)
def test_nothing_stands_at_an_unknown_address_for_anybody(asking: Partner, address: str, verb: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(OfficerFactory.create())
    for client in (Client(enforce_csrf_checks=True), browser):
        response = client.generic(verb, address)
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    if verb == "GET":
        problem_of(asking.get(address), 404)


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("address", [*OPERATIONS, "/api/openapi.json"])
def test_only_reading_is_offered(asking: Partner, address: str, verb: str) -> None:
    headers = {"Authorization": f"Bearer {asking.secret}"}
    response = Client(enforce_csrf_checks=True).generic(verb, address, headers=headers)
    assert (response.status_code, response["Allow"]) == (405, "GET")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", [*OPERATIONS, *NOWHERE])
def test_no_refusal_leads_to_the_sign_in_page_or_sets_a_cookie(db: None, address: str) -> None:
    response = Client().get(address)
    problem_of(response, 404 if address in NOWHERE else 401)


@pytest.mark.parametrize("address", OPERATIONS[1:3])
def test_attack_100_no_answer_may_be_kept_and_none_sets_a_cookie(asking: Partner, address: str) -> None:
    response = asking.get(address)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize(
    ("query", "path", "code"),
    [
        ({}, "query.q", "missing"),
        ({"q": ""}, "query.q", "string_too_short"),
        ({"q": "a" * 401}, "query.q", "string_too_long"),
        ({"q": "a\x07"}, "query.q", "string_pattern_mismatch"),
        ({"q": "a", "limit": "51"}, "query.limit", "less_than_equal"),
        ({"q": "a", "limit": "x"}, "query.limit", "int_parsing"),
        ({"q": "a", "kind": ["dossier", "person"]}, "query.kind.1", "enum"),
        ({"q": "a\x00"}, "query.q", "invalid"),
        ({"q": "a", "x\x00": "1"}, "query.x\x00", "invalid"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(asking: Partner, query: dict[str, Any], path: str, code: str) -> None:
    told = problem_of(asking.get("/api/search", query), 422)
    assert [(fault["path"], fault["code"]) for fault in told["errors"]] == [(path, code)]
    assert all(fault["message"] for fault in told["errors"])


@pytest.mark.parametrize("code", ["x" * 61, "a%07", "a%00"])
def test_a_code_that_can_be_none_is_told_by_its_place(asking: Partner, code: str) -> None:
    told = problem_of(asking.get(f"/api/dossiers/{code}"), 422)
    assert [fault["path"] for fault in told["errors"]] == ["path.code"]


def test_nothing_sent_comes_back(asking: Partner) -> None:
    """Attack 95: what was typed is in no answer, escaped or not."""
    for address in ("/api/dossiers/<script>", "/api/search?limit=<script>&q=<script>&kind=<script>", "/api/<script>"):
        assert b"script" not in asking.get(address).content


def test_attack_99_a_forged_host_is_a_problem_too(asking: Partner) -> None:
    problem_of(asking.get("/api/procedures", Host="evil.example"), 400)


def test_too_many_parameters_are_a_problem_too(asking: Partner) -> None:
    problem_of(
        asking.get("/api/search", {f"x{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}),
        400,
    )


def test_a_fault_of_ours_is_told_with_its_incident_and_nothing_else(
    asking: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("exchange.api.procedures_out", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/api/procedures", headers={"Authorization": f"Bearer {asking.secret}"})
    told = problem_of(response, 500)
    assert told["incident"] == response["X-Incident"]
    assert "secret" not in response.content.decode()


def test_problems_come_in_the_language_asked_for(db: None) -> None:
    response = Client().get("/api/procedures", headers={"Accept-Language": "en"})
    assert problem_of(response, 401)["title"] == "A token in force is needed."


def test_pages_keep_their_own_refusals(db: None) -> None:
    browser = Client()
    browser.force_login(OfficerFactory.create())
    for address in ("/khong-co", "/apiary", "/ho-so/999999/"):
        response = browser.get(address)
        assert response.status_code == 404
        assert response["Content-Type"].startswith("text/html")
