"""The tree of nodes as Elasticsearch's queries. Every word is a value in JSON, never part of a syntax."""

from functools import singledispatch

from elasticsearch.dsl import function
from elasticsearch.dsl import query as es

from search.engine import Sight
from search.nodes import AllOf, AnyOf, AtLeast, In, Node, Phrase, Points, Ranked, Slip, Term, Weighted

# ln to log₂: the embedded engine multiplies a score by log₂(2 + recency).
_LOG2 = 1.442695


@singledispatch
def translated(node: Node) -> es.Query:
    """The query of a node; its scores are the node's."""
    raise TypeError(type(node))


@translated.register
def _(node: Term) -> es.Query:
    return es.Term(**{node.field: node.word})


@translated.register
def _(node: Phrase) -> es.Query:
    return es.MatchPhrase(**{node.field: " ".join(node.words)})


@translated.register
def _(node: Slip) -> es.Query:
    wanted = {"value": node.word, "fuzziness": 1, "transpositions": True, "rewrite": "constant_score"}
    return es.ConstantScore(filter=es.Fuzzy(**{node.field: wanted}))


@translated.register
def _(node: In) -> es.Query:
    return es.Terms(node.field, list(node.values))


@translated.register
def _(node: AllOf) -> es.Query:
    return es.Bool(must=[translated(part) for part in node.parts])


@translated.register
def _(node: AnyOf) -> es.Query:
    return es.Bool(should=[translated(part) for part in node.parts], minimum_should_match=1)


@translated.register
def _(node: AtLeast) -> es.Query:
    return es.Bool(should=[translated(part) for part in node.parts], minimum_should_match=node.count)


@translated.register
def _(node: Points) -> es.Query:
    return es.ConstantScore(filter=translated(node.part), boost=node.points)


@translated.register
def _(node: Weighted) -> es.Query:
    return es.Bool(must=[translated(node.part)], boost=node.weight)


@translated.register
def _(node: Ranked) -> es.Query:
    better = [translated(part) for part in node.better]
    return es.Bool(must=[translated(node.must)], should=better, minimum_should_match=0)


def bounded(node: Node, sight: Sight) -> es.Query:
    """The node within sight; of equals the newer first."""
    query = es.Bool(must=[translated(node)], filter=[within(sight)])
    newer = function.FieldValueFactor(field="recency", modifier="ln2p", missing=0, weight=_LOG2)
    return es.FunctionScore(query=query, functions=[newer], boost_mode="multiply")


def within(sight: Sight) -> es.Query:
    """Everything in sight; it scores nothing."""
    return es.Bool(
        filter=[translated(bound) for bound in sight.within],
        must_not=[translated(bound) for bound in sight.without],
    )
