"""What the monitor reads: every process counted, the office as it stands, and no address anybody typed."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from audit.models import AuditEvent
from config import gunicorn
from jobs.models import OutboxRow, ScheduledRun
from jobs.outbox import enqueue
from tests.factories.accounts import OfficerFactory
from tests.factories.dossiers import received
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import open_office

pytestmark = pytest.mark.django_db

# A web process as gunicorn begins it: its hooks are loaded before the settings are.
COUNTER = """
import sys, config.gunicorn, django
django.setup()
from upkeep.metrics import count_request
for _ in range(int(sys.argv[1])):
    count_request(method="GET", route="/counted-apart/", status=200, seconds=0.02)
"""


def samples(client: Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = client.get("/metrics").content.decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def labelled(**labels: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(labels.items()))


def test_a_request_is_counted_by_the_pattern_of_its_address(client: Client) -> None:
    client.force_login(OfficerFactory.create(is_superuser=True))
    key = "hosodat_requests_total", labelled(method="GET", route="/ho-so/<int:dossier_id>/", status="404")
    before = samples(client).get(key, 0)
    client.get("/ho-so/987001/")
    client.get("/ho-so/987002/")
    after = samples(client)
    assert after[key] == before + 2
    assert not any("98700" in str(labels) for _name, labels in after)
    assert after["hosodat_request_seconds_count", labelled(method="GET", route="/ho-so/<int:dossier_id>/")] >= 2


def test_addresses_and_methods_nobody_knows_are_one_label_each(client: Client) -> None:
    for number in range(3):
        client.generic(f"CANARY{number}", f"/canary-{number}/")
    after = samples(client)
    assert ("hosodat_requests_total", labelled(method="other", route="unknown", status="404")) in after
    assert not any("canary" in str(labels).lower() for _name, labels in after)


def test_several_processes_are_counted_together(client: Client) -> None:
    key = "hosodat_requests_total", labelled(method="GET", route="/counted-apart/", status="200")
    before = samples(client).get(key, 0)
    for count in ("3", "4"):
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run(
            [sys.executable, "-c", COUNTER, count], check=True, env=environment, cwd=django_settings.BASE_DIR
        )
    assert samples(client)[key] == before + 7


def test_a_new_start_forgets_the_counts_of_the_run_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gunicorn, "METRICS_DIR", tmp_path)
    (tmp_path / "counter_4711.db").touch()
    (tmp_path / "kept.txt").touch()
    gunicorn.on_starting(None)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_the_outbox_tells_what_waits_how_long_and_what_was_given_up(client: Client) -> None:
    now = timezone.now()
    with transaction.atomic():
        enqueue("index", "document:1")
        enqueue("index", "document:2", at=now + timedelta(hours=1))
        enqueue("read", "7")
    OutboxRow.objects.filter(key="document:1").update(available_at=now - timedelta(seconds=90))
    OutboxRow.objects.filter(key="7").update(died_at=now)
    told = samples(client)
    assert told["hosodat_outbox_waiting", labelled(topic="index")] == 2
    assert 90 <= told["hosodat_outbox_oldest_seconds", labelled(topic="index")] < 120
    assert 90 <= told["hosodat_index_lag_seconds", ()] < 120
    assert told["hosodat_outbox_dead", labelled(topic="read")] == 1
    assert ("hosodat_outbox_waiting", labelled(topic="read")) not in told


def test_open_steps_are_told_by_urgency_and_the_schedule_by_its_delay(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch)
    office = open_office("P6-2025.toml")
    received(office)
    received(office, at=moment("2026-10-05 09:00"))
    ScheduledRun.objects.create(name="late", next_at=timezone.now() - timedelta(hours=2))
    told = samples(client)
    steps = {tone: told["hosodat_open_steps", labelled(tone=tone)] for tone in ("late", "near", "ok", "pause")}
    assert steps["late"] == 1
    assert sum(steps.values()) == 2
    assert told["hosodat_schedule_overdue_seconds", labelled(task="late")] >= 7200


@pytest.mark.databases_differ
def test_the_trail_is_reckoned_and_not_counted(client: Client) -> None:
    open_office("P6-2025.toml")
    client.get("/metrics")
    with CaptureQueriesContext(connection) as queries:
        told = samples(client)
    highest = AuditEvent.objects.order_by("-id").values_list("id", flat=True)[0]
    assert told["hosodat_audit_events", ()] == highest
    asked = [query["sql"] for query in queries if "audit_event" in query["sql"]]
    assert len(asked) == 1
    assert "COUNT" not in asked[0]
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        if connection.vendor == "postgresql":
            # A table of a few rows is read whole, whatever index there is.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(explain + asked[0])
        plan = str(cursor.fetchall())
    assert "SEARCH" in plan or "Index" in plan


def test_a_scrape_costs_a_handful_of_queries_however_much_there_is(
    client: Client, django_assert_num_queries: Any
) -> None:
    office = open_office("P6-2025.toml")
    received(office)
    with django_assert_num_queries(5):
        client.get("/metrics")
    for _dossier in range(3):
        received(office)
    with django_assert_num_queries(5):
        client.get("/metrics")
