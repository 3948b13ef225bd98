"""Simple fields of an electronic form: what may be typed, what is kept, how it is shown."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.forms import DateField, DecimalField
from django.utils import translation
from django.utils.translation import gettext as _

from pages.domain_errors import Invalid
from tests.workflow.sale import KINDS, SALE, faults_of, judged, posted, table, values_of
from workflow.procedures.eforms import (
    form_for,
    is_required_now,
    json_schema,
    posted_values,
    read_values,
    shown_value,
    summary_of,
)
from workflow.procedures.schema import Choice, Column, Condition, ElectronicForm, FormField

SIMPLE = {field.code: field for field in SALE}


def of_type(type_: str, **lines: Any) -> FormField:
    return FormField(code="it", label="Nó", type=type_, **lines)  # type: ignore[arg-type]


def kept(field: FormField, text: str) -> object:
    return values_of({"it": text}, (field,)).get("it")


def fault(field: FormField, text: str) -> str:
    return faults_of({"it": text}, (field,))["it"]


# What may be typed and is kept ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("text", "xã Tân Lộc", "xã Tân Lộc"),
        ("text", "  xã Tân Lộc \t", "xã Tân Lộc"),
        ("text", unicodedata.normalize("NFD", "thửa đất ở Đồng Vừng"), "thửa đất ở Đồng Vừng"),
        ("text", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        # As it is written here: a dot between thousands, a comma before the decimals.
        ("number", "312,5", "312.5"),
        ("number", "1.250.000", "1250000"),
        ("number", "1.250,75", "1250.75"),
        ("number", "312.5", "312.5"),
        ("number", "312.500", "312500"),
        ("number", "0,0001", "0.0001"),
        ("number", "007,50", "7.5"),
        ("number", "1e3", "1000"),
        ("number", "0e999999999", "0"),
        ("number", "-0", "0"),
        ("number", "99999999999999,9999", "99999999999999.9999"),
        ("money", "1.250.000", 1250000),
        ("money", "640000000", 640000000),
        ("money", "0", 0),
        ("money", "-0", 0),
        ("money", "999.999.999.999.999.999", 999_999_999_999_999_999),
        # Day before month, always.
        ("date", "22/04/2026", "2026-04-22"),
        ("date", "04/05/2026", "2026-05-04"),
        ("date", "4/5/2026", "2026-05-04"),
        ("date", "04-05-2026", "2026-05-04"),
        ("date", "04.05.2026", "2026-05-04"),
        ("date", "2026-05-04", "2026-05-04"),
        ("date", "29/02/2024", "2024-02-29"),
    ],
)
def test_a_value_is_typed_as_people_write_it_and_kept_exactly(type_: str, text: str, value: object) -> None:
    found = kept(of_type(type_), text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("text", "a\x00b"),
        ("text", "a" * 2001),
        ("number", "ba trăm"),
        ("number", "1,250,000"),
        ("number", "1,5,2"),
        ("number", "-1"),
        ("number", "nan"),
        ("number", "inf"),
        ("number", "1e30"),
        ("number", "1e999999999"),
        ("number", "0,00001"),
        ("number", "100000000000000"),
        ("money", "1,5"),
        ("money", "1.5"),
        ("money", "-1"),
        ("money", "1000000000000000000"),
        ("date", "05/22/2026"),
        ("date", "30/02/2026"),
        ("date", "29/02/2026"),
        ("date", "22/04/26"),
        ("date", "hôm nay"),
        ("date", "22/04"),
    ],
)
def test_what_is_no_value_of_the_type_is_refused_and_said_so(type_: str, text: str) -> None:
    assert fault(of_type(type_), text)


def test_a_choice_is_one_of_the_edition() -> None:
    assert kept(of_type("choice", choices=KINDS), "gift") == "gift"
    for text in ("theft", "GIFT", "Tặng cho"):
        assert fault(of_type("choice", choices=KINDS), text)


def test_a_choice_starts_empty() -> None:
    """Nobody shall be registered under the first one by oversight."""
    assert form_for(SALE)["kind"].value() is None
    html = str(form_for(SALE)["kind"])
    assert html.index('value=""') < html.index('value="sale"')
    assert "selected" not in html.replace('value="" selected', "")


@pytest.mark.parametrize(
    ("type_", "text"), [("text", ""), ("text", " \t "), ("number", ""), ("money", ""), ("date", ""), ("choice", "")]
)
def test_what_is_empty_is_left_out_unless_it_is_required(type_: str, text: str) -> None:
    choices = KINDS if type_ == "choice" else ()
    optional, required = of_type(type_, choices=choices), of_type(type_, choices=choices, is_required=True)
    assert values_of({"it": text}, (optional,)) == {}
    assert values_of({}, (optional,)) == {}
    assert fault(required, text)
    assert faults_of({}, (required,))["it"]


def test_a_default_is_only_where_one_starts_from() -> None:
    field = of_type("choice", choices=KINDS, default="gift")
    assert form_for((field,))["it"].value() == "gift"
    assert values_of({}, (field,)) == {}
    assert form_for((field,), kept={"it": "sale"})["it"].value() == "sale"


# Patterns ------------------------------------------------------------------------------------------


PARCEL = of_type("text", pattern=r"\d{1,5}[a-z]?", pattern_message="Số thửa gồm 1 đến 5 chữ số.")


@pytest.mark.parametrize("text", ["116", "7", "12345a"])
def test_a_text_that_fits_the_whole_pattern_is_taken(text: str) -> None:
    assert kept(PARCEL, text) == text


@pytest.mark.parametrize(
    "text", ["a", "123456", "116 b", "116\n7", "x116", "116ab", "\u0661\u0661\u0666", "\uff11\uff16"]
)
def test_a_text_that_fits_only_in_part_is_refused_in_the_editions_words(text: str) -> None:
    assert fault(PARCEL, text) == "Số thửa gồm 1 đến 5 chữ số."


def test_each_alternative_of_a_pattern_is_whole() -> None:
    field = of_type("text", pattern=r"\d{9}|\d{12}")
    assert kept(field, "099174003312") == "099174003312"
    for text in ("0991740033", "099174003312x", "x099174003"):
        assert fault(field, text)


def test_a_pattern_without_words_of_its_own_has_ours() -> None:
    assert fault(of_type("text", pattern="[a-z]"), "7") == _("This does not have the form it should have.")


def test_a_message_may_hold_a_per_cent_sign() -> None:
    field = of_type("text", pattern=r"\d+", pattern_message="Ghi phần trăm, ví dụ 30% diện tích, không quá 100%.")
    assert fault(field, "x") == "Ghi phần trăm, ví dụ 30% diện tích, không quá 100%."


def test_a_pattern_is_asked_of_the_composed_text() -> None:
    typed = unicodedata.normalize("NFD", "tổ")
    assert kept(of_type("text", pattern="t[ổơ]"), typed) == "tổ"


# Required if -----------------------------------------------------------------------------------------


def test_a_field_is_required_when_its_condition_is_met() -> None:
    assert faults_of(posted(kind="sale")) == {"price": _("Fill this in.")}
    assert values_of(posted(kind="sale", price="1.000.000"))["price"] == 1_000_000
    assert values_of(posted(kind="sale", price="0"))["price"] == 0


def test_a_field_is_not_required_when_its_condition_is_not_met_but_may_be_filled_in() -> None:
    assert "price" not in values_of(posted(kind="gift"))
    assert values_of(posted(kind="gift", price="5"))["price"] == 5


def test_a_wrong_value_is_told_once_however_required() -> None:
    assert "price" in faults_of(posted(kind="sale", price="nhiều"))


def test_a_condition_on_what_is_wrong_itself_asks_nothing() -> None:
    assert set(faults_of(posted(kind="theft"))) == {"kind"}


@pytest.mark.parametrize(
    ("values", "is_required"),
    [({"kind": "sale"}, True), ({"kind": "gift"}, False), ({}, False), ({"kind": ""}, False)],
)
def test_a_paper_with_a_condition_is_required_by_the_condition_alone(
    values: dict[str, str],
    is_required: bool,  # noqa: FBT001 a case
) -> None:
    condition = Condition(field="kind", is_one_of=("sale",))
    assert is_required_now(condition, values, is_required=True) is is_required
    assert is_required_now(None, values, is_required=True)
    assert not is_required_now(None, values, is_required=False)


# Reading a post ------------------------------------------------------------------------------------


def test_a_post_is_read_or_refused_with_every_fault() -> None:
    data = {f"to-sell-{name}": text for name, text in posted({"name": "Khởi"}, price="1000").items()}
    assert read_values(SALE, data, prefix="to-sell")["owners"] == [{"name": "Khởi"}]
    with pytest.raises(Invalid) as caught:
        read_values(SALE, posted(place="", area="x", kind="sale"))
    assert set(caught.value.fields) == {"place", "area", "price"}


def test_nothing_that_was_not_asked_for_is_kept() -> None:
    """Attack 41: an owner, a unit or a state in the post is nobody's field."""
    assert set(values_of(posted(owner="7", status="resolved", unit="3"))) == {"place", "kind"}


