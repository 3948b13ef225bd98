"""The work lists: their order, page by page and narrowed down, and what they cost."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pages.paging import PAGE_SIZE
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.factories.office import publish
from tests.workflow.ferry import FERRY, River, only_open
from tests.workflow.lists import LISTS, asked_for, at_inspection, codes, listed, next_key
from tests.workflow.screen import words
from workflow.engine.selectors import Tone
from workflow.models import Case, StepRun
from workflow.views.work_list import ROWS

LARGEST_PAGE = 60_000


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


# Order and pages -----------------------------------------------------------------------------------


def test_the_most_urgent_comes_first_and_what_has_no_limit_last(client: Client, river: River) -> None:
    waiting = at_inspection(river)
    river.walk(waiting, "fits", "deep", at=MORNING)
    later, sooner, same = (
        at_inspection(river, at=moment(at)) for at in ("2026-12-04 10:00", "2026-12-01 10:00", "2026-12-01 10:00")
    )
    client.force_login(river.office.specialist)
    assert listed(client) == codes(sooner, same, later, waiting)


def test_finished_comes_newest_first(client: Client, river: River) -> None:
    cases = [at_inspection(river) for _case in range(3)]
    first, second, third = cases
    for case, at in ((second, "2026-12-02 09:00"), (third, "2026-12-02 10:00"), (first, "2026-12-02 11:00")):
        river.end(case, "fits", at=moment(at))
    client.force_login(river.office.specialist)
    assert listed(client, "work_finished") == codes(first, third, second)


def many(river: River, count: int) -> list[Case]:
    """So many cases at the counter, in the clerk's hands; every third is due with the one before it."""
    begun = [moment("2026-12-01 08:00") + timedelta(hours=5 * (number - number // 3)) for number in range(count)]
    return [river.start(at=at, title=f"Sầm Văn Đò · bến Cây Gạo số {at:%d/%m/%Y}") for at in begun]


@pytest.mark.databases_differ
@pytest.mark.parametrize("name", ["work_mine", "work_unit"])
def test_page_by_page_nothing_is_lost_or_repeated_though_rows_are_completed_in_between(
    client: Client, river: River, name: str
) -> None:
    cases = many(river, ROWS + 10)
    expected = codes(*sorted(cases, key=lambda case: (only_open(case).due_at, case.pk)))
    client.force_login(river.office.clerk)
    first = asked_for(client, name)
    shown = listed(client, name)
    assert len(shown) == ROWS
    # The first row, the last one of the page, from where the next goes on, and the very next one.
    done = {shown[0], shown[-1], expected[ROWS]}
    for case in cases:
        if case.code in done:
            river.end(case, "pass", at=MORNING)
    second = asked_for(client, name, key=next_key(first))
    rest = listed(client, name, key=next_key(first))
    assert shown + rest == [code for code in expected if code != expected[ROWS]]
    assert next_key(second) == ""


@pytest.mark.databases_differ
def test_page_by_page_through_what_has_no_limit(client: Client, river: River) -> None:
    cases = many(river, ROWS + 3)
    StepRun.objects.filter(process__in=cases[10:], step="counter").update(due_at=None)
    client.force_login(river.office.clerk)
    first = asked_for(client, "work_mine")
    shown = listed(client, "work_mine")
    rest = listed(client, "work_mine", key=next_key(first))
    assert sorted(shown + rest) == sorted(codes(*cases))
    assert (len(shown), rest) == (ROWS, codes(*cases[-3:]))


def test_finished_page_by_page_though_one_is_completed_in_between(client: Client, river: River) -> None:
    cases = many(river, PAGE_SIZE + 3)
    for case in cases[:-1]:
        river.end(case, "pass", at=MORNING)
    client.force_login(river.office.clerk)
    first = asked_for(client, "work_finished")
    shown = listed(client, "work_finished")
    river.end(cases[-1], "pass", at=MORNING)
    rest = listed(client, "work_finished", key=next_key(first))
    assert shown + rest == codes(*reversed(cases[:-1]))


def test_the_link_to_the_next_page_keeps_the_filters(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(river, ROWS + 1)
    stop_the_clock(monkeypatch, moment("2027-01-04 08:00"))
    client.force_login(river.office.clerk)
    answer = asked_for(client, "work_mine", q="cây", han="late")
    [link] = re.findall(r'rel="next"\s+href="([^"]+)"', answer.content.decode())
    assert html.unescape(link) == f"?q=c%C3%A2y&han=late&key={next_key(answer)}"


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("key", ["x", "WzFd", "../..", "ẵ", "W251bGwsIDFd" * 20])
def test_a_damaged_link_to_a_page_is_answered_in_words(client: Client, river: River, name: str, key: str) -> None:
    client.force_login(river.office.clerk)
    answer: Any = client.get(reverse(name), {"key": key})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


# Filters -------------------------------------------------------------------------------------------


@pytest.mark.databases_differ
def test_a_list_is_narrowed_by_part_of_a_code_or_a_name(client: Client, river: River) -> None:
    gao = at_inspection(river, title="Sầm Văn Đò · bến Cây Gạo")
    sung = at_inspection(river, title="Lục Thị Chèo · bến Cây Sung")
    client.force_login(river.office.specialist)
    assert listed(client, q=gao.code) == codes(gao)
    assert listed(client, q=sung.code[-4:].lower()) == codes(sung)
    assert listed(client, q="bến Cây S") == codes(sung)
    assert listed(client, q="  Chèo ") == codes(sung)
    assert listed(client, q="SAM VAN DO") == codes(gao)
    assert listed(client, q="BẾN cây g") == codes(gao)
    assert listed(client, q="không có") == []


def test_letters_typed_as_a_mac_types_them_are_found_all_the_same(client: Client, river: River) -> None:
    case = at_inspection(river, title="Lục Thị Chèo · bến Cây Sung")
    client.force_login(river.office.specialist)
    decomposed = "Lu\u0323c Thi\u0323 Che\u0300o"
    assert listed(client, q=decomposed) == codes(case)


@pytest.mark.databases_differ
@pytest.mark.parametrize("text", ["%", "_", "\\", "'", '"', "*", "[a-z]", "' OR 1=1 --"])
def test_attack_92_signs_of_a_query_language_are_letters_like_others(client: Client, river: River, text: str) -> None:
    at_inspection(river)
    marked = at_inspection(river, title=f"Bến {text} Sung")
    client.force_login(river.office.specialist)
    assert listed(client, q=text) == codes(marked)


def test_a_list_is_narrowed_by_procedure(client: Client, river: River) -> None:
    ferry = at_inspection(river)
    text = FERRY.replace('procedure = "DO"', 'procedure = "PHA"', 1).replace('"Bến đò"', '"Bến phà"', 1)
    pha = at_inspection(River(river.office, publish(text), river.landing))
    client.force_login(river.office.specialist)
    assert listed(client, **{"thu-tuc": "Bến phà"}) == codes(pha)
    assert listed(client, **{"thu-tuc": "Bến đò"}) == codes(ferry)
    assert listed(client, **{"thu-tuc": "Bến"}) == []


@pytest.mark.parametrize("tone", ["", "x", "done", "LATE", "late' --"])
def test_an_urgency_that_does_not_exist_counts_as_none(client: Client, river: River, tone: str) -> None:
    case = at_inspection(river)
    client.force_login(river.office.specialist)
    assert listed(client, han=tone) == codes(case)


def test_the_urgencies_keep_the_other_filters_and_forget_the_page(client: Client, river: River) -> None:
    at_inspection(river)
    client.force_login(river.office.specialist)
    answer: Any = asked_for(client, "work_unit", q="gạo", han="ok", key="WyIyMDI2LTEyLTAyVDA5OjAwOjAwKzA3OjAwIiwgMV0")
    urls = [chip["url"] for chip in answer.context["chips"]]
    assert urls == ["?q=g%E1%BA%A1o", *(f"?q=g%E1%BA%A1o&han={tone}" for tone in Tone)]
    assert [chip["is_on"] for chip in answer.context["chips"]] == [False, False, False, True, False]


def test_the_counts_are_of_what_the_other_filters_leave(client: Client, river: River) -> None:
    at_inspection(river, title="Sầm Văn Đò · bến Cây Gạo")
    at_inspection(river, title="Lục Thị Chèo · bến Cây Sung")
    client.force_login(river.office.specialist)
    answer: Any = asked_for(client, "work_unit", q="Sung", han="late")
    assert [chip["count"] for chip in answer.context["chips"]] == [1, 0, 0, 1, 0]


def test_finished_work_is_narrowed_too(client: Client, river: River) -> None:
    gao, sung = at_inspection(river, title="bến Cây Gạo"), at_inspection(river, title="bến Cây Sung")
    for case in (gao, sung):
        river.end(case, "fits", at=MORNING)
    client.force_login(river.office.specialist)
    assert listed(client, "work_finished", q="Sung") == codes(sung)


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_why_and_what_to_do(client: Client, river: River, name: str) -> None:
    client.force_login(river.office.head)
    said = {
        "work_mine": "Không có việc nào đang mở.",
        "work_unit": "Đơn vị không có việc nào đang mở.",
        "work_finished": "Chưa hoàn thành bước nào.",
    }
    assert said[name] in words(asked_for(client, name))
    assert "Bỏ lọc" in words(asked_for(client, name, q="không có"))


def test_attack_95_a_script_in_a_name_or_a_filter_is_text(client: Client, river: River) -> None:
    at_inspection(river, title='"><script>canary()</script>')
    client.force_login(river.office.specialist)
    for name in ("work_unit", "work_finished"):
        page = asked_for(client, name, q="<script>canary").content.decode()
        assert "<script>canary" not in page
        assert "&lt;script&gt;canary" in page


# What they cost ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "queries"), [("work_mine", 15), ("work_unit", 15), ("work_finished", 11)])
def test_a_long_list_costs_no_more_queries_than_a_short_one(
    client: Client, river: River, name: str, queries: int
) -> None:
    client.force_login(river.office.clerk)
    counts, answer = [], HttpResponse()
    for more in (5, 15, 40):
        for case in many(river, more):
            if name == "work_finished":
                river.end(case, "pass", at=MORNING)
        with CaptureQueriesContext(connection) as captured:
            answer = asked_for(client, name)
        counts.append(len(captured))
    assert next_key(answer)
    # A page full of what has a limit doesn't look for what has none.
    assert counts == [queries, queries, queries if name == "work_finished" else queries - 1]


@pytest.mark.parametrize("name", LISTS)
def test_a_full_page_is_small(client: Client, river: River, name: str) -> None:
    for number in range(PAGE_SIZE + 1):
        title = f"Bùi Lương Thị Phương Quỳnh Hương {number} · bến Cây Gạo, thôn Đồng Vừng, xã Tân Lộc, thửa 116, tờ 24"
        case = river.start(at=MORNING, title=title)
        if name == "work_finished":
            river.end(case, "pass", at=MORNING)
    client.force_login(river.office.clerk)
    page = asked_for(client, name).content
    assert len(re.findall(rb"<tr[ >]", page)) == 1 + (PAGE_SIZE if name == "work_finished" else ROWS)
    assert len(page) < LARGEST_PAGE, len(page)
