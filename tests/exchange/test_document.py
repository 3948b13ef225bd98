"""The published document: open to all, stable, and the same as the one in docs/."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from exchange import shapes
from exchange.api import VERSION
from exchange.management.commands.write_openapi import DOCUMENT
from exchange.openapi import as_text

ADDRESS = "/api/openapi.json"


@pytest.fixture
def document() -> dict[str, Any]:
    """Served without a token and without a query: the test has no database."""
    response = Client().get(ADDRESS)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    found: dict[str, Any] = response.json()
    return found


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_the_published_document_is_the_one_in_docs(document: dict[str, Any]) -> None:
    assert document == json.loads(DOCUMENT.read_text("utf-8")), "run manage.py write_openapi and look at the change"


def test_the_command_writes_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    copy, said = tmp_path / "openapi.json", StringIO()
    monkeypatch.setattr("exchange.management.commands.write_openapi.DOCUMENT", copy)
    for _time in range(2):
        call_command("write_openapi", stdout=said)
    assert copy.read_text("utf-8") == as_text()
    assert said.getvalue().split("\n")[:2] == ["docs/openapi.json: written", "docs/openapi.json: unchanged"]


def test_it_says_its_version_and_nothing_of_this_installation(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == VERSION
    assert "servers" not in document


def test_operations_keep_their_names(document: dict[str, Any]) -> None:
    named = {
        operation["operationId"]: path for path, verbs in document["paths"].items() for operation in verbs.values()
    }
    assert named == {
        "readDossier": "/api/dossiers/{code}",
        "search": "/api/search",
        "listProcedures": "/api/procedures",
        "readForm": "/api/procedures/{code}/form",
    }


def test_every_operation_only_reads_and_asks_for_a_token(document: dict[str, Any]) -> None:
    assert {verb for path in document["paths"].values() for verb in path} == {"get"}
    assert all(operation["security"] == [{"AgencyBearer": []}] for operation in operations(document))
    assert document["components"]["securitySchemes"]["AgencyBearer"]["scheme"] == "bearer"


def test_every_refusal_is_published_as_a_problem(document: dict[str, Any]) -> None:
    refusals = [
        (status, response)
        for operation in operations(document)
        for status, response in operation["responses"].items()
        if status != "200"
    ]
    assert {status for status, _response in refusals} == {"401", "403", "404", "422", "503"}
    assert {tuple(response["content"]) for _status, response in refusals} == {("application/problem+json",)}
    assert all("WWW-Authenticate" in response["headers"] for status, response in refusals if status == "401")


def test_every_text_and_figure_has_an_example_that_is_valid() -> None:
    without = []
    for name in (
        "DossierOut",
        "DossierStatus",
        "UnitRef",
        "Appointment",
        "Result",
        "HitOut",
        "ProcedureOut",
        "FormOut",
    ):
        for field, known in getattr(shapes, name).model_fields.items():
            if known.annotation in (str, int) and not known.examples:
                without.append(f"{name}.{field}")
    assert without == []


def test_it_does_not_depend_on_who_asks(document: dict[str, Any]) -> None:
    assert Client().get(ADDRESS, headers={"Accept-Language": "en"}).json() == document
