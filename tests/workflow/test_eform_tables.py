"""Tables of an electronic form: rows typed, emptied, forgotten, and far too many."""

import pytest
from django.template.loader import render_to_string

from pages.domain_errors import Invalid
from tests.workflow.sale import OWNERS, SALE, faults_of, judged, posted, table, values_of
from workflow.procedures.eforms import MAX_ROWS, form_for, posted_values, read_values
from workflow.procedures.schema import Column, Condition, FormField

EMPTY = {"name": "", "share": "", "since": "", "kind": ""}
REQUIRED = (
    FormField(code="owners", label="Bên nhận", type="table", columns=OWNERS.columns, is_required=True),
    FormField(
        code="witnesses",
        label="Người làm chứng",
        type="table",
        columns=(Column(code="name", label="Họ tên", type="text"),),
        required_if=Condition(field="kind", is_one_of=("gift",)),
    ),
    SALE[3],
)


def rendered(form: object) -> str:
    return render_to_string("workflow/eform.html", {"eform": form})


def named(count: int) -> list[dict[str, str]]:
    return [{"name": f"Người {number}"} for number in range(count)]


def test_a_row_is_kept_with_what_was_typed_into_it() -> None:
    row = {"name": " Lương Văn Khởi ", "share": "156,25", "paid": "1.000.000", "since": "04/05/2026", "kind": "gift"}
    assert values_of(posted(row))["owners"] == [
        {"name": "Lương Văn Khởi", "share": "156.25", "paid": 1_000_000, "since": "2026-05-04", "kind": "gift"}
    ]


@pytest.mark.parametrize("rows", [[], [EMPTY], [EMPTY, EMPTY, EMPTY], [{"name": "  "}], [{}]])
def test_rows_nobody_typed_into_are_dropped(rows: list[dict[str, str]]) -> None:
    assert "owners" not in values_of(posted(*rows))


def test_empty_rows_between_others_are_dropped() -> None:
    assert values_of(posted(EMPTY, {"name": "Khởi"}, EMPTY, {"name": "Lan"}, EMPTY))["owners"] == [
        {"name": "Khởi"},
        {"name": "Lan"},
    ]


def test_a_row_that_was_there_is_taken_off_by_emptying_it() -> None:
    """The page said so when it was opened: INITIAL_FORMS. There is no other way to take a row off."""
    data = {"place": "xã Tân Lộc", "kind": "gift", **table({"name": "Khởi"}, EMPTY, initial=2)}
    assert values_of(data)["owners"] == [{"name": "Khởi"}]
    assert "owners" not in values_of({**data, "owners-0-name": ""})


def test_a_row_typed_into_needs_what_its_columns_require() -> None:
    faults = faults_of(posted({"name": "Khởi"}, {"name": "", "share": "5"}))
    assert list(faults) == ["owners-1-name"]
    assert faults["owners-1-name"].startswith("Dòng 2: ")


def test_each_row_has_its_own_faults() -> None:
    faults = faults_of(posted({"name": "Khởi", "share": "nửa"}, {"name": "Lan", "id_number": "12", "since": "x"}))
    assert set(faults) == {"owners-0-share", "owners-1-id_number", "owners-1-since"}
    assert faults["owners-1-id_number"] == "Dòng 2: 9 hoặc 12 số."


def test_a_required_table_has_a_row() -> None:
    data = {"kind": "sale", **table(EMPTY), **table(code="witnesses")}
    faults = faults_of(data, REQUIRED)
    assert set(faults) == {"owners"}
    assert faults["owners"].startswith("Bên nhận: ")
    assert values_of({**data, "owners-0-name": "Khởi"}, REQUIRED)["owners"] == [{"name": "Khởi"}]


def test_a_table_is_required_when_its_condition_is_met() -> None:
    data = {"kind": "gift", **table({"name": "Khởi"}), **table(code="witnesses")}
    assert set(faults_of(data, REQUIRED)) == {"witnesses"}
    assert "witnesses" not in values_of({**data, "kind": "sale"}, REQUIRED)