def test_a_form_without_fields_takes_anything_and_keeps_nothing() -> None:
    assert read_values((), {"x": "y"}) == {}


def test_an_unfinished_post_comes_back_as_it_was_typed() -> None:
    rows = [{"name": "Khởi", "share": "nửa"}, {"name": ""}, {"name": "Lan"}]
    data = {f"form-{name}": text for name, text in posted(*rows, area="x,y", kind="", signed="31/02/2026").items()}
    texts = posted_values(SALE, data, prefix="form")
    assert texts["area"] == "x,y"
    assert texts["signed"] == "31/02/2026"
    assert [row["name"] for row in texts["owners"]] == ["Khởi", "Lan"]
    assert "kind" not in texts
    again = form_for(SALE, posted=texts, prefix="form")
    html = "".join(str(part.bound or part.rows) for part in again.parts())
    for typed in ("x,y", "31/02/2026", "xã Tân Lộc", "Khởi", "nửa", "Lan"):
        assert f'value="{typed}"' in html


# Shown ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (SIMPLE["area"], "312.5", "312,5 m²"),
        (SIMPLE["area"], "1250000", "1.250.000 m²"),
        (SIMPLE["price"], 640_000_000, "640.000.000 đồng"),
        (SIMPLE["price"], 0, "0 đồng"),
        (SIMPLE["signed"], "2026-11-20", "20/11/2026"),
        (SIMPLE["signed"], "2026-05-04", "04/05/2026"),
        (SIMPLE["kind"], "sale", "Chuyển nhượng"),
        (SIMPLE["kind"], "lease", "lease"),
        (SIMPLE["place"], "xã Tân Lộc", "xã Tân Lộc"),
        (Column(code="n", label="", type="number"), "0.5", "0,5"),
    ],
)
def test_a_value_is_shown_as_people_write_it(field: FormField | Column, value: object, shown: str) -> None:
    assert shown_value(field, value) == shown


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_figure_is_read_and_shown_alike_in_either_language(language: str) -> None:
    """312,5 on the paper must not become 3125 because the pages are in English, nor 4 May the fifth of April."""
    with translation.override(language):
        assert shown_value(SIMPLE["area"], "1250.5") == "1.250,5 m²"
        assert DateField().clean("04/05/2026") == date(2026, 5, 4)
        assert DecimalField(localize=True).clean("1.250,5") == Decimal("1250.5")


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        ("thửa {parcel}, {place}, {area}", "thửa 116, xã Tân Lộc, 312,5 m²"),
        ("{kind}: {price}", "Chuyển nhượng: 5 đồng"),
        ("{signed}", "…"),
        ("không có gì", "không có gì"),
        ("", ""),
    ],
)
def test_a_summary_says_in_one_line_what_was_typed(summary: str, line: str) -> None:
    form = ElectronicForm(title="", code="", regulation="", summary=summary, fields=SALE)
    values = values_of(posted(parcel="116", area="312,5", kind="sale", price="5"))
    assert summary_of(form, values) == line


