"""Taking a backup: first the database, then the files its rows name, at last the manifest."""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from documents.models import Blob
from documents.vault import BlobMissing, open_blob
from upkeep.backups.databases import FILES, snapshot_into
from upkeep.backups.manifest import (
    CHUNK,
    FORM,
    VAULT,
    VAULT_LIST,
    Manifest,
    Unsound,
    hash_of,
    part_of,
    sync,
    vault_path,
    write_manifest,
)
from upkeep.integrity.findings import chunked


class NotEmpty(Exception):
    """The folder or database to be written to holds something already."""


def take_backup(folder: Path, *, is_linked: bool = False) -> Manifest:
    """Writes a whole, verified backup into an empty or new folder, while people work.

    Bytes are in the vault before the transaction that names them commits: so the snapshot comes first, and every file
    it names is there afterwards. One disposed of meanwhile is not: then this backup fails, and the next one holds.
    `is_linked` links files that lie on the same disk instead of copying them: quick and small, but a broken disk then
    breaks both. Raises NotEmpty, and Unsound when a file isn't what its row says: then there is no manifest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NotEmpty(f"{folder} is not empty")
    snapshot = folder / FILES[connection.vendor]
    began = timezone.now()
    with snapshot_into(snapshot) as audit:
        migrations = applied_migrations()
        files, size = _copy_vault(folder, began, is_linked=is_linked)
    manifest = Manifest(
        form=FORM,
        made_at=timezone.now().isoformat(timespec="seconds"),
        vendor=connection.vendor,
        database=part_of(folder, snapshot),
        vault_list=part_of(folder, folder / VAULT_LIST),
        vault_files=files,
        vault_bytes=size,
        audit=audit,
        migrations=migrations,
    )
    write_manifest(folder, manifest)
    return manifest


def applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _copy_vault(folder: Path, began: datetime, *, is_linked: bool) -> tuple[int, int]:
    """Brings every file over, by its hash; how many and how many bytes."""
    (folder / VAULT).mkdir()
    files = size = 0
    with (folder / VAULT_LIST).open("x", encoding="ascii") as written:
        for blob in _blobs(began):
            _bring(blob, vault_path(folder, blob.sha256), is_linked=is_linked)
            written.write(f"{blob.sha256} {blob.size}\n")
            files, size = files + 1, size + blob.size
        written.flush()
        os.fsync(written.fileno())
    return files, size


def _blobs(began: datetime) -> Iterator[Blob]:
    """All but those let go before the snapshot: one let go since is in it, so without its bytes there is no backup."""
    for blobs in chunked(Blob.objects.all()):
        yield from (blob for blob in blobs if blob.released_at is None or blob.released_at > began)


def _bring(blob: Blob, target: Path, *, is_linked: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    is_there = is_linked and _link(blob.sha256, target)
    found = hash_of(target) if is_there else _copy(blob.sha256, target)
    if found != blob.sha256 or target.stat().st_size != blob.size:
        raise Unsound(f"the vault's file {blob.sha256} is not what its name says")


def _link(sha256: str, target: Path) -> bool:
    try:
        source = storages["vault"].path(f"{sha256[:2]}/{sha256[2:4]}/{sha256}")
        target.hardlink_to(source)
    except (OSError, NotImplementedError):
        # Another disk, or no disk at all.
        return False
    return True


def _copy(sha256: str, target: Path) -> str:
    digest = hashlib.sha256()
    try:
        with open_blob(sha256) as source, target.open("xb") as copy:
            for chunk in source.chunks(CHUNK):
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
    except BlobMissing as fault:
        raise Unsound(f"the vault's file {sha256} is missing") from fault
    sync(target.parent)
    return digest.hexdigest()
