"""Searching as an agency: the same façade and the same rule of sight, less text, and no words in the trail."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from dossiers.models import Dossier
from exchange.shapes import Found, HitOut
from jobs.worker import drain
from search.indexing import index_now
from search.kinds import KINDS
from tests.factories.accounts import UnitFactory
from tests.factories.dossiers import at_step, received, shelved
from tests.factories.exchange import Partner, partner, trail
from tests.factories.office import Office

pytestmark = pytest.mark.django_db
ADDRESS = "/api/search"
CANARY = "zqxhoangyen"


def ask(asking: Partner, q: str, **query: Any) -> dict[str, Any]:
    response = asking.get(ADDRESS, {"q": q, **query})
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def at_branch(office: Office, **changes: Any) -> Dossier:
    return at_step(office, received(office, scans=("application",), **changes), "check")


def many(dossier: Dossier, count: int) -> None:
    index_now([f"dossier:{copy.pk}" for copy in shelved(dossier, count)])


# What is found --------------------------------------------------------------------------------------


def test_a_dossier_is_found_without_tone_marks_and_read_by_its_number(office: Office) -> None:
    dossier = at_branch(office)
    drain()
    asking = partner(office.branch)
    found = ask(asking, "phung thi ngat", kind="dossier")
    [hit] = found["hits"]
    assert (found["total"], found["forgiven"], found["next"]) == (1, "none", "")
    assert (hit["kind"], hit["number"], hit["status"]) == ("dossier", dossier.code, "Đang xử lý")
    assert asking.get(f"/api/dossiers/{hit['number']}").status_code == 200


def test_its_shape_is_the_published_one(office: Office) -> None:
    at_branch(office)
    drain()
    found = ask(partner(office.branch), "phung thi ngat")
    assert found.keys() == Found.model_fields.keys()
    assert {key for hit in found["hits"] for key in hit} == set(HitOut.model_fields)
    assert Found(**found).dict().keys() == found.keys()


def test_kinds_narrow_and_none_named_means_all(office: Office) -> None:
    at_step(office, at_branch(office), "")
    drain()
    asking = partner(office.branch)
    kinds = {hit["kind"] for hit in ask(asking, "cap doi giay chung nhan", limit=50)["hits"]}
    assert {"dossier", "certificate"} <= kinds
    for chosen in (["dossier"], ["certificate"], ["dossier", "certificate"]):
        assert {hit["kind"] for hit in ask(asking, "cap doi giay chung nhan", kind=chosen)["hits"]} == set(chosen)


def test_a_name_nobody_knows_is_refused_and_not_passed_over(office: Office) -> None:
    answer = partner(office.branch).get("/api/search?q=phung&kinds=dossier")
    assert answer.status_code == 422
    assert [(fault["path"], fault["code"]) for fault in answer.json()["errors"]] == [("query.kinds", "extra_forbidden")]


def test_what_is_not_published_is_not_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = at_branch(office)
    drain()
    monkeypatch.setitem(KINDS, "person", KINDS["dossier"])
    monkeypatch.delitem(KINDS, "dossier")
    assert ask(partner(office.branch), str(dossier.code))["hits"] == []


def test_attack_91_pages_are_small_and_followed_by_key(office: Office) -> None:
    dossier = at_branch(office)
    many(dossier, 60)
    asking, seen, after = partner(office.branch), [], ""
    while True:
        found = ask(asking, "phung thi ngat", kind="dossier", limit=25, after=after)
        seen += [hit["id"] for hit in found["hits"]]
        after = found["next"]
        if not after:
            break
    assert found["total"] == len(seen) == len(set(seen)) == 60
    for limit in ("0", "51", "1000000000", "-1", "x"):
        response = asking.get(ADDRESS, {"q": "a", "limit": limit})
        assert (response.status_code, response.json()["errors"][0]["path"]) == (422, "query.limit")


@pytest.mark.parametrize("after", ["x", "e30", "AAAA", "W10", "*" * 20])
def test_a_damaged_key_is_told_by_its_place(office: Office, after: str) -> None:
    response = partner(office.branch).get(ADDRESS, {"q": "giao đất", "after": after})
    assert (response.status_code, response.json()["errors"][0]["path"]) == (422, "query.after")


@pytest.mark.parametrize("words", ['ngat AND "', "(((", "*:*", "name:x^5 ~", "'; DROP TABLE x; --", "\\", "[a TO b]"])
def test_attack_92_words_are_literal(office: Office, words: str) -> None:
    at_branch(office)
    drain()
    assert ask(partner(office.branch), words)["total"] in (0, 1, 2)


# Sight ----------------------------------------------------------------------------------------------


def test_attack_36_another_units_word_is_in_no_hit_and_no_count(office: Office) -> None:
    at_branch(office)
    drain()
    asking, questions = partner(office.other_branch), (CANARY, "phung thi ngat", f"phung thi ngat {CANARY}")
    before = [ask(asking, words) for words in questions]
    hidden = at_branch(office, name=f"Phùng Thị Ngát {CANARY}", address=CANARY)
    drain()
    assert [ask(asking, words) for words in questions] == before
    assert CANARY not in json.dumps(before)
    assert ask(partner(office.branch, code="H99.30"), CANARY)["hits"][0]["number"] == hidden.code


def test_attack_43_a_unit_taken_out_of_the_agreement_is_gone_from_the_next_search(office: Office) -> None:
    at_branch(office)
    drain()
    asking = partner(office.branch)
    assert ask(asking, "phung thi ngat")["total"] > 0
    asking.agency.units.set([UnitFactory.create()])
    assert ask(asking, "phung thi ngat")["total"] == 0


def test_no_search_without_personal_data_for_it_finds_people_by_name(office: Office) -> None:
    at_branch(office)
    drain()
    asking = partner(office.branch, has_personal_data=False)
    known, unknown = (asking.get(ADDRESS, {"q": words}) for words in ("Phùng Thị Ngát", "Không Có Ai"))
    assert (known.status_code, known.content) == (403, unknown.content)
    assert "detail" in known.json()


def test_attack_89_no_hit_shows_a_text_a_number_or_an_address(office: Office) -> None:
    at_branch(office)
    drain()
    asking = partner(office.branch)
    for words in ("099174003312", "Đồng Vừng", "phung thi ngat"):
        page = asking.get(ADDRESS, {"q": words}).content.decode()
        assert json.loads(page)["total"] > 0
        assert [shown for shown in ("099174003312", "Đồng Vừng", "<mark>") if shown in page] == []


# Trail ----------------------------------------------------------------------------------------------


def test_a_search_leaves_its_count_and_a_mark_but_no_word(office: Office) -> None:
    at_branch(office)
    drain()
    asking = partner(office.branch)
    total = ask(asking, "Phùng Thị Ngát", kind="dossier")["total"]
    [(verb, payload)] = trail(asking.agency)
    assert (verb, payload["found"]) == ("agency.searched", total)
    events = AuditEvent.objects.filter(stream=f"agency:{asking.agency.pk}")
    assert "Ngát" not in "".join(event.payload for event in events)
    assert len(payload["words"]) == 64


def test_equal_words_leave_equal_marks_that_only_this_house_can_make(office: Office, settings: Any) -> None:
    asking = partner(office.branch)
    marks = []
    for words in ("Phùng Thị Ngát", "phùng thị ngát", "Phùng Thị Ngát", "Lương Văn Khởi"):
        ask(asking, words)
        marks.append(trail(asking.agency)[-1][1]["words"])
    settings.SECRET_KEY = "another"
    ask(asking, "Phùng Thị Ngát")
    assert marks[0] == marks[1] == marks[2] != marks[3]
    assert trail(asking.agency)[-1][1]["words"] != marks[0]


def test_a_refused_search_is_in_the_trail_without_its_words(office: Office) -> None:
    asking = partner(office.branch, has_personal_data=False)
    asking.get(ADDRESS, {"q": "Phùng Thị Ngát"})
    [(verb, payload)] = trail(asking.agency)
    assert (verb, payload["path"]) == ("access.refused", ADDRESS)
    assert "Ng" not in json.dumps(payload, ensure_ascii=False)


# Engine and cost ------------------------------------------------------------------------------------


def test_attack_67_a_search_engine_that_does_not_answer_is_said_plainly(office: Office, settings: Any) -> None:
    asking = partner(office.branch)
    settings.SEARCH_URL = "http://127.0.0.1:9"
    response = asking.get(ADDRESS, {"q": "giao đất"})
    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert trail(asking.agency) == []


QUERIES = 10


def test_searching_takes_as_many_queries_however_much_is_found(office: Office) -> None:
    dossier = at_branch(office)
    drain()
    asking, counts = partner(office.branch), []
    ask(asking, "phung thi ngat")
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            ask(asking, "phung thi ngat", limit=50)
        counts.append(len(queries))
        if len(counts) == 1:
            many(dossier, 45)
    assert counts == [QUERIES, QUERIES]
