"""Files on a local disk that are whole or not there."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

PARTS = "parts"


class WholeFileStorage(FileSystemStorage):
    """A name appears with all its bytes, already on the disk, or not at all; a name that is there never changes.

    For content-addressed files: who comes second with the same name brought the same bytes, and they are dropped.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        target = Path(self.path(name))
        if target.exists():
            return name
        target.parent.mkdir(parents=True, exist_ok=True, mode=self.directory_permissions_mode or 0o777)
        # A part lies on the same disk, so that giving it its name is one step.
        part = Path(self.path(f"{PARTS}/{uuid4().hex}"))
        part.parent.mkdir(parents=True, exist_ok=True, mode=self.directory_permissions_mode or 0o777)
        try:
            self._write(part, content)
            part.replace(target)
            _sync(target.parent)
        finally:
            part.unlink(missing_ok=True)
        return name

    def _write(self, part: Path, content: File[bytes]) -> None:
        with part.open("xb") as written:
            for chunk in content.chunks():
                written.write(chunk)
            written.flush()
            # Without it a power cut could leave a row that names bytes the disk never had.
            os.fsync(written.fileno())
            if self.file_permissions_mode is not None:
                os.fchmod(written.fileno(), self.file_permissions_mode)

    def drop_parts(self, *, older_than: timedelta) -> int:
        """Removes what writers killed half-way left behind; how many files went."""
        limit = (timezone.now() - older_than).timestamp()
        left_behind = [part for part in Path(self.path(PARTS)).glob("*") if part.stat().st_mtime < limit]
        for part in left_behind:
            part.unlink(missing_ok=True)
        return len(left_behind)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
