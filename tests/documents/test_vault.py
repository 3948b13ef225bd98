"""The vault keeps original bytes, each once, whole or not at all: the contract of both storages."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction

from documents.models import Blob
from documents.vault import (
    BlobMissing,
    digest_of,
    local_path,
    open_blob,
    put,
    register_blob,
    stored_hashes,
    verify_blob,
)
from tests.documents.shelter import Shelter

CONTENT = "Giấy chứng nhận quyền sử dụng đất".encode()
LONG = os.urandom(3 * 1024 * 1024 + 17)


class BreaksOff(ContentFile[bytes]):
    """A file that can be read once; the second time it breaks off half-way."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._left = len(content) * 3 // 2

    def chunks(self, chunk_size: int | None = None) -> Any:
        for chunk in super().chunks(64 * 1024):
            self._spend(len(chunk))
            yield chunk

    def read(self, size: int | None = -1) -> bytes:
        chunk: bytes = self.file.read(size if size is not None and size >= 0 else 64 * 1024)
        self._spend(len(chunk))
        return chunk

    def _spend(self, length: int) -> None:
        self._left -= length
        if self._left < 0:
            raise OSError(5, "the wire was cut")


def test_bytes_come_back_as_they_were_put(shelter: Shelter) -> None:
    sha256 = put(ContentFile(CONTENT))
    with open_blob(sha256) as file:
        assert file.read() == CONTENT
    assert sha256 == digest_of(ContentFile(CONTENT))


def test_a_long_file_comes_back_from_any_place(shelter: Shelter) -> None:
    with open_blob(put(ContentFile(LONG))) as file:
        assert file.size == len(LONG)
        for start in (2_000_000, 5, len(LONG) - 3, 0):
            file.seek(start)
            assert file.read(9) == LONG[start : start + 9]
        file.seek(0)
        assert b"".join(file.chunks(100_000)) == LONG


def test_equal_bytes_are_stored_once(shelter: Shelter) -> None:
    assert put(ContentFile(CONTENT)) == put(ContentFile(CONTENT))
    assert len(shelter.names()) == 1


def test_what_is_stored_is_never_written_again(shelter: Shelter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even by a storage asked directly, and by one that doesn't see that the name is taken."""
    sha256 = put(ContentFile(CONTENT))
    storage, name = storages["vault"], f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
    assert storage.save(name, ContentFile(b"other bytes")) == name
    with open_blob(sha256) as file:
        assert file.read() == CONTENT


def test_the_vault_knows_what_it_holds(shelter: Shelter) -> None:
    assert list(stored_hashes()) == []
    digests = [put(ContentFile(content)) for content in (CONTENT, LONG, b"x")]
    assert sorted(stored_hashes()) == sorted(digests)


def test_attack_55_an_upload_that_breaks_off_leaves_nothing_that_counts(shelter: Shelter) -> None:
    with pytest.raises(OSError, match="the wire was cut"):
        put(BreaksOff(LONG))
    assert shelter.names() == []
    put(ContentFile(LONG))
    assert len(shelter.names()) == 1


def test_attack_71_a_missing_blob_is_named(shelter: Shelter) -> None:
    sha256 = put(ContentFile(CONTENT))
    shelter.lose()
    assert not verify_blob(sha256)
    with pytest.raises(BlobMissing, match=sha256):
        open_blob(sha256)


def test_attack_71_a_flipped_bit_is_found(shelter: Shelter) -> None:
    sha256 = put(ContentFile(CONTENT))
    assert verify_blob(sha256)
    shelter.damage()
    assert not verify_blob(sha256)


def test_a_lost_blob_comes_back_with_the_same_bytes(shelter: Shelter) -> None:
    sha256 = put(ContentFile(CONTENT))
    shelter.lose()
    assert put(ContentFile(CONTENT)) == sha256
    assert verify_blob(sha256)


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_attack_20_the_same_bytes_at_once_make_one_blob(shelter: Shelter) -> None:
    start = threading.Barrier(8)
    faults: list[BaseException] = []

    def bring() -> None:
        try:
            start.wait()
            sha256 = put(ContentFile(LONG))
            with transaction.atomic():
                register_blob(sha256=sha256, size=len(LONG), media_type="application/pdf")
        except BaseException as fault:  # noqa: BLE001 whatever went wrong in the thread fails the test
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Blob.objects.count() == 1
    assert len(shelter.names()) == 1
    assert verify_blob(Blob.objects.get().sha256)


def test_a_reader_gets_a_path_on_this_machine(shelter: Shelter, tmp_path: Path) -> None:
    with local_path(put(ContentFile(CONTENT))) as path:
        assert path.read_bytes() == CONTENT
    assert not list((tmp_path / "incoming").iterdir())
