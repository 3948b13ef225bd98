"""What is found and in which order: the contract of both back ends."""

import unicodedata
from datetime import date

import pytest

from pages.domain_errors import Invalid
from search.selectors import Mercy
from tests.factories.shelf import Shelf, entry, found, ids

pytestmark = [pytest.mark.search_backends_differ, pytest.mark.usefixtures("backend")]


@pytest.mark.parametrize(
    "asked",
    [
        "Quyết định giao đất",
        "quyet dinh giao dat",
        "QUYẾT ĐỊNH GIAO ĐẤT",
        unicodedata.normalize("NFD", "Quyết định giao đất"),
        "đất giao, định quyết",
    ],
)
def test_tone_marks_case_form_and_order_of_words_do_not_matter(shelf: Shelf, asked: str) -> None:
    shelf.index(entry("Quyết định giao đất", id="1"), entry("Quyết định thu hồi", id="2"))
    assert ids(found(asked)) == ["1"]


def test_text_in_decomposed_letters_is_found(shelf: Shelf) -> None:
    shelf.index(entry(unicodedata.normalize("NFD", "Uỷ ban nhân dân xã"), id="1"))
    assert ids(found("Ủy ban")) == ["1"]


@pytest.mark.parametrize("asked", ["hoà bình", "hòa bình"])
def test_old_and_new_tone_placement_are_the_same_spelling(shelf: Shelf, asked: str) -> None:
    old, new = entry("xã Hoà Bình", id="1"), entry("xã Hòa Bình", id="2")
    shelf.index(old, new)
    first, second = found(asked).hits
    assert {first.id, second.id} == {"1", "2"}
    assert first.score == second.score


@pytest.mark.parametrize(("asked", "order"), [("hòa", ["1", "2", "3"]), ("hoa", ["2", "1", "3"])])
def test_exact_spelling_ranks_above_folded(shelf: Shelf, asked: str, order: list[str]) -> None:
    shelf.index(
        entry("Trần Thị Hòa", id="1", dated=date(2021, 1, 1)),
        entry("Trần Thị Hoa", id="2", dated=date(2022, 1, 1)),
        entry("Trần Thị An", id="3", text="bông hoả và hoá, hoã hoạ", dated=date(2020, 1, 1)),
    )
    assert ids(found(asked)) == order


def test_exact_words_in_a_row_beat_folded_ones_in_the_title(shelf: Shelf) -> None:
    shelf.index(
        entry("Dat o cua ong Hoa", id="folded"),
        entry("Việc khác", id="exact", text="Cấp đất ở cho hộ gia đình"),
    )
    assert ids(found("đất ở"))[0] == "exact"


def test_every_word_is_required(shelf: Shelf) -> None:
    shelf.index(entry("giao đất", id="1"), entry("giao rừng", id="2"), entry("thu hồi đất", id="3"))
    results = found("giao đất")
    assert ids(results) == ["1"]
    assert results.mercy == Mercy.NONE


def test_words_may_stand_in_number_title_text_type_and_issuer(shelf: Shelf) -> None:
    shelf.index(
        entry(
            "Về việc giao đất",
            id="1",
            number="28/2018/QĐ-UBND",
            document_type="Quyết định",
            issuer="Sở Xây dựng",
            text="cảng cạn",
        )
    )
    assert ids(found("quyết định 28/2018 giao đất cảng cạn sở xây dựng")) == ["1"]


def test_the_certificate_comes_first_for_its_name(shelf: Shelf) -> None:
    shelf.index(
        entry("Cấp giấy chứng nhận quyền sử dụng đất lần đầu", id="dossier", kind="dossier"),
        entry(
            "Quy định về đất đai",
            id="law",
            text="giấy chứng nhận quyền sử dụng đất " * 20,
            document_type="Quyết định",
        ),
        entry(
            "Thửa 15 tờ 3, ông Lương Văn Nam",
            id="certificate",
            kind="certificate",
            document_type="Giấy chứng nhận quyền sử dụng đất",
        ),
        entry("Sử dụng giấy, quyền và đất: chứng cứ nhận được", id="scattered"),
    )
    order = ids(found("giay chung nhan quyen su dung dat"))
    assert order[0] == "certificate"
    assert order[-1] == "scattered"


def test_words_together_beat_words_apart(shelf: Shelf) -> None:
    shelf.index(
        entry("Báo cáo", id="apart", text="giao việc cho xã; cảng biển; đường cạn; đất ở"),
        entry("Báo cáo", id="pairs", text="cảng cạn và việc giao đất ở xã"),
        entry("Báo cáo", id="row", text="việc giao đất cảng cạn ở xã"),
    )
    assert ids(found("giao đất cảng cạn")) == ["row", "pairs", "apart"]


