"""Attack 70: whatever arrives last, the newest state stands. The contract of both back ends."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from search.engine import Busy, engine
from search.indexing import index_now
from search.models import IndexState
from search.records import record_of
from search.state import next_version
from tests.factories.shelf import Shelf, entry, found, ids

OLD = entry("giao đất", id="1")
NEW = replace(OLD, title="thu hồi rừng")


@pytest.mark.search_backends_differ
def test_attack_70_a_write_that_comes_late_changes_nothing(shelf: Shelf, elasticsearch: str) -> None:
    late, newest = next_version(), next_version()
    with engine().writing(version=newest) as writer:
        writer.replace([record_of(NEW)])
    with engine().writing(version=late) as writer:
        writer.replace([record_of(OLD)])
    assert ids(found("thu hồi rừng")) == ["1"]
    assert not found("giao đất").hits


@pytest.mark.search_backends_differ
def test_attack_70_what_was_removed_does_not_come_back_late(shelf: Shelf, elasticsearch: str) -> None:
    first, late, newest = next_version(), next_version(), next_version()
    with engine().writing(version=first) as writer:
        writer.replace([record_of(OLD)])
    with engine().writing(version=newest) as writer:
        writer.remove(["decision:1"])
    with engine().writing(version=late) as writer:
        writer.replace([record_of(OLD)])
    assert found("giao đất").total == 0


@pytest.mark.search_backends_differ
def test_attack_70_a_removal_that_comes_late_takes_nothing_away(shelf: Shelf, elasticsearch: str) -> None:
    late, newest = next_version(), next_version()
    with engine().writing(version=newest) as writer:
        writer.replace([record_of(NEW)])
    with engine().writing(version=late) as writer:
        writer.remove(["decision:1"])
    assert ids(found("thu hồi rừng")) == ["1"]


@pytest.mark.search_backends_differ
def test_attack_70_a_writer_from_before_a_rebuild_changes_nothing_after_it(shelf: Shelf, elasticsearch: str) -> None:
    late = next_version()
    with engine().rebuilding(lambda: None, version=next_version()) as writer:
        writer.replace([record_of(NEW)])
    with engine().writing(version=late) as writer:
        writer.replace([record_of(OLD)])
    assert ids(found("thu hồi rừng")) == ["1"]


def test_attack_70_on_the_embedded_index_who_writes_second_reads_second(shelf: Shelf) -> None:
    """There one writes at a time, and what is written is read while the lock is held."""
    with engine().writing(version=next_version()) as writer:
        with pytest.raises(Busy), engine().writing(version=next_version()):
            pytest.fail("two wrote at once")
        writer.replace([record_of(OLD)])
    shelf.put(NEW)
    index_now(["decision:1"])
    assert ids(found("thu hồi rừng")) == ["1"]


@pytest.mark.django_db
def test_versions_only_rise_even_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = next_version()
    monkeypatch.setattr("search.state.time.time_ns", lambda: 0)
    assert [next_version(), next_version()] == [first + 1, first + 2]


@pytest.mark.django_db
def test_versions_go_on_upwards_after_the_database_came_back_from_a_backup() -> None:
    given = next_version()
    IndexState.objects.all().delete()
    threading.Event().wait(0.01)
    assert next_version() > given


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_no_two_writers_draw_one_version() -> None:
    drawn: list[int] = []

    def draw() -> None:
        try:
            drawn.extend(next_version() for _ in range(20))
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == len(set(drawn)) == 80
