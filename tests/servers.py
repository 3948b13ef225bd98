"""Real servers for tests: where they are, and what becomes of a test where they are not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch


def required_service(name: str, variable: str) -> str:
    """The address of a real server: without it a test is left out, and where everything must run it fails."""
    url = os.environ.get(variable, "")
    if not url:
        message = f"{name} is not there: set {variable} (make services-up)"
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(message)
        pytest.skip(message)
    return url


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
