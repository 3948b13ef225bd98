"""Finding: one question over every kind of thing, within the sight of who asks."""

import base64
import binascii
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.acting import Acting
from pages.domain_errors import Invalid
from search import ranking
from search.engine import NOTHING, Request, Row, Sight, Unavailable, engine
from search.kinds import KINDS, Badge, badge_of
from search.models import Narrowed
from search.nodes import In, Node
from search.question import Question, read
from search.records import FACET_FIELDS, SHOWN_FIELDS, key_of
from search.snippets import Marker
from search.state import is_whole

logger = logging.getLogger(__name__)

# Who hasn't found it among a thousand asks better; deeper pages would cost ever more.
DEEPEST = 1_000
LARGEST_PAGE = 100
# An engine this slow isn't asked again for what its first answer lacked.
PATIENCE_SECONDS = 6
ORDERS = {"relevance": "", "newest": "newest", "oldest": "oldest"}


class Mercy(StrEnum):
    """What was forgiven because nothing had every word."""

    NONE = "none"
    SLIPS = "slips"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked.

    kinds    codes; none means all
    filters  facet → values, one of which it must have: {"status": ("in_force",), "year": ("2025", "2026")}
    sort     relevance, newest or oldest
    after    `Results.next_key` of the page before
    """

    text: str
    kinds: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    limit: int = 10
    after: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found, as a list shows it.

    score         0 when sorted by date
    snippet       escaped HTML with `<mark>`: the best place of the text, else the title or number
    marked_title  the whole title in the same way
    has_text      there is a text, and the snippet is more than the title again
    """

    id: str
    kind: str
    kind_label: str | Promise
    icon: str
    number: str
    title: str
    score: float
    snippet: SafeString
    marked_title: SafeString
    has_text: bool
    url: str
    lights: bool
    unit: str
    status: Badge | None
    dated: date | None
    document_type: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Results:
    """
    total        what is found; `before` is the same without kinds and filters
    facets       field → value → how many he would see, each without the choice made in that very field
    next_key     continues the list; empty at its end
    is_cut       the list ends at `DEEPEST`, though there is more
    is_degraded  the engine didn't answer: nothing is known, not even that there is nothing
    is_filling   the index was lost and is being filled again: what is found is true, but there may be more
    """

    total: int = 0
    before: int = 0
    hits: Sequence[Hit] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    took_ms: int = 0
    mercy: Mercy = Mercy.NONE
    next_key: str = ""
    is_cut: bool = False
    is_degraded: bool = False
    is_filling: bool = False


def find(query: Query, acting: Acting) -> Results:
    """What he may see of what was asked for. Never raises because of the words or the engine.

    Hits, totals, facets and snippets come from entries that carry one of his tokens; a superuser's from all. What
    was narrowed and isn't indexed again shows to nobody. Scores weigh a word by how rare it is in the whole index:
    they compare hits of one answer, nothing else. Raises Invalid for a damaged `after`.
    """
    began = time.perf_counter()
    question = read(query.text)
    mercy, offset = _read_key(query.after)
    if not question.units or not KINDS or not (acting.is_superuser or acting.tokens):
        return Results()
    try:
        results = _found(query, question, _sight(acting), mercy, offset)
    except Unavailable as reason:
        logger.error("search is degraded: %s", reason)
        results = Results(is_degraded=True)
    return replace(results, took_ms=round((time.perf_counter() - began) * 1000), is_filling=not is_whole())


def _sight(acting: Acting) -> Sight:
    """Read before the engine is asked: what is no longer in this table lies in the index with its new tokens."""
    hidden = [key_of(kind, object_id) for kind, object_id in Narrowed.objects.values_list("kind", "object_id")]
    within = [In("kind", tuple(KINDS))]
    if not acting.is_superuser:
        within.append(In("allow", tuple(sorted(acting.tokens))))
    return Sight(tuple(within), (In("key", tuple(hidden)),) if hidden else ())


def _found(query: Query, question: Question, sight: Sight, mercy: Mercy | None, offset: int) -> Results:
    """The first answer that isn't empty, from strict to lenient; a following page keeps to the mercy of the first."""
    unknown: list[str] = []
    answer, patience = NOTHING, time.monotonic() + PATIENCE_SECONDS
    for shown in [mercy] if mercy else list(Mercy):
        if time.monotonic() > patience:
            raise Unavailable("the engine answers too slowly")
        if shown != Mercy.NONE:
            unknown = unknown or _unknown(question, sight)
        node = _node(question, shown, unknown)
        if node:
            answer = engine().answer(_request(query, node, sight, offset))
        if answer.total:
            break
    else:
        shown = Mercy.NONE
    marker = Marker(question.rows, unknown)
    hits = [_hit(row, marker) for row in answer.rows]
    end = offset + len(hits)
    is_more = bool(hits) and end < answer.total
    return Results(
        total=answer.total,
        before=answer.before,
        hits=hits,
        facets=answer.facets,
        mercy=shown,
        next_key=_key(shown, end) if is_more and end < DEEPEST else "",
        is_cut=is_more and end >= DEEPEST,
    )


def _unknown(question: Question, sight: Sight) -> list[str]:
    """The words that nothing in his sight has."""
    counts = engine().counts(ranking.single_words(question), sight)
    return [folded for folded, count in counts.items() if not count]


def _node(question: Question, mercy: Mercy, unknown: Sequence[str]) -> Node | None:
    """What to ask for; None when this mercy could find no more than the one before."""
    if mercy == Mercy.NONE:
        return ranking.with_all(question)
    if mercy == Mercy.SLIPS:
        has_slip = any(ranking.can_slip(folded, unknown) for folded in unknown)
        return ranking.with_all(question, unknown) if has_slip else None
    return ranking.with_most(question, unknown) if len(question.parts) > 2 else None


def _request(query: Query, node: Node, sight: Sight, offset: int) -> Request:
    filters = {name: values for name, values in query.filters.items() if name in FACET_FIELDS and values}
    if query.kinds:
        filters["kind"] = query.kinds
    return Request(
        node=node,
        sight=sight,
        filters=filters,
        order=ORDERS.get(query.sort, ""),
        offset=offset,
        limit=max(1, min(query.limit, LARGEST_PAGE, DEEPEST - offset)),
        facets=FACET_FIELDS,
    )


def _hit(row: Row, marker: Marker) -> Hit:
    shown = {name: row.fields.get(name, "") for name in SHOWN_FIELDS}
    kind = KINDS[shown["kind"]]
    return Hit(
        id=shown["id"],
        kind=kind.code,
        kind_label=kind.label,
        icon=kind.icon,
        number=shown["number"],
        title=shown["title"],
        score=round(row.score, 4),
        snippet=marker.snippet(shown),
        marked_title=marker.whole(shown["title"]),
        has_text=bool(shown["text"]),
        url=kind.url(shown["id"]),
        lights=kind.lights,
        unit=shown["unit"],
        status=badge_of(shown["status"]),
        dated=date.fromisoformat(shown["dated"]) if shown["dated"] else None,
        document_type=shown["document_type"],
        issuer=shown["issuer"],
    )


def _key(mercy: Mercy, offset: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([mercy, offset]).encode()).decode().rstrip("=")


def _read_key(key: str) -> tuple[Mercy | None, int]:
    if not key:
        return None, 0
    try:
        mercy, offset = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        if not 0 < int(offset) < DEEPEST:
            raise ValueError
        return Mercy(mercy), int(offset)
    except (binascii.Error, ValueError, TypeError) as fault:
        raise Invalid(_("This page link is damaged. Search again.")) from fault
