"""What a PDF carries besides pages: scripts, programs to start, files inside; sought in its bytes, without parsing."""

import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

# Object streams hold compressed dictionaries; more than this is not looked through.
LARGEST_STREAM = 4 * 1024 * 1024
LARGEST_TOTAL = 32 * 1024 * 1024


def _name_pattern(name: str) -> bytes:
    """A PDF name, each letter also in its `#xx` spelling (ISO 32000-1, 7.3.5)."""
    letters = (rf"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in name)
    return b"/" + "".join(letters).encode()


_KINDS = {"javascript": "JavaScript", "launch": "Launch", "embedded_file": "EmbeddedFile"}
_ACTIVE = re.compile(b"|".join(b"(?P<%s>%s)" % (kind.encode(), _name_pattern(name)) for kind, name in _KINDS.items()))
_LOCKED = re.compile(_name_pattern("Encrypt"))
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\0]{0,400}?stream\r?\n", re.DOTALL)


def active_content(path: Path) -> list[str]:
    """Which of "embedded_file", "javascript", "launch" the PDF has, in this order."""
    found: set[str] = set()
    with _mapped(path) as data:
        found.update(_kinds_in(data))
        for plain in _object_streams(data):
            found.update(_kinds_in(plain))
    return sorted(found)


def _kinds_in(data: mmap.mmap | bytes) -> Iterator[str]:
    return (match.lastgroup for match in _ACTIVE.finditer(data) if match.lastgroup)


def is_locked_or_cut(path: Path) -> bool:
    """Whether the PDF mentions encryption or lacks its end: reason enough to have it opened and see."""
    with _mapped(path) as data:
        return bool(_LOCKED.search(data)) or b"%%EOF" not in data[-4096:]


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _object_streams(data: mmap.mmap) -> Iterator[bytes]:
    left = LARGEST_TOTAL
    for start in _OBJECT_STREAM.finditer(data):
        if left <= 0:
            return
        try:
            plain = zlib.decompressobj().decompress(data[start.end() : start.end() + LARGEST_STREAM], LARGEST_STREAM)
        except zlib.error:
            continue
        left -= len(plain)
        yield plain
