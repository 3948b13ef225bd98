"""Paging by key: walking all pages meets each row exactly once, in order, whatever the rows and the page size."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Officer
from pages.domain_errors import Invalid
from pages.paging import LARGEST_PAGE, KeyPage, page_by_moment, page_newest_first

pytestmark = pytest.mark.django_db

# Few distinct moments, so that many rows share one and pages end between equals.
moments = st.one_of(
    st.none(),
    st.sampled_from([datetime(2026, 11, day, 9, 41, 52, 123456, UTC) for day in (9, 10, 11)]),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 aware by `timezones`
)
sizes = st.integers(min_value=1, max_value=7)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(datetime.isoformat),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def make_rows(values: list[datetime | None]) -> None:
    Officer.objects.all().delete()
    Officer.objects.bulk_create(
        Officer(username=f"o{number}", last_login=moment) for number, moment in enumerate(values)
    )


def key_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def page(key: str, size: int = 50) -> KeyPage[Officer]:
    return page_by_moment(Officer.objects.all(), field="last_login", key=key, size=size)


@given(st.lists(moments, max_size=25), sizes)
@settings(max_examples=60)
def test_walking_by_moment_meets_each_row_once_undated_last(values: list[datetime | None], size: int) -> None:
    make_rows(values)
    walked: list[Officer] = []
    key = ""
    while True:
        found = page(key, size)
        assert len(found.rows) <= size
        walked += found.rows
        key = found.next_key
        if not key:
            break
    far = datetime.max.replace(tzinfo=UTC)
    expected = sorted(Officer.objects.all(), key=lambda row: (row.last_login or far, row.pk))
    assert [row.pk for row in walked] == [row.pk for row in expected]


@given(st.integers(min_value=0, max_value=25), sizes)
@settings(max_examples=40)
def test_walking_newest_first_meets_each_row_once(count: int, size: int) -> None:
    make_rows([None] * count)
    walked: list[Officer] = []
    key = ""
    while True:
        found = page_newest_first(Officer.objects.all(), key=key, size=size)
        walked += found.rows
        key = found.next_key
        if not key:
            break
    assert [row.pk for row in walked] == list(Officer.objects.order_by("-pk").values_list("pk", flat=True))


@given(st.lists(moments, max_size=25), sizes)
@settings(max_examples=40)
def test_walking_back_by_moment_meets_each_row_once(values: list[datetime | None], size: int) -> None:
    make_rows([value for value in values if value])
    walked: list[Officer] = []
    key = ""
    while True:
        found = page_newest_first(Officer.objects.all(), field="last_login", key=key, size=size)
        walked += found.rows
        key = found.next_key
        if not key:
            break
    assert [row.pk for row in walked] == list(
        Officer.objects.order_by("-last_login", "-pk").values_list("pk", flat=True)
    )


@given(st.text() | json_values.map(key_of) | st.tuples(json_values, json_values).map(key_of))
@settings(max_examples=200)
def test_a_damaged_key_is_refused_with_words_or_harmless(key: str) -> None:
    try:
        assert len(page(key).rows) == 0
    except Invalid as fault:
        assert str(fault.message)


@pytest.mark.parametrize(
    "value",
    [
        [None, 2**70],
        [None, -1],
        [None, True],
        [None, 1.5],
        ["0001-01-01T00:00:00+14:00", 1],
        ["2026-11-09T08:00:00+07:00"],
        "x",
        {"a": 1, "b": 2},
    ],
)
def test_a_key_no_page_wrote_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        page(key_of(value))


def test_a_row_that_joins_an_earlier_page_moves_no_later_one() -> None:
    make_rows([datetime(2026, 11, day, tzinfo=UTC) for day in (9, 10, 11)])
    first = page("", size=2)
    Officer.objects.create(username="late.comer", last_login=datetime(2026, 11, 8, tzinfo=UTC))
    assert [row.username for row in page(first.next_key, size=2).rows] == ["o2"]


def test_attack_91_a_page_is_capped() -> None:
    make_rows([None] * (LARGEST_PAGE + 1))
    assert len(page("", size=10**9).rows) == LARGEST_PAGE
    assert len(page("", size=-5).rows) == 1
