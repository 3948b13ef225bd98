"""An index of each test's own, on either back end, and a shelf of things to find."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from tests.conftest import required_service
from tests.factories.shelf import Shelf, restored_kinds


@contextmanager
def elasticsearch_url() -> Iterator[str]:
    """An address whose names nobody else uses; afterwards its indices are gone."""
    parts = urlsplit(required_service("Elasticsearch", "TEST_ELASTICSEARCH_URL"))
    prefix = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}-{uuid4().hex[:12]}"
    try:
        yield urlunsplit(parts._replace(path=f"/{prefix}"))
    finally:
        client = Elasticsearch(urlunsplit(parts._replace(path="")))
        for name in client.indices.get(index=f"{prefix}.*"):
            client.indices.delete(index=name)


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
def shelf(db: None) -> Iterator[Shelf]:
    for _nothing in restored_kinds():
        yield Shelf()
