"""Open work is found by its own small index, however much has been finished."""

import pytest
from django.db import connection

from accounts.acting import Acting
from tests.factories.accounts import UnitFactory, acting_at
from tests.plans import prefer_indexes
from workflow.deadlines.moves import running_cases
from workflow.engine.selectors import my_work, unit_work

pytestmark = [pytest.mark.django_db, pytest.mark.databases_differ]


@pytest.fixture
def acting() -> Acting:
    prefer_indexes()
    return acting_at(UnitFactory.create())


def test_the_officers_open_work_is_read_by_its_index(acting: Acting) -> None:
    # Of a unit without work the unit's index costs as little; which of the two is cheaper is not the question here.
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX workflow_open_in_unit")
    assert "workflow_open_of_owner" in my_work(acting).order_by("due_at", "id").explain()


def test_the_units_open_work_is_read_by_its_index(acting: Acting) -> None:
    assert "workflow_open_in_unit" in unit_work(acting).order_by("due_at", "id").explain()


def test_open_cases_are_gone_through_in_order_by_their_index(acting: Acting) -> None:
    """Else each piece of a recalculation would read and sort all of them."""
    piece = running_cases().filter(pk__gt=0).order_by("pk")[:250]
    assert "workflow_open_in_order" in piece.explain()
