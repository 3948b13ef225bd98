"""What only Elasticsearch has: an alias, a mapping, other people's indices."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import transaction
from elasticsearch import Elasticsearch

from jobs.models import OutboxRow
from jobs.worker import drain
from search.engine import Unacceptable, engine
from search.indexing import index_later
from search.rebuilding import rebuild
from search.records import Record, record_of
from tests.factories.shelf import Shelf, entry, found, ids
from tests.servers import elasticsearch_url

pytestmark = pytest.mark.search_backends_differ


@pytest.fixture
def client(elasticsearch: str) -> Elasticsearch:
    return Elasticsearch(urlunsplit(urlsplit(elasticsearch)._replace(path="")))


@pytest.fixture
def neighbour() -> Iterator[str]:
    with elasticsearch_url() as url:
        yield url


def prefix(url: str) -> str:
    return urlsplit(url).path.strip("/")


def test_a_rebuild_moves_the_alias_and_leaves_one_index(
    shelf: Shelf, elasticsearch: str, client: Elasticsearch
) -> None:
    shelf.index(entry("giao đất", id="1"))
    [first] = client.indices.get_alias(name=f"{prefix(elasticsearch)}.v2")
    rebuild()
    [second] = client.indices.get_alias(name=f"{prefix(elasticsearch)}.v2")
    assert first != second
    assert list(client.indices.get(index=f"{prefix(elasticsearch)}.*")) == [second]
    assert ids(found("giao đất")) == ["1"]


def test_a_rebuild_touches_no_neighbour(
    shelf: Shelf, elasticsearch: str, neighbour: str, client: Elasticsearch, settings: Any
) -> None:
    settings.SEARCH_URL = neighbour
    shelf.index(entry("giao đất", id="1"))
    longer = f"{prefix(elasticsearch)}x.v2.first"
    client.indices.create(index=longer)
    try:
        settings.SEARCH_URL = elasticsearch
        rebuild()
        assert client.indices.exists(index=longer)
    finally:
        client.indices.delete(index=longer)
    settings.SEARCH_URL = neighbour
    assert ids(found("giao đất")) == ["1"]


def test_attack_68_one_entry_the_index_refuses_is_flagged_and_holds_up_no_other(
    shelf: Shelf, elasticsearch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = entry("giao đất", id="1"), entry("giao đất", id="2")
    shelf.put(good, bad)

    def conflicting(one: Any) -> Record:
        record = record_of(one)
        return record if one.id == "1" else Record(record.key, {**record.fields, "newest": "yesterday"})

    monkeypatch.setattr("search.indexing.record_of", conflicting)
    with transaction.atomic():
        index_later("decision", "1")
        index_later("decision", "2")
    drain(["index"])
    assert ids(found("giao đất")) == ["1"]
    row = OutboxRow.objects.get()
    assert row.key == "decision:2"
    assert "decision:2" in row.last_error
    assert "yesterday" in row.last_error


def test_a_field_the_mapping_does_not_know_is_refused(shelf: Shelf, elasticsearch: str) -> None:
    with pytest.raises(Unacceptable, match="decision:1"), engine().writing(version=1) as writer:
        writer.replace([Record("decision:1", {"key": "decision:1", "surprise": "x"})])


def test_before_the_first_write_a_question_makes_no_index(
    shelf: Shelf, elasticsearch: str, client: Elasticsearch
) -> None:
    assert found("giao đất").total == 0
    assert not client.indices.get(index=f"{prefix(elasticsearch)}.*")
