"""The kind of paper (loại giấy tờ) by the words of its first page.

A linear model over hashed words; paper_types.bin holds its weights as small integers, as
`python -m tests.scans.train_paper_types` wrote them from invented papers. It is read without NumPy, which takes
longer to load than a digital file takes to read.
"""

import json
import math
import re
import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from ocr.reading import PaperType
from ocr.symbols import fold

FILE = Path(__file__).with_name("paper_types.bin")
# The first page says it; of a page of dense print its beginning does.
MOST_LETTERS = 3500
TITLE_LINES = 30
SUREST = 0.99
# Names are seldom longer; longer lines in capitals are headings of tables.
MOST_TITLE_WORDS = 40
_WORD = re.compile(r"[a-z]{2,}")
_STATE_TITLE = re.compile(r"cong hoa xa hoi|doc lap\W+tu do|hanh phuc")
# "Nothing of what is known" is a class of its own, with this code.
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A score of a code is the sum of its weights for the known features of a page, times `scale`, plus its bias.

    `features` holds the hashes of the known features in order; `weights` one row of them for each code; `types` the
    names that heads of each kind bear: a paper titled "Nghị quyết" is no decision, whatever its words.
    """

    codes: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    bias: tuple[float, ...]
    scale: float
    threshold: float
    features: Sequence[int]
    weights: Sequence[int]


def recognise_type(first_page: str, document_type: str | None) -> PaperType:
    """The kind of paper and how sure it is; both None where it isn't sure enough.

    `document_type` is the official name its head bears, if any.
    """
    model = _shipped()
    code, share = most_likely(model, first_page, document_type)
    return PaperType(code, round(share, 3)) if code != UNKNOWN and share >= model.threshold else PaperType()


@cache
def _shipped() -> Model:
    return load_model(FILE.read_bytes())


def most_likely(model: Model, first_page: str, document_type: str | None) -> tuple[str, float]:
    """The likeliest code and its share; UNKNOWN where nothing is known of the page."""
    known = [at for one in hashes_of(first_page, document_type) if (at := _index(model.features, one)) is not None]
    if not known:
        return UNKNOWN, 1.0
    amount = model.scale / math.sqrt(len(known))
    width = len(model.features)
    scores = [
        bias + amount * sum(model.weights[row * width + at] for at in known) for row, bias in enumerate(model.bias)
    ]
    possible = [at for at, types in enumerate(model.types) if document_type in types] or range(len(scores))
    best = max(possible, key=lambda at: scores[at])
    share = 1 / sum(math.exp(scores[at] - scores[best]) for at in possible)
    return model.codes[best], min(share, SUREST)


def _index(features: Sequence[int], one: int) -> int | None:
    at = bisect_left(features, one)
    return at if at < len(features) and features[at] == one else None


def hashes_of(first_page: str, document_type: str | None) -> list[int]:
    """The hashes of what stands on a page, each once, in order."""
    return sorted({zlib.crc32(feature.encode()) for feature in _features(first_page, document_type)})


def _features(first_page: str, document_type: str | None) -> Iterator[str]:
    yield f"type {document_type}"
    words = _WORD.findall(fold(first_page[:MOST_LETTERS]))
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(words))
    for line in first_page.splitlines()[:TITLE_LINES]:
        for column in line.split("\t"):
            yield from _title_features(column)


def _title_features(column: str) -> Iterator[str]:
    """What a title says counts again: words, pairs, and pieces of four letters for words that were misread."""
    letters = [sign for sign in column if sign.isalpha()]
    folded = fold(column)
    if sum(sign.isupper() for sign in letters) <= 0.8 * len(letters) or _STATE_TITLE.search(folded):
        return
    words = _WORD.findall(folded)
    if not 0 < len(words) <= MOST_TITLE_WORDS:
        return
    yield from (f"t {word}" for word in words)
    yield from (f"t {one} {other}" for one, other in pairwise(words))
    yield f"first {' '.join(words[:2])}"
    joined = "".join(words)
    yield from (f"c {joined[at : at + 4]}" for at in range(len(joined) - 3))


def dump_model(model: Model) -> bytes:
    """The bytes of a model: the length of a header in JSON, the header, packed features and weights."""
    header = json.dumps(
        {name: getattr(model, name) for name in ("codes", "types", "bias", "scale", "threshold")}, ensure_ascii=False
    ).encode()
    features = struct.pack(f"<{len(model.features)}I", *model.features)
    body = struct.pack("<I", len(model.features)) + features + array("b", model.weights).tobytes()
    return struct.pack("<I", len(header)) + header + zlib.compress(body, 9)


def load_model(data: bytes) -> Model:
    """What `dump_model` wrote."""
    length = struct.unpack_from("<I", data)[0]
    header = json.loads(data[4 : 4 + length])
    body = zlib.decompress(data[4 + length :])
    count = struct.unpack_from("<I", body)[0]
    weights = array("b")
    weights.frombytes(body[4 + 4 * count :])
    features = struct.unpack_from(f"<{count}I", body, 4)
    return Model(
        codes=tuple(header["codes"]),
        types=tuple(map(tuple, header["types"])),
        bias=tuple(header["bias"]),
        scale=header["scale"],
        threshold=header["threshold"],
        features=features,
        weights=weights,
    )
