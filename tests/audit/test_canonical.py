"""One text for one value."""

import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID

import pytest
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import canonical

MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=st.timezones())  # noqa: DTZ001 hypothesis wants naive bounds
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | MOMENTS
    | st.uuids()
)
VALUES = st.recursive(
    SCALARS,
    # Keys in ASCII: others may become one when they are normalised.
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdef", max_size=3), inner, max_size=4),
    max_leaves=12,
)


class Copy(TextChoices):
    ORIGINAL = "original"


class Count(IntEnum):
    ONE = 1


class Pair(Enum):
    BOTH = (1, "a")


def rewritten(value: Any) -> Any:
    """An equal value written in another way: other order, other zone, decomposed letters, trailing zeros."""
    match value:
        case dict():
            return {key: rewritten(item) for key, item in reversed(value.items())}
        case list():
            return tuple(rewritten(item) for item in value)
        case datetime():
            return value.astimezone(timezone(timedelta(hours=7)))
        case str():
            return unicodedata.normalize("NFD", value)
        case Decimal():
            sign, digits, exponent = value.as_tuple()
            assert isinstance(exponent, int)
            return Decimal((1 - sign if value.is_zero() else sign, (*digits, 0), exponent - 1))
    return value


@given(VALUES)
def test_equal_values_have_the_same_text(value: Any) -> None:
    assert canonical(rewritten(value)) == canonical(value)


@given(VALUES)
def test_the_text_is_json_in_nfc_on_one_line(value: Any) -> None:
    text = canonical(value)
    assert canonical(json.loads(text)) == text
    assert "\n" not in text


@given(st.text())
def test_letters_are_composed(text: str) -> None:
    assert json.loads(canonical(text)) == unicodedata.normalize("NFC", text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40))
def test_decimals_keep_every_digit_whatever_the_precision(number: Decimal) -> None:
    with localcontext(prec=3):
        written = json.loads(canonical(number))["$decimal"]
    assert Decimal(written) == number
    assert written == written.strip() and "E" not in written and written != "-0"


@given(st.text(), st.text())
def test_texts_that_differ_stay_apart(one: str, other: str) -> None:
    is_same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (canonical({"a": one}) == canonical({"a": other})) is is_same


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": True, "c": None}, '{"a":true,"b":1,"c":null}'),
        ("Ngữ", '"Ngữ"'),
        (unicodedata.normalize("NFD", "Ngữ"), '"Ngữ"'),
        (Decimal("312.50"), '{"$decimal":"312.5"}'),
        (Decimal("1E+3"), '{"$decimal":"1000"}'),
        (Decimal("-0.00"), '{"$decimal":"0"}'),
        (Decimal("12345678901234567890123456789.5"), '{"$decimal":"12345678901234567890123456789.5"}'),
        (datetime(2026, 11, 9, 8, 47, tzinfo=timezone(timedelta(hours=7))), '"2026-11-09T01:47:00.000000Z"'),
        (date(2026, 11, 9), '"2026-11-09"'),
        (datetime(812, 1, 2, tzinfo=UTC), '"0812-01-02T00:00:00.000000Z"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (Copy.ORIGINAL, '"original"'),
        (Count.ONE, "1"),
        (Pair.BOTH, '[1,"a"]'),
    ],
)
def test_a_value_is_written_like_this(value: object, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        datetime(2026, 11, 9, 8, 47),  # noqa: DTZ001 the naive one is the point
        b"bytes",
        Decimal("NaN"),
        Decimal("Infinity"),
        {1, 2},
        gettext_lazy("Signed in"),
        object(),
        "\ud800",
        {3: "a key that is no string"},
        {"\udfff": 1},
        {unicodedata.normalize("NFC", "ữ"): 1, unicodedata.normalize("NFD", "ữ"): 2},
    ],
)
def test_what_has_no_single_text_is_refused(value: object) -> None:
    for wrapped in (value, [value], {"key": value}):
        with pytest.raises(TypeError):
            canonical(wrapped)


def test_attack_82_control_characters_are_escaped_and_the_text_stays_one_line() -> None:
    written = canonical({"name": 'a"}\r\n{"verb":"forged"\x00\x1b[2J'})
    assert written == '{"name":"a\\"}\\r\\n{\\"verb\\":\\"forged\\"\\u0000\\u001b[2J"}'
