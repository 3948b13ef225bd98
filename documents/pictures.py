"""Pictures of pages for the viewer, kept beside the vault and made again whenever they are gone."""

import io
import logging
import shutil
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db.models import Q

from documents.models import Blob
from documents.reasons import CLASSIFIED
from documents.vault import local_path
from ocr import render_page

logger = logging.getLogger(__name__)
# Pixels across: a thumbnail, a page on the desk, the same on a sharp or enlarged screen.
THUMBNAIL, DESK, LARGE = 160, 1000, 2000
WIDTHS = (THUMBNAIL, DESK, LARGE)


def page_picture(sha256: str, number: int, width: int) -> BinaryIO:
    """A page's picture, made when it isn't there; `number` from 1, `width` one of WIDTHS.

    Where there is no room to keep it, it is shown all the same. Raises Unreadable, LookupError without such a page,
    BlobMissing. The caller has asked whether it may be seen.
    """
    picture = _folder(sha256) / f"{number}-{width}.jpg"
    if picture.exists():
        return picture.open("rb")
    with local_path(sha256) as path:
        drawn = render_page(path, number, width)
    try:
        _keep(picture, drawn)
    except OSError as fault:
        logger.warning("a page's picture was not kept: %s", fault)
    if _is_shut_away(sha256):
        # Shut away or let go while it was drawn, after its pictures were forgotten.
        forget_pictures(sha256)
    return io.BytesIO(drawn)


def _keep(picture: Path, drawn: bytes) -> None:
    picture.parent.mkdir(parents=True, exist_ok=True)
    part = picture.with_name(f"{uuid4().hex}.part")
    try:
        part.write_bytes(drawn)
        # Whoever reads it meanwhile finds the whole picture or none.
        part.replace(picture)
    finally:
        part.unlink(missing_ok=True)


def _is_shut_away(sha256: str) -> bool:
    """Whether these bytes are a secret paper's, or were let go; what any paper shows keeps its pictures."""
    shut = Q(versions__quarantine_reason=CLASSIFIED) | Q(released_at__isnull=False)
    return Blob.objects.filter(shut, pk=sha256).exists()


def forget_pictures(sha256: str) -> None:
    """Removes every picture of these bytes."""
    shutil.rmtree(_folder(sha256), ignore_errors=True)


def _folder(sha256: str) -> Path:
    return Path(settings.PICTURES_DIR) / sha256[:2] / sha256
