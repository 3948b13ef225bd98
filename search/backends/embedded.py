"""The embedded engine: tantivy, a folder of files, no server.

`SEARCH_URL=embedded:///path`. The folder holds one folder per index and a pointer file that names the one in use; a
rebuild fills a new folder and replaces the pointer. One process writes at a time, by tantivy's own lock; readers
look for a newer state before every question, so what another process wrote is found at once.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.core.exceptions import ImproperlyConfigured
from tantivy import (
    Document,
    Index,
    IndexWriter,
    Query,
    Schema,
    SchemaBuilder,
    Searcher,
    SearchResult,
    TextAnalyzerBuilder,
    Tokenizer,
)

from search.backends.embedded_queries import bounded
from search.engine import FORM, NOTHING, Answer, Busy, Engine, Request, Row, Sight, Unavailable, Writer
from search.nodes import In, Node, matching
from search.records import FACET_FIELDS, MARK, ORDER_FIELDS, SHOWN_FIELDS, WHOLE_FIELDS, WORD_FIELDS, Record

_POINTER = f"current-{FORM}"
_WORDS = "words"
_WRITER_BYTES, _REBUILD_BYTES = 64_000_000, 256_000_000
# A count by value is exact up to so many different values.
_MOST_VALUES = 10_000
_MOST_KEYS = 100_000_000

Found = TypeVar("Found")


def connect(url: str) -> Engine:
    parts = urlsplit(url)
    if parts.netloc or not parts.path.strip("/"):
        raise ImproperlyConfigured("SEARCH_URL must name a folder from the root: embedded:///path")
    return EmbeddedEngine(Path(unquote(parts.path)))


class EmbeddedEngine:
    """See `search.engine.Engine`; made once per process and folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opening = threading.Lock()
        self._opened: tuple[str, Index] | None = None

    def answer(self, request: Request) -> Answer:
        return self._ask(lambda searcher, schema: _answer(request, searcher, schema), NOTHING)

    def counts(self, nodes: Mapping[str, Node], sight: Sight) -> dict[str, int]:
        def count(searcher: Searcher, schema: Schema) -> dict[str, int]:
            return {name: _count(searcher, bounded(node, sight, (), schema)) for name, node in nodes.items()}

        return self._ask(count, dict.fromkeys(nodes, 0))

    def identity(self) -> str:
        name = self._current()
        try:
            if name:
                _opened(self._folder / name)
        except (ValueError, OSError):
            return ""
        return name

    def marks(self, keys: Collection[str]) -> dict[str, str]:
        def found(searcher: Searcher, schema: Schema) -> dict[str, str]:
            query = Query.term_set_query(schema, "key", sorted(keys))
            stored = (searcher.doc(address) for _, address in searcher.search(query, max(1, len(keys))).hits)
            return {json.loads(each.get_first("shown") or b"{}")["key"]: each.get_first(MARK) or "" for each in stored}

        return self._ask(found, {})

    def keys(self, kind: str) -> Iterator[str]:
        def found(searcher: Searcher, schema: Schema) -> list[str]:
            return [term for term, _ in searcher.terms_with_prefix("key", f"{kind}:", limit=_MOST_KEYS)]

        nothing: list[str] = []
        yield from self._ask(found, nothing)

    @contextmanager
    def writing(self, *, version: int) -> Iterator[Writer]:
        """The version is not needed: one process writes at a time, and reads what it writes while it has the lock."""
        name = self._current() or self._begun()
        try:
            index = _opened(self._folder / name)
        except (ValueError, OSError) as fault:
            raise Unavailable(str(fault)) from fault
        with _writing(index, _WRITER_BYTES, threads=1) as batch:
            # A rebuild may have changed over while this process waited for the lock.
            if self._current() != name:
                raise Busy
            yield batch

    @contextmanager
    def rebuilding(self, still_ours: Callable[[], None], *, version: int) -> Iterator[Writer]:
        name = _new_name()
        try:
            with _writing(_made(self._folder / name), _REBUILD_BYTES, threads=0, is_new=True) as batch:
                yield batch
            still_ours()
            self._written_pointer(name).replace(self._folder / _POINTER)
        except BaseException:
            shutil.rmtree(self._folder / name, ignore_errors=True)
            raise
        self._remove_all_but(name)

    def _ask(self, ask: Callable[[Searcher, Schema], Found], nothing: Found) -> Found:
        """Asks the newest state; a second time if a rebuild removed the index while it was being opened."""
        for attempt in (1, 2):
            name = self._current()
            if not name:
                break
            try:
                index = self._reading(name)
                return ask(index.searcher(), index.schema)
            except (ValueError, OSError) as fault:
                if attempt == 2 or self._current() == name:
                    raise Unavailable(str(fault)) from fault
        return nothing

    def _reading(self, name: str) -> Index:
        with self._opening:
            if self._opened is None or self._opened[0] != name:
                index = _opened(self._folder / name)
                index.config_reader("manual")
                self._opened = (name, index)
            self._opened[1].reload()
            return self._opened[1]

    def _current(self) -> str:
        """The folder of the index in use; empty before the first write."""
        try:
            return (self._folder / _POINTER).read_text(encoding="ascii")
        except FileNotFoundError:
            return ""

    def _begun(self) -> str:
        """Makes the first, empty index; another process may be quicker, then it is theirs."""
        name = _new_name()
        _made(self._folder / name)
        pointer = self._written_pointer(name)
        try:
            (self._folder / _POINTER).hardlink_to(pointer)
        except FileExistsError:
            shutil.rmtree(self._folder / name)
        finally:
            pointer.unlink()
        return self._current()

    def _written_pointer(self, name: str) -> Path:
        path = self._folder / f"{_POINTER}.{name}"
        with path.open("w", encoding="ascii") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        return path

    def _remove_all_but(self, name: str) -> None:
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != name:
                shutil.rmtree(path, ignore_errors=True)


