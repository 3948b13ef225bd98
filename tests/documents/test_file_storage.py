"""What only the vault on a local disk has: permissions, parts, a disk that fails."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from documents.storage import WholeFileStorage
from documents.vault import put
from tests.documents.shelter import FileShelter

CONTENT = "Giấy chứng nhận quyền sử dụng đất".encode()


@pytest.fixture
def guarded(settings: Any, own_vault: Path) -> FileShelter:
    options = {"location": str(own_vault), "file_permissions_mode": 0o440}
    settings.STORAGES = {**settings.STORAGES, "vault": {**settings.STORAGES["vault"], "OPTIONS": options}}
    return FileShelter(own_vault)


def test_a_stored_file_can_not_be_written_to(guarded: FileShelter, own_vault: Path) -> None:
    put(ContentFile(CONTENT))
    [name] = guarded.names()
    assert (own_vault / name).stat().st_mode & 0o777 == 0o440


@pytest.mark.parametrize("step", ["fsync", "fchmod"])
def test_attack_61_a_disk_that_fails_never_says_saved(
    guarded: FileShelter, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="Input/output"):
        put(ContentFile(CONTENT))
    assert guarded.names() == []


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
    assert len(FileShelter(own_vault).names()) == 2
