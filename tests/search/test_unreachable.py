"""Attack 67: the engine is down, slow or overloaded. Work goes on, search says so, nothing is lost."""

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import transaction

from jobs.models import OutboxRow
from jobs.worker import drain
from search.engine import engine
from search.indexing import index_later
from tests.factories.accounts import OfficerFactory
from tests.factories.shelf import Shelf, entry, found, ids
from tests.servers import Reply, answering, nobody, silent

ELASTIC = [("X-Elastic-Product", "Elasticsearch"), ("Content-Type", "application/json")]
RED = {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed"}, "status": 503}
Trouble = Callable[[], AbstractContextManager[str]]


def saying(status: int, body: bytes = b"{}", headers: list[tuple[str, str]] = ELASTIC) -> AbstractContextManager[str]:
    return answering(lambda _: (status, headers, body))


def html() -> AbstractContextManager[str]:
    """A gateway answers instead of the engine."""
    return saying(200, b"<html>Welcome</html>", [("Content-Type", "text/html")])


TROUBLES: dict[str, Trouble] = {
    "down": nobody,
    "429": partial(saying, 429),
    "500": partial(saying, 500),
    "503": partial(saying, 503),
    "red": partial(saying, 503, json.dumps(RED).encode()),
    "no right": partial(saying, 401),
    "gone": partial(saying, 404),
    "a gateway": html,
    "no JSON": partial(saying, 200, b"not {json"),
    "empty": partial(saying, 200, b""),
}
# These answer 200 with JSON that means nothing.
GARBAGE = ["{}", "[]", '{"hits": {}}', '{"hits": {"hits": 3, "total": 1}}', '{"hits": {"hits": [{}], "total": {}}}']


@pytest.mark.parametrize("said", GARBAGE)
def test_attack_67_an_answer_without_sense_is_degraded(shelf: Shelf, settings: Any, said: str) -> None:
    with saying(200, said.encode()) as settings.SEARCH_URL:
        assert found("giao đất").is_degraded


@pytest.mark.parametrize("trouble", TROUBLES)
def test_attack_67_search_is_degraded_and_never_fails(shelf: Shelf, settings: Any, trouble: str) -> None:
    with TROUBLES[trouble]() as settings.SEARCH_URL:
        results = found("giao đất")
    assert results.is_degraded
    assert (results.total, results.hits, results.facets) == (0, (), {})


def test_attack_67_a_slow_engine_is_given_up(shelf: Shelf, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.backends.elastic._ASK_SECONDS", 0.2)
    with silent() as settings.SEARCH_URL:
        assert found("giao đất").is_degraded


def test_attack_67_a_slow_engine_is_not_asked_again_and_again(
    shelf: Shelf, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer comes just in time, and each is empty: the words are not tried in every lenient way."""
    monkeypatch.setattr("search.selectors.PATIENCE_SECONDS", 0.05)
    asked: list[str] = []

    def reply(environ: dict[str, Any]) -> Reply:
        asked.append(environ["PATH_INFO"])
        time.sleep(0.1)
        nothing = {"hits": {"hits": [], "total": {"value": 0}}, "aggregations": {}}
        return 200, ELASTIC, json.dumps(nothing).encode()

    with answering(reply) as settings.SEARCH_URL:
        assert found("giao đất rừng phòng hộ").is_degraded
    assert len(asked) == 1


@pytest.mark.parametrize("trouble", TROUBLES)
def test_attack_67_what_is_to_be_indexed_waits_and_is_not_given_up(shelf: Shelf, settings: Any, trouble: str) -> None:
    embedded = settings.SEARCH_URL
    shelf.put(entry("giao đất", id="1"))
    with transaction.atomic():
        index_later("decision", "1")
    with TROUBLES[trouble]() as settings.SEARCH_URL:
        for _ in range(10):
            OutboxRow.objects.update(available_at="2020-01-01T00:00:00Z")
            drain(["index"])
    row = OutboxRow.objects.get()
    assert (row.attempts, row.died_at, row.lease) == (0, None, None)
    settings.SEARCH_URL = embedded
    OutboxRow.objects.update(available_at="2020-01-01T00:00:00Z")
    drain(["index"])
    assert ids(found("giao đất")) == ["1"]


def test_a_rebuild_without_an_engine_says_so_and_holds_nothing(shelf: Shelf, settings: Any) -> None:
    with nobody() as settings.SEARCH_URL, pytest.raises(CommandError, match="does not answer"):
        call_command("rebuild_index")
    assert not OutboxRow.objects.exists()


def test_the_command_fails_when_search_is_degraded(shelf: Shelf, settings: Any) -> None:
    officer = OfficerFactory.create()
    with nobody() as settings.SEARCH_URL, pytest.raises(CommandError, match="not complete"):
        call_command("search", "giao đất", "--as", officer.username)


@pytest.mark.parametrize(
    "url",
    ["ftp://host/x", "hosodat", "", "embedded://index", "embedded:///", "http://host:9200/Bad*Name", "http://host/a/b"],
)
def test_an_address_that_cannot_be_meant_is_refused(settings: Any, url: str) -> None:
    settings.SEARCH_URL = url
    with pytest.raises(ImproperlyConfigured):
        engine()
