"""What only the embedded index has: a folder, a lock, a pointer."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from jobs.models import OutboxRow
from jobs.registry import TOPICS, Job, NotNow
from jobs.worker import drain
from search.engine import Busy, engine
from search.indexing import index_later, index_now
from search.rebuilding import rebuild
from tests.factories.shelf import Shelf, entry, found, ids

WRITE = """
import json, sys
from types import SimpleNamespace
from django.conf import settings
settings.configure(SEARCH_URL=sys.argv[1], USE_I18N=False)
from search.engine import engine
from search.kinds import Entry
from search.records import record_of
with engine().writing(version=1) as writer:
    writer.replace([record_of(Entry("decision", "2", title="giao đất", tokens=frozenset({"everyone"})))])
    print("in hand", flush=True)
    sys.stdin.read()
"""


def another_writer(url: str, root: Path) -> subprocess.Popen[str]:
    """Another process that has the index in hand until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE, url], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in hand\n"
    return process


def test_while_another_process_writes_the_row_waits_uncounted(shelf: Shelf, settings: Any) -> None:
    shelf.index(entry("giao đất", id="1"))
    writer = another_writer(settings.SEARCH_URL, settings.BASE_DIR)
    try:
        with pytest.raises(Busy):
            index_now(["decision:3"])
        with pytest.raises(NotNow):
            TOPICS["index"].handler([Job("decision:3", {}, 1)])
        shelf.put(entry("giao đất", id="3"))
        with transaction.atomic():
            index_later("decision", "3")
        drain(["index"])
        assert OutboxRow.objects.get().attempts == 0
        assert ids(found("giao đất")) == ["1"]
    finally:
        writer.communicate("")


def test_what_another_process_wrote_is_found_at_once(shelf: Shelf, settings: Any) -> None:
    shelf.index(entry("giao đất", id="1"))
    assert found("giao đất").total == 1
    another_writer(settings.SEARCH_URL, settings.BASE_DIR).communicate("")
    assert found("giao đất").total == 2


def test_attack_58_what_a_killed_writer_had_in_hand_is_as_before(shelf: Shelf, settings: Any) -> None:
    shelf.index(entry("giao đất", id="1"))
    with another_writer(settings.SEARCH_URL, settings.BASE_DIR) as writer:
        writer.kill()
    assert ids(found("giao đất")) == ["1"]
    shelf.index(entry("giao đất", id="3"))
    assert found("giao đất").total == 2


def test_after_a_rebuild_one_folder_is_left(shelf: Shelf, tmp_path: Path) -> None:
    shelf.index(entry("giao đất", id="1"))
    rebuild()
    rebuild()
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 1
    assert ids(found("giao đất")) == ["1"]


def test_a_writer_that_waited_through_a_rebuild_does_not_write_to_the_old_index(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.index(entry("giao đất", id="1"))
    current: Any = engine()
    old = current._current()
    monkeypatch.setattr(current, "_current", iter([old, "another"]).__next__)
    with pytest.raises(Busy), current.writing(version=1):
        pytest.fail("it got the old index")


def test_an_index_that_cannot_be_read_is_degraded_not_an_error(shelf: Shelf, tmp_path: Path) -> None:
    shelf.index(entry("giao đất", id="1"))
    for path in (tmp_path / "index").glob("*/meta.json"):
        path.write_text("{}", encoding="ascii")
    results = found("giao đất")
    assert results.is_degraded
    assert not results.hits


def test_a_broken_index_is_mended_by_a_rebuild(shelf: Shelf, tmp_path: Path) -> None:
    shelf.index(entry("giao đất", id="1"))
    for path in (tmp_path / "index").glob("*/meta.json"):
        path.write_text("{}", encoding="ascii")
    rebuild()
    assert ids(found("giao đất")) == ["1"]


def test_two_processes_that_begin_at_once_share_one_index(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    slow: Any = engine()
    begun = slow._begun

    def beaten() -> str:
        monkeypatch.undo()
        index_now([])
        return str(begun())

    monkeypatch.setattr(slow, "_begun", beaten)
    shelf.index(entry("giao đất", id="1"))
    assert ids(found("giao đất")) == ["1"]
