"""The port to a search engine. What is asked and how it is ranked is decided above it; engines only carry it out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.nodes import In, Node
from search.records import Record

# The form of the index. Raised when records change their fields: the next write then begins an empty index of the
# new form, and `rebuild_index` fills it.
FORM = 2

_BACKENDS = {"embedded": "search.backends.embedded", "http": "search.backends.elastic"}
_BACKENDS["https"] = _BACKENDS["http"]


class Unavailable(Exception):
    """The engine doesn't answer, or not in time."""


class Busy(Exception):
    """Another process writes to the index."""


class Unacceptable(Exception):
    """The engine took the batch but for these entries; the message names them and why."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a question may reach: everything in `within`, less `without`. It bounds hits and every count alike."""

    within: tuple[In, ...] = ()
    without: tuple[In, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A question to the engine.

    filters   narrows by facet: field → values, one of which must be there
    order     a field of `ORDER_FIELDS`, or empty for the best first
    """

    node: Node
    sight: Sight
    filters: Mapping[str, tuple[str, ...]]
    order: str
    offset: int
    limit: int
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A hit: its score, and the shown fields of its record."""

    score: float
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    total     what the filters let through
    before    what there is without the filters
    facets    field → value → how many, each counted without the filter on that field
    """

    total: int
    before: int
    rows: Sequence[Row]
    facets: Mapping[str, Mapping[str, int]]


NOTHING = Answer(0, 0, (), {})


class Writer(Protocol):
    """Changes to the index; they take hold together, when its context ends without an error.

    A change whose version is below that of what stands there, or was removed lately, is passed over.
    """

    def replace(self, records: Iterable[Record]) -> None: ...

    def remove(self, keys: Collection[str]) -> None: ...


class Engine(Protocol):
    """Every method raises Unavailable when the engine can't be reached."""

    def answer(self, request: Request) -> Answer:
        """The hits from `offset` on, and the counts. NOTHING while there is no index yet."""

    def counts(self, nodes: Mapping[str, Node], sight: Sight) -> dict[str, int]:
        """How many entries in sight each node finds."""

    def identity(self) -> str:
        """The name of the index in use, never given twice; empty while there is none that can be read."""

    def marks(self, keys: Collection[str]) -> dict[str, str]:
        """The marks of these entries as they lie in the index; what isn't there is left out."""

    def keys(self, kind: str) -> Iterator[str]:
        """The keys of every entry of a kind, in any order; some of entries that are gone may be among them."""

    def writing(self, *, version: int) -> AbstractContextManager[Writer]:
        """Changes the index in use. When the context ends, what was written is found. Raises Busy."""

    def rebuilding(self, still_ours: Callable[[], None], *, version: int) -> AbstractContextManager[Writer]:
        """Fills a new index beside the one in use and changes over when the context ends; else it is dropped.

        `still_ours` is asked last, when the new index is whole; if it raises, nothing changes over.
        """


def engine() -> Engine:
    """The engine `SEARCH_URL` names."""
    return _engine(settings.SEARCH_URL)


@lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    scheme = urlsplit(url).scheme
    if scheme not in _BACKENDS:
        raise ImproperlyConfigured("SEARCH_URL must begin with embedded://, http:// or https://")
    # By name: the client of the other engine need not be installed.
    backend: Any = import_module(_BACKENDS[scheme])
    return cast("Engine", backend.connect(url))
