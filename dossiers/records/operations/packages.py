"""Packages in the vault: built of an approved transfer, let go with the first file of theirs that ends or is shut."""

from collections.abc import Collection
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from audit.recording import SYSTEM, record
from documents.models import Blob, DocumentVersion
from documents.operations.release import drop_later
from documents.vault import put, register_blob
from dossiers.records.checking import is_whole
from dossiers.records.operations.lists import PACKAGE
from dossiers.records.operations.send_back import send_back
from dossiers.records.package import Packed, files_of, lines_to_pack, write_package
from dossiers.records.selectors import lists_with_shut_files, withheld_from
from dossiers.records_models import RecordsLine, RecordsList
from dossiers.records_states import FileState, ListKind, ListState, Released, SentBack
from dossiers.selectors import document_ids_in
from jobs.outbox import enqueue
from jobs.registry import NotNow

_ZIP = "application/zip"


def pack_list(*, list_id: int) -> None:
    """Builds the package of an approved transfer and puts it into the vault; its files are transferred then.

    Every file is judged once more first: with one that isn't whole any more the list goes back and nothing is
    transferred. A list whose package was let go gets one of what is left. Twice does nothing. Raises NotNow when a
    file changed while it was packed, or is being read anew; BlobMissing as `write_package`.
    """
    found = RecordsList.objects.select_related("unit").get(pk=list_id)
    if not _is_to_be_packed(found):
        return
    if found.state == ListState.APPROVED and not is_whole(found):
        send_back(list_id=list_id, why=SentBack.NOT_WHOLE)
        return
    with TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as written:
        packed = write_package(found, written)
        size = written.tell()
        written.seek(0)
        sha256 = put(File(written, name="package.zip"))
    _keep(list_id, packed, sha256, size)


def _is_to_be_packed(found: RecordsList) -> bool:
    if found.kind != ListKind.TRANSFER or found.package_id is not None:
        return False
    return found.state == ListState.APPROVED or (found.state == ListState.DONE and lines_to_pack(found).exists())


@transaction.atomic
def _keep(list_id: int, packed: Packed, sha256: str, size: int) -> None:
    locked = RecordsList.objects.select_for_update(of=("self",)).get(pk=list_id)
    if not _is_to_be_packed(locked):
        return
    _demand_unchanged(locked, packed)
    register_blob(sha256=sha256, size=size, media_type=_ZIP)
    locked.package = Blob.objects.get(pk=sha256)
    lines = list(locked.lines.select_related("file").order_by("position"))
    for line in lines:
        line.packed = packed.get(line.pk, [])
    RecordsLine.objects.bulk_update(lines, ["packed"], batch_size=100)
    payload = {"year": locked.year, "files": len(packed), "sha256": sha256, "size": size}
    if locked.state == ListState.DONE:
        locked.save(update_fields=["package"])
        record(locked.stream, "records.repacked", actor=SYSTEM, payload=payload)
        return
    locked.finish(timezone.now())
    locked.save()
    for line in lines:
        line.file.transfer()
        line.file.save(update_fields=["state"])
    record(locked.stream, "records.transferred", actor=SYSTEM, payload=payload)


def _demand_unchanged(found: RecordsList, packed: Packed) -> None:
    """Locks every version, so that what is shut away from now on finds the package there."""
    lines = list(lines_to_pack(found))
    papers = document_ids_in([line.file.dossier_id for line in lines])
    versions = DocumentVersion.objects.select_for_update().filter(document__in=papers)
    is_in_hand = any(version.is_in_hand for version in versions.order_by("pk"))
    now = {line.pk: [version.pk for _document, version in files_of(line)] for line in lines}
    if is_in_hand or now != packed:
        raise NotNow


def packages_with(file_ids: Collection[int]) -> list[RecordsList]:
    """The transfers whose package may hold copies of these files, locked in order until the caller's transaction ends.

    Also those without one: it may be being kept at this very moment.
    """
    lines = RecordsLine.objects.filter(file__in=file_ids)
    rows = RecordsList.objects.filter(kind=ListKind.TRANSFER, pk__in=lines.values("records_list"))
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def release_package(found: RecordsList, why: Released) -> None:
    """Lets the package of a locked list go, in the caller's transaction, and has one of what is left built."""
    sha256 = found.package_id
    if sha256 is None:
        return
    found.package = None
    found.save(update_fields=["package"])
    found.lines.update(packed=None)
    drop_later([sha256])
    left = found.lines.exclude(file__state=FileState.DISPOSED).count()
    if left:
        enqueue(PACKAGE, str(found.pk))
    payload = {"sha256": sha256, "why": why.value, "left": left}
    record(found.stream, "records.package_released", actor=SYSTEM, payload=payload)


def release_shut_packages() -> None:
    """Lets go of packages that hold a file which was put into quarantine after it was packed."""
    for list_id in lists_with_shut_files().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            found = RecordsList.objects.select_for_update(of=("self",)).get(pk=list_id)
            if found.package_id is not None and withheld_from(found):
                release_package(found, Released.QUARANTINE)
