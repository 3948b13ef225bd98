"""Bringing files of the past into a batch: each once, each by itself, so that a bad one holds up no other."""

from dataclasses import dataclass

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.acting import Acting, unit_token
from accounts.sight import allow
from audit.recording import Actor, record
from documents.batch_models import Batch, BatchItem, Fate
from documents.batch_selectors import stream_of
from documents.models import Document, DocumentToken, DocumentVersion
from documents.names import clean_name, extension_of
from documents.operations.batches.locked import batch_to_work_on
from documents.operations.batches.settle import ask_to_settle, lock_for_end
from documents.operations.import_file import UNSORTED
from documents.operations.quota import NoRoom
from documents.operations.store import StoredFile, add_file, take_in, type_in_force
from documents.states import State
from documents.vault import digest_of
from pages.domain_errors import Invalid

_LONGEST_REFUSAL = 500


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who brings a file: `acting` is none where the machine does it for an officer, or by a command."""

    actor: Actor
    officer_id: int | None = None
    acting: Acting | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """A file's line in the batch; `is_new` tells a file taken in just now from one that was there or wasn't taken."""

    item: BatchItem
    is_new: bool = False


def bring_file(*, batch_id: int, file: File[bytes], name: str, acting: Acting) -> Brought:
    """Takes a file into the batch and has it read when no paper of the counter waits; what became of it.

    A file that isn't taken stands in the batch with the reason, and nothing of it stays. The same bytes are one file
    however often they come. Raises NotVisible, Refused, NotStored when the storage takes nothing, NoRoom when a day
    holds no more.
    """
    batch = batch_to_work_on(batch_id, acting)
    return keep_file(batch=batch, file=file, name=name, bringer=Bringer(acting.actor, acting.officer_id, acting))


def keep_file(*, batch: Batch, file: File[bytes], name: str, bringer: Bringer) -> Brought:
    """The same, once the right was asked for."""
    sha256 = digest_of(file)
    there = _there_already(batch, sha256, name, bringer)
    if there is not None:
        return there
    try:
        stored = take_in(file, name, acting=bringer.acting)
    except NoRoom:
        raise
    except Invalid as fault:
        reason = str(fault.message)
        return Brought(note_refusal(batch=batch, key=sha256, name=name, reason=reason, bringer=bringer))
    try:
        return Brought(_keep(batch, stored, bringer), is_new=True)
    except IntegrityError:
        # The same bytes came another way at this very moment: now they are there. If not, something else is wrong.
        there = _there_already(batch, sha256, name, bringer)
        if there is None:
            raise
        return there


def _there_already(batch: Batch, sha256: str, name: str, bringer: Bringer) -> Brought | None:
    """The line of bytes the batch has, or of those its unit has from elsewhere; None when they are new."""
    before = BatchItem.objects.filter(batch=batch, key=sha256).exclude(fate=Fate.REFUSED).first()
    if before is not None:
        return Brought(before)
    known = _known(batch, sha256)
    return Brought(_note(batch, sha256, name, bringer, known)) if known is not None else None


def _identity(batch: Batch, sha256: str) -> str:
    """A unit has the same bytes once; another's would tell it what the other has."""
    return f"{batch.unit_id}:sha256:{sha256}"


def _known(batch: Batch, sha256: str) -> DocumentVersion | None:
    """What this unit sees of the same bytes: its own, or what was imported for everybody."""
    identities = [_identity(batch, sha256), f"sha256:{sha256}"]
    document = Document.objects.filter(source_id__in=identities).select_related("current").order_by("pk").first()
    return document.current if document else None


@transaction.atomic
def _keep(batch: Batch, stored: StoredFile, bringer: Bringer) -> BatchItem:
    document = Document.objects.create(
        document_type=type_in_force(UNSORTED),
        title=stored.screened.name.removesuffix(extension_of(stored.screened.name))[:300] or stored.screened.name,
        unit_id=batch.unit_id,
        state=State.RECEIVED,
        source_id=_identity(batch, stored.sha256),
        created_at=timezone.now(),
    )
    allow(DocumentToken, document.pk, [unit_token(batch.unit_id)])
    version = add_file(document, stored, officer_id=bringer.officer_id, is_patient=True)
    item, _is_new = BatchItem.objects.update_or_create(
        batch=batch,
        key=stored.sha256,
        defaults={
            "name": version.file_name,
            "fate": Fate.BROUGHT,
            "version": version,
            "refusal": "",
            "brought_at": timezone.now(),
        },
    )
    _stir(batch)
    payload = {
        "batch": batch.pk,
        "file_name": version.file_name,
        "sha256": stored.sha256,
        "quarantined": version.quarantine_reason,
    }
    record(f"document:{document.pk}", "document.imported", actor=bringer.actor, payload=payload)
    return item


def _stir(batch: Batch) -> None:
    """There is something to wait for: the batch isn't finished, and its pace counts from here if it stood still."""
    stirred = lock_for_end(batch.pk)
    if stirred.going_since is None or stirred.finished_at is not None:
        stirred.going_since, stirred.finished_at = timezone.now(), None
        stirred.save(update_fields=["going_since", "finished_at"])
    ask_to_settle(batch.pk)


@transaction.atomic
def _note(batch: Batch, key: str, name: str, bringer: Bringer, known: DocumentVersion) -> BatchItem:
    shown = clean_name(name) or known.file_name
    values = {"name": shown, "fate": Fate.REPEATED, "version": known, "refusal": "", "brought_at": timezone.now()}
    item, is_new = BatchItem.objects.get_or_create(batch=batch, key=key, defaults=values)
    # What another brought in this very moment stays brought: only a refusal is overtaken.
    refused = BatchItem.objects.filter(pk=item.pk, fate=Fate.REFUSED)
    if not is_new and not refused.update(**values):
        return item
    ask_to_settle(batch.pk)
    item.refresh_from_db()
    payload = {"file_name": shown, "document": known.document_id}
    record(stream_of(batch.pk), "batch.file_repeated", actor=bringer.actor, payload=payload)
    return item


@transaction.atomic
def note_refusal(*, batch: Batch, key: str, name: str, reason: str, bringer: Bringer) -> BatchItem:
    """Writes down that a file wasn't taken and why; the same file is noted once."""
    shown = clean_name(name) or "–"
    values = {
        "name": shown,
        "fate": Fate.REFUSED,
        "version": None,
        "refusal": reason[:_LONGEST_REFUSAL],
        "brought_at": timezone.now(),
    }
    item, is_new = BatchItem.objects.get_or_create(batch=batch, key=key, defaults=values)
    if is_new:
        ask_to_settle(batch.pk)
        payload = {"file_name": shown, "reason": item.refusal}
        record(stream_of(batch.pk), "batch.file_refused", actor=bringer.actor, payload=payload)
    return item
