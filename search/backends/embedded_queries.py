"""The tree of nodes as tantivy's queries."""

from functools import singledispatch

from tantivy import Occur, Query, Schema

from search.engine import Sight
from search.nodes import AllOf, AnyOf, AtLeast, In, Node, Phrase, Points, Ranked, Slip, Term, Weighted


@singledispatch
def translated(node: Node, schema: Schema) -> Query:
    """The query of a node; its scores are the node's."""
    raise TypeError(type(node))


@translated.register
def _(node: Term, schema: Schema) -> Query:
    return Query.term_query(schema, node.field, node.word, "freq")


@translated.register
def _(node: Phrase, schema: Schema) -> Query:
    return Query.phrase_query(schema, node.field, list(node.words))


@translated.register
def _(node: Slip, schema: Schema) -> Query:
    return Query.fuzzy_term_query(schema, node.field, node.word, distance=1, transposition_cost_one=True)


@translated.register
def _(node: In, schema: Schema) -> Query:
    return Query.term_set_query(schema, node.field, list(node.values))


@translated.register
def _(node: AllOf, schema: Schema) -> Query:
    return Query.boolean_query([(Occur.Must, translated(part, schema)) for part in node.parts])


@translated.register
def _(node: AnyOf, schema: Schema) -> Query:
    return Query.boolean_query([(Occur.Should, translated(part, schema)) for part in node.parts])


@translated.register
def _(node: AtLeast, schema: Schema) -> Query:
    parts = [(Occur.Should, translated(part, schema)) for part in node.parts]
    return Query.boolean_query(parts, minimum_number_should_match=node.count)


@translated.register
def _(node: Points, schema: Schema) -> Query:
    return Query.const_score_query(translated(node.part, schema), node.points)


@translated.register
def _(node: Weighted, schema: Schema) -> Query:
    return Query.boost_query(translated(node.part, schema), node.weight)


@translated.register
def _(node: Ranked, schema: Schema) -> Query:
    query = translated(node.must, schema)
    # One inside the other: of several optional parts side by side tantivy walks the union, however long; a single
    # one it only asks about the entries that are found.
    for part in node.better:
        query = Query.boolean_query([(Occur.Must, query), (Occur.Should, translated(part, schema))])
    return query


def bounded(node: Node, sight: Sight, filters: tuple[In, ...], schema: Schema) -> Query:
    """The node within sight and filters, neither of which scores."""
    parts = [(Occur.Must, translated(node, schema))]
    parts += [(Occur.Must, translated(Points(bound, 0.0), schema)) for bound in (*sight.within, *filters)]
    parts += [(Occur.MustNot, translated(bound, schema)) for bound in sight.without]
    return Query.boolean_query(parts)
