"""An index of each test's own, on either back end, and a shelf of things to find."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.factories.shelf import Shelf, restored_kinds
from tests.servers import elasticsearch_url


@pytest.fixture
def elasticsearch(settings: Any) -> Iterator[str]:
    with elasticsearch_url() as url:
        settings.SEARCH_URL = url
        yield url


@pytest.fixture(params=["embedded", "elasticsearch"])
def backend(request: pytest.FixtureRequest) -> str:
    """Runs the test once on each back end."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch")
    return str(request.param)


@pytest.fixture
def shelf(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    for _nothing in restored_kinds(monkeypatch):
        yield Shelf()
