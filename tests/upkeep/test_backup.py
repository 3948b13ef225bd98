"""Backups: whole or not there, put back exactly, and refused where they would destroy something."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from audit.models import AuditEvent
from documents.models import Blob
from tests.factories.documents import paper, pdf
from tests.factories.dossiers import received
from tests.factories.office import open_office
from upkeep.backups import manifest as manifests
from upkeep.backups import restoring, taking
from upkeep.backups.manifest import NAME, Unsound, read_manifest, verify_parts
from upkeep.backups.taking import NotEmpty, take_backup

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases_differ]

PATIENCE = 60


@dataclass(frozen=True)
class House:
    """Another machine: a database and a vault of its own, driven by commands."""

    data_dir: Path
    database_url: str

    def run(self, *arguments: str, is_well: bool = True) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=django_settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) == is_well, done.stderr
        return done

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "STORAGE_URL": f"file://{self.data_dir}/vault",
            "SEARCH_URL": f"embedded://{self.data_dir}/index",
        }

    def files(self) -> set[str]:
        return {path.name for path in (self.data_dir / "vault").rglob("*") if path.is_file()}


def _url_of(name: str) -> str:
    settled = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgres://{settled['USER']}@{settled['HOST']}:{settled['PORT']}/{name}"


@pytest.fixture
def here() -> House:
    """The house the test itself works in, as a process of its own would reach it."""
    vault = Path(storages["vault"].path(""))
    return House(vault.parent, _url_of(str(connection.settings_dict["NAME"])))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[House]:
    """An empty machine of the same kind."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if connection.vendor == "sqlite":
        yield House(folder, _url_of(str(folder / "hosodat.sqlite3")))
        return
    name = f"restored_{uuid4().hex[:12]}"
    _administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield House(folder, _url_of(name))
    # Without FORCE, which fails while autovacuum is at work there; the plain one sends it away and waits.
    _administer(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def _administer(statement: sql.Composed) -> None:
    with psycopg.connect(_url_of("postgres"), autocommit=True) as admin:
        admin.execute(statement)


@pytest.fixture
def office() -> None:
    office = open_office("P6-2025.toml")
    received(office, scans=("application",))
    paper(content=pdf(width=333))


@pytest.fixture
def backup(office: None, tmp_path: Path) -> Path:
    folder = tmp_path / "backup"
    take_backup(folder)
    return folder


def file_of(sha256: str) -> Path:
    return Path(storages["vault"].path(f"{sha256[:2]}/{sha256[2:4]}/{sha256}"))


# There and back --------------------------------------------------------------------------------------


def test_what_was_backed_up_stands_again_elsewhere(here: House, elsewhere: House, office: None, tmp_path: Path) -> None:
    told = json.loads(here.run("backup", str(tmp_path / "backup"), "--json").stdout)
    assert told["vault_files"] == Blob.objects.count() == 2
    said = elsewhere.run("restore", str(tmp_path / "backup")).stdout
    assert f"{AuditEvent.objects.count()} events" in said
    assert "rebuild_index" in said
    assert elsewhere.files() == here.files() == set(Blob.objects.values_list("pk", flat=True))
    assert json.loads(elsewhere.run("verify_audit", "--json").stdout)["ok"]
    elsewhere.run("migrate", "--check")
    elsewhere.run("rebuild_index")
    assert json.loads(elsewhere.run("check_integrity", "--deep", "--json").stdout.splitlines()[-1])["ok"]


def test_the_manifest_names_every_part_with_size_hash_and_the_head_of_the_trail(backup: Path) -> None:
    manifest = read_manifest(backup)
    verify_parts(backup, manifest)
    assert manifest.vendor == connection.vendor
    assert manifest.vault_files == 2
    assert manifest.audit.streams == AuditEvent.objects.values("stream").distinct().count()
    parts = {NAME, manifest.database.path, manifest.vault_list.path, "vault"}
    assert {path.name for path in backup.iterdir()} == parts


def test_what_happens_after_the_snapshot_is_not_in_it(
    office: None, elsewhere: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = AuditEvent.objects.count()
    original = taking._copy_vault

    def overtaken(*arguments: Any, **options: Any) -> Any:
        if connection.vendor == "sqlite":
            open_office("P2-2025.toml")
        return original(*arguments, **options)

    monkeypatch.setattr(taking, "_copy_vault", overtaken)
    take_backup(tmp_path / "backup")
    assert f"{before} events" in elsewhere.run("restore", str(tmp_path / "backup")).stdout


def test_linked_files_are_the_vaults_own(office: None, tmp_path: Path) -> None:
    take_backup(tmp_path / "backup", is_linked=True)
    verify_parts(tmp_path / "backup", read_manifest(tmp_path / "backup"))
    for sha256 in Blob.objects.values_list("pk", flat=True):
        assert manifests.vault_path(tmp_path / "backup", sha256).samefile(file_of(sha256))


# Nothing half ----------------------------------------------------------------------------------------


def test_attack_59_a_backup_killed_midway_is_never_valid(
    here: House, elsewhere: House, office: None, tmp_path: Path
) -> None:
    # A file that never ends: the backup stands in the middle of the vault until it is killed.
    last = file_of(max(Blob.objects.values_list("pk", flat=True)))
    last.unlink()
    os.mkfifo(last)
    folder = tmp_path / "backup"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "backup", str(folder)], cwd=django_settings.BASE_DIR, env=here.environment
    )
    try:
        _await(lambda: (folder / "vault").is_dir() and any(path.is_file() for path in (folder / "vault").rglob("*")))
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL
    assert not (folder / NAME).exists()
    with pytest.raises(Unsound, match=NAME):
        read_manifest(folder)
    assert "no finished backup" in elsewhere.run("restore", str(folder), is_well=False).stderr
    assert elsewhere.files() == set()


