"""The same questions, asked of both back ends at once: the same hits, order, scores, counts and snippets."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from search.indexing import index_now
from search.kinds import Entry
from search.records import key_of
from search.selectors import LARGEST_PAGE, Query, Results, find
from tests.factories.shelf import Shelf, entry, seeing
from tests.servers import elasticsearch_url

pytestmark = pytest.mark.search_backends_differ

Ask = Callable[[Query], tuple[Results, Results]]

SUBJECTS = """
giao đất | thu hồi đất | cho thuê đất | cấp giấy chứng nhận quyền sử dụng đất | chuyển mục đích sử dụng đất |
phê duyệt quy hoạch chi tiết | gia hạn sử dụng đất | bồi thường, hỗ trợ và tái định cư
"""
PLACES = "xã Tân Lộc | phường Hoà Bình | xã Hòa Thuận | thị trấn Đá Bạc | xã Uỷ Lạc | phường Thủy Nguyên"
PEOPLE = "Nguyễn Văn Hòa | Trần Thị Hoa | Lương Đức Hoá | Phạm Gia Bảo | Công ty TNHH Cảng Cạn Đá Bạc"
SENTENCES = """
Căn cứ Luật Đất đai ngày 18 tháng 01 năm 2024; | Điều 1. Giao đất không qua đấu giá tại thửa số 15, tờ 3. |
UBND tỉnh chịu trách nhiệm thi hành. | Hồ sơ gồm đơn đề nghị, GCN và trích đo. |
Theo Quyết định số 28/2018/QĐ-UBND. | Diện tích 18,4 ha thuộc hành lang đường vào cảng cạn. |
Kính gửi: các sở, ban, ngành và đoàn thể.
"""
QUESTIONS = """
giao đất | giao dat | Hòa | hoà | hoa | GCN | giấy chứng nhận quyền sử dụng đất | giay chung nhan | UBND | 28/2018 |
28/2018/QĐ-UBND | 0031 | H99.15 | cảng cạn đá bạc | cang can | quyết định giao đất tân lộc | thửa 15 tờ 3 | 18,4 ha |
nguyen van hoa | Uỷ Lạc | ủy lạc | giaoo đất | chunng nhan | giao đất cảng xyzzy | không có từ nào như thế này đâu |
đất | 2024 | xã | và | điều 1 | thu hồi đất xã hòa thuận ông hoa
"""


def each(table: str) -> list[str]:
    return [text.strip() for text in table.split("|")]


def papers(count: int) -> list[Entry]:
    chance = random.Random(7)  # noqa: S311 the same papers every time
    made = []
    for number in range(count):
        day = date(chance.randint(1990, 2026), chance.randint(1, 12), chance.randint(1, 28))
        made.append(
            entry(
                f"{chance.choice(each(SUBJECTS))} tại {chance.choice(each(PLACES))} cho {chance.choice(each(PEOPLE))}",
                id=str(number),
                kind=chance.choice(["decision", "dossier", "certificate"]),
                number=chance.choice([f"{number}/2018/QĐ-UBND", f"H99.15-261109-{number:04}", ""]),
                text=" ".join(chance.choices(each(SENTENCES), k=chance.randint(0, 9))),
                tokens=frozenset(chance.sample(["everyone", "unit:1", "unit:2", "unit:3"], 2)),
                document_type=chance.choice(["Quyết định", "Tờ trình", ""]),
                status=chance.choice(["in_force", "expired", ""]),
                issuer=chance.choice(["UBND tỉnh", "Sở Xây dựng", ""]),
                dated=chance.choice([day, None]),
            )
        )
    return made


@pytest.fixture
def ask(shelf: Shelf, settings: Any) -> Iterator[Ask]:
    """Asks both."""
    shelf.put(*papers(LARGEST_PAGE))
    acting = seeing("unit:1", "everyone")
    with elasticsearch_url() as elastic:
        urls = (settings.SEARCH_URL, elastic)
        for url in urls:
            settings.SEARCH_URL = url
            index_now([key_of(one.kind, one.id) for one in shelf.entries.values()])

        def both(query: Query) -> tuple[Results, Results]:
            answers = []
            for url in urls:
                settings.SEARCH_URL = url
                answers.append(find(query, acting))
            return answers[0], answers[1]

        yield both


def comparable(results: Results) -> Results:
    """Scores agree to a hundredth; of hits that score the same each engine chooses its own order."""
    hits = [replace(hit, score=round(hit.score, 2)) for hit in results.hits]
    return replace(results, took_ms=0, hits=sorted(hits, key=lambda hit: (-hit.score, hit.id)))


def test_both_answer_every_question_alike(ask: Ask) -> None:
    for asked in each(QUESTIONS):
        embedded, elastic = ask(Query(asked, limit=LARGEST_PAGE))
        assert comparable(embedded) == comparable(elastic), asked
        if embedded.hits and embedded.hits[0].dated:
            assert embedded.hits[0].id == elastic.hits[0].id, asked


def test_both_filter_and_count_alike(ask: Ask) -> None:
    for asked in ("đất", "giao đất", "hòa"):
        query = Query(asked, ("decision", "dossier"), {"status": ("in_force",), "issuer": ("UBND tỉnh", "Sở Xây dựng")})
        embedded, elastic = ask(replace(query, limit=LARGEST_PAGE))
        assert embedded.total
        assert comparable(embedded) == comparable(elastic)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_both_order_by_date_in_exactly_the_same_way(ask: Ask, sort: str) -> None:
    embedded, elastic = ask(Query("đất", sort=sort, limit=LARGEST_PAGE))
    assert [hit.id for hit in embedded.hits] == [hit.id for hit in elastic.hits]
    assert len(embedded.hits) > 50
