"""Files on a server that speaks S3, whole or not there."""

import base64
import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

_ANSWER_SECONDS, _REACH_SECONDS, _TRIES = 60, 5, 3
_READ_AT_ONCE = 1024 * 1024
# What servers say when there is no room: Amazon's, MinIO's and Ceph's words.
_FULL = {"StorageFull", "XMinioStorageFull", "QuotaExceeded", "InsufficientStorage"}
_CLOSED = {"AccessDenied", "MethodNotAllowed", "InvalidAccessKeyId", "SignatureDoesNotMatch"}


class ObjectStorage(S3Storage):
    """A name appears with all its bytes, or not at all; a name that is there never changes.

    For content-addressed files: the last part of a name is the SHA-256 of the bytes. One PUT each, on condition that
    the name is free: a connection that breaks off leaves nothing, and of two who bring the same name one writes.
    Every fault is an OSError: FileNotFoundError for a name that isn't there, ENOSPC for a full storage, EACCES for
    one that lets nobody write, EIO for one that doesn't answer.
    """

    def __init__(self, *, addressing_style: str = "path", **options: Any) -> None:
        config = Config(
            s3={"addressing_style": addressing_style},
            signature_version="s3v4",
            connect_timeout=_REACH_SECONDS,
            read_timeout=_ANSWER_SECONDS,
            retries={"mode": "standard", "max_attempts": _TRIES},
            # The SHA-256 below says more than the sums the client adds by itself, which not every server takes.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=config, **options)
        self._can_ask_for_free_name = True

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def exists(self, name: str) -> bool:
        with _answering(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _answering(name):
            super().delete(name)

    def size(self, name: str) -> int:
        with _answering(name):
            return int(super().size(name))

    def _save(self, name: str, content: File[bytes]) -> str:
        with _answering(name):
            try:
                self._put(name, content)
            except ClientError as fault:
                if _status(fault) not in (409, 412):
                    raise
                # Somebody else was first with this name, and so with these bytes; 409: and is at it still.
                if not super().exists(name):
                    raise
        return name

    def _put(self, name: str, content: File[bytes]) -> None:
        condition = {"IfNoneMatch": "*"} if self._can_ask_for_free_name else {}
        content.seek(0)
        try:
            self._client.put_object(
                Bucket=self.bucket_name,
                Key=self._normalize_name(name),
                Body=content,
                ContentLength=content.size,
                # The server refuses what arrives changed; one that doesn't know the header passes it over.
                ChecksumSHA256=base64.b64encode(bytes.fromhex(name.rpartition("/")[2])).decode(),
                **condition,
            )
        except ClientError as fault:
            if not condition or _status(fault) != 501:
                raise
            # The server has no conditions. Without one the same bytes are written over themselves.
            self._can_ask_for_free_name = False
            self._put(name, content)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError(mode)
        reader = _ObjectReader(self._client, self.bucket_name, self._normalize_name(name))
        return File(io.BufferedReader(reader, _READ_AT_ONCE))

    @property
    def _client(self) -> Any:
        return self.connection.meta.client


class _ObjectReader(io.RawIOBase):
    """An object read as it comes in; from elsewhere in it, by a request that begins there."""

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        super().__init__()
        self._client, self._bucket, self._key = client, bucket, key
        self._place = self._next = 0
        self._body: Any = None
        self._size = int(self._ask(0)["ContentLength"])

    def _ask(self, start: int) -> dict[str, Any]:
        bounds = {"Range": f"bytes={start}-"} if start else {}
        with _answering(self._key):
            answer: dict[str, Any] = self._client.get_object(Bucket=self._bucket, Key=self._key, **bounds)
        self._body, self._next = answer["Body"], start
        return answer

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        if self._place >= self._size:
            return 0
        if self._body is None or self._next != self._place:
            self._drop()
            self._ask(self._place)
        with _answering(self._key):
            data: bytes = self._body.read(len(buffer))
        if not data:
            raise OSError(errno.EIO, "the storage broke off", self._key)
        buffer[: len(data)] = data
        self._place += len(data)
        self._next = self._place
        return len(data)

    def close(self) -> None:
        self._drop()
        super().close()

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


@contextmanager
def _answering(name: str) -> Iterator[None]:
    """Turns what the server or the way to it says into an OSError."""
    try:
        yield
    except ClientError as fault:
        number = _errno_of(fault)
        raise OSError(number, f"{os.strerror(number)}: {fault}", name) from fault
    except BotoCoreError as fault:
        raise OSError(errno.EIO, str(fault), name) from fault


def _errno_of(fault: ClientError) -> int:
    code, status = fault.response.get("Error", {}).get("Code", ""), _status(fault)
    if code in _FULL or status == 507:
        return errno.ENOSPC
    if code in _CLOSED or status in (401, 403, 405):
        return errno.EACCES
    # A bucket that isn't there is no missing file: the setting is wrong.
    if status == 404 and code != "NoSuchBucket":
        return errno.ENOENT
    return errno.EIO


def _status(fault: ClientError) -> int:
    return int(fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
