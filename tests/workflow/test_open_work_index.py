"""Open work is found by its own small index, however much has been finished."""

import pytest

from accounts.acting import Acting
from tests.factories.accounts import UnitFactory, acting_at
from tests.plans import prefer_indexes
from workflow.engine.selectors import my_work, unit_work

pytestmark = [pytest.mark.django_db, pytest.mark.databases_differ]


@pytest.fixture
def acting() -> Acting:
    prefer_indexes()
    return acting_at(UnitFactory.create())


def test_the_officers_open_work_is_read_by_its_index(acting: Acting) -> None:
    assert "workflow_open_of_owner" in my_work(acting).order_by("due_at", "id").explain()


def test_the_units_open_work_is_read_by_its_index(acting: Acting) -> None:
    assert "workflow_open_in_unit" in unit_work(acting).order_by("due_at", "id").explain()
