"""What can be found: higher packages register their kinds in `search_kinds.py`; this package knows none of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise

from search.text import clean

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing as it is found: what is searched, what a hit shows, and who may see it.

    id             our key as text
    number         its code or number, empty if it has none: `28/2018/QĐ-UBND`
    title, text    searched and shown; `text` is the full text of a paper, pages and all
    tokens         whoever holds one of these sees it (`accounts.sight`); none: only a superuser does
    document_type  the official Vietnamese name: Quyết định; like `unit` and `issuer` a facet as it reads
    status         a code the kind has a `Badge` for
    """

    kind: str
    id: str
    number: str = ""
    title: str = ""
    text: str = ""
    tokens: frozenset[str] = frozenset()
    unit: str = ""
    document_type: str = ""
    status: str = ""
    issuer: str = ""
    dated: date | None = None

    def __post_init__(self) -> None:
        for name in ("number", "title", "text", "unit", "document_type", "issuer"):
            object.__setattr__(self, name, clean(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Badge:
    """A status as a hit shows it; `tone` is ok, near, late, pause or info."""

    label: Words
    tone: str = "info"
    icon: str = "dot"


@dataclass(frozen=True, slots=True)
class SearchKind:
    """A kind of things to find: dossier, document, decision, certificate, project, parcel, person.

    load      the entries of these ids, as the database has them now; an id that is gone is left out
    all_ids   every id there is, for a rebuild
    url       the page a hit opens
    icon      a Bootstrap icon's name
    statuses  how each status code reads
    lights    that page shows where the words stand that were sought (`q`), and leads back (`from`)
    """

    code: str
    label: Words
    icon: str
    load: Callable[[Sequence[str]], Iterable[Entry]]
    all_ids: Callable[[], Iterator[str]]
    url: Callable[[str], str]
    statuses: Mapping[str, Badge] = field(default_factory=dict)
    lights: bool = False


KINDS: dict[str, SearchKind] = {}


def register(kind: SearchKind) -> SearchKind:
    """Makes things of this kind findable; called while Django starts."""
    KINDS[kind.code] = kind
    return kind


def badge_of(status: str) -> Badge | None:
    """How a status reads, whichever kind knows it; None for no status."""
    known = (kind.statuses[status] for kind in KINDS.values() if status in kind.statuses)
    return next(known, Badge(status)) if status else None