def test_what_was_typed_into_a_summary_is_no_field_of_it() -> None:
    form = ElectronicForm(title="", code="", regulation="", summary="{place}", fields=SALE)
    assert summary_of(form, values_of(posted(place="{kind}"))) == "{kind}"


def test_a_script_typed_into_a_field_comes_back_as_text() -> None:
    canary = '"><script>alert(1)</script>'
    form = judged(posted({"name": canary}, place=canary, area=canary))
    assert "<script>" not in "".join(str(part.bound or part.rows) for part in form.parts())


def test_fields_come_in_the_order_of_the_edition_with_their_widths() -> None:
    fields = (of_type("text", width=12), FormField(code="b", label="B", type="number", unit="m²"))
    assert [(part.css, part.label) for part in form_for(fields).parts()] == [("span-12", "Nó"), ("span-4", "B, m²")]


def test_the_json_schema_names_every_field() -> None:
    schema = json_schema("Đơn", SALE)
    assert list(schema["properties"]) == [field.code for field in SALE]
    assert (schema["title"], schema["required"]) == ("Đơn", ["place", "kind"])
    assert schema["properties"]["kind"]["enum"] == [choice.code for choice in KINDS]
    assert table()["owners-TOTAL_FORMS"] == "0"


def test_a_choice_may_be_called_anything() -> None:
    field = of_type("choice", choices=(Choice(code="a", label="<b>&"), Choice(code="b", label="100%")))
    assert "&lt;b&gt;&amp;" in str(form_for((field,))["it"])
    assert kept(field, "b") == "b"
