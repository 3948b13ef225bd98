"""How fast things get into the index: our whole way from an entry on, against a raw bulk of the same JSON.

The raw bulk is the engine's own client fed with finished documents: no analysis, no digest, no version, no batch of
ours. Both fill an index of the same form with the same settings, by turns, in one run; of each the quickest turn
counts, for what else runs on the machine only slows. `LEGAL_TEXTS` names real texts; without it they are made up.
The embedded index is measured always, Elasticsearch where `TEST_ELASTICSEARCH_URL` names one.
"""

import gzip
import json
import os
import random
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from benchmarks.rows import Row, row
from search.backends import elastic, embedded
from search.engine import Engine
from search.kinds import Entry
from search.records import SHOWN_FIELDS, WHOLE_FIELDS, record_of

GOAL = 0.6
ENTRIES, RUNS, BATCH = 4_000, 4, 200
_SYLLABLES = ("đất", "thửa", "rừng", "giao", "thu", "hồi", "chuyển", "nhượng", "quyền", "sử", "dụng", "điều", "khoản")


def run() -> list[Row]:
    """A row for each back end: entries a second, and their share of the raw bulk's."""
    entries = list(_entries())
    with TemporaryDirectory() as folder:
        rows = [_row("embedded", *_embedded(entries, Path(folder)))]
    if url := os.environ.get("TEST_ELASTICSEARCH_URL"):
        rows.append(_row("elasticsearch", *_elasticsearch(entries, url)))
    return rows


def _row(back_end: str, ours: float, raw: float) -> Row:
    ratio = ours / raw
    return row(
        f"indexing, {back_end}",
        ours,
        "entries/s",
        peer=f"raw bulk of the same JSON, {raw:.0f} entries/s",
        ratio=ratio,
        goal=f"ratio ≥ {GOAL}",
        holds=ratio >= GOAL,
    )


def _embedded(entries: Sequence[Entry], folder: Path) -> tuple[float, float]:
    lines = [json.dumps(document, ensure_ascii=False) for document in _documents(entries, embedded_form=True)]

    def raw(place: int) -> None:
        index = embedded._made(folder / f"raw-{place}")
        writer = index.writer(embedded._REBUILD_BYTES, 0)
        for line in lines:
            writer.add_json(line)
        writer.commit()
        writer.wait_merging_threads()

    def ours(place: int) -> None:
        _fill(embedded.connect(f"embedded://{folder}/ours-{place}"), entries)

    return _by_turns(ours, raw, len(entries))


def _elasticsearch(entries: Sequence[Entry], url: str) -> tuple[float, float]:
    documents = list(_documents(entries, embedded_form=False))
    prefix = f"bench-{uuid4().hex[:10]}"
    address = urlsplit(url)
    engine = elastic.connect(urlunsplit(address._replace(path=f"/{prefix}")))
    client = Elasticsearch(urlunsplit(address._replace(path="")), request_timeout=60)

    def raw(place: int) -> None:
        name = f"{prefix}.raw-{place}"
        elastic.index_of(client, name).create()
        actions = ({"_index": name, "_id": one["key"], "_source": one} for one in documents)
        for _ in streaming_bulk(client, actions, max_chunk_bytes=elastic.CHUNK_BYTES):
            pass
        client.indices.refresh(index=name)

    try:
        return _by_turns(lambda _: _fill(engine, entries), raw, len(entries))
    finally:
        for name in client.indices.get(index=f"{prefix}.*"):
            client.indices.delete(index=name)


def _fill(engine: Engine, entries: Sequence[Entry]) -> None:
    """As `search.rebuilding` does it, but for the database."""
    with engine.rebuilding(lambda: None, version=1) as writer:
        for start in range(0, len(entries), BATCH):
            writer.replace([record_of(entry) for entry in entries[start : start + BATCH]])


def _by_turns(ours: Callable[[int], None], raw: Callable[[int], None], count: int) -> tuple[float, float]:
    """Entries a second of both; the first turn warms up and doesn't count."""
    taken: dict[Callable[[int], None], list[float]] = {ours: [], raw: []}
    for place in range(RUNS + 1):
        for way, seconds in taken.items():
            began = time.perf_counter()
            way(place)
            seconds.append(time.perf_counter() - began)
    return count / min(taken[ours][1:]), count / min(taken[raw][1:])


def _documents(entries: Sequence[Entry], *, embedded_form: bool) -> Iterator[dict[str, Any]]:
    """What the engine is given in the end; the embedded one keeps what a hit shows as one packed field."""
    for entry in entries:
        fields = dict(record_of(entry).fields)
        if embedded_form:
            shown = json.dumps({name: fields[name] for name in SHOWN_FIELDS if name in fields}, ensure_ascii=False)
            fields = {name: value for name, value in fields.items() if name not in SHOWN_FIELDS or name in WHOLE_FIELDS}
            fields["shown"] = b64encode(shown.encode()).decode()
        yield fields


def _entries() -> Iterator[Entry]:
    texts = list(_texts())
    chance = random.Random(7)  # noqa: S311 the same texts in every run
    for number in range(ENTRIES):
        yield Entry(
            kind="decision",
            id=str(number),
            number=f"{number}/2026/QĐ-UBND",
            title=" ".join(chance.choices(_SYLLABLES, k=14)).capitalize(),
            text=texts[number % len(texts)],
            tokens=frozenset({"everyone", f"unit:{number % 90}"}),
            unit=f"Xã {number % 90}",
            document_type="Quyết định",
            status="in_force",
            issuer="Ủy ban nhân dân tỉnh Yên Giang",
            dated=date(2014, 7, 1) + timedelta(days=number % 4000),
        )


def _texts() -> Iterator[str]:
    path = os.environ.get("LEGAL_TEXTS")
    if path:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line).get("text") or "" for line in lines)
        return
    chance = random.Random(11)  # noqa: S311 the same texts in every run
    for _ in range(500):
        yield " ".join(chance.choices(_SYLLABLES, k=390))