@pytest.mark.parametrize("asked", ["28/2018", "28/2018/QĐ-UBND", "28/2018/qd-ubnd", "số 28/2018", "28 / 2018"])
def test_a_fragment_of_a_number_finds_that_paper_first(shelf: Shelf, asked: str) -> None:
    shelf.index(
        entry("Sửa đổi Quyết định số 28/2018/QĐ-UBND", id="citing", number="5/2020/QĐ-UBND", text="số 28/2018 " * 30),
        entry("Ban hành Quy định, số liệu", id="itself", number="28/2018/QĐ-UBND"),
        entry("Số khác", id="longer", number="128/2018/QĐ-UBND"),
        entry("Số khác nữa, năm 2018, 28 trang", id="apart"),
    )
    order = ids(found(asked))
    assert order[0] == "itself"
    assert "longer" not in order
    assert ("apart" in order) is (asked == "28 / 2018")


@pytest.mark.parametrize("asked", ["H99.15-261109-0031", "h99.15-261109-0031", "0031", "261109-0031", "H99.15-261109"])
def test_a_code_is_found_whole_and_by_its_pieces(shelf: Shelf, asked: str) -> None:
    shelf.index(
        entry("Cấp lần đầu", id="1", kind="dossier", number="H99.15-261109-0031"),
        entry("Cấp đổi, trước đây 0031", id="2", kind="dossier", number="H99.15-251109-0032"),
    )
    assert ids(found(asked))[0] == "1"


def test_a_serial_is_found_with_and_without_its_blank(shelf: Shelf) -> None:
    shelf.index(entry("Giấy chứng nhận", id="1", kind="certificate", number="AA 00123456"))
    assert ids(found("AA00123456")) == ids(found("aa 00123456")) == ["1"]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("GCN", "Cấp giấy chứng nhận"),
        ("giấy chứng nhận", "Cấp GCN"),
        ("QSDĐ", "quyền sử dụng đất"),
        ("ủy ban nhân dân tỉnh", "UBND tỉnh"),
        ("UBND tinh", "Uỷ ban nhân dân tỉnh"),
        ("GCN QSDĐ", "giấy chứng nhận quyền sử dụng đất"),
        ("giấy chứng nhận quyền sử dụng đất", "GCNQSDĐ của ông Nam"),
        ("TN&MT", "Sở Tài nguyên và Môi trường"),
    ],
)
def test_abbreviations_and_their_wordings_find_each_other(shelf: Shelf, asked: str, title: str) -> None:
    shelf.index(entry(title, id="1"), entry("Việc khác", id="2"))
    results = found(asked)
    assert ids(results) == ["1"]
    assert results.mercy == Mercy.NONE


@pytest.mark.parametrize("asked", ["giấy chúng nhậnn", "giay chunng nhan", "giay chugn nhan", "giay chun nhan"])
def test_a_slip_of_the_fingers_is_forgiven_when_nothing_else_is_found(shelf: Shelf, asked: str) -> None:
    shelf.index(entry("Giấy chứng nhận", id="1"), entry("Giấy phép", id="2"))
    results = found(asked)
    assert ids(results) == ["1"]
    assert results.mercy == Mercy.SLIPS
    assert "<mark>" in results.hits[0].snippet


def test_slips_are_not_sought_while_the_word_as_typed_is_there(shelf: Shelf) -> None:
    shelf.index(entry("ông Nam", id="1"), entry("ông Năn", id="2"))
    assert ids(found("nam")) == ["1"]


def test_digits_are_never_taken_for_a_slip(shelf: Shelf) -> None:
    shelf.index(entry("Cấp lần đầu", id="1", number="H99.15-261109-0031"))
    assert not found("0032").hits
    assert not found("H99.15-261109-0032").hits


def test_most_of_the_words_are_enough_when_nothing_has_all(shelf: Shelf) -> None:
    shelf.index(
        entry("giao đất cảng cạn", id="most"),
        entry("giao đất rừng", id="fewer"),
        entry("giao rừng", id="too few"),
    )
    results = found("giao đất cảng xyzzy")
    assert ids(results) == ["most"]
    assert results.mercy == Mercy.MOST
    assert results.total == 1


def test_the_more_words_the_better_when_nothing_has_all(shelf: Shelf) -> None:
    shelf.index(
        entry("Tờ trình", id="three", text="cạn, cảng, đất và việc khác " * 3),
        entry("giao đất cảng cạn nhanh", id="four", dated=date(2001, 1, 1)),
    )
    assert ids(found("đất cảng cạn nhanh xyzzy")) == ["four", "three"]


def test_half_a_word_of_two_syllables_finds_nothing(shelf: Shelf) -> None:
    shelf.index(entry("giao đất", id="1"))
    assert not found("giao xyzzy").hits


def test_of_equal_hits_the_newer_stands_first(shelf: Shelf) -> None:
    shelf.index(
        entry("Giao đất", id="old", dated=date(2019, 5, 1)),
        entry("Giao đất", id="undated"),
        entry("Giao đất", id="new", dated=date(2026, 5, 2)),
        entry("Giao đất", id="day before", dated=date(2026, 5, 1)),
    )
    assert ids(found("giao đất")) == ["new", "day before", "old", "undated"]


