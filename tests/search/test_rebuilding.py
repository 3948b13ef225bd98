"""A new index beside the old one: the contract of both back ends."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jobs.models import OutboxRow
from jobs.registry import TOPICS, Job, NotNow
from jobs.worker import drain
from search.indexing import index_later, narrow
from search.kinds import KINDS, Entry
from search.models import Narrowed
from search.rebuilding import HOLD, AlreadyRebuilding, HoldLost, rebuild
from tests.factories.shelf import Shelf, entry, found, ids

pytestmark = [pytest.mark.search_backends_differ, pytest.mark.usefixtures("backend")]


def during_load(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Does something while the rebuild reads decisions, after they were read."""
    load = KINDS["decision"].load

    def loaded(wanted: Sequence[str]) -> list[Entry]:
        entries = list(load(wanted))
        act()
        return entries

    monkeypatch.setitem(KINDS, "decision", replace(KINDS["decision"], load=loaded))


def test_attack_69_a_lost_index_comes_back_whole(shelf: Shelf) -> None:
    shelf.put(*(entry("giao đất", kind=kind) for kind in ("decision", "dossier", "dossier")))
    counts = rebuild()
    assert (counts["decision"], counts["dossier"], counts["parcel"]) == (1, 2, 0)
    assert found("giao đất").total == 3


def test_attack_69_drift_is_gone_after_a_rebuild(shelf: Shelf) -> None:
    stale, missing = entry("giao đất", id="1"), entry("giao đất", id="2")
    shelf.index(stale)
    shelf.take_away(stale)
    shelf.put(missing)
    rebuild()
    assert ids(found("giao đất")) == ["2"]


def test_searching_goes_on_meanwhile(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.index(entry("giao đất", id="1"))
    seen: list[list[str]] = []
    during_load(monkeypatch, lambda: seen.append(ids(found("giao đất"))))
    rebuild()
    assert seen == [["1"]]


def test_a_change_meanwhile_waits_and_reaches_the_new_index(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = entry("giao đất", id="1")
    shelf.index(paper)

    def change() -> None:
        shelf.put(replace(paper, title="thu hồi rừng"))
        with transaction.atomic():
            index_later("decision", "1")
        drain(["index"])

    during_load(monkeypatch, change)
    rebuild()
    assert ids(found("giao đất")) == ["1"]
    monkeypatch.undo()
    OutboxRow.objects.update(available_at=timezone.now())
    drain(["index"])
    assert not found("giao đất").hits
    assert ids(found("thu hồi rừng")) == ["1"]


def test_a_worker_that_took_rows_just_before_gives_them_back(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.index(entry("giao đất", id="1"))

    def worker() -> None:
        with pytest.raises(NotNow):
            TOPICS["index"].handler([Job("decision:1", {}, 1)])

    during_load(monkeypatch, worker)
    rebuild()


def test_a_rebuild_that_fails_leaves_the_old_index_and_the_topic_free(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.index(entry("giao đất", id="1"))

    def fail() -> None:
        raise RuntimeError("power cut")

    during_load(monkeypatch, fail)
    with pytest.raises(RuntimeError):
        rebuild()
    monkeypatch.undo()
    assert ids(found("giao đất")) == ["1"]
    shelf.index(entry("giao đất", id="2"))
    assert found("giao đất").total == 2
    rebuild()
    assert found("giao đất").total == 2


def test_two_rebuilds_at_once_are_refused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put(entry("giao đất"))

    def another() -> None:
        with pytest.raises(AlreadyRebuilding):
            rebuild()

    during_load(monkeypatch, another)
    rebuild()
    assert found("giao đất").total == 1


def test_who_lost_the_topic_does_not_change_over(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.index(entry("giao đất", id="1"))
    shelf.put(entry("giao đất", id="2"))
    during_load(monkeypatch, lambda: OutboxRow.objects.filter(key=HOLD).delete())
    with pytest.raises(HoldLost):
        rebuild()
    assert ids(found("giao đất")) == ["1"]


def test_attack_58_after_a_rebuild_was_killed_indexing_resumes(shelf: Shelf) -> None:
    now = timezone.now()
    OutboxRow.objects.create(
        topic="index",
        key=HOLD,
        created_at=now,
        available_at=now,
        attempts=1,
        lease="11111111-1111-1111-1111-111111111111",
        leased_until=now - timedelta(seconds=1),
    )
    paper = entry("giao đất", id="1")
    shelf.put(paper)
    with transaction.atomic():
        index_later("decision", "1")
    drain(["index"])
    assert ids(found("giao đất")) == ["1"]
    assert not OutboxRow.objects.exists()
    rebuild()


def test_what_was_narrowed_before_shows_again_after_a_rebuild(shelf: Shelf) -> None:
    shelf.index(entry("giao đất", id="1"))
    with transaction.atomic():
        narrow("decision", "1")
    rebuild()
    assert not Narrowed.objects.exists()
    assert ids(found("giao đất")) == ["1"]


def test_what_is_narrowed_meanwhile_stays_hidden(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.index(entry("giao đất", id="1"))

    def hide() -> None:
        with transaction.atomic():
            narrow("decision", "1")

    during_load(monkeypatch, hide)
    rebuild()
    assert not found("giao đất").hits
