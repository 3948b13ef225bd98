"""The vault (kho tệp gốc): original bytes by their SHA-256, each once, untouched, over the storage `vault`."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Blob
from pages.domain_errors import Conflict

CHUNK = 1024 * 1024


class BlobMissing(OSError):
    """The vault doesn't hold bytes a row names."""


def digest_of(file: File[bytes]) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits; the file is rewound."""
    digest = hashlib.sha256()
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def put(file: File[bytes]) -> str:
    """Stores the bytes and returns their SHA-256; when it returns they are on the disk, whole.

    Equal bytes are stored once, however many bring them at the same time. Raises OSError when the storage can't
    hold them: then nothing is stored. Belongs before the transaction that names the bytes.
    """
    sha256 = digest_of(file)
    name, storage = _name(sha256), _storage()
    if not storage.exists(name):
        saved = storage.save(name, file)
        if saved != name:
            # A storage that renames instead of replacing: somebody with the same bytes was first.
            storage.delete(saved)
    return sha256


def register_blob(*, sha256: str, size: int, media_type: str) -> None:
    """The row of bytes that are stored, in the caller's transaction; equal bytes share it.

    Bytes that were let go once and come again are held again. Raises Conflict when they were let go in this very
    moment, after they had been found there: then they have to be brought once more.
    """
    row = Blob(sha256=sha256, size=size, media_type=media_type, stored_at=timezone.now())
    Blob.objects.bulk_create([row], ignore_conflicts=True)
    # The lock keeps `operations.release.drop_bytes` away until the version that names them is there.
    kept = Blob.objects.select_for_update().get(pk=sha256)
    if kept.released_at is None:
        return
    if not _storage().exists(_name(sha256)):
        raise Conflict(_("The same file was being disposed of in this moment. Send it once more."))
    kept.released_at = None
    kept.save(update_fields=["released_at"])


def delete_bytes(sha256: str) -> None:
    """Removes the bytes for good; nothing happens when they are gone. For `operations.release` alone."""
    _storage().delete(_name(sha256))


def open_blob(sha256: str) -> File[bytes]:
    """The bytes, to read. Raises BlobMissing."""
    try:
        return _storage().open(_name(sha256), "rb")
    except FileNotFoundError as fault:
        raise BlobMissing(sha256) from fault


@contextmanager
def local_path(sha256: str) -> Iterator[Path]:
    """The bytes as a file on this machine, for readers that need a path; read only.

    A storage elsewhere is copied to a temporary file for as long.
    """
    with open_blob(sha256) as file:
        path = _path_of(sha256)
        if path is not None:
            yield path
            return
        with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
            for chunk in file.chunks(CHUNK):
                copy.write(chunk)
            copy.flush()
            yield Path(copy.name)


def verify_blob(sha256: str) -> bool:
    """Whether the vault still holds exactly these bytes."""
    try:
        with open_blob(sha256) as file:
            return digest_of(file) == sha256
    except BlobMissing:
        return False


def size_of(sha256: str) -> int:
    """How many bytes the vault holds under this hash. Raises BlobMissing."""
    try:
        return _storage().size(_name(sha256))
    except FileNotFoundError as fault:
        raise BlobMissing(sha256) from fault


def stored_hashes() -> Iterator[str]:
    """The hash of every file that lies where a blob would, in order; one folder's names at a time."""
    storage = _storage()
    for first in _folders(storage, ""):
        for second in _folders(storage, first):
            _below, names = storage.listdir(f"{first}/{second}")
            yield from sorted(name for name in names if _name(name) == f"{first}/{second}/{name}" and len(name) == 64)


def _folders(storage: Storage, path: str) -> list[str]:
    try:
        folders, _names = storage.listdir(path)
    except FileNotFoundError:
        return []
    return sorted(folder for folder in folders if len(folder) == 2)


def _storage() -> Storage:
    return storages["vault"]


def _path_of(sha256: str) -> Path | None:
    """Where the bytes lie on this machine; None when the storage is elsewhere."""
    try:
        return Path(_storage().path(_name(sha256)))
    except NotImplementedError:
        return None


def _name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
