"""The rule of sight: a common token shows an object, and what is hidden looks as if it were not there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from pytest_django import DjangoAssertNumQueries

from accounts.acting import EVERYONE, Acting, acting_for, officer_token, unit_token
from accounts.models import Unit
from accounts.sight import AllowToken, NotVisible, allow, one_visible, tokens_of, visible
from tests.factories.accounts import OfficerFactory, UnitFactory, UnitSuccessionFactory, acting_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheets() -> Iterator[tuple[Any, Any]]:
    """Any object that carries tokens: its model and its tokens' model, known to this test alone."""
    with isolate_apps("accounts"):

        class Sheet(models.Model):  # noqa: DJ008 nobody reads its name
            class Meta:
                app_label = "accounts"
                db_table = "test_sheet"

        class SheetToken(AllowToken):
            holder = models.ForeignKey(Sheet, on_delete=models.CASCADE)

            class Meta:
                app_label = "accounts"
                db_table = "test_sheet_token"

        serial = "integer" if connection.vendor == "sqlite" else "bigserial"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE test_sheet (id {serial} PRIMARY KEY)")
            cursor.execute(
                f"CREATE TABLE test_sheet_token (id {serial} PRIMARY KEY, token varchar(60), holder_id bigint,"
                " UNIQUE (token, holder_id))"
            )
        yield Sheet, SheetToken


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


def seen(sheets: tuple[Any, Any], acting: Acting) -> set[int]:
    model, tokens = sheets
    return set(visible(model.objects.all(), tokens, acting).values_list("pk", flat=True))


def sheet_with(sheets: tuple[Any, Any], *tokens: str) -> int:
    model, token_model = sheets
    pk: int = model.objects.create().pk
    allow(token_model, pk, tokens)
    return pk


def test_a_token_in_common_shows_the_object(sheets: tuple[Any, Any], unit: Unit) -> None:
    acting = acting_at(unit)
    mine = {
        sheet_with(sheets, unit_token(unit.pk)),
        sheet_with(sheets, officer_token(acting.officer_id), unit_token(0)),
        sheet_with(sheets, EVERYONE),
    }
    sheet_with(sheets, unit_token(UnitFactory.create().pk))
    sheet_with(sheets)
    assert seen(sheets, acting) == mine


def test_an_object_with_several_common_tokens_is_shown_once(sheets: tuple[Any, Any], unit: Unit) -> None:
    sheet_with(sheets, unit_token(unit.pk), EVERYONE)
    model, tokens = sheets
    assert visible(model.objects.all(), tokens, acting_at(unit)).count() == 1


def test_the_successor_sees_the_old_units_objects(sheets: tuple[Any, Any], unit: Unit) -> None:
    before = UnitFactory.create()
    UnitSuccessionFactory.create(predecessor=before, successor=unit)
    old = sheet_with(sheets, unit_token(before.pk))
    assert seen(sheets, acting_at(unit)) == {old}


def test_a_superuser_sees_all(sheets: tuple[Any, Any]) -> None:
    hidden = sheet_with(sheets)
    assert seen(sheets, acting_for(OfficerFactory.create(is_superuser=True))) == {hidden}


def test_a_unit_whose_number_begins_like_anothers_is_another(sheets: tuple[Any, Any]) -> None:
    acting = acting_at(UnitFactory.create(id=1))
    sheet_with(sheets, unit_token(11))
    assert seen(sheets, acting) == set()


def test_sight_costs_one_query(
    sheets: tuple[Any, Any], unit: Unit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    acting = acting_at(unit)
    with django_assert_num_queries(1):
        seen(sheets, acting)


def test_attack_34_what_is_hidden_and_what_is_missing_answer_alike(sheets: tuple[Any, Any], unit: Unit) -> None:
    model, tokens = sheets
    hidden = sheet_with(sheets, unit_token(UnitFactory.create().pk))
    faults = []
    for pk in (hidden, hidden + 1):
        with pytest.raises(NotVisible) as fault:
            one_visible(model.objects.all(), tokens, acting_at(unit), stream="sheet", pk=pk)
        faults.append(fault.value)
    assert str(faults[0]) == str(faults[1])
    assert [fault.about for fault in faults] == [f"sheet:{hidden}", ""]


def test_one_object_is_found_by_whom_it_is_for(sheets: tuple[Any, Any], unit: Unit) -> None:
    model, tokens = sheets
    pk = sheet_with(sheets, unit_token(unit.pk))
    assert one_visible(model.objects.all(), tokens, acting_at(unit), stream="sheet", pk=pk).pk == pk


def test_a_token_allowed_again_stays_once(sheets: tuple[Any, Any]) -> None:
    _, tokens = sheets
    pk = sheet_with(sheets, "unit:1", "unit:1")
    allow(tokens, pk, ["unit:1", "unit:2"])
    assert tokens_of(tokens, [pk]) == {pk: ["unit:1", "unit:2"]}


def test_the_tokens_of_many_objects_cost_one_query(
    sheets: tuple[Any, Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, tokens = sheets
    first, second = sheet_with(sheets, "unit:2", "unit:1"), sheet_with(sheets, EVERYONE)
    with django_assert_num_queries(1):
        assert tokens_of(tokens, [first, second]) == {first: ["unit:1", "unit:2"], second: [EVERYONE]}
