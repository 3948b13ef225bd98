"""Database and vault: the bytes every version names are there, and are those bytes."""

from collections.abc import Iterator

from documents.batch_models import BatchArchive
from documents.models import Blob, DocumentVersion, SearchableCopy
from documents.operations.release import is_held
from documents.vault import BlobMissing, size_of, stored_hashes, verify_blob
from upkeep.integrity.findings import Finding, chunked, in_chunks

_MOST_NAMED = 5


def vault_findings(*, is_deep: bool) -> Iterator[Finding]:
    """Files missing, of another size, with `is_deep` of other bytes; and files no row names."""
    for blobs in chunked(Blob.objects.all()):
        for blob in blobs:
            finding = _fault(blob, is_deep=is_deep)
            if finding:
                yield finding
    for hashes in in_chunks(stored_hashes()):
        known = set(Blob.objects.filter(pk__in=hashes).values_list("pk", flat=True))
        for sha256 in hashes:
            if sha256 not in known:
                # Bytes are stored before the transaction that names them: one that rolled back leaves them behind.
                yield Finding("vault.unclaimed", f"blob:{sha256}", "no row names this file", is_note=True)


def _fault(blob: Blob, *, is_deep: bool) -> Finding | None:
    about = f"blob:{blob.sha256}"
    if blob.released_at is not None:
        return _released_fault(blob)
    try:
        size = size_of(blob.sha256)
    except BlobMissing:
        return Finding("vault.missing", about, f"not in the vault; {_users(blob)}")
    if size != blob.size:
        return Finding("vault.size", about, f"{size} bytes instead of {blob.size}; {_users(blob)}")
    if is_deep and not verify_blob(blob.sha256):
        return Finding("vault.bytes", about, f"other bytes than its hash says; {_users(blob)}")
    return None


def _released_fault(blob: Blob) -> Finding | None:
    """Bytes let go with the papers that held them are not missing; they are gone, and nothing else holds them."""
    about = f"blob:{blob.sha256}"
    if is_held(blob):
        return Finding("vault.released", about, f"let go, but still held; {_users(blob)}")
    try:
        size_of(blob.sha256)
    except BlobMissing:
        return None
    return Finding("vault.lingering", about, "let go, but still in the vault; a job takes it out", is_note=True)


def _users(blob: Blob) -> str:
    users = DocumentVersion.objects.filter(blob=blob).order_by("pk")
    named = [f"{document} v{number}" for document, number in users.values_list("document_id", "number")[:_MOST_NAMED]]
    if named:
        return f"file of document {', '.join(named)}"
    copied = SearchableCopy.objects.filter(blob=blob).values_list("reading__version__document_id", flat=True).first()
    if copied:
        return f"searchable copy of document {copied}; it can be made again"
    batch = BatchArchive.objects.filter(blob=blob).values_list("batch_id", flat=True).first()
    return f"archive brought into batch {batch}" if batch else "no version names it"
