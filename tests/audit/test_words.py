"""An event in words a clerk understands, and the history of a thing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from audit import verbs
from audit.selectors import event_count, history
from audit.verbs import Verb, all_verbs, declare, declared, words_of
from tests.audit.trail import stamp, tamper, write_trail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verb that says nothing but its payload's `what`."""
    monkeypatch.setitem(verbs._VERBS, "paper.stamped", Verb("paper.stamped", "%(what)s", "stamp"))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("tờ 24", "tờ 24"),
        (116, "116"),
        (date(2026, 11, 9), "09/11/2026"),
        (datetime(2026, 11, 9, 1, 47, tzinfo=UTC), "09/11/2026 08:47"),
        (Decimal("1250000.50"), "1.250.000,5"),
        (Decimal("312.5"), "312,5"),
        (["tờ 1", date(2026, 11, 9), Decimal("0.5")], "tờ 1, 09/11/2026, 0,5"),
        ([], ""),
        (None, "…"),
    ],
)
def test_a_value_reads_as_an_office_writes_it(value: object, words: str) -> None:
    with translation.override("vi"):
        assert words_of(stamp("a", payload={"what": value})) == words


def test_what_the_payload_lacks_reads_as_an_ellipsis() -> None:
    assert words_of(stamp("a", payload={"other": 1})) == "…"


@pytest.mark.parametrize("typed", ["2026-13-45", "2026-02-30T99:99:99.000000Z", "٢٠٢٦-٠٩-٠٩", "0000-00-00"])
def test_what_only_looks_like_a_date_is_shown_as_typed(typed: str) -> None:
    assert words_of(stamp("a", payload={"what": typed})) == typed


@pytest.mark.parametrize("typed", ["100%", "%(officer)s", "%s %d", "{what}"])
def test_attack_82_a_value_is_never_read_as_a_sentence(typed: str) -> None:
    assert words_of(stamp("a", payload={"what": typed})) == typed


def test_attack_82_a_value_neither_breaks_the_line_nor_turns_it_round() -> None:
    event = stamp("a", payload={"what": "đơn.\r\nĐã duyệt\x1b[2J\x00\u202egnp.exe\u2028\x9b"})
    assert words_of(event) == "đơn. Đã duyệt�[2J��gnp.exe �"


def test_the_sentence_is_said_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(verbs._VERBS, "paper.stamped", Verb("paper.stamped", translation.gettext_lazy("Yes"), "x"))
    event = stamp("a", payload={})
    with translation.override("vi"):
        in_vietnamese = words_of(event)
    with translation.override("en"):
        assert (words_of(event), in_vietnamese) == ("Yes", "Có")


def test_a_code_in_the_payload_reads_as_its_term(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = {"what": {"update": "Cập nhật"}, "why": {"x": "vì"}}
    monkeypatch.setitem(verbs._VERBS, "paper.stamped", Verb("paper.stamped", "%(what)s", "stamp", terms))
    assert words_of(stamp("a", payload={"what": "update"})) == "Cập nhật"
    assert words_of(stamp("b", payload={"what": "unheard"})) == "unheard"


def test_a_verb_declared_can_be_recorded_and_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "_VERBS", {})
    assert declare("paper.folded", "Folded", icon="fold") == "paper.folded"
    assert declared("paper.folded") == Verb("paper.folded", "Folded", "fold")
    assert [verb.code for verb in all_verbs()] == ["paper.folded"]


def test_every_verb_has_a_sentence_that_can_be_said() -> None:
    for verb in list(all_verbs()):
        event = stamp("a", payload={})
        event.verb = verb.code
        assert words_of(event)


def test_an_event_whose_verb_was_given_up_stays_in_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    stamp("a")
    monkeypatch.delitem(verbs._VERBS, "paper.stamped")
    (line,) = history(["a"])
    assert (line.words, line.icon) == ("paper.stamped", "dot")


def test_an_unknown_verb_with_a_percent_sign_is_only_a_code() -> None:
    stamp("a")
    tamper("UPDATE audit_event SET verb = '100%%(x)s'", [])
    assert history(["a"])[0].words == "100%(x)s"


def test_the_history_shows_the_newest_of_its_streams_first() -> None:
    for turn in range(3):
        stamp("a", payload={"what": f"a{turn}"})
        stamp("b", payload={"what": f"b{turn}"})
        stamp("c", payload={"what": "another's"})
    lines = history(["a", "b"])
    assert [line.words for line in lines] == ["b2", "a2", "b1", "a1", "b0", "a0"]
    assert {line.icon for line in lines} == {"stamp"}
    assert event_count(["a", "b"]) == 6


def test_the_history_pages_by_the_last_event_shown() -> None:
    write_trail(a=7)
    shown, before = [], None
    for _ in range(3):
        page = history(["a"], before=before, limit=3)
        shown.append([line.event.sequence for line in page])
        before = page[-1].event.pk
    assert shown == [[7, 6, 5], [4, 3, 2], [1]]
    assert history(["a"], before=before) == []


def test_a_history_of_nothing_is_empty() -> None:
    write_trail(a=1)
    assert history([]) == []
    assert event_count([]) == 0


def test_a_history_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    write_trail(a=5, b=5)
    with django_assert_num_queries(1):
        history(["a", "b"])
