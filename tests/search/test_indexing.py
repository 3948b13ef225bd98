"""The index follows the database: the contract of both back ends."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import transaction

from jobs.models import OutboxRow
from jobs.outbox import OutsideTransaction
from jobs.worker import drain
from search.engine import Request, Sight, engine
from search.indexing import UnknownKind, index_later, index_now
from search.kinds import KINDS, Entry
from search.nodes import Term
from tests.factories.shelf import Shelf, entry, found, ids

pytestmark = [pytest.mark.search_backends_differ, pytest.mark.usefixtures("backend")]


def later(*entries: Entry) -> None:
    with transaction.atomic():
        for each in entries:
            index_later(each.kind, each.id)


def test_what_was_asked_for_is_found_when_the_worker_is_through(shelf: Shelf) -> None:
    paper, dossier = entry("giao đất", id="1"), entry("giao đất", id="1", kind="dossier")
    shelf.put(paper, dossier)
    later(paper, dossier)
    drain(["index"])
    assert found("giao đất").facets["kind"] == {"decision": 1, "dossier": 1}
    assert not OutboxRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_indexing_is_asked_for_inside_the_action(shelf: Shelf) -> None:
    with pytest.raises(OutsideTransaction):
        index_later("decision", "1")


def test_a_change_replaces_what_was_found(shelf: Shelf) -> None:
    paper = entry("giao đất", id="1")
    shelf.index(paper)
    shelf.index(replace(paper, title="thu hồi rừng"))
    assert not found("giao đất").hits
    assert ids(found("thu hồi rừng")) == ["1"]


def test_what_no_longer_exists_is_no_longer_found(shelf: Shelf) -> None:
    gone, kept = entry("giao đất", id="1"), entry("giao đất", id="2")
    shelf.index(gone, kept)
    shelf.take_away(gone)
    later(gone, kept)
    drain(["index"])
    assert ids(found("giao đất")) == ["2"]


def test_removing_what_was_never_indexed_is_no_fault(shelf: Shelf) -> None:
    index_now(["decision:77", "dossier:78"])
    assert found("giao đất").total == 0


def test_doing_it_again_does_no_harm(shelf: Shelf) -> None:
    paper = entry("giao đất", id="1")
    for _ in range(3):
        shelf.index(paper)
    assert found("giao đất").total == 1


def test_the_newest_state_is_written_whatever_was_asked_when(shelf: Shelf) -> None:
    """Attack 70 begins here: a row says which thing, never what it is like."""
    paper = entry("giao đất", id="1")
    shelf.put(paper)
    later(paper)
    shelf.put(replace(paper, title="thu hồi rừng"))
    drain(["index"])
    assert ids(found("thu hồi rừng")) == ["1"]


def test_many_are_written_in_batches(shelf: Shelf) -> None:
    papers = [entry("giao đất") for _ in range(450)]
    shelf.put(*papers)
    later(*papers)
    drain(["index"])
    assert found("giao đất").total == 450
    assert [len(batch) for batch in shelf.loaded] == [200, 200, 50]


def test_attack_64_one_entry_that_cannot_be_loaded_holds_up_no_other(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = entry("giao đất", id="1"), entry("giao đất", id="2")
    shelf.put(good, bad)
    load = KINDS["decision"].load

    def failing(wanted: Sequence[str]) -> list[Entry]:
        if "2" in wanted:
            raise RuntimeError("poison")
        return list(load(wanted))

    monkeypatch.setitem(KINDS, "decision", replace(KINDS["decision"], load=failing))
    later(good, bad)
    drain(["index"])
    assert ids(found("giao đất")) == ["1"]
    row = OutboxRow.objects.get()
    assert row.key == "decision:2"
    assert "poison" in row.last_error


def test_an_unknown_kind_is_a_fault_of_its_own_row(shelf: Shelf) -> None:
    paper = entry("giao đất", id="1")
    shelf.put(paper)
    with pytest.raises(UnknownKind):
        index_now(["decision:1", "weather:1"])
    index_now(["decision:1"])
    assert found("giao đất").total == 1


def test_a_very_long_text_is_found_by_its_end(shelf: Shelf) -> None:
    shelf.index(entry("Báo cáo", id="1", text="việc khác " * 200_000 + "cảng cạn"))
    assert ids(found("cảng cạn")) == ["1"]


def test_an_endless_word_is_no_fault(shelf: Shelf) -> None:
    shelf.index(entry("x" * 100_000, id="1", text="á" * 100_000 + " giao đất", issuer="y" * 100_000))
    assert ids(found("giao đất")) == ["1"]


def test_only_what_a_hit_shows_is_given_back(shelf: Shelf) -> None:
    shelf.index(entry("giao đất", id="1", tokens=frozenset({"everyone"}), text="Điều 1", status="in_force"))
    [row] = engine().answer(Request(Term("body_folded", "giao"), Sight(), {}, order="", offset=0, limit=5)).rows
    assert set(row.fields) == {"key", "kind", "id", "title", "text", "status"}
