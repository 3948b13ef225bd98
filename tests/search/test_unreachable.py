"""Attack 67: the engine is down, slow or overloaded. Work goes on, search says so, nothing is lost."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse

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


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Says nothing."""


@contextmanager
def answering(status: int) -> Iterator[str]:
    """A server that answers everything with this status."""

    def answer(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(
            f"{status} Trouble", [("X-Elastic-Product", "Elasticsearch"), ("Content-Type", "application/json")]
        )
        return [b"{}"]

    with make_server("127.0.0.1", 0, answer, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hosodat"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def nobody() -> Iterator[str]:
    """An address where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{free.getsockname()[1]}/hosodat"


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes the call and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hosodat"


TROUBLES: dict[str, Any] = {
    "down": nobody,
    "429": lambda: answering(429),
    "500": lambda: answering(500),
    "503": lambda: answering(503),
}


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
