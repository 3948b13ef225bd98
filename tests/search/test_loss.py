"""Attack 69: the index is dropped or begun anew under our feet. It is noticed, said, and filled again."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from elasticsearch import Elasticsearch

from jobs.models import OutboxRow
from jobs.worker import drain
from search.indexing import index_later
from search.state import is_whole
from search.tasks import watch
from tests.factories.shelf import Shelf, entry, found, ids

pytestmark = pytest.mark.search_backends_differ


def drop(backend: str) -> None:
    """As an administrator would by mistake."""
    parts = urlsplit(settings.SEARCH_URL)
    if backend == "embedded":
        shutil.rmtree(Path(parts.path))
        return
    client = Elasticsearch(urlunsplit(parts._replace(path="")))
    for name in client.indices.get(index=f"{parts.path.strip('/')}.*"):
        client.indices.delete(index=name)


def change(*keys: str) -> None:
    with transaction.atomic():
        for key in keys:
            index_later("decision", key)


def settle() -> None:
    """Works until nothing waits, pauses passed over."""
    while OutboxRow.objects.filter(died_at__isnull=True).exists():
        OutboxRow.objects.update(available_at=timezone.now())
        drain(["index", "rebuild_index"])


@pytest.fixture
def filled(shelf: Shelf, backend: str) -> Shelf:
    shelf.put(*(entry("giao đất", id=str(number)) for number in (1, 2, 3)))
    change("1", "2", "3")
    settle()
    assert is_whole()
    return shelf


def test_attack_69_a_dropped_index_is_noticed_and_filled_again(filled: Shelf, backend: str) -> None:
    drop(backend)
    watch()
    assert not is_whole()
    assert OutboxRow.objects.get().topic == "rebuild_index"
    settle()
    assert sorted(ids(found("giao đất"))) == ["1", "2", "3"]
    assert is_whole()


def test_attack_69_a_write_into_a_dropped_index_loses_none_of_the_others(filled: Shelf, backend: str) -> None:
    drop(backend)
    filled.put(entry("giao đất", id="4"))
    change("4")
    drain(["index"])
    results = found("giao đất")
    assert results.is_filling or results.is_degraded
    settle()
    assert sorted(ids(found("giao đất"))) == ["1", "2", "3", "4"]
    assert not found("giao đất").is_filling


def test_attack_69_an_index_begun_anew_by_another_is_noticed(filled: Shelf, backend: str) -> None:
    drop(backend)
    # Another process begins an empty index before anybody looks.
    filled.index(entry("giao đất", id="4"))
    assert ids(found("giao đất")) == ["4"]
    watch()
    settle()
    assert sorted(ids(found("giao đất"))) == ["1", "2", "3", "4"]


def test_nothing_is_rebuilt_while_all_is_well(filled: Shelf) -> None:
    watch()
    change("1")
    settle()
    watch()
    assert not OutboxRow.objects.exists()


def test_asking_twice_fills_once(filled: Shelf, backend: str) -> None:
    drop(backend)
    watch()
    watch()
    assert OutboxRow.objects.count() == 1
    settle()
    filled.loaded.clear()
    with transaction.atomic():
        OutboxRow.objects.create(
            topic="rebuild_index", key="all", created_at=timezone.now(), available_at=timezone.now()
        )
    settle()
    assert filled.loaded == []


def test_a_first_write_beside_things_never_indexed_asks_for_the_rest(shelf: Shelf, backend: str) -> None:
    shelf.put(entry("giao đất", id="1"), entry("giao đất", id="2"))
    change("2")
    settle()
    assert sorted(ids(found("giao đất"))) == ["1", "2"]


def test_the_page_says_that_the_index_is_being_filled(filled: Shelf, backend: str) -> None:
    drop(backend)
    watch()
    results = found("giao đất")
    assert results.is_filling
