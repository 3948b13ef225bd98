"""The look at a file before it is taken in (kiểm tra tệp): refused, kept but quarantined, or kept.

Refused (`Invalid`), and nothing of it stays: empty or too large, of a type we don't take, an ending that belies the
content, malware, pictures that would burst the memory. Kept and quarantined: what can't be opened, and what a scanner
that is set gives no verdict on; that is not even opened. The name is cleaned.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import magic
from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from documents.active_content import active_content, is_locked_or_cut
from documents.malware import ScannerDown, found_in, is_scanner_set
from documents.names import clean_name, extension_of
from documents.picture_ends import is_cut
from documents.reasons import SCANNER_DOWN
from ocr import Limits, Reason, Unreadable, count_pages
from pages.domain_errors import Invalid, Words

logger = logging.getLogger(__name__)

# Media type → the endings that may stand on it, the usual one first.
TAKEN = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
}
# What the reader would refuse isn't taken, or is set aside at once.
LIMITS = Limits()
_HEAD = 8192
_PICTURE_FORMATS = ("JPEG", "PNG", "TIFF")


@dataclass(frozen=True, slots=True)
class Screened:
    """A file that is taken in: its shown name, true type, size in bytes, and what is wrong with it, if anything."""

    name: str
    media_type: str
    size: int
    quarantine_reason: str = ""
    active_content: tuple[str, ...] = ()
    is_scanned: bool = False


def screen(file: File[bytes], name: str) -> Screened:
    """Looks at a file of that name. Raises Invalid when it isn't taken; the file is rewound."""
    shown = clean_name(name) or _("unnamed")
    size = file.size
    if size == 0:
        raise not_taken(shown, _("it is empty. Scan or choose it again."))
    if size > settings.UPLOAD_MAX_BYTES:
        most = filesizeformat(settings.UPLOAD_MAX_BYTES)
        raise not_taken(shown, _("it is larger than %(most)s. Split it or scan it smaller.") % {"most": most})
    media_type = _true_type(file, shown)
    try:
        is_scanned = is_scanned_clean(file, shown)
    except ScannerDown as fault:
        logger.warning("a file is kept unopened: the scanner for malware gave no verdict: %s", fault)
        return Screened(shown, media_type, size, SCANNER_DOWN)
    reason, active = look_into(file, media_type, shown)
    return Screened(shown, media_type, size, reason, active, is_scanned)


def look_into(file: File[bytes], media_type: str, shown: str) -> tuple[str, tuple[str, ...]]:
    """Opens a file that may be opened: why it must be quarantined, empty for nothing, and what in it may act by itself.

    Raises Invalid for pictures that would burst the memory; the file is rewound.
    """
    with _as_path(file) as path:
        reason = _flaw_of(path, media_type, shown)
        active = tuple(active_content(path)) if media_type == "application/pdf" else ()
    file.seek(0)
    return reason, active


def is_scanned_clean(file: File[bytes], shown: str) -> bool:
    """Whether the scanner found the file clean; False where none is set. Raises ScannerDown, Invalid for malware."""
    if not is_scanner_set():
        return False
    found = found_in(file)
    if found:
        logger.warning("malware was refused: %s", found)
        raise not_taken(shown, _("the scanner found malware in it. Have the computer it came from looked at."))
    return True


def _true_type(file: File[bytes], shown: str) -> str:
    """The type by the bytes alone; what the browser said is never asked."""
    file.seek(0)
    media_type = str(magic.from_buffer(file.read(_HEAD), mime=True))
    file.seek(0)
    ending = extension_of(shown)
    if not any(ending in endings for endings in TAKEN.values()) or media_type not in TAKEN:
        raise not_taken(shown, _("only PDF, JPEG, PNG and TIFF files are taken. Scan the paper to one of these."))
    if ending not in TAKEN[media_type]:
        right = TAKEN[media_type][0]
        words = _("its ending says %(ending)s but its content is %(right)s. Give the file its right ending.")
        raise not_taken(shown, words % {"ending": ending, "right": right})
    return media_type


def _flaw_of(path: Path, media_type: str, shown: str) -> str:
    """Why the file must be quarantined, empty when nothing is seen yet; the reader may still find more."""
    if media_type == "application/pdf":
        return _opening_flaw(path) if is_locked_or_cut(path) else ""
    try:
        is_long = _check_frames(path, shown)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return Reason.BROKEN
    if is_long:
        return Reason.TOO_MANY_PAGES
    return Reason.TRUNCATED if is_cut(path, media_type) else ""


def _opening_flaw(path: Path) -> str:
    """A lock may be no more than a ban on printing, and an end may lie far from the end: opening it tells."""
    try:
        count_pages(path)
    except Unreadable as fault:
        return str(fault.reason_code)
    return ""


def _check_frames(path: Path, shown: str) -> bool:
    """Refuses too many pixels by the headers alone: a bomb is never decoded. True when there are too many pages."""
    try:
        with Image.open(path, formats=_PICTURE_FORMATS) as picture:
            for frame in range(LIMITS.pages + 1):
                try:
                    picture.seek(frame)
                except EOFError:
                    return False
                if picture.width * picture.height > LIMITS.pixels:
                    raise Image.DecompressionBombError
    except Image.DecompressionBombError as fault:
        most = LIMITS.pixels // 1_000_000
        words = _("its picture has more than %(most)s million pixels. Scan it with fewer dots per inch.")
        raise not_taken(shown, words % {"most": most}) from fault
    return True


def not_taken(shown: str, why: Words) -> Invalid:
    """The refusal of a file of that name."""
    return Invalid(_("“%(name)s” was not taken: %(why)s") % {"name": shown, "why": why})


@contextmanager
def _as_path(file: File[bytes]) -> Iterator[Path]:
    """The file on this machine's disk, for tools that need a path."""
    if isinstance(file, TemporaryUploadedFile):
        yield Path(file.temporary_file_path())
        return
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
