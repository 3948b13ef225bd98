"""What a backup holds: parts with sizes and hashes, written last and in one step."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME = "manifest.json"
VAULT, VAULT_LIST = "vault", "vault.txt"
FORM = 1
CHUNK = 1024 * 1024


class Unsound(Exception):
    """This is no whole backup, or not as it was written; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the backup; `path` from its folder."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AuditHead:
    """Where the trail stood: the number of streams and one hash over all their heads, in order."""

    streams: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    database    the snapshot; `vendor` sqlite or postgresql
    vault_list  a line for each file of the vault: its SHA-256, a space, its size
    migrations  what had been applied: an older program can't read a newer database
    """

    form: int
    made_at: str
    vendor: str
    database: Part
    vault_list: Part
    vault_files: int
    vault_bytes: int
    audit: AuditHead
    migrations: list[str]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Makes the backup valid: whatever happens before or in the middle of this, it has no manifest."""
    part = folder / f"{NAME}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / NAME)
    sync(folder)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises Unsound."""
    try:
        told: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        parts = {name: Part(**told[name]) for name in ("database", "vault_list")}
        manifest = Manifest(**{**told, **parts, "audit": AuditHead(**told["audit"])})
    except FileNotFoundError as fault:
        raise Unsound(f"{folder} holds no finished backup: {NAME} is missing") from fault
    except (ValueError, TypeError, KeyError) as fault:
        raise Unsound(f"{folder / NAME} can't be read") from fault
    if manifest.form != FORM:
        raise Unsound(f"the backup has form {manifest.form}, this program reads {FORM}")
    return manifest


def verify_parts(folder: Path, manifest: Manifest) -> None:
    """Reads every part and every file of the vault. Raises Unsound for the first that isn't as it was written."""
    for part in (manifest.database, manifest.vault_list):
        _demand(folder / part.path, part.size, part.sha256)
    files = size = 0
    for sha256, length in vault_lines(folder):
        _demand(vault_path(folder, sha256), length, sha256)
        files, size = files + 1, size + length
    if (files, size) != (manifest.vault_files, manifest.vault_bytes):
        raise Unsound(f"the list of the vault has {files} files of {size} bytes, the manifest says otherwise")


def vault_lines(folder: Path) -> Iterator[tuple[str, int]]:
    """SHA-256 and size of each file of the vault."""
    with (folder / VAULT_LIST).open(encoding="ascii") as lines:
        for line in lines:
            sha256, _space, size = line.strip().partition(" ")
            yield sha256, int(size)


def vault_path(folder: Path, sha256: str) -> Path:
    return folder / VAULT / sha256[:2] / sha256[2:4] / sha256


def part_of(folder: Path, path: Path) -> Part:
    """A file already on the disk, as the manifest names it."""
    return Part(str(path.relative_to(folder)), path.stat().st_size, hash_of(path))


def hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Has what was written to this file or folder reach the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _demand(path: Path, size: int, sha256: str) -> None:
    if not path.is_file():
        raise Unsound(f"{path} is missing")
    if path.stat().st_size != size:
        raise Unsound(f"{path} has {path.stat().st_size} bytes instead of {size}")
    if hash_of(path) != sha256:
        raise Unsound(f"{path} has other bytes than were written")
