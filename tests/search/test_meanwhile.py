"""Writing goes on while the index is built anew: afterwards nothing is lost and nothing is stale."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs.models import OutboxRow
from jobs.worker import drain
from search.checking import drifts
from search.indexing import index_later
from search.kinds import KINDS
from search.rebuilding import rebuild
from tests.factories.shelf import Shelf, entry, found

pytestmark = [pytest.mark.search_backends_differ, pytest.mark.django_db(transaction=True)]
SIZE, ROUNDS = 600, 120


def change(shelf: Shelf, number: int) -> None:
    """One action: something new, something changed, something gone."""
    new = entry("giao đất", id=str(SIZE + number))
    old = shelf.entries[f"decision:{number}"]
    with transaction.atomic():
        shelf.put(new, replace(old, title=f"thu hồi rừng {number}"))
        index_later("decision", new.id)
        index_later("decision", old.id)
        if number % 3 == 0:
            shelf.take_away(shelf.entries[f"decision:{number + 1}"])
            index_later("decision", str(number + 1))


@pytest.fixture
def busy(shelf: Shelf, backend: str) -> Iterator[Shelf]:
    shelf.put(*(entry("giao đất", id=str(number)) for number in range(SIZE)))
    rebuild()
    yield shelf


def test_attack_69_and_70_a_rebuild_beside_a_writer_and_a_worker_loses_nothing(
    busy: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_over, is_begun = threading.Event(), threading.Event()
    faults: list[BaseException] = []

    def guarded(work: object) -> threading.Thread:
        def run() -> None:
            try:
                work()  # type: ignore[operator]
            except BaseException as fault:  # noqa: BLE001 whatever went wrong in the thread fails the test
                faults.append(fault)
            finally:
                connection.close()

        return threading.Thread(target=run)

    def write() -> None:
        is_begun.wait()
        for number in range(0, ROUNDS * 2, 2):
            change(busy, number)

    def work() -> None:
        while not is_over.is_set():
            OutboxRow.objects.filter(topic="index", lease__isnull=True).update(available_at=timezone.now())
            drain(["index"])

    load = KINDS["decision"].load

    def loaded(wanted: object) -> object:
        is_begun.set()
        return load(wanted)  # type: ignore[arg-type]

    monkeypatch.setitem(KINDS, "decision", replace(KINDS["decision"], load=loaded))  # type: ignore[arg-type]
    writer, worker = guarded(write), guarded(work)
    writer.start()
    worker.start()
    rebuild()
    rebuild()
    writer.join()
    is_over.set()
    worker.join()
    assert faults == []
    while OutboxRow.objects.exists():
        OutboxRow.objects.update(available_at=timezone.now())
        drain(["index"])
    [decisions] = [drift for drift in drifts() if drift.kind == "decision"]
    assert decisions.keys == []
    assert decisions.entries == len(busy.entries)
    assert found("giao đất").before == sum("giao" in one.title for one in busy.entries.values())
