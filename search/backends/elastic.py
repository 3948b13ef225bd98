"""Elasticsearch 8, when `SEARCH_URL` is an http address.

`http://host:9200/hosodat`: the path is the prefix of all names, hosodat by default. Questions and writes go to an
alias; a rebuild fills a new index and moves the alias in one step. The index has one shard, so that scores are those
of the embedded engine.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.core.exceptions import ImproperlyConfigured
from elasticsearch import ApiError, BadRequestError, Elasticsearch, TransportError
from elasticsearch.dsl import A, Double, Index, Keyword, Long, Search, Text, analyzer
from elasticsearch.dsl import Mapping as Fields
from elasticsearch.dsl.query import Bool, Query
from elasticsearch.helpers import scan, streaming_bulk

from search.backends.elastic_queries import bounded, translated, within
from search.engine import FORM, Answer, Engine, Request, Row, Sight, Unacceptable, Unavailable, Writer
from search.nodes import In, Node
from search.records import MARK, ORDER_FIELDS, SHOWN_FIELDS, WHOLE_FIELDS, WORD_FIELDS, Record

# An officer waits this long for an answer before he is told that search is out of order; a write may take longer.
_ASK_SECONDS, _WRITE_SECONDS = 5, 60
_MOST_VALUES = 10_000
_REMEMBERED = "1h"
# What no second try helps; anything else (no index, no right, a full disk, no time) passes or is mended.
_ENTRYS_OWN_FAULT = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
CHUNK_BYTES = 8 * 1024 * 1024
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]*")


def connect(url: str) -> Engine:
    parts = urlsplit(url)
    prefix = parts.path.strip("/") or "hosodat"
    if not _PREFIX.fullmatch(prefix):
        raise ImproperlyConfigured("The path of SEARCH_URL may hold small letters, digits, - and _")
    account = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    port = parts.port or {"http": 9200, "https": 443}[parts.scheme]
    address = f"{parts.scheme}://{parts.hostname}:{port}"
    client = Elasticsearch(address, basic_auth=account, request_timeout=_WRITE_SECONDS, max_retries=0)
    return ElasticEngine(client, prefix)


class ElasticEngine:
    """See `search.engine.Engine`."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client = client
        self._asking = client.options(request_timeout=_ASK_SECONDS)
        self._prefix = prefix
        self._alias = f"{prefix}.v{FORM}"

    def answer(self, request: Request) -> Answer:
        filters = {field: translated(In(field, values)) for field, values in request.filters.items()}
        search = self._search(bounded(request.node, request.sight))[request.offset : request.offset + request.limit]
        search = search.source(list(SHOWN_FIELDS)).extra(track_total_hits=True)
        search = search.sort(f"-{request.order}") if request.order else search.sort("_score", "key")
        if filters:
            search = search.post_filter(Bool(filter=list(filters.values())))
        search.aggs.bucket("before", A("filter", filter=Bool()))
        for field in request.facets:
            others = [bound for name, bound in filters.items() if name != field]
            counted = search.aggs.bucket(field, A("filter", filter=Bool(filter=others)))
            counted.bucket("values", A("terms", field=field, size=_MOST_VALUES))
        with _reached():
            return _answer(search.execute().to_dict(), request)

    def counts(self, nodes: Mapping[str, Node], sight: Sight) -> dict[str, int]:
        names = list(nodes)
        search = self._search(within(sight))[:0]
        for place, name in enumerate(names):
            search.aggs.bucket(str(place), A("filter", filter=translated(nodes[name])))
        with _reached():
            found = search.execute().to_dict().get("aggregations", {})
            return {name: int(found.get(str(place), {}).get("doc_count", 0)) for place, name in enumerate(names)}

    def identity(self) -> str:
        with _reached():
            found = self._client.indices.get(index=self._alias, ignore_unavailable=True)
            return ",".join(sorted(f"{name} {each['settings']['index']['uuid']}" for name, each in found.items()))

    def marks(self, keys: Collection[str]) -> dict[str, str]:
        with _reached():
            found = self._client.mget(index=self._alias, ids=sorted(keys), source_includes=[MARK])["docs"]
            return {each["_id"]: each["_source"].get(MARK, "") for each in found if each.get("found")}

    def keys(self, kind: str) -> Iterator[str]:
        with _reached():
            query = translated(In("kind", (kind,))).to_dict()
            for hit in scan(self._client, index=self._alias, query={"query": query}, _source=False, size=5_000):
                yield hit["_id"]

    @contextmanager
    def writing(self, *, version: int) -> Iterator[Writer]:
        with _reached(strict=True):
            if not self._client.indices.exists_alias(name=self._alias):
                self._begin()
            batch = _Batch(self._client, self._alias, version, is_alias=True)
            yield batch
            self._client.indices.refresh(index=self._alias)
        batch.complain()

    @contextmanager
    def rebuilding(self, still_ours: Callable[[], None], *, version: int) -> Iterator[Writer]:
        name = f"{self._alias}.{uuid4().hex}"
        try:
            with _reached(strict=True):
                index_of(self._client, name).create()
                batch = _Batch(self._client, name, version, is_alias=False)
                yield batch
                batch.complain()
                self._client.indices.refresh(index=name)
                still_ours()
                self._move_alias(name)
        except BaseException:
            with suppress(ApiError, TransportError):
                self._client.indices.delete(index=name, ignore_unavailable=True)
            raise
        with _reached(strict=True):
            self._remove_all_but(name)

    def _search(self, query: Query) -> Search:
        search = Search(using=self._asking, index=self._alias).query(query)
        # No index yet is an empty one; half an answer is none.
        return search.params(ignore_unavailable=True, allow_partial_search_results=False)

    def _begin(self) -> None:
        """Makes the first, empty index; of two processes one makes it."""
        index = index_of(self._client, f"{self._alias}.first")
        index.aliases(**{self._alias: {}})
        try:
            index.create()
        except BadRequestError as fault:
            if fault.error != "resource_already_exists_exception":
                raise

    def _move_alias(self, name: str) -> None:
        actions = [{"remove": {"index": old, "alias": self._alias}} for old in self._names(self._alias)]
        self._client.indices.update_aliases(actions=[*actions, {"add": {"index": name, "alias": self._alias}}])

    def _remove_all_but(self, name: str) -> None:
        """Removes what this rebuild replaced, what earlier ones left behind, and indices of older forms."""
        for old in self._names(f"{self._prefix}.v*"):
            if old != name:
                self._client.indices.delete(index=old, ignore_unavailable=True)

    def _names(self, pattern: str) -> list[str]:
        return list(self._client.indices.get(index=pattern, ignore_unavailable=True))


