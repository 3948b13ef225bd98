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


class Ticks:
    """Counts what another thread does; waits for so much more of it, but not for ever."""

    def __init__(self) -> None:
        self._ticked, self._count = threading.Condition(), 0

    def tick(self) -> None:
        with self._ticked:
            self._count += 1
            self._ticked.notify_all()

    def wait_for(self, more: int) -> None:
        with self._ticked:
            goal = self._count + more
            self._ticked.wait_for(lambda: self._count >= goal, timeout=5)


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


def settle() -> None:
    while OutboxRow.objects.exists():
        OutboxRow.objects.update(available_at=timezone.now())
        drain(["index"])


@pytest.fixture
def busy(shelf: Shelf, backend: str) -> Iterator[Shelf]:
    shelf.put(*(entry("giao đất", id=str(number)) for number in range(SIZE)))
    rebuild()
    yield shelf


def test_attack_69_and_70_a_rebuild_beside_a_writer_and_a_worker_loses_nothing(
    busy: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_over, is_begun = threading.Event(), threading.Event()
    changed, worked = Ticks(), Ticks()
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
            changed.tick()

    def work() -> None:
        while not is_over.is_set():
            OutboxRow.objects.filter(topic="index", lease__isnull=True).update(available_at=timezone.now())
            drain(["index"])
            worked.tick()

    load = KINDS["decision"].load

    def loaded(wanted: object) -> object:
        entries = list(load(wanted))  # type: ignore[arg-type]
        if threading.current_thread() is threading.main_thread() and not is_over.is_set():
            # What was read is old before it is written: changes come, and a worker has had time for them.
            is_begun.set()
            changed.wait_for(15)
            worked.wait_for(2)
        return entries

    monkeypatch.setitem(KINDS, "decision", replace(KINDS["decision"], load=loaded))  # type: ignore[arg-type]
    writer, worker = guarded(write), guarded(work)
    writer.start()
    worker.start()
    try:
        rebuild()
    finally:
        is_begun.set()
        writer.join()
        is_over.set()
        worker.join()
        # Before the shelf is cleared away, or this kind would stand on it.
        monkeypatch.undo()
    assert faults == []
    settle()
    [decisions] = [drift for drift in drifts() if drift.kind == "decision"]
    assert decisions.keys == []
    assert decisions.entries == len(busy.entries)
    assert found("giao đất").before == sum("giao" in one.title for one in busy.entries.values())