def _await(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "the backup did not get there"
        time.sleep(0.05)


def test_attack_59_without_its_last_step_there_is_no_manifest(
    office: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("the disk went away")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="disk"):
            take_backup(tmp_path / "backup")
    assert not (tmp_path / "backup" / NAME).exists()


def test_a_vault_that_is_not_as_its_rows_say_makes_no_backup(office: None, tmp_path: Path) -> None:
    one, other = Blob.objects.order_by("pk").values_list("pk", flat=True)
    content = file_of(one).read_bytes()
    file_of(one).chmod(0o600)
    file_of(one).write_bytes(content[:-1] + b"x")
    for number, is_linked in enumerate((False, True)):
        with pytest.raises(Unsound, match=one):
            take_backup(tmp_path / f"backup{number}", is_linked=is_linked)
        assert not (tmp_path / f"backup{number}" / NAME).exists()
    file_of(one).write_bytes(content)
    file_of(other).unlink()
    with pytest.raises(Unsound, match=other):
        take_backup(tmp_path / "backup2")
    with pytest.raises(CommandError, match=other):
        call_command("backup", str(tmp_path / "backup3"))


# Refused ---------------------------------------------------------------------------------------------


def test_a_backup_goes_into_an_empty_folder_only(backup: Path) -> None:
    kept = (backup / NAME).read_bytes()
    with pytest.raises(NotEmpty):
        take_backup(backup)
    assert (backup / NAME).read_bytes() == kept


def _flip(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def _flip_database(folder: Path) -> None:
    _flip(folder / read_manifest(folder).database.path)


def _flip_file(folder: Path) -> None:
    _flip(next(path for path in sorted((folder / "vault").rglob("*")) if path.is_file()))


def _lose_file(folder: Path) -> None:
    next(path for path in sorted((folder / "vault").rglob("*")) if path.is_file()).unlink()


def _shorten_list(folder: Path) -> None:
    path = folder / "vault.txt"
    path.write_text(path.read_text().splitlines(keepends=True)[0])


def _garble_manifest(folder: Path) -> None:
    (folder / NAME).write_text("{}")


def _from_the_future(folder: Path) -> None:
    told = json.loads((folder / NAME).read_text())
    told["migrations"].append("dossiers.9999_not_yet")
    (folder / NAME).write_text(json.dumps(told))


def _another_trail(folder: Path) -> None:
    told = json.loads((folder / NAME).read_text())
    told["audit"]["sha256"] = "0" * 64
    (folder / NAME).write_text(json.dumps(told))


SPOILT = [_flip_database, _flip_file, _lose_file, _shorten_list, _garble_manifest, _from_the_future]


def test_what_is_not_as_it_was_written_is_refused_before_anything_is_touched(
    backup: Path, elsewhere: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[str] = []
    monkeypatch.setattr(restoring, "put_in_place", lambda *arguments: touched.append("database"))
    monkeypatch.setattr(restoring, "put", lambda file: touched.append("vault"))
    for spoil in SPOILT:
        folder = tmp_path / spoil.__name__
        shutil.copytree(backup, folder)
        spoil(folder)
        with pytest.raises(Unsound):
            restoring.restore_backup(folder, is_forced=True)
    assert touched == []


def test_a_trail_that_ends_elsewhere_than_the_manifest_says_is_told(backup: Path, elsewhere: House) -> None:
    _another_trail(backup)
    assert "ends elsewhere" in elsewhere.run("restore", str(backup), is_well=False).stderr


def test_a_house_in_use_is_replaced_by_force_alone(backup: Path, elsewhere: House) -> None:
    elsewhere.run("migrate", "--verbosity=0")
    elsewhere.run("load_calendar")
    assert "not empty" in elsewhere.run("restore", str(backup), is_well=False).stderr
    assert json.loads(elsewhere.run("verify_audit", "--json").stdout)["events"] == 1
    elsewhere.run("restore", str(backup), "--force")
    assert json.loads(elsewhere.run("verify_audit", "--json").stdout)["events"] == AuditEvent.objects.count()


def test_a_vault_in_use_is_added_to_by_force_alone(backup: Path, elsewhere: House) -> None:
    kept = elsewhere.data_dir / "vault" / "ab" / "cd" / ("abcd" + "0" * 60)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"of before")
    assert "vault in use is not empty" in elsewhere.run("restore", str(backup), is_well=False).stderr
    elsewhere.run("restore", str(backup), "--force")
    assert kept.read_bytes() == b"of before"
