"""Putting a backup back: verified before anything is touched, and again when it stands."""

from pathlib import Path

from django.core.files.base import File
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from audit.verifier import Verdict, verify
from documents.vault import put, stored_hashes
from upkeep.backups.databases import audit_head, is_empty, put_in_place
from upkeep.backups.manifest import Manifest, Unsound, read_manifest, vault_lines, vault_path, verify_parts
from upkeep.backups.taking import NotEmpty


def restore_backup(folder: Path, *, is_forced: bool = False) -> tuple[Manifest, Verdict]:
    """Makes the backup the database and vault in use; nothing else may work on them meanwhile.

    `is_forced` replaces what is there: the old database is gone, files of the old vault stay beside the backup's.
    Raises Unsound and NotEmpty before anything is touched; Unsound also when what stands afterwards isn't the trail
    of the backup.
    """
    manifest = read_manifest(folder)
    _demand_known(manifest)
    if not is_forced:
        _demand_empty()
    verify_parts(folder, manifest)
    _put_vault(folder)
    put_in_place(folder / manifest.database.path, manifest.vendor)
    verdict = verify()
    if not verdict.is_ok:
        raise Unsound(f"the trail of the restored database does not verify: {verdict.first_bad}")
    if audit_head() != manifest.audit:
        raise Unsound("the trail of the restored database ends elsewhere than the manifest says")
    return manifest, verdict


def _demand_known(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = sorted(set(manifest.migrations) - known)
    if newer:
        raise Unsound(f"the backup comes from a newer program: it knows {newer[0]}")
    if manifest.vendor != connection.vendor:
        raise Unsound(f"the backup is of {manifest.vendor}, the database in use is {connection.vendor}")


def _demand_empty() -> None:
    if not is_empty():
        raise NotEmpty("the database in use is not empty; --force replaces it")
    if next(stored_hashes(), None) is not None:
        raise NotEmpty("the vault in use is not empty; --force adds the files of the backup")


def _put_vault(folder: Path) -> None:
    for sha256, _size in vault_lines(folder):
        with vault_path(folder, sha256).open("rb") as file:
            if put(File(file)) != sha256:
                raise Unsound(f"the file {sha256} changed while it was restored")
