"""Whether a picture file reaches its end, told from its markers without decoding a pixel."""

import mmap
import re
from pathlib import Path

_PNG_HEAD = 8
# After a scan begins (SOS), entropy-coded bytes run until a marker that is neither stuffing (FF00) nor a restart.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_END, _SCAN = 0xD9, 0xDA


def is_cut(path: Path, media_type: str) -> bool:
    """True when a JPEG or PNG stops before its end marker; other types are left to the reader.

    What stands after the end marker doesn't matter: telephones leave thumbnails and films there.
    """
    ends = {"image/jpeg": _jpeg_ends, "image/png": _png_ends}.get(media_type)
    if ends is None:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return not ends(data)


def _jpeg_ends(data: mmap.mmap) -> bool:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return False
        marker = data[at + 1]
        if marker == _END:
            return True
        if marker == 0xFF:
            at += 1
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            following = _NEXT_MARKER.search(data, at)
            if following is None:
                return False
            at = following.start()
    return data[at : at + 2] == bytes((0xFF, _END))


def _png_ends(data: mmap.mmap) -> bool:
    at = _PNG_HEAD
    while at + 12 <= len(data):
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return False
