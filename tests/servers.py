"""Real servers for tests: where they are, and what becomes of a test where they are not."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse

import boto3
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


def redis_url() -> str:
    """A database of Redis that no other test run at the same time uses: it may be flushed."""
    parts = urlsplit(required_service("Redis", "TEST_REDIS_URL"))
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15 + 1
    return urlunsplit(parts._replace(path=f"/{number}"))


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


# The account of the server on loopback that services/s3 starts; it guards nothing.
S3_ACCOUNT = "test"


@contextmanager
def s3_storage() -> Iterator[dict[str, Any]]:
    """The options of a storage in a bucket nobody else uses; afterwards the bucket is gone."""
    address = required_service("The S3 server", "TEST_S3_URL")
    resource = boto3.resource(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=S3_ACCOUNT,
        aws_secret_access_key=S3_ACCOUNT,
    )
    bucket = resource.create_bucket(Bucket=f"test-{uuid4().hex[:20]}")
    try:
        yield {
            "endpoint_url": address,
            "bucket_name": bucket.name,
            "access_key": S3_ACCOUNT,
            "secret_key": S3_ACCOUNT,
            "region_name": "us-east-1",
        }
    finally:
        for found in bucket.objects.all():
            found.delete()
        bucket.delete()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Says nothing."""


Reply = tuple[int, list[tuple[str, str]], bytes]


@contextmanager
def answering(reply: Callable[[dict[str, Any]], Reply]) -> Iterator[str]:
    """A server on loopback that answers what it is told to: status, headers, body."""

    def answer(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, headers, body = reply(environ)
        start_response(f"{status} Trouble", headers)
        return [body]

    with make_server("127.0.0.1", 0, answer, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def nobody() -> Iterator[str]:
    """An address where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{free.getsockname()[1]}"


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes the call and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
