"""Attacks 60 and 61: a full or read-only storage is said (507), nothing counts as saved, and reading goes on."""

import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse

from accounts.acting import unit_token
from accounts.models import Unit
from audit.models import AuditEvent
from documents.models import Blob, Document, DocumentVersion
from documents.storage import WholeFileStorage
from tests.documents.shelter import FileShelter
from tests.factories.accounts import UnitFactory, officer_at
from tests.factories.documents import paper, pdf
from tests.servers import Reply, answering

pytestmark = pytest.mark.django_db
ROOM = 64 * 1024
MOUNT, UNMOUNT = shutil.which("mount") or "mount", shutil.which("umount") or "umount"


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def document(unit: Unit, small_disk: Callable[[], None]) -> Document:
    return paper(unit=unit, tokens=[unit_token(unit.pk)])


@pytest.fixture
def clerk(client: Client, unit: Unit) -> Client:
    client.force_login(officer_at(unit))
    client.raise_request_exception = False
    return client


@pytest.fixture
def small_disk(own_vault: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """The vault lies on a disk of its own; called, it fills the disk to the last byte.

    Where this user may not mount one, the storage's own writing meets the same error from the system.
    """
    own_vault.mkdir()
    mounted = subprocess.run(
        [MOUNT, "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(own_vault)], check=False, capture_output=True
    )
    if mounted.returncode:

        def refuse(self: WholeFileStorage, part: Path, content: Any) -> None:
            part.touch()
            raise OSError(28, os.strerror(28))

        yield lambda: monkeypatch.setattr(WholeFileStorage, "_write", refuse)
        return
    try:
        yield lambda: fill(own_vault)
    finally:
        subprocess.run([UNMOUNT, str(own_vault)], check=True)


def fill(disk: Path) -> None:
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while ballast.write(b"x" * 512):
                pass
        except OSError as fault:
            assert fault.errno == 28


def bring(clerk: Client, document: Document, content: bytes) -> Any:
    address = reverse("document_version_added", args=[document.pk])
    return clerk.post(address, {"file": SimpleUploadedFile("quet.pdf", content)})


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Blob, DocumentVersion, AuditEvent))


def test_attack_60_a_full_disk_answers_507_saves_nothing_and_is_read_on(
    clerk: Client, document: Document, small_disk: Callable[[], None], own_vault: Path, tmp_path: Path
) -> None:
    small_disk()
    before, names = counts(), FileShelter(own_vault).names()
    answer = bring(clerk, document, pdf(width=700))
    assert answer.status_code == 507
    assert counts() == before
    assert FileShelter(own_vault).names() == names
    assert not list((tmp_path / "incoming").iterdir())
    assert clerk.get(reverse("document", args=[document.pk])).status_code == 200
    assert clerk.get(reverse("document_original", args=[document.pk])).getvalue() == pdf()


def test_attack_60_a_part_that_did_not_fit_is_taken_away(
    clerk: Client, document: Document, small_disk: Callable[[], None], own_vault: Path
) -> None:
    """The disk has room for the beginning of the file and not for the rest."""
    before, names = counts(), FileShelter(own_vault).names()
    if not os.path.ismount(own_vault):
        small_disk()
    answer = bring(clerk, document, pdf(width=700) + b"\n%" + os.urandom(2 * ROOM).replace(b"/", b"") + b"\n%%EOF")
    assert answer.status_code == 507
    assert (counts(), FileShelter(own_vault).names()) == (before, names)
    if os.path.ismount(own_vault):
        assert bring(clerk, document, pdf(width=700)).status_code == 302


def test_attack_61_a_read_only_disk_answers_507_and_is_read_on(
    clerk: Client, document: Document, own_vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted = subprocess.run([MOUNT, "-o", "remount,ro", str(own_vault)], check=False, capture_output=True)
    if mounted.returncode:

        def refuse(*_: Any) -> None:
            raise OSError(30, os.strerror(30))

        monkeypatch.setattr(WholeFileStorage, "_save", refuse)
    before = counts()
    assert bring(clerk, document, pdf(width=700)).status_code == 507
    assert counts() == before
    assert clerk.get(reverse("document_original", args=[document.pk])).getvalue() == pdf()


def test_attack_60_a_full_s3_server_answers_507(clerk: Client, document: Document, settings: Any) -> None:
    def reply(environ: dict[str, Any]) -> Reply:
        if environ["REQUEST_METHOD"] == "HEAD":
            return 404, [], b""
        return 507, [], b"<Error><Code>XMinioStorageFull</Code></Error>"

    before = counts()
    with answering(reply) as address:
        options = {"endpoint_url": address, "bucket_name": "kho", "access_key": "test", "secret_key": "test"}
        entry = {
            "BACKEND": "documents.object_storage.ObjectStorage",
            "OPTIONS": {**options, "region_name": "us-east-1"},
        }
        settings.STORAGES = {**settings.STORAGES, "vault": entry}
        assert bring(clerk, document, pdf(width=700)).status_code == 507
    assert counts() == before


def test_attack_60_no_room_for_what_comes_in_answers_507(
    clerk: Client, document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """/dev/full stands for the disk uploads wait on: the system itself says that it is full.

    By a link to it, because what did not fit is taken away by its name.
    """
    full = tmp_path / "full"
    full.symlink_to("/dev/full")

    def on_a_full_disk(*_args: object, **_kwargs: object) -> Any:
        return full.open("wb", buffering=0)

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", on_a_full_disk)
    before = counts()
    answer = bring(clerk, document, pdf(width=700))
    assert answer.status_code == 507
    assert counts() == before


def test_attack_60_what_did_not_fit_leaves_the_disk_uploads_wait_on_at_once(
    clerk: Client, document: Document, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when the garbage collector comes: until then nothing else would fit."""

    def full(self: TemporaryFileUploadHandler, raw_data: bytes, start: int) -> None:
        self.file.write(b"what fitted")
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    gc.disable()
    try:
        assert bring(clerk, document, pdf(width=700)).status_code == 507
        assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []
    finally:
        gc.enable()


def test_attack_60_a_full_disk_beside_the_vault_still_shows_pages(
    clerk: Client, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    answer = clerk.get(reverse("document_page_picture", args=[document.pk, 1, 160]))
    assert answer.status_code == 200
    assert answer.getvalue().startswith(b"\xff\xd8\xff")
