"""What only a vault on an S3 server has: faults of the server and of the way to it, conditions, cut connections."""

import errno
import socket
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from documents.object_storage import ObjectStorage
from documents.vault import BlobMissing, open_blob, put, verify_blob
from tests.documents.shelter import ObjectShelter
from tests.servers import Reply, answering, nobody, silent

CONTENT = "Giấy chứng nhận quyền sử dụng đất".encode()


@pytest.fixture(autouse=True)
def one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trouble that lasts is as good after the first try."""
    monkeypatch.setattr("documents.object_storage._TRIES", 1)


def at(address: str, **options: Any) -> ObjectStorage:
    account = {"access_key": "test", "secret_key": "test", "region_name": "us-east-1"}
    return ObjectStorage(endpoint_url=address, bucket_name="kho", **account, **options)


def refusing(status: int, code: str) -> AbstractContextManager[str]:
    body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()

    def reply(environ: dict[str, Any]) -> Reply:
        if environ["REQUEST_METHOD"] == "HEAD":
            return 404, [], b""
        return status, [("Content-Type", "application/xml")], body

    return answering(reply)


@pytest.mark.parametrize(
    ("status", "code", "number"),
    [
        (507, "XMinioStorageFull", errno.ENOSPC),
        (403, "QuotaExceeded", errno.ENOSPC),
        (403, "AccessDenied", errno.EACCES),
        (405, "MethodNotAllowed", errno.EACCES),
        (404, "NoSuchBucket", errno.EIO),
        (500, "InternalError", errno.EIO),
    ],
)
def test_attack_60_and_61_what_the_server_refuses_was_not_saved(status: int, code: str, number: int) -> None:
    with refusing(status, code) as address, pytest.raises(OSError, match=code) as caught:
        at(address).save("a" * 64, ContentFile(CONTENT))
    assert caught.value.errno == number


def test_attack_61_a_storage_that_is_down_was_not_written_to() -> None:
    with nobody() as address, pytest.raises(OSError, match="Could not connect") as caught:
        at(address).save("a" * 64, ContentFile(CONTENT))
    assert caught.value.errno == errno.EIO


def test_a_storage_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.object_storage._ANSWER_SECONDS", 0.2)
    with silent() as address, pytest.raises(OSError, match=r"(?i)timeout"):
        at(address).exists("a" * 64)


def test_a_wrong_bucket_is_no_missing_file() -> None:
    with refusing(404, "NoSuchBucket") as address, pytest.raises(OSError, match="NoSuchBucket") as caught:
        at(address).open("a" * 64)
    assert not isinstance(caught.value, FileNotFoundError)


def test_a_server_without_conditions_is_written_to_all_the_same() -> None:
    seen: list[str] = []

    def reply(environ: dict[str, Any]) -> Reply:
        seen.append(environ.get("HTTP_IF_NONE_MATCH", ""))
        if seen[-1]:
            return 501, [], b"<Error><Code>NotImplemented</Code></Error>"
        return 200, [("ETag", '"x"')], b""

    with answering(reply) as address:
        storage = at(address)
        storage.save("a" * 64, ContentFile(CONTENT))
        storage.save("b" * 64, ContentFile(CONTENT))
    assert seen == ["*", "", ""]


@pytest.mark.storages_differ
def test_attack_20_who_did_not_see_the_name_taken_writes_nothing(
    object_vault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = put(ContentFile(CONTENT))
    seen = iter([False, True])
    monkeypatch.setattr(ObjectStorage, "exists", lambda self, name: next(seen))
    assert put(ContentFile(CONTENT)) == digest
    assert len(ObjectShelter(object_vault).names()) == 1


@pytest.mark.storages_differ
def test_attack_55_a_connection_cut_in_the_middle_leaves_nothing_that_counts(object_vault: dict[str, Any]) -> None:
    storage = at(object_vault["endpoint_url"])
    # A bucket of its own that stays: this server can list none in which an upload was cut.
    storage.bucket_name = f"test-cut-{uuid4().hex[:20]}"
    client = storage.connection.meta.client
    client.create_bucket(Bucket=storage.bucket_name)
    name = sha256(CONTENT).hexdigest()
    address = urlsplit(client.generate_presigned_url("put_object", {"Bucket": storage.bucket_name, "Key": name}))
    with socket.create_connection((address.hostname or "", address.port or 80)) as wire:
        head = f"PUT {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 9000\r\n\r\n"
        wire.sendall(head.encode() + bytes(4000))
    assert not storage.exists(name)
    storage.save(name, ContentFile(CONTENT))
    with storage.open(name) as file:
        assert file.read() == CONTENT


@pytest.mark.storages_differ
def test_a_long_file_is_read_as_it_comes(object_vault: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(9 * 1024 * 1024)
    with open_blob(put(ContentFile(content))) as file:
        reader: Any = file.file
        assert len(file.read(10)) == 10
        assert reader.raw.tell() <= 1024 * 1024


@pytest.mark.storages_differ
def test_a_storage_that_breaks_off_while_it_is_read_is_no_shorter_file(
    object_vault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_blob(put(ContentFile(bytes(3 * 1024 * 1024)))) as file:
        file.read(10)
        raw: Any = file.file
        raw.raw._body = type("Cut", (), {"read": lambda self, size: b"", "close": lambda self: None})()
        with pytest.raises(OSError, match="broke off"):
            file.read()


def test_a_storage_that_is_down_is_no_missing_blob(settings: Any) -> None:
    with nobody() as address:
        options = {
            "endpoint_url": address,
            "bucket_name": "kho",
            "access_key": "test",
            "secret_key": "test",
            "region_name": "us-east-1",
        }
        entry = {"BACKEND": "documents.object_storage.ObjectStorage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "vault": entry}
        with pytest.raises(OSError, match="Could not connect") as caught:
            open_blob("a" * 64)
        assert not isinstance(caught.value, BlobMissing)
        with pytest.raises(OSError, match="Could not connect"):
            verify_blob("a" * 64)
