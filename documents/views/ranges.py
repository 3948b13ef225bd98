"""Giving out a file piece by piece, whole or the part that was asked for (RFC 9110, 14: Range)."""

import re
from http import HTTPStatus

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def given_out(
    request: HttpRequest, file: File[bytes], *, size: int, tag: str, name: str, media_type: str
) -> HttpResponse | FileResponse:
    """The file as an attachment; `size` in bytes, `tag` names exactly these bytes.

    A range of another version of the file, several ranges or a range that can't be read give the whole.
    """
    tag = f'"{tag}"'
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked.groups() == ("", "") or request.headers.get("If-Range", tag) != tag:
        response = FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
    else:
        start, end = _bounds(asked, size)
        if start > end:
            file.close()
            status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            return HttpResponse(status=status, headers={"Content-Range": f"bytes */{size}"})
        file.seek(start)
        part = _Part(file, end - start + 1)
        response = FileResponse(part, as_attachment=True, filename=name, content_type=media_type, status=206)
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
        response["Content-Length"] = str(end - start + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    return response


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    """First and last byte; the first beyond the last when there is no such part."""
    first, last = asked.groups()
    if not first:
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


class _Part:
    """So many bytes of a file from where it stands."""

    def __init__(self, file: File[bytes], left: int) -> None:
        self._file, self._left = file, left

    def read(self, size: int) -> bytes:
        chunk: bytes = self._file.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()
