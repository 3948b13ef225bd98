"""The vault keeps original bytes, each once, whole or not at all."""

import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction

from documents.models import Blob
from documents.storage import WholeFileStorage
from documents.vault import BlobMissing, digest_of, local_path, open_blob, put, register_blob, verify_blob

CONTENT = "Giấy chứng nhận quyền sử dụng đất".encode()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_bytes_come_back_as_they_were_put() -> None:
    sha256 = put(ContentFile(CONTENT))
    with open_blob(sha256) as file:
        assert file.read() == CONTENT
    assert sha256 == digest_of(ContentFile(CONTENT))


def test_equal_bytes_are_stored_once(own_vault: Path) -> None:
    assert put(ContentFile(CONTENT)) == put(ContentFile(CONTENT))
    assert len(files_in(own_vault)) == 1


def test_a_stored_file_can_not_be_written_to(settings: Any, own_vault: Path) -> None:
    options = {"location": str(own_vault), "file_permissions_mode": 0o440}
    settings.STORAGES = {**settings.STORAGES, "vault": {**settings.STORAGES["vault"], "OPTIONS": options}}
    put(ContentFile(CONTENT))
    assert files_in(own_vault)[0].stat().st_mode & 0o777 == 0o440


@pytest.mark.parametrize("step", ["fsync", "fchmod"])
def test_attack_61_a_disk_that_fails_never_says_saved(
    own_vault: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, step: str
) -> None:
    options = {"location": str(own_vault), "file_permissions_mode": 0o440}
    settings.STORAGES = {**settings.STORAGES, "vault": {**settings.STORAGES["vault"], "OPTIONS": options}}

    def fail(*_: Any) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="Input/output"):
        put(ContentFile(CONTENT))
    assert files_in(own_vault) == []


def test_attack_71_a_missing_blob_is_named(own_vault: Path) -> None:
    sha256 = put(ContentFile(CONTENT))
    files_in(own_vault)[0].unlink()
    assert not verify_blob(sha256)
    with pytest.raises(BlobMissing, match=sha256):
        open_blob(sha256)


def test_attack_71_a_flipped_bit_is_found(own_vault: Path) -> None:
    sha256 = put(ContentFile(CONTENT))
    assert verify_blob(sha256)
    path = files_in(own_vault)[0]
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    assert not verify_blob(sha256)


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_attack_20_the_same_bytes_at_once_make_one_blob(own_vault: Path) -> None:
    start = threading.Barrier(8)
    faults: list[BaseException] = []

    def bring() -> None:
        try:
            start.wait()
            sha256 = put(ContentFile(CONTENT))
            with transaction.atomic():
                register_blob(sha256=sha256, size=len(CONTENT), media_type="application/pdf")
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
    assert len(files_in(own_vault)) == 1
    assert verify_blob(Blob.objects.get().sha256)


def test_a_reader_gets_a_path_on_this_machine() -> None:
    with local_path(put(ContentFile(CONTENT))) as path:
        assert path.read_bytes() == CONTENT


def test_a_storage_elsewhere_is_copied_for_the_reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sha256 = put(ContentFile(CONTENT))
    monkeypatch.setattr("documents.vault._path_of", lambda _sha256: None)
    with local_path(sha256) as path:
        assert path.read_bytes() == CONTENT
        assert path.parent == tmp_path / "incoming"
    assert not path.exists()


def test_parts_left_behind_are_swept_once_they_are_old(own_vault: Path) -> None:
    vault = storages["vault"]
    assert isinstance(vault, WholeFileStorage)
    put(ContentFile(CONTENT))
    parts = own_vault / "parts"
    old, fresh = parts / "old", parts / "fresh"
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(old, (1_000_000, 1_000_000))
    assert vault.drop_parts(older_than=timedelta(days=1)) == 1
    assert not old.exists()
    assert fresh.exists()
    assert len(files_in(own_vault)) == 2
