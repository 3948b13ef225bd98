"""`manage.py search` and `manage.py rebuild_index`."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.acting import officer_token
from tests.factories.accounts import OfficerFactory
from tests.factories.shelf import Shelf, entry


def said(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def objects(*args: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said(*args, "--json").split("\n")[:-1]]


@pytest.fixture
def username(shelf: Shelf) -> str:
    officer = OfficerFactory.create()
    shelf.index(
        entry("Về việc giao đất", id="1", number="28/2018/QĐ-UBND", text="Điều 1 <b> giao đất"),
        entry("Cấp lần đầu, giao đất", id="2", kind="dossier"),
        entry("giao đất", id="3", tokens=frozenset({officer_token(officer.pk + 1)})),
    )
    return officer.username


def test_json_is_one_object_of_the_promised_form(username: str) -> None:
    [answer] = objects("search", "28/2018", "--as", username)
    assert set(answer) == {"query", "total", "took_ms", "hits"}
    assert answer["query"] == "28/2018"
    assert answer["total"] == 1
    [hit] = answer["hits"]
    assert set(hit) == {"id", "kind", "number", "title", "score", "snippet"}
    assert (hit["id"], hit["kind"], hit["number"]) == ("1", "decision", "28/2018/QĐ-UBND")
    assert hit["snippet"] == "<mark>28/2018</mark>/QĐ-UBND"


def test_the_officers_sight_bounds_the_answer(username: str) -> None:
    [answer] = objects("search", "giao đất", "--as", username)
    assert sorted(hit["id"] for hit in answer["hits"]) == ["1", "2"]


def test_kind_and_limit_narrow(username: str) -> None:
    [by_kind] = objects("search", "giao đất", "--as", username, "--kind", "dossier")
    assert [hit["id"] for hit in by_kind["hits"]] == ["2"]
    [limited] = objects("search", "giao đất", "--as", username, "--limit", "1")
    assert (len(limited["hits"]), limited["total"]) == (1, 2)


def test_a_batch_answers_each_line_in_order(username: str, tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_text("giao đất\n\n28/2018\nxyzzy\u2028giao\n", encoding="utf-8")
    answers = objects("search", "--as", username, "--batch", str(queries))
    assert [answer["query"] for answer in answers] == ["giao đất", "", "28/2018", "xyzzy\u2028giao"]
    assert [answer["total"] for answer in answers] == [2, 0, 1, 0]


def test_without_json_lines_are_for_people(username: str) -> None:
    text = said("search", "28/2018", "--as", username)
    assert "28/2018/QĐ-UBND" in text
    assert "<mark>" not in text


@pytest.mark.parametrize(
    "args",
    [
        ("search", "--as", "{username}"),
        ("search", "x", "--as", "nobody"),
        ("search", "x", "--as", "{username}", "--kind", "weather"),
        ("search", "x", "--as", "{username}", "--batch", "file"),
        ("search", "--as", "{username}", "--batch", "no such file"),
    ],
)
def test_what_makes_no_sense_is_a_clear_error(username: str, args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        said(*(arg.format(username=username) for arg in args))


def test_who_was_switched_off_finds_nothing(username: str) -> None:
    OfficerFactory.create(username="leaver", is_active=False)
    with pytest.raises(CommandError, match="no active officer"):
        said("search", "giao", "--as", "leaver")


def test_rebuild_tells_how_much_of_each_kind(username: str) -> None:
    [answer] = objects("rebuild_index")
    assert (answer["indexed"]["decision"], answer["indexed"]["dossier"]) == (2, 1)
    assert "decision              2" in said("rebuild_index")
