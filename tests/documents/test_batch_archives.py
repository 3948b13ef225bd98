"""ZIP archives brought into a batch: unpacked by the worker file by file, once, and past what is damaged."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.acting import Acting
from documents.batch_models import Batch, BatchArchive, BatchItem, Fate
from documents.models import Blob, Document
from documents.operations.batches.bring import Bringer, keep_file, note_refusal
from documents.operations.batches.pace import pause_batch, resume_batch
from documents.operations.batches.unpack import bring_archive
from documents.states import CopyState
from documents.vault import digest_of
from jobs.models import OutboxRow
from jobs.worker import drain
from pages.domain_errors import Invalid
from tests.documents.shelter import FileShelter
from tests.documents.test_batches import read_by, states, verbs
from tests.factories.batches import importer, opened, settled, zipped
from tests.factories.documents import pdf
from tests.factories.readings import outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def acting() -> Acting:
    return importer()


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files the reader was given, by their SHA-256; it finds a page in each."""
    return read_by(monkeypatch, lambda path: outcome("Sổ mục kê"))


def bring_zip(batch: Batch, acting: Acting, content: bytes, name: str = "ke-12.zip") -> BatchArchive:
    return bring_archive(batch_id=batch.pk, file=ContentFile(content), name=name, acting=acting)


def test_an_archive_is_unpacked_by_the_worker_file_by_file(acting: Acting, order: list[str]) -> None:
    batch = opened(acting)
    bring_zip(batch, acting, zipped({"2009/a.pdf": pdf(width=601), "2009/b.pdf": pdf(width=602), "x.exe": b"MZ"}))
    drain()
    settled()
    assert states(batch) == ["read", "read"]
    assert list(BatchItem.objects.filter(fate=Fate.REFUSED).values_list("name", flat=True)) == ["x.exe"]
    archive = BatchArchive.objects.get()
    assert (archive.state, archive.entries, archive.entries_done) == (CopyState.MADE, 3, 3)
    assert verbs(batch)[-1] == "batch.finished"


def test_attack_04_a_hostile_archive_leaves_nothing(acting: Acting, own_vault: Path, tmp_path: Path) -> None:
    batch = opened(acting)
    with pytest.raises(Invalid):
        bring_zip(batch, acting, zipped({"a.pdf": pdf(), "../../b.pdf": pdf()}))
    assert (FileShelter(own_vault).names(), Blob.objects.count(), BatchArchive.objects.count()) == ([], 0, 0)
    assert not OutboxRow.objects.exists()
    assert not list((tmp_path / "incoming").iterdir())


def test_attack_86_the_same_archive_twice_is_unpacked_once(acting: Acting, order: list[str]) -> None:
    batch, content = opened(acting), zipped({"a.pdf": pdf(width=601)})
    first = bring_zip(batch, acting, content)
    drain()
    assert bring_zip(batch, acting, content, "ten-khac.zip").pk == first.pk
    assert not OutboxRow.objects.filter(topic="unpack").exists()
    assert verbs(batch).count("batch.archive_brought") == 1


def test_attack_57_unpacking_that_was_cut_off_goes_on_and_brings_each_file_once(
    acting: Acting, monkeypatch: pytest.MonkeyPatch, order: list[str]
) -> None:
    batch = opened(acting)
    bring_zip(batch, acting, zipped({f"{number}.pdf": pdf(width=600 + number) for number in range(4)}))
    from_store = "documents.operations.batches.unpack.keep_file"
    kept: list[str] = []

    def dies(**given: Any) -> Any:
        if len(kept) == 2:
            raise OSError("the disk is away")
        kept.append(given["name"])
        return real(**given)

    real = keep_file
    monkeypatch.setattr(from_store, dies)
    drain(["unpack"])
    assert BatchArchive.objects.get().entries_done == 2
    monkeypatch.setattr(from_store, real)
    OutboxRow.objects.update(available_at=timezone.now())
    drain()
    assert states(batch) == ["read"] * 4
    assert Document.objects.count() == 4


def test_a_damaged_entry_is_named_and_the_others_come(acting: Acting, order: list[str]) -> None:
    batch = opened(acting)
    content = bytearray(zipped({"a.pdf": pdf(width=601), "b.pdf": pdf(width=602)}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("a.pdf").header_offset + 30 + len("a.pdf")
    content[at : at + 20] = bytes(20)
    bring_zip(batch, acting, bytes(content))
    drain()
    assert states(batch) == ["read"]
    assert [item.name for item in BatchItem.objects.filter(fate=Fate.REFUSED)] == ["a.pdf"]


def test_a_damaged_or_oddly_packed_entry_of_another_method_holds_up_no_other(acting: Acting, order: list[str]) -> None:
    batch, buffer = opened(acting), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for number, method in enumerate((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED)):
            packed.writestr(zipfile.ZipInfo(f"{number}.pdf"), pdf(width=600 + number), compress_type=method)
    content = bytearray(buffer.getvalue())
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in ("0.pdf", "1.pdf"):
            at = packed.getinfo(name).header_offset + 30 + len(name)
            content[at + 4 : at + 40] = bytes(36)
    bring_zip(batch, acting, bytes(content))
    drain()
    archive = BatchArchive.objects.get()
    assert (archive.state, archive.entries_done, states(batch)) == (CopyState.MADE, 3, ["read"])
    left_out = BatchItem.objects.filter(fate=Fate.REFUSED).order_by("pk")
    assert [item.name for item in left_out] == ["0.pdf", "1.pdf"]


def test_an_archive_that_is_taken_after_all_is_no_longer_named_as_refused(acting: Acting) -> None:
    batch, content = opened(acting), zipped({"a.pdf": pdf(width=601)})
    bringer = Bringer(acting.actor, acting.officer_id, acting)
    key = digest_of(ContentFile(content))
    note_refusal(batch=batch, key=key, name="ke-12.zip", reason="Quá lớn", bringer=bringer)
    bring_zip(batch, acting, content)
    assert not BatchItem.objects.filter(fate=Fate.REFUSED).exists()


def test_a_paused_archive_is_unpacked_further_when_the_batch_goes_on(acting: Acting, order: list[str]) -> None:
    batch = opened(acting)
    bring_zip(batch, acting, zipped({"a.pdf": pdf(width=601)}))
    pause_batch(batch_id=batch.pk, acting=acting)
    drain()
    assert not BatchItem.objects.exists()
    resume_batch(batch_id=batch.pk, acting=acting)
    drain()
    assert states(batch) == ["read"]
