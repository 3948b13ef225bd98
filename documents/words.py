"""The words of a page as they are kept: compressed JSON, one row a word."""

import json
import zlib
from collections.abc import Iterable

from ocr.reading import Word


def pack(words: Iterable[Word]) -> bytes:
    rows = [word.as_json() for word in words]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(packed: bytes | memoryview) -> tuple[Word, ...]:
    return tuple(Word.from_json(row) for row in json.loads(zlib.decompress(packed)))
