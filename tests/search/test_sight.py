"""Nobody learns of what he may not see: the contract of both back ends."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import transaction

from jobs.worker import drain
from search.indexing import index_now, narrow
from search.kinds import KINDS, Entry
from search.models import Narrowed
from search.selectors import Results
from tests.factories.shelf import Shelf, entry, found, ids, seeing

pytestmark = [pytest.mark.search_backends_differ, pytest.mark.usefixtures("backend")]

CANARY = "zqxhoangyen"


def told(results: Results) -> Results:
    """All that an answer tells, but how long it took and how rare the words are in the whole index."""
    return replace(results, took_ms=0, hits=[replace(hit, score=0) for hit in results.hits])


def test_an_entry_shows_to_who_holds_one_of_its_tokens(shelf: Shelf) -> None:
    shelf.index(
        entry("giao đất", id="1", tokens=frozenset({"unit:1", "officer:9"})),
        entry("giao đất", id="2", tokens=frozenset({"unit:2"})),
        entry("giao đất", id="3", tokens=frozenset()),
    )
    assert ids(found("giao đất", seeing("unit:1"))) == ["1"]
    assert ids(found("giao đất", seeing("officer:9", "everyone"))) == ["1"]
    assert set(ids(found("giao đất", seeing("unit:1", "unit:2")))) == {"1", "2"}
    assert set(ids(found("giao đất", seeing(is_superuser=True)))) == {"1", "2", "3"}
    assert not found("giao đất", seeing("unit:3")).total


def test_without_tokens_nothing_is_seen(shelf: Shelf) -> None:
    shelf.index(entry("giao đất", tokens=frozenset({"everyone"})))
    assert found("giao đất", seeing()).total == 0


@pytest.mark.parametrize(
    "asked", [CANARY, f"giao đất {CANARY}", "giao đất", "giao dat cang can bien", "zqxhoangyem", f"{CANARY}/2026"]
)
def test_attack_36_another_units_word_leaves_no_trace(shelf: Shelf, asked: str) -> None:
    mine = seeing("unit:1")
    shelf.index(entry("giao đất cảng cạn", id="1", tokens=frozenset({"unit:1"}), issuer="UBND tỉnh"))
    before = told(found(asked, mine))
    canary = {"tokens": frozenset({"unit:2"}), "number": f"{CANARY}/2026", "text": f"giao đất {CANARY} cảng cạn biển"}
    shelf.index(
        entry(f"giao đất {CANARY}", id="2", kind="project", unit=CANARY, document_type=CANARY, status=CANARY, **canary),
        entry(f"giao đất {CANARY}", id="3", issuer=CANARY, **canary),
    )
    after = told(found(asked, mine))
    assert after == before
    assert CANARY not in str(after)
    assert found(CANARY, seeing("unit:2")).total == 2


def test_attack_36_hidden_entries_change_no_mercy(shelf: Shelf) -> None:
    questions = ("giao đất xyzzy", "giaoo đất", "giao rừng đất", "giao dat canh can")
    shelf.index(entry("giao đất cảng cạn", id="1", tokens=frozenset({"unit:1"})))
    alone = [told(found(asked, seeing("unit:1"))) for asked in questions]
    shelf.index(entry("giao đất xyzzy giaoo", id="2", tokens=frozenset({"unit:2"}), text="giao rừng đất cạnh cạn"))
    assert [told(found(asked, seeing("unit:1"))) for asked in questions] == alone


def test_a_kind_no_package_registers_is_left_out(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.index(entry("giao đất", kind="project"), entry("giao đất", id="1"))
    monkeypatch.delitem(KINDS, "project")
    results = found("giao đất")
    assert ids(results) == ["1"]
    assert results.facets["kind"] == {"decision": 1}


def test_attack_43_what_was_narrowed_shows_to_nobody_from_that_moment(shelf: Shelf) -> None:
    secret = entry("giao đất mật", id="1", tokens=frozenset({"unit:1"}))
    shelf.index(secret, entry("giao đất", id="2", tokens=frozenset({"unit:1"})))
    shelf.put(replace(secret, tokens=frozenset({"unit:2"})))
    with transaction.atomic():
        narrow("decision", "1")
    for acting in (seeing("unit:1"), seeing("unit:2"), seeing(is_superuser=True)):
        results = found("giao đất", acting)
        assert "1" not in ids(results)
        assert results.total == results.facets.get("kind", {}).get("decision", 0)
        assert not found("mật", acting).total


def test_attack_43_once_indexed_again_it_shows_to_its_new_holders(shelf: Shelf) -> None:
    secret = entry("giao đất mật", id="1", tokens=frozenset({"unit:1"}))
    shelf.index(secret)
    shelf.put(replace(secret, tokens=frozenset({"unit:2"})))
    with transaction.atomic():
        narrow("decision", "1")
    drain(["index"])
    assert not found("mật", seeing("unit:1")).total
    assert ids(found("mật", seeing("unit:2"))) == ["1"]
    assert not Narrowed.objects.exists()


def test_a_narrowing_after_indexing_began_is_not_forgotten(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = entry("giao đất mật", id="1", tokens=frozenset({"unit:1"}))
    shelf.index(secret)
    Narrowed.objects.create(kind="decision", object_id="1")
    load = KINDS["decision"].load

    def narrowed_meanwhile(wanted: Sequence[str]) -> Iterable[Entry]:
        entries = load(wanted)
        Narrowed.objects.filter(object_id="1").update(mark=uuid4())
        return entries

    monkeypatch.setitem(KINDS, "decision", replace(KINDS["decision"], load=narrowed_meanwhile))
    index_now(["decision:1"])
    assert Narrowed.objects.filter(object_id="1").exists()
    assert not found("mật", seeing("unit:1")).total


def test_narrowing_one_thing_hides_no_other_of_the_same_id(shelf: Shelf) -> None:
    shelf.index(entry("giao đất", id="1", kind="dossier"), entry("giao đất", id="1", kind="decision"))
    with transaction.atomic():
        narrow("decision", "1")
    assert [hit.kind for hit in found("giao đất").hits] == ["dossier"]