def test_hits_can_be_ordered_by_date_the_undated_last(shelf: Shelf) -> None:
    shelf.index(
        entry("Giao đất", id="middle", dated=date(2020, 1, 1)),
        entry("Giao đất giao đất", id="undated"),
        entry("Giao đất", id="new", dated=date(2026, 1, 1)),
        entry("Giao đất", id="old", dated=date(1987, 1, 1)),
    )
    assert ids(found("giao đất", sort="newest")) == ["new", "middle", "old", "undated"]
    assert ids(found("giao đất", sort="oldest")) == ["old", "middle", "new", "undated"]


def test_a_hit_carries_what_a_list_shows(shelf: Shelf) -> None:
    shelf.index(
        entry(
            "Về việc giao đất",
            id="7",
            number="28/2018/QĐ-UBND",
            text="Điều 1. Giao đất",
            unit="Phòng A",
            document_type="Quyết định",
            status="in_force",
            issuer="UBND tỉnh",
            dated=date(2018, 2, 3),
        )
    )
    [hit] = found("giao dat").hits
    assert (hit.id, hit.kind, hit.number, hit.title) == ("7", "decision", "28/2018/QĐ-UBND", "Về việc giao đất")
    assert (hit.unit, hit.document_type, hit.issuer, hit.dated) == (
        "Phòng A",
        "Quyết định",
        "UBND tỉnh",
        date(2018, 2, 3),
    )
    assert hit.status is not None
    assert hit.status.label == "In force"
    assert hit.url == "/decision/7/"
    assert hit.snippet == "Điều 1. <mark>Giao đất</mark>"
    assert hit.marked_title == "Về việc <mark>giao đất</mark>"
    assert hit.score > 0


def test_kinds_narrow_the_hits_but_not_the_counts_by_kind(shelf: Shelf) -> None:
    shelf.index(
        entry("giao đất", id="1", kind="decision"),
        entry("giao đất", id="2", kind="dossier"),
        entry("giao đất", id="3", kind="dossier"),
    )
    results = found("giao đất", kinds=("decision",))
    assert ids(results) == ["1"]
    assert (results.total, results.before) == (1, 3)
    assert results.facets["kind"] == {"decision": 1, "dossier": 2}


def test_each_facet_counts_without_its_own_choice(shelf: Shelf) -> None:
    shelf.index(
        entry("giao đất", id="1", status="a", issuer="X", unit="P", document_type="D", dated=date(2020, 1, 1)),
        entry("giao đất", id="2", status="a", issuer="Y", dated=date(2021, 1, 1)),
        entry("giao đất", id="3", status="b", issuer="Y", dated=date(2021, 1, 1)),
    )
    results = found("giao đất", filters={"status": ("a",), "year": ("2021", "1999")})
    assert ids(results) == ["2"]
    assert results.facets["status"] == {"a": 1, "b": 1}
    assert results.facets["year"] == {"2020": 1, "2021": 1}
    assert results.facets["issuer"] == {"Y": 1}
    assert results.facets["unit"] == {}
    assert results.before == 3


def test_pages_follow_each_other_without_gap_or_double(shelf: Shelf) -> None:
    shelf.index(*(entry(f"giao đất lô {number}", id=str(number)) for number in range(25)))
    key, seen, pages = "", list[str](), 0
    while True:
        results = found("giao đất", limit=10, after=key)
        assert results.total == 25
        seen += ids(results)
        pages += 1
        key = results.next_key
        if not key:
            break
    assert pages == 3
    assert sorted(seen, key=int) == [str(number) for number in range(25)]


def test_a_following_page_keeps_to_the_mercy_of_the_first(shelf: Shelf) -> None:
    shelf.index(*(entry(f"giao đất cảng lô {number}", id=str(number)) for number in range(4)))
    first = found("giao đất cảng xyzzy", limit=3)
    rest = found("giao đất cảng xyzzy", limit=3, after=first.next_key)
    assert len({*ids(first), *ids(rest)}) == 4
    assert rest.mercy == Mercy.MOST


def test_attack_91_no_page_lies_deeper_than_the_limit(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.selectors.DEEPEST", 10)
    shelf.index(*(entry("giao đất") for _ in range(12)))
    results = found("giao đất", limit=10**9)
    assert len(results.hits) == 10
    assert results.total == 12
    assert not results.next_key
    assert results.is_cut


@pytest.mark.parametrize("key", ["x", "eyJ", "WyJub25lIiwgLTFd", "WyJub25lIiwgMTAwMDAwMDAwMF0", "bnVsbA", "é"])
def test_a_damaged_page_key_is_refused(shelf: Shelf, key: str) -> None:
    with pytest.raises(Invalid):
        found("giao đất", after=key)


def test_an_empty_question_finds_nothing(shelf: Shelf) -> None:
    shelf.index(entry("giao đất"))
    for asked in ("", "  ", "***", "?"):
        assert found(asked).total == 0


def test_before_the_first_write_nothing_is_found(shelf: Shelf) -> None:
    results = found("giao đất")
    assert results.total == 0
    assert not results.is_degraded
