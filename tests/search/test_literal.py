"""Attack 92: whatever is typed is words, never a syntax."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.acting import Acting
from search.indexing import index_now
from tests.factories.shelf import Shelf, anybody, entry, found, ids

pytestmark = [pytest.mark.search_backends_differ, pytest.mark.usefixtures("backend")]

# One index serves all examples of a test.
SHARED = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
SIGNS = st.text("*?~^\"'()[]{}<>:;!&|+-=/\\,._%$#@ \t\n\x00giaođấtANDORNOT0189")


@pytest.fixture
def reader(shelf: Shelf) -> Acting:
    shelf.index(
        entry("giao đất", id="1", number="28/2018/QĐ-UBND"),
        entry("thu hồi đất", id="2"),
    )
    return anybody()


@pytest.mark.parametrize(
    "asked",
    [
        "gia*",
        "gia?",
        "*",
        "*:*",
        "/gi.*/",
        "kind:decision",
        "id:1",
        "_exists_:title",
        "title:[a TO z]",
        "giao~2",
        "thu NOT giao",
        "giao OR hồi",
        "(giao || hồi)",
        '{"match_all": {}}',
        "doc['kind'].value",
        "{{7*7}}",
        "allow:unit:1",
    ],
)
def test_attack_92_signs_have_no_meaning(reader: Acting, asked: str) -> None:
    results = found(asked, reader)
    assert results.total == 0
    assert not results.is_degraded


@pytest.mark.parametrize("asked", ['"giao đất"', "+giao -đất", "giao && đất", "(giao) ^ đất!", "«giao» *đất*"])
def test_attack_92_signs_around_words_are_passed_over(reader: Acting, asked: str) -> None:
    assert ids(found(asked, reader)) == ["1"]


@SHARED
@given(st.text(max_size=500) | SIGNS)
def test_attack_92_no_text_is_too_odd(reader: Acting, asked: str) -> None:
    assert not found(asked, reader).is_degraded


@SHARED
@given(st.text("giaođấtthuồi ủỷảoà 28/10", max_size=60))
def test_composed_and_decomposed_questions_have_one_answer(reader: Acting, asked: str) -> None:
    composed = found(unicodedata.normalize("NFC", asked), reader)
    decomposed = found(unicodedata.normalize("NFD", asked), reader)
    assert [(hit.id, hit.score, hit.snippet) for hit in composed.hits] == [
        (hit.id, hit.score, hit.snippet) for hit in decomposed.hits
    ]


@SHARED
@given(title=st.text(max_size=200), text=st.text(max_size=2_000), number=st.text(max_size=40))
def test_any_entry_can_be_indexed(shelf: Shelf, title: str, text: str, number: str) -> None:
    shelf.put(entry(title, id="9", text=text, number=number))
    index_now(["decision:9"])


@pytest.mark.parametrize(
    "asked", ["a" * 1_000_000, "a " * 500_000, "a*" * 500_000, "((((" * 100_000, "đ\u0323" * 300_000]
)
def test_attack_93_an_endless_question_is_cut(reader: Acting, asked: str) -> None:
    assert not found(asked, reader).is_degraded


def test_too_many_filters_and_kinds_are_no_fault(reader: Acting) -> None:
    many = tuple(f"value {number}" for number in range(2_000))
    results = found("giao", reader, kinds=many, filters={"status": many, "nonsense": many}, sort="nonsense")
    assert results.total == 0
    assert not results.is_degraded
