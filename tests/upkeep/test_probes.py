"""Alive, ready, counted: what is answered, to whom, and when something is down."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from jobs.models import OutboxRow
from jobs.outbox import enqueue
from search.engine import Unavailable
from tests.factories.documents import paper
from upkeep import readiness

pytestmark = pytest.mark.django_db

ELSEWHERE: dict[str, Any] = {"REMOTE_ADDR": "203.0.113.9"}


def ready(client: Client, **environment: Any) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz", **environment)
    return response.status_code, json.loads(response.content)


def test_alive_asks_the_database_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz", **ELSEWHERE)
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_a_sound_house_is_ready(client: Client) -> None:
    paper()
    status, told = ready(client)
    assert status == 200
    assert {name: part["state"] for name, part in told["parts"].items()} == dict.fromkeys(
        ("database", "vault", "audit", "outbox", "search", "malware"), "ok"
    )
    assert told["state"] == "ok"


def test_search_down_is_degraded_and_served(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise Unavailable("http://secret:9200 is away")

    monkeypatch.setattr(readiness, "engine", fail)
    status, told = ready(client)
    assert (status, told["state"], told["parts"]["search"]["state"]) == (200, "degraded", "down")
    assert "secret" not in json.dumps(told)


def test_a_vault_that_is_not_mounted_is_down(client: Client, settings: Any, tmp_path: Path) -> None:
    paper()
    settings.STORAGES["vault"]["OPTIONS"]["location"] = str(tmp_path / "elsewhere")
    settings.STORAGES = dict(settings.STORAGES)
    status, told = ready(client)
    assert (status, told["state"], told["parts"]["vault"]["state"]) == (503, "down", "down")


@pytest.mark.databases_differ
def test_a_trail_without_its_triggers_is_down(client: Client) -> None:
    with connection.cursor() as cursor:
        name = "audit_event_no_update" if connection.vendor == "sqlite" else "audit_event_no_change ON audit_event"
        cursor.execute(f"DROP TRIGGER {name}")
    status, told = ready(client)
    assert (status, told["parts"]["audit"]["state"]) == (503, "down")


def test_a_database_that_fails_is_down_and_nothing_of_its_message_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise DatabaseError("password of app at 10.1.1.1")

    monkeypatch.setattr(readiness, "_database", fail)
    status, told = ready(client)
    assert (status, told["parts"]["database"]) == (503, {"state": "down", "detail": "DatabaseError"})


def test_work_that_waits_long_or_was_given_up_is_degraded(client: Client) -> None:
    with transaction.atomic():
        enqueue("index", "document:1")
    assert ready(client)[1]["state"] == "ok"
    OutboxRow.objects.update(available_at=timezone.now() - timedelta(minutes=16))
    assert ready(client)[1]["parts"]["outbox"]["state"] == "degraded"
    OutboxRow.objects.update(available_at=timezone.now(), died_at=timezone.now())
    status, told = ready(client)
    assert (status, told["parts"]["outbox"]["state"]) == (200, "degraded")


# Who may ask -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/readyz", "/metrics"])
@pytest.mark.parametrize(
    ("environment", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        (ELSEWHERE, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, 403),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 403),
        ({**ELSEWHERE, "HTTP_AUTHORIZATION": "Bearer right"}, 200),
        ({**ELSEWHERE, "HTTP_AUTHORIZATION": "bearer right"}, 200),
        ({**ELSEWHERE, "HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
        ({**ELSEWHERE, "HTTP_AUTHORIZATION": "Basic right"}, 403),
        ({**ELSEWHERE, "HTTP_AUTHORIZATION": "Bearer ờ"}, 403),
    ],
)
def test_only_this_machine_itself_or_the_token_gets_in(
    client: Client, settings: Any, address: str, environment: dict[str, Any], status: int
) -> None:
    settings.METRICS_TOKEN = "right"
    assert client.get(address, **environment).status_code == status


@pytest.mark.parametrize("given", ["Bearer ", "Bearer", "", "Bearer None"])
def test_without_a_token_set_none_opens(client: Client, settings: Any, given: str) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", HTTP_AUTHORIZATION=given, **ELSEWHERE).status_code == 403
