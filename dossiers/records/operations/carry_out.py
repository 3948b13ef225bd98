"""What the machine does with a list: checks its files, packs an approved transfer, ends what was approved to end."""

from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from audit.recording import SYSTEM, record
from documents.models import Blob
from documents.operations.release import drop_later, release_files
from documents.vault import put, register_blob
from dossiers.records.checking import verdict_on
from dossiers.records.package import write_package
from dossiers.records_models import RecordsLine, RecordsList
from dossiers.records_states import FileState, ListKind, ListState
from dossiers.selectors import document_ids_of

_ZIP = "application/zip"


def check_list(*, list_id: int) -> None:
    """Verifies every file of a proposed list, once, and writes down what is wrong with which.

    Of what is to end only its time counts, not whether it is whole.
    """
    found = RecordsList.objects.get(pk=list_id)
    if found.state != ListState.PROPOSED or found.checked_at is not None:
        return
    if found.kind == ListKind.TRANSFER:
        for line in found.lines.select_related("file__dossier").order_by("position"):
            verdict = verdict_on(line.file.dossier)
            RecordsLine.objects.filter(pk=line.pk).update(faults=verdict.faults, notes=verdict.notes)
    RecordsList.objects.filter(pk=list_id, state=ListState.PROPOSED).update(checked_at=timezone.now())


def pack_list(*, list_id: int) -> None:
    """Builds the package of an approved transfer and puts it into the vault; its files are transferred then.

    Twice does nothing. Raises BlobMissing when a file isn't what it was when it was checked: nothing is transferred.
    """
    found = RecordsList.objects.select_related("unit").get(pk=list_id)
    if found.state != ListState.APPROVED or found.kind != ListKind.TRANSFER:
        return
    with TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as written:
        write_package(found, written)
        size = written.tell()
        written.seek(0)
        sha256 = put(File(written, name="package.zip"))
    with transaction.atomic():
        locked = RecordsList.objects.select_for_update(of=("self",)).get(pk=list_id)
        if locked.state != ListState.APPROVED:
            return
        register_blob(sha256=sha256, size=size, media_type=_ZIP)
        locked.package = Blob.objects.get(pk=sha256)
        locked.finish(timezone.now())
        locked.save()
        for line in locked.lines.select_related("file"):
            line.file.transfer()
            line.file.save(update_fields=["state"])
        payload = {"year": locked.year, "files": locked.lines.count(), "sha256": sha256, "size": size}
        record(locked.stream, "records.transferred", actor=SYSTEM, payload=payload)


@transaction.atomic
def end_list(*, list_id: int) -> None:
    """Ends the files of an approved disposal list: papers shut for good, bytes let go that nothing else holds.

    Each file's time is held against the day once more: one that must be kept stays. The rows of dossiers and papers,
    their numbers and their trail stay. Packages with anything of them in are let go too. Twice does nothing more.
    """
    found = RecordsList.objects.select_for_update(of=("self",)).get(pk=list_id)
    if found.state != ListState.APPROVED or found.kind != ListKind.DISPOSAL:
        return
    today, ended = timezone.localdate(), []
    for line in found.lines.select_related("file__dossier").order_by("position"):
        file = line.file
        if not file.may_end(today):
            (file.transfer if line.was == FileState.TRANSFERRED else file.take_back)()
            file.save(update_fields=["state"])
            continue
        release_files(document_ids_of(file.dossier_id))
        file.dispose()
        file.save(update_fields=["state"])
        payload = {"list": found.pk, "kept_as": file.retention_id or "", "keep_until": file.keep_until}
        record(f"dossier:{file.dossier_id}", "dossier.disposed", actor=SYSTEM, payload=payload)
        ended.append(file.dossier_id)
    _let_packages_go(ended)
    found.finish(timezone.now())
    found.save()
    told = {"files": len(ended), "year": found.year, "dossiers": ended}
    record(found.stream, "records.disposed", actor=SYSTEM, payload=told)


def _let_packages_go(dossier_ids: list[int]) -> None:
    """A package holds copies of its files: it goes with the first of them."""
    packed = RecordsList.objects.filter(lines__file__dossier__in=dossier_ids, package__isnull=False)
    hashes = dict(packed.values_list("pk", "package_id"))
    RecordsList.objects.filter(pk__in=hashes).update(package=None)
    drop_later(str(sha256) for sha256 in set(hashes.values()))