def index_of(client: Elasticsearch, name: str) -> Index:
    """An index of our form, not made yet."""
    fields = Fields()
    fields.meta("dynamic", "strict")
    fields.meta("_source", includes=[*SHOWN_FIELDS, MARK])
    words = analyzer("words", type="custom", tokenizer="whitespace")
    for field in WORD_FIELDS:
        fields.field(field, Text(analyzer=words))
    for field in (*WHOLE_FIELDS, *SHOWN_FIELDS):
        is_whole = field in WHOLE_FIELDS
        fields.field(field, Keyword(index=is_whole, doc_values=is_whole))
    fields.field(MARK, Keyword(index=False, doc_values=False))
    for field in ORDER_FIELDS:
        fields.field(field, Long())
    fields.field("recency", Double())
    index = Index(name, using=client)
    # A removal is remembered longer than any worker may hold on to what it read before.
    index.settings(number_of_shards=1, auto_expand_replicas="0-1", gc_deletes=_REMEMBERED)
    index.mapping(fields)
    return index


class _Batch:
    """See `search.engine.Writer`; what the engine doesn't take is kept for `complain`."""

    def __init__(self, client: Elasticsearch, index: str, version: int, *, is_alias: bool) -> None:
        self._client = client
        self._into = {"_index": index, "version": version, "version_type": "external"}
        self._is_alias = is_alias
        self._faults: list[str] = []

    def replace(self, records: Iterable[Record]) -> None:
        self._send({"_op_type": "index", "_id": record.key, "_source": dict(record.fields)} for record in records)

    def remove(self, keys: Collection[str]) -> None:
        self._send({"_op_type": "delete", "_id": key} for key in keys)

    def complain(self) -> None:
        if self._faults:
            raise Unacceptable("; ".join(self._faults))

    def _send(self, actions: Iterable[dict[str, Any]]) -> None:
        taken = streaming_bulk(
            self._client,
            ({**action, **self._into} for action in actions),
            max_chunk_bytes=CHUNK_BYTES,
            raise_on_error=False,
            require_alias=self._is_alias,
        )
        for is_done, result in taken:
            [outcome] = result.values()
            status = outcome["status"]
            if is_done or (status == HTTPStatus.NOT_FOUND and outcome.get("result") == "not_found"):
                continue
            if status == HTTPStatus.CONFLICT:
                # Something newer stands there.
                continue
            if status not in _ENTRYS_OWN_FAULT:
                raise Unavailable(str(outcome))
            self._faults.append(f"{outcome['_id']}: {outcome.get('error')}")


@contextmanager
def _reached(*, strict: bool = False) -> Iterator[None]:
    """Turns failures of the engine into Unavailable; `strict` lets through what is the request's own fault."""
    try:
        yield
    except TransportError as fault:
        raise Unavailable(str(fault)) from fault
    except ApiError as fault:
        if strict and fault.status_code in _ENTRYS_OWN_FAULT:
            raise
        raise Unavailable(str(fault)) from fault
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as fault:
        if strict:
            raise
        # What answers there is no engine, or one that has lost its mind.
        raise Unavailable(f"the answer makes no sense: {fault!r}") from fault


def _answer(found: dict[str, Any], request: Request) -> Answer:
    counted = found.get("aggregations", {})
    rows = []
    for hit in found["hits"]["hits"]:
        score = 0.0 if request.order else float(hit["_score"])
        if hit["_source"]["key"] != hit["_id"]:
            raise ValueError(hit["_id"])
        rows.append(Row(score, hit["_source"]))
    facets = {
        field: {bucket["key"]: bucket["doc_count"] for bucket in counted[field]["values"]["buckets"]}
        for field in request.facets
        if field in counted
    }
    before = counted.get("before", {}).get("doc_count", 0)
    return Answer(int(found["hits"]["total"]["value"]), before, rows, facets)
