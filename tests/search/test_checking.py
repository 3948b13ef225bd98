"""Drift between index and database is found, told by kind, and mended: the contract of both back ends."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from jobs.models import OutboxRow
from jobs.worker import drain
from search.engine import engine
from search.indexing import index_later
from search.lag import index_lag
from search.records import record_of
from search.state import next_version
from tests.factories.shelf import Shelf, entry, found, ids

pytestmark = [pytest.mark.search_backends_differ, pytest.mark.usefixtures("backend")]


def checked(*options: str) -> dict[str, dict[str, Any]]:
    out = StringIO()
    call_command("check_index", "--json", *options, stdout=out)
    return {row["kind"]: row for row in map(json.loads, out.getvalue().splitlines())}


@pytest.fixture
def drifted(shelf: Shelf) -> Shelf:
    """Of decisions 1 is well, 2 is missing, 3 is stale in its text, 4 in its sight, 5 is gone from the database."""
    well, stale, hidden, gone = (entry("giao đất", id=one) for one in "1345")
    shelf.index(well, stale, hidden, gone, entry("giao đất", kind="dossier"))
    shelf.put(entry("giao đất", id="2"), replace(stale, text="đã sửa"), replace(hidden, tokens=frozenset({"unit:7"})))
    shelf.take_away(gone)
    return shelf


def test_an_index_that_agrees_is_said_to(shelf: Shelf) -> None:
    shelf.index(*(entry("giao đất") for _ in range(450)), entry("giao đất", kind="dossier"))
    answer = checked()
    assert answer["decision"] == {
        "kind": "decision",
        "entries": 450,
        "waiting": 0,
        "missing": 0,
        "stale": 0,
        "surplus": 0,
        "ok": True,
        "first": [],
    }
    assert (answer["dossier"]["entries"], answer["dossier"]["ok"]) == (1, True)


def test_attack_69_drift_is_found_and_told_by_kind(drifted: Shelf) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="4 entries differ"):
        call_command("check_index", "--json", stdout=out)
    row = next(row for row in map(json.loads, out.getvalue().splitlines()) if row["kind"] == "decision")
    assert (row["entries"], row["missing"], row["stale"], row["surplus"], row["ok"]) == (4, 1, 2, 1, False)
    assert row["first"] == ["decision:2", "decision:3", "decision:4", "decision:5"]


def test_attack_69_drift_is_mended_by_the_worker(drifted: Shelf) -> None:
    checked("--mend")
    assert OutboxRow.objects.count() == 4
    drain(["index"])
    assert all(row["ok"] for row in checked().values())
    assert sorted(ids(found("giao đất", kinds=("decision",)))) == ["1", "2", "3"]


def test_what_waits_anyway_is_no_drift(shelf: Shelf) -> None:
    shelf.put(entry("giao đất", id="1"))
    with transaction.atomic():
        index_later("decision", "1")
    answer = checked()["decision"]
    assert (answer["waiting"], answer["missing"], answer["ok"]) == (1, 0, True)


def test_without_an_index_everything_is_missing(shelf: Shelf) -> None:
    shelf.put(entry("giao đất", id="1"))
    checked("--mend")
    drain(["index"])
    assert found("giao đất").total == 1


def test_an_entry_the_engine_alone_knows_is_surplus(shelf: Shelf) -> None:
    shelf.index(entry("giao đất", id="1"))
    with engine().writing(version=next_version()) as writer:
        writer.replace([record_of(entry("ma", id="9"))])
    with pytest.raises(CommandError):
        checked()
    checked("--mend")
    drain(["index"])
    assert checked()["decision"]["ok"]


def test_the_lag_is_the_age_of_the_oldest_change_that_waits(shelf: Shelf) -> None:
    assert index_lag() == timedelta()
    shelf.put(entry("giao đất", id="1"))
    with transaction.atomic():
        index_later("decision", "1")
    OutboxRow.objects.update(created_at=timezone.now() - timedelta(seconds=90))
    with transaction.atomic():
        index_later("decision", "2")
    assert timedelta(seconds=90) <= index_lag() < timedelta(seconds=200)
    drain(["index"])
    assert index_lag() == timedelta()
