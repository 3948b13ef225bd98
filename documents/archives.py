"""ZIP archives of files of the past (tệp nén): judged by their table of contents, before anything is inflated.

Refused whole (`Invalid`), so that nothing of a hostile one is looked at: paths that climb out, links, archives within,
locked entries, too many entries, more bytes than announced sizes allow, and rates of inflation no scan has. What an
entry says of its size holds: reading stops there. Nothing is ever written under an entry's name.
"""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from struct import unpack_from
from tempfile import NamedTemporaryFile
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from documents.names import clean_name, extension_of
from documents.screening import not_taken
from pages.domain_errors import Words

MEDIA_TYPE = "application/zip"
MOST_ENTRIES = 5000
# Of names as long as they may be; a table that says it is larger is not read at all.
_LARGEST_TABLE = 4 * 1024 * 1024
# All entries together, as a multiple of what one upload may hold.
_MOST_TIMES = 20
# Scans hardly shrink. What inflates more, and to more than a few megabytes, is made to burst.
_MOST_INFLATION = 200
_HARMLESS = 10 * 1024 * 1024
_NESTED = {
    ".zip",
    ".7z",
    ".rar",
    ".tar",
    ".gz",
    ".tgz",
    ".bz2",
    ".xz",
    ".zst",
    ".jar",
    ".docx",
    ".xlsx",
    ".pptx",
    ".odt",
}
_LOCKED = 0x1
_UTF8 = 0x800
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
# What computers put beside files.
_CLUTTER = {".ds_store", "thumbs.db", "desktop.ini"}
_CHUNK = 1024 * 1024


def check_archive(file: File[bytes], name: str) -> int:
    """How many files the archive holds, without inflating any. Raises Invalid with the reason; the file is rewound."""
    shown = clean_name(name) or _("unnamed")
    if file.size > settings.UPLOAD_MAX_BYTES:
        most = filesizeformat(settings.UPLOAD_MAX_BYTES)
        raise not_taken(shown, _("it is larger than %(most)s. Pack fewer files together.") % {"most": most})
    _check_table(file, shown)
    try:
        with zipfile.ZipFile(file) as archive:
            files = list(files_in(archive))
            _check_entries(archive.infolist(), shown)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError) as fault:
        raise not_taken(shown, _("it is damaged or no ZIP. Pack the files again.")) from fault
    finally:
        file.seek(0)
    if not files:
        raise not_taken(shown, _("it holds no files."))
    return len(files)


def files_in(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The entries that are files, in the archive's order, but for what computers put beside them."""
    for entry in archive.infolist():
        parts = PurePosixPath(entry.filename.lower()).parts
        if not entry.is_dir() and parts and parts[0] != "__macosx" and parts[-1] not in _CLUTTER:
            yield entry


def name_of(entry: zipfile.ZipInfo) -> str:
    """The entry's name as its packer meant it: many write UTF-8 without saying so."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def is_packed_plainly(entry: zipfile.ZipInfo) -> bool:
    """Whether it is packed as computers pack: stored or deflated.

    By other methods an entry may demand gigabytes of memory, and damage shows in errors that look like a failing disk.
    """
    return entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@contextmanager
def taken_out(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[File[bytes]]:
    """An entry as a file of its own for as long. Raises BadZipFile, zlib.error and the like where it is damaged."""
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        with archive.open(entry) as packed:
            _copied(packed, copy, entry.file_size)
        copy.flush()
        copy.seek(0)
        yield File(copy, name=Path(name_of(entry)).name)


def _copied(packed: IO[bytes], copy: IO[bytes], size: int) -> None:
    left = size
    while chunk := packed.read(min(_CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise zipfile.BadZipFile("an entry is larger than it says")
        copy.write(chunk)


def _check_table(file: File[bytes], shown: str) -> None:
    """The end of the table of contents: how long the table is, before it is read into memory."""
    size = file.size
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _END_SIZE))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise not_taken(shown, _("it is damaged or no ZIP. Pack the files again."))
    entries, table = unpack_from("<HI", tail, at + 10)
    if entries > MOST_ENTRIES or table > _LARGEST_TABLE or _END_64 in tail[:at][-_END_SIZE:]:
        raise not_taken(shown, _("it holds more than %(most)s files. Pack fewer together.") % {"most": MOST_ENTRIES})


def _check_entries(entries: list[zipfile.ZipInfo], shown: str) -> None:
    if len(entries) > MOST_ENTRIES:
        raise not_taken(shown, _("it holds more than %(most)s files. Pack fewer together.") % {"most": MOST_ENTRIES})
    for entry in entries:
        why = _fault_of(entry)
        if why:
            raise not_taken(shown, why)
    inflated = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    most = _MOST_TIMES * settings.UPLOAD_MAX_BYTES
    if inflated > most or (inflated > _HARMLESS and inflated > _MOST_INFLATION * max(packed, 1)):
        raise not_taken(shown, _("unpacked it would be far larger than scans are. Pack the scans themselves."))


def _fault_of(entry: zipfile.ZipInfo) -> Words:
    """What makes an entry one nobody packs by mistake; empty when it is as it should be."""
    name = clean_name(name_of(entry)) or "–"
    path = PurePosixPath(name_of(entry).replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name_of(entry):
        return _("“%(entry)s” leads out of the archive. Pack the files again.") % {"entry": name}
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return _("“%(entry)s” is a link and no file. Pack the files themselves.") % {"entry": name}
    if entry.flag_bits & _LOCKED:
        return _("it is locked with a password. Pack the files without one.")
    if extension_of(name) in _NESTED:
        return _("“%(entry)s” is an archive itself. Unpack it and pack its files.") % {"entry": name}
    if entry.file_size > settings.UPLOAD_MAX_BYTES:
        most = filesizeformat(settings.UPLOAD_MAX_BYTES)
        return _("“%(entry)s” is larger than %(most)s.") % {"entry": name, "most": most}
    return ""