class _Batch:
    """See `search.engine.Writer`."""

    def __init__(self, writer: IndexWriter, schema: Schema, *, is_new: bool) -> None:
        self._writer = writer
        self._schema = schema
        self._is_new = is_new

    def replace(self, records: Iterable[Record]) -> None:
        for record in records:
            # In a new index each key comes once, and every removal costs a look through all that was written.
            if not self._is_new:
                self._writer.delete_documents_by_term("key", record.key)
            self._writer.add_document(_document(record, self._schema))

    def remove(self, keys: Collection[str]) -> None:
        for key in keys:
            self._writer.delete_documents_by_term("key", key)


@contextmanager
def _writing(index: Index, memory: int, *, threads: int, is_new: bool = False) -> Iterator[_Batch]:
    """Commits when the context ends well; in any case frees the lock, after merges that are under way."""
    try:
        writer = index.writer(memory, threads)
    except ValueError as fault:
        if "LockBusy" in str(fault):
            raise Busy from fault
        raise
    try:
        yield _Batch(writer, index.schema, is_new=is_new)
        writer.commit()
    finally:
        writer.wait_merging_threads()


def _new_name() -> str:
    return f"{FORM}-{uuid4().hex}"


def _made(path: Path) -> Index:
    path.mkdir(parents=True)
    return _with_words(Index(_schema(), str(path), reuse=False))


def _opened(path: Path) -> Index:
    return _with_words(Index.open(str(path)))


def _with_words(index: Index) -> Index:
    index.register_tokenizer(_WORDS, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


def _schema() -> Schema:
    build = SchemaBuilder()
    for name in WORD_FIELDS:
        build.add_text_field(name, tokenizer_name=_WORDS, index_option="position")
    for name in WHOLE_FIELDS:
        build.add_text_field(name, fast=name in FACET_FIELDS, tokenizer_name="raw", index_option="basic")
    for name in ORDER_FIELDS:
        build.add_unsigned_field(name, fast=True)
    build.add_float_field("recency", fast=True)
    build.add_text_field(MARK, stored=True, tokenizer_name="raw", index_option="basic")
    build.add_bytes_field("shown", stored=True)
    return build.build()


def _document(record: Record, schema: Schema) -> Document:
    fields = {name: value for name, value in record.fields.items() if name not in SHOWN_FIELDS or name in WHOLE_FIELDS}
    shown = {name: record.fields[name] for name in SHOWN_FIELDS if name in record.fields}
    return Document.from_dict({**fields, "shown": json.dumps(shown, ensure_ascii=False).encode()}, schema)


def _answer(request: Request, searcher: Searcher, schema: Schema) -> Answer:
    filters = {field: In(field, values) for field, values in request.filters.items()}
    query = bounded(request.node, request.sight, tuple(filters.values()), schema)
    if request.order:
        found = searcher.search(query, request.limit, order_by_field=request.order, offset=request.offset)
    else:
        found = searcher.search(query, request.limit, weight_by_field="recency", offset=request.offset)
    total = _total(found)
    rows = []
    for score, address in found.hits:
        shown = searcher.doc(address).get_first("shown")
        rows.append(Row(0.0 if request.order else float(score), json.loads(shown or b"{}")))
    node = matching(request.node)
    before = _count(searcher, bounded(node, request.sight, (), schema)) if filters else total
    return Answer(total, before, rows, _facets(request, filters, searcher, schema))


def _count(searcher: Searcher, query: Query) -> int:
    return _total(searcher.search(query, 1))


def _total(found: SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # the stub leaves it out


def _facets(
    request: Request, filters: Mapping[str, In], searcher: Searcher, schema: Schema
) -> dict[str, dict[str, int]]:
    """Counts by value. Fields without a filter of their own share one pass; each other field takes its own."""
    shared = [field for field in request.facets if field not in filters]
    passes = [[field] for field in request.facets if field in filters] + ([shared] if shared else [])
    found: dict[str, dict[str, int]] = {}
    for fields in passes:
        others = tuple(bound for field, bound in filters.items() if field not in fields)
        query = bounded(matching(request.node), request.sight, others, schema)
        wanted = {field: {"terms": {"field": field, "size": _MOST_VALUES}} for field in fields}
        for field, counted in searcher.aggregate(query, wanted).items():
            found[field] = {bucket["key"]: bucket["doc_count"] for bucket in counted["buckets"]}
    return found
