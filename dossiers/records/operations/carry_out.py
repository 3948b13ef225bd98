"""What the machine does with a list: checks its files, packs an approved transfer, ends what was approved to end."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from audit.recording import SYSTEM, record
from documents.operations.release import release_files
from dossiers.records.checking import is_whole
from dossiers.records.operations.packages import packages_with, release_package
from dossiers.records.operations.stand_back import stand_back
from dossiers.records_models import RecordFile, RecordsLine, RecordsList
from dossiers.records_states import ListKind, ListState, Released
from dossiers.selectors import document_ids_of, stream_of


def check_list(*, list_id: int) -> None:
    """Verifies every file of a proposed list, once, and writes down what is wrong with which.

    Of what is to end only its time counts, not whether it is whole.
    """
    found = RecordsList.objects.get(pk=list_id)
    if found.state != ListState.PROPOSED or found.checked_at is not None:
        return
    if found.kind == ListKind.TRANSFER:
        is_whole(found)
    RecordsList.objects.filter(pk=list_id, state=ListState.PROPOSED).update(checked_at=timezone.now())


@transaction.atomic
def end_list(*, list_id: int) -> None:
    """Ends the files of an approved disposal list: papers shut for good, bytes let go that nothing else holds.

    Each file's class and time are held against the day once more: one that must be kept stays, and is told of. The
    rows of dossiers and papers, their numbers and their trail stay. Packages with anything of them in are let go too,
    and built anew of what is left. Twice does nothing more.
    """
    found = RecordsList.objects.select_for_update(of=("self",)).get(pk=list_id)
    if found.state != ListState.APPROVED or found.kind != ListKind.DISPOSAL:
        return
    lines = list(found.lines.order_by("position"))
    # Lists before files before papers, as who packs them goes.
    packed = packages_with([line.file_id for line in lines])
    files = _locked_files([line.file_id for line in lines])
    for line in lines:
        line.file = files[line.file_id]
    today = timezone.localdate()
    ended = [line for line in lines if line.file.may_end(today)]
    kept = [line for line in lines if not line.file.may_end(today)]
    for line in ended:
        _end(line.file, found)
    _keep(kept, found)
    gone = {line.file_id for line in ended}
    for other in packed:
        if other.lines.filter(file__in=gone).exists():
            release_package(other, Released.DISPOSAL)
    found.finish(timezone.now())
    found.save()
    told = {
        "files": len(ended),
        "year": found.year,
        "dossiers": [line.file.dossier_id for line in ended],
        "kept": [line.file.dossier_id for line in kept],
    }
    record(found.stream, "records.disposed", actor=SYSTEM, payload=told)


def _locked_files(file_ids: Collection[int]) -> dict[int, RecordFile]:
    """With their classes, read after the lock: who was given another class meanwhile counts as that."""
    rows = RecordFile.objects.select_for_update().filter(pk__in=file_ids).order_by("pk")
    return {file.pk: file for file in rows.prefetch_related("retention", "dossier")}


def _end(file: RecordFile, found: RecordsList) -> None:
    release_files(document_ids_of(file.dossier_id))
    file.dispose()
    file.save(update_fields=["state"])
    payload = {"list": found.pk, "kept_as": file.retention_id or "", "keep_until": file.keep_until}
    record(stream_of(file.dossier_id), "dossier.disposed", actor=SYSTEM, payload=payload)


def _keep(lines: Collection[RecordsLine], found: RecordsList) -> None:
    """What must be kept after all stands where it stood; its line and its dossier say so."""
    stand_back(list(lines))
    for line in lines:
        line.notes = [["kept", line.file.dossier.code or ""]]
        line.save(update_fields=["notes"])
        payload = {"list": found.pk, "kept_as": line.file.retention_id or "", "keep_until": line.file.keep_until}
        record(stream_of(line.file.dossier_id), "dossier.kept", actor=SYSTEM, payload=payload)
