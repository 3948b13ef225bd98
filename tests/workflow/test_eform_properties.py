"""Whatever is typed: what was kept comes back as it was, and the JSON Schema says what the form says."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.sale import SALE, judged, table
from tests.workflow.schema_checker import accepts
from workflow.procedures.eforms import MAX_ROWS, EForm, form_for, json_schema, shown_value
from workflow.procedures.schema import Column, Condition, FormField

QUICKLY = settings(max_examples=60)
# As people type: no surrounding space, composed, nothing unseen.
LETTERS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
texts = (
    st.lists(LETTERS, min_size=1, max_size=3)
    .map(" ".join)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(bool)
)
numbers = st.decimals(min_value=0, max_value=Decimal("99999999999999.9999"), places=4).map(
    lambda number: format(number.normalize(), "f")
)
moneys = st.integers(min_value=0, max_value=10**18 - 1)
dates = st.dates(min_value=date(1000, 1, 1)).map(date.isoformat)

GOOD: dict[str, st.SearchStrategy[Any]] = {"text": texts, "number": numbers, "money": moneys, "date": dates}
ODD: dict[str, st.SearchStrategy[Any]] = {
    "choice": st.sampled_from(["sale", "theft", "Tặng cho"]),
    "text": st.sampled_from(["116", "099174003312", "a" * 2001, "12345a", "\uff11\uff12", "1\n2"]),
    "number": st.sampled_from(["0", "-1", "0.00001", "1" * 15, "9" * 14, "x", "1.5.2", "00012.5", "NaN"]),
    "money": st.sampled_from([-1, 0, 10**18, 10**18 - 1]),
    "date": st.sampled_from(["2026-02-30", "2024-02-29", "hôm qua", "0001-01-01", "9999-12-31", "10000-01-01"]),
}


def a_value(part: FormField | Column) -> st.SearchStrategy[Any]:
    """A value of the part's type."""
    if isinstance(part, FormField) and part.type == "table":
        return st.lists(an_object(part.columns).filter(bool), min_size=1, max_size=3)
    if part.type == "choice":
        return st.sampled_from([choice.code for choice in part.choices])
    if part.type == "text" and part.pattern:
        return st.from_regex(re.compile(rf"\A(?:{part.pattern})\Z", re.ASCII))
    return GOOD[part.type]


def an_object(parts: Sequence[FormField | Column]) -> st.SearchStrategy[dict[str, Any]]:
    """Values for all that is required and some of the rest."""
    must = {part.code: a_value(part) for part in parts if part.is_required}
    return st.fixed_dictionaries(must, optional={part.code: a_value(part) for part in parts if part.code not in must})


@st.composite
def a_perhaps_spoilt_object(draw: st.DrawFn, parts: Sequence[FormField | Column]) -> dict[str, Any]:
    """A good object of which up to two values were left out or replaced by odd ones."""
    values = draw(an_object(parts))
    for part in draw(st.lists(st.sampled_from(parts), max_size=2)):
        if draw(st.booleans()):
            values.pop(part.code, None)
        elif isinstance(part, FormField) and part.type == "table":
            row = draw(a_perhaps_spoilt_object(part.columns).filter(bool))
            values[part.code] = [row] * draw(st.sampled_from([1, 2, MAX_ROWS, MAX_ROWS + 1]))
        else:
            values[part.code] = draw(ODD[part.type])
    return values


def typed(fields: Sequence[FormField | Column], values: dict[str, Any]) -> dict[str, str]:
    """JSON values as a clerk would post them."""
    data: dict[str, str] = {}
    for field in fields:
        value = values.get(field.code)
        if isinstance(field, FormField) and field.type == "table":
            data |= table(*(typed(field.columns, row) for row in value or []), code=field.code)
        elif value is not None:
            data[field.code] = str(value).replace(".", ",") if field.type == "number" else str(value)
    return data


def shown(form: EForm) -> dict[str, str]:
    """A form as the page shows it, posted again untouched."""
    data: dict[str, str] = {}
    for name in form.fields:
        data |= {form.add_prefix(name): _as_shown(form, name)}
    for rows in form.rows.values():
        data |= {f"{rows.prefix}-TOTAL_FORMS": str(rows.total_form_count())}
        data |= {f"{rows.prefix}-INITIAL_FORMS": str(rows.initial_form_count())}
        for row in rows.forms:
            data |= {row.add_prefix(name): _as_shown(row, name) for name in row.fields}
    return data


def _as_shown(form: Any, name: str) -> str:
    bound = form[name]
    value = bound.field.widget.format_value(bound.value())
    return str(next(iter(value), "") if isinstance(value, list) else "" if value is None else value)


@pytest.mark.parametrize("language", ["vi", "en"])
@QUICKLY
@given(values=an_object(SALE))
def test_what_was_kept_is_shown_and_kept_again_as_it_was(language: str, values: dict[str, Any]) -> None:
    values = {**values, "kind": "gift"}
    with translation.override("vi"):
        first = judged(typed(SALE, values))
        assert first.is_valid(), (first.errors, [rows.errors for rows in first.rows.values()])
        kept = first.values()
    with translation.override(language):
        again = judged(shown(form_for(SALE, kept=kept)))
        assert again.is_valid(), again.errors
        assert again.values() == kept


@QUICKLY
@given(values=an_object(SALE))
def test_what_was_typed_right_is_kept_as_it_was_meant(values: dict[str, Any]) -> None:
    values = {**values, "kind": "gift"}
    assert judged(typed(SALE, values)).values() == values


@QUICKLY
@given(values=a_perhaps_spoilt_object(SALE))
def test_the_json_schema_says_what_the_form_says(values: dict[str, Any]) -> None:
    assert accepts(json_schema("Đơn", SALE), values) == judged(typed(SALE, values)).is_valid()


@QUICKLY
@given(values=an_object(SALE))
def test_what_the_form_keeps_fits_the_json_schema(values: dict[str, Any]) -> None:
    form = judged(typed(SALE, {**values, "kind": "gift"}))
    assert form.is_valid()
    assert accepts(json_schema("Đơn", SALE), form.values())


@QUICKLY
@given(values=an_object(SALE))
def test_every_kept_value_can_be_shown(values: dict[str, Any]) -> None:
    for field in SALE:
        if field.code in values and field.type != "table":
            assert shown_value(field, values[field.code])


TABLES = (
    FormField(code="owners", label="Chủ", type="table", columns=SALE[-1].columns, is_required=True),
    FormField(
        code="why",
        label="Vì sao",
        type="table",
        columns=SALE[-1].columns,
        required_if=Condition(field="kind", is_one_of=("gift", "sale")),
    ),
    SALE[3],
)


@QUICKLY
@given(values=a_perhaps_spoilt_object(TABLES))
def test_the_json_schema_requires_the_tables_the_form_requires(values: dict[str, Any]) -> None:
    assert accepts(json_schema("Đơn", TABLES), values) == judged(typed(TABLES, values), TABLES).is_valid()


@QUICKLY
@given(
    data=st.dictionaries(
        st.sampled_from([*typed(SALE, {}), "place", "area", "signed", "kind", "owners-0-name"]), st.text()
    )
)
def test_whatever_is_posted_is_taken_or_refused_with_words(data: dict[str, str]) -> None:
    form = judged(data)
    assert form.is_valid() or any(form.errors.values()) or any(rows.non_form_errors() for rows in form.rows.values())