def test_every_table_that_lacks_a_row_is_named() -> None:
    data = {"kind": "gift", **table(EMPTY), **table(code="witnesses")}
    assert set(faults_of(data, REQUIRED)) == {"owners", "witnesses"}


def test_a_wrong_row_of_a_required_table_is_told_as_that_and_nothing_else() -> None:
    data = {"kind": "sale", **table({"name": "", "share": "1"}), **table(code="witnesses")}
    assert set(faults_of(data, REQUIRED)) == {"owners-0-name"}


# Too much and too little -------------------------------------------------------------------------------


def test_as_many_rows_as_there_may_be_are_kept() -> None:
    found = values_of(posted(*named(MAX_ROWS)))["owners"]
    assert isinstance(found, list)
    assert len(found) == MAX_ROWS


def test_a_row_too_many_is_refused_and_all_of_them_stay_on_the_page() -> None:
    form = judged(posted(*named(MAX_ROWS + 1)))
    faults = faults_of(posted(*named(MAX_ROWS + 1)))
    assert set(faults) == {"owners"}
    assert str(MAX_ROWS) in faults["owners"]
    html = rendered(form)
    assert faults["owners"] in html
    assert f'value="Người {MAX_ROWS}"' in html


@pytest.mark.parametrize("total", [MAX_ROWS * 4 + 1, 10**6, 10**30])
def test_a_post_that_says_it_has_masses_of_rows_is_refused_without_a_crash(total: int) -> None:
    assert set(faults_of(posted({"name": "Khởi"}, total=total))) == {"owners"}


@pytest.mark.parametrize("total", ["", "x", "1.5", None])
def test_a_table_that_did_not_arrive_whole_is_refused(total: str | None) -> None:
    """Silently it would be an empty table."""
    data = posted({"name": "Khởi"})
    if total is None:
        del data["owners-TOTAL_FORMS"]
    else:
        data["owners-TOTAL_FORMS"] = total
    assert set(faults_of(data)) == {"owners"}
    assert set(faults_of({"kind": "sale", **table(code="witnesses")}, REQUIRED)) == {"owners"}


def test_rows_that_say_they_are_fewer_are_not_read() -> None:
    assert values_of(posted({"name": "Khởi"}, {"name": "Lan"}, total=1))["owners"] == [{"name": "Khởi"}]


def test_a_refused_table_is_refused_by_whoever_reads_the_post() -> None:
    with pytest.raises(Invalid) as caught:
        read_values(SALE, posted(*named(MAX_ROWS + 1)))
    assert set(caught.value.fields) == {"owners"}


# On the page ---------------------------------------------------------------------------------------


def test_an_empty_table_begins_with_one_row() -> None:
    html = rendered(form_for(SALE))
    assert html.count("owners-0-name") > 0
    assert "owners-1-name" not in html
    assert 'name="owners-__prefix__-name"' in html


def test_kept_rows_are_shown_as_people_write_them() -> None:
    kept = {"owners": [{"name": "Khởi", "share": "156.25", "paid": 1_000_000, "since": "2026-05-04", "kind": "gift"}]}
    html = rendered(form_for(SALE, kept=kept))
    for text in ('value="Khởi"', 'value="156,25"', 'value="1.000.000"', 'value="04/05/2026"', 'value="gift" selected'):
        assert text in html
    assert "owners-1-name" not in html


def test_faults_stand_at_their_row_and_at_their_table() -> None:
    html = rendered(judged(posted({"name": "Khởi", "id_number": "12"})))
    assert html.count("9 hoặc 12 số.") == 1
    whole = rendered(judged({"kind": "sale", **table(EMPTY), **table(code="witnesses")}, REQUIRED))
    assert whole.count("Bên nhận: ") == 1


def test_rows_of_an_unfinished_post_all_come_back_even_those_too_many() -> None:
    data = {f"form-{name}": text for name, text in posted(*named(MAX_ROWS + 5)).items()}
    texts = posted_values(SALE, data, prefix="form")
    assert len(texts["owners"]) == MAX_ROWS + 5
    assert f'value="Người {MAX_ROWS + 4}"' in rendered(form_for(SALE, posted=texts, prefix="form"))
