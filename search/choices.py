"""The search page's choices: its address understood as a query, and the filters it offers."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.kinds import KINDS, badge_of
from search.records import FACET_FIELDS
from search.selectors import ORDERS, Query, Results

_FACET_LABELS = {
    "kind": _("Kind"),
    "document_type": _("Type of paper"),
    "status": _("Status"),
    "issuer": _("Issuer"),
    "unit": _("Unit"),
    "year": _("Year"),
}
SORT_LABELS = {"relevance": _("Best match"), "newest": _("Newest first"), "oldest": _("Oldest first")}
_VALUES_SHOWN = 8
# An address typed by hand shall not ask more than boxes on the page can.
_MOST_CHOSEN, _LONGEST_VALUE = 40, 300


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str | Promise
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of boxes; counts are those of what the officer may see."""

    name: str
    label: str | Promise
    values: list[FacetValue]


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice in force; `url` is the page without it."""

    label: str | Promise
    url: str


def query_of(params: QueryDict) -> Query:
    """The query an address asks for; what it doesn't know is passed over."""
    chosen = {name: _chosen(params, name) for name in FACET_FIELDS}
    kinds = tuple(code for code in chosen.pop("kind") if code in KINDS)
    sort = params.get("sort", "")
    return Query(
        text=params.get("q", ""),
        kinds=kinds,
        filters={name: values for name, values in chosen.items() if values},
        sort=sort if sort in ORDERS else "relevance",
        after=params.get("key", ""),
    )


def facets_of(query: Query, results: Results) -> list[Facet]:
    """The groups worth showing: with a choice made, or a choice to make."""
    chosen: Mapping[str, tuple[str, ...]] = {**query.filters, "kind": query.kinds}
    facets = []
    for name in FACET_FIELDS:
        values = _values(name, results.facets.get(name, {}), chosen.get(name, ()))
        if len(values) > 1 or chosen.get(name) or (name == "kind" and values):
            facets.append(Facet(name, _FACET_LABELS[name], values))
    return facets


def chips_of(query: Query) -> list[Chip]:
    chosen = [("kind", code) for code in query.kinds]
    chosen += [(name, value) for name, values in query.filters.items() for value in values]
    return [Chip(_label(name, value), url_of(query, without=(name, value))) for name, value in chosen]


def url_of(query: Query, *, without: tuple[str, str] | None = None, after: str = "", is_bare: bool = False) -> str:
    """The address of this query; without one choice, continued `after` a key, or bare of choices."""
    params = QueryDict(mutable=True)
    params["q"] = query.text
    if query.sort != "relevance":
        params["sort"] = query.sort
    chosen = {} if is_bare else {"kind": query.kinds, **query.filters}
    for name, values in chosen.items():
        params.setlist(name, [value for value in values if (name, value) != without])
    if after:
        params["key"] = after
    return f"?{params.urlencode()}"


def _chosen(params: QueryDict, name: str) -> tuple[str, ...]:
    values = (value[:_LONGEST_VALUE] for value in params.getlist(name)[:_MOST_CHOSEN] if value)
    return tuple(dict.fromkeys(values))


def _values(name: str, counts: Mapping[str, int], chosen: tuple[str, ...]) -> list[FacetValue]:
    """The most frequent values (years: the latest), and those chosen, however rare."""
    found = sorted(counts.items(), key=lambda pair: (-int(pair[0]) if name == "year" else -pair[1], pair[0]))
    shown = [value for value, _count in found[:_VALUES_SHOWN]]
    shown += [value for value in chosen if value not in shown]
    return [FacetValue(value, _label(name, value), counts.get(value, 0), value in chosen) for value in shown]


def _label(name: str, value: str) -> str | Promise:
    if name == "kind":
        return KINDS[value].label
    if name == "status" and (badge := badge_of(value)):
        return badge.label
    return value
