"""`STORAGE_URL`: what can be meant, and that a slip is said at the start."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.storage import vault_storage


def options(url: str, **account: str) -> Any:
    return vault_storage(url, **account)["OPTIONS"]


def test_a_folder_is_kept_whole_and_read_only() -> None:
    entry = vault_storage("file:///srv/kho%20tep")
    assert entry["BACKEND"] == "documents.storage.WholeFileStorage"
    assert entry["OPTIONS"]["location"] == "/srv/kho tep"
    assert entry["OPTIONS"]["file_permissions_mode"] == 0o440


def test_a_server_a_bucket_and_a_prefix() -> None:
    found = options("s3://kho.example:9000/tep/goc?region=vn&style=virtual", key="k", secret="s")
    assert (found["endpoint_url"], found["bucket_name"], found["location"]) == (
        "https://kho.example:9000",
        "tep",
        "goc",
    )
    assert (found["region_name"], found["addressing_style"]) == ("vn", "virtual")
    assert (found["access_key"], found["secret_key"]) == ("k", "s")


def test_without_tls_only_when_it_is_said() -> None:
    assert options("s3://127.0.0.1:9029/tep?tls=off")["endpoint_url"] == "http://127.0.0.1:9029"
    assert options("s3://127.0.0.1:9029/tep")["endpoint_url"] == "https://127.0.0.1:9029"


def test_the_account_of_the_environment_goes_before_that_of_the_address() -> None:
    url = "s3://old:s%2Fe@kho.example/tep"
    assert (options(url)["access_key"], options(url)["secret_key"]) == ("old", "s/e")
    assert options(url, key="new", secret="fresh")["secret_key"] == "fresh"
    assert options(url)["endpoint_url"] == "https://kho.example"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://kho/tep",
        "file://tep",
        "file:///",
        "s3://kho.example",
        "s3:///tep",
        "s3://kho.example/tep?tls=no",
        "s3://kho.example/tep?color=red",
        "s3://kho.example/tep?region=",
        "s3://key@kho.example/tep",
    ],
)
def test_what_cannot_be_meant_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        vault_storage(url)
