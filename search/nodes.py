"""A query as a tree that both back ends carry out alike.

Both score words by BM25 with k1 = 1.2 and b = 0.75; everything else scores by the points written in the tree, so
the order of hits is decided here and not by an engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """The field holds this word."""

    field: str
    word: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """The field holds these words (two or more) side by side."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """The field holds a word one slip of the fingers away: a letter more, less, other, or two swapped."""

    field: str
    word: str


@dataclass(frozen=True, slots=True)
class In:
    """The field, kept whole, is one of these values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the parts."""

    count: int
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Worth exactly so many points where `part` holds."""

    part: "Node"
    points: float


@dataclass(frozen=True, slots=True)
class Weighted:
    """What `part` scores, times `weight`."""

    part: "Node"
    weight: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """Must hold; what `better` scores is added."""

    must: "Node"
    better: tuple["Node", ...]


Node = Term | Phrase | Slip | In | AllOf | AnyOf | AtLeast | Points | Weighted | Ranked


def phrase(field: str, words: Sequence[str]) -> Node:
    """One word or several side by side."""
    return Term(field, words[0]) if len(words) == 1 else Phrase(field, tuple(words))


def all_of(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def any_of(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def matching(node: Node) -> Node:
    """The same entries, without what only ranks them: for counting."""
    match node:
        case Ranked(must=must):
            return matching(must)
        case Weighted(part=part) | Points(part=part):
            return matching(part)
    return node
