"""A page of the outgoing register is read by the index of its unit, however many numbers there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acting import Acting, acting_for
from documents.register_book import Asked, book_for
from documents.selectors import register_for
from tests.documents.test_register import keeper_of
from tests.factories.accounts import UnitFactory
from tests.plans import prefer_indexes

pytestmark = [pytest.mark.django_db, pytest.mark.databases_differ]


@pytest.fixture
def acting() -> Acting:
    prefer_indexes()
    return acting_for(keeper_of(UnitFactory.create()))


def test_a_year_of_a_unit_is_read_by_its_index(acting: Acting) -> None:
    plan = register_for(acting).filter(year=2026).order_by("-id").explain()
    assert "documents_register_of_unit" in plan
    assert "TEMP B-TREE" not in plan


def test_years_and_series_to_choose_from_go_through_no_entries(acting: Acting) -> None:
    with CaptureQueriesContext(connection) as asked:
        book_for(acting, Asked(year=2026, agency="", series="", query="", key=""))
    entries = [query["sql"] for query in asked.captured_queries if "documents_registerentry" in query["sql"]]
    assert not [sql for sql in entries if "MIN(" in sql or "SELECT DISTINCT" in sql], entries
