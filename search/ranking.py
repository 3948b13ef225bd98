"""Which hits, and in which order: the question as a tree of nodes.

An entry is found when it has every word asked for, anywhere in it. Its points say how well it answers:

a number    asked for by its beginning, end or whole beats everything: whoever types a number wants that paper
the head    (number, type, title) beats the text; a head that begins with the words, or is them, beats both
together    the words in a row beat the words in pairs, and these the words scattered
exact       the spelling typed, tone marks and all, beats the same letters with other marks
BM25        decides among what is left, then the newer date

Only when nothing has every word come two mercies, in this order: words that occur nowhere may be a slip of the
fingers away; most of the words are enough.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from search.nodes import AtLeast, Node, Points, Ranked, Slip, Term, Weighted, all_of, any_of, phrase
from search.question import Question, Unit, Way
from search.text import EDGE

NUMBER, NUMBER_EDGE, NUMBER_WHOLE, SMALL_NUMBER = 30.0, 10.0, 20.0, 3.0
HEAD, HEAD_EXACT, HEAD_ROW, HEAD_ROW_EXACT, HEAD_BEGINS, HEAD_WHOLE = 4.0, 2.0, 8.0, 2.0, 2.0, 4.0
BODY_ROW, BODY_ROW_EXACT, PAIRS, EXACT = 4.0, 8.0, 4.0, 12.0
EACH_WORD = 6.0
BODY_WEIGHT, HEAD_WEIGHT = 0.1, 0.2

# Most syllables of three letters are one slip away from several others: mật, đất, mặt.
SHORTEST_SLIP = 4


def with_all(question: Question, unknown: Collection[str] = ()) -> Node:
    """Every word is required, those in `unknown` only nearly."""
    return _ranked(question, all_of([_found(unit, unknown) for unit in question.units]))


def with_most(question: Question, unknown: Collection[str] = ()) -> Node:
    """More than half of the words are required; the more, the better. A number counts as one word."""
    parts = [_part(way, unknown) for way in question.parts]
    must = AtLeast(len(parts) // 2 + 1, tuple(parts))
    return _ranked(question, must, [Points(part, EACH_WORD) for part in parts])


def single_words(question: Question) -> dict[str, Node]:
    """For each word that isn't part of a number, what asks for it alone."""
    return {way[0].folded: _part(way, ()) for way in question.parts if len(way) == 1}


def can_slip(folded: str, unknown: Collection[str]) -> bool:
    """Whether this word is sought with a slip of the fingers; digits never are."""
    return folded in unknown and len(folded) >= SHORTEST_SLIP and not folded.isdigit()


def _part(way: Way, unknown: Collection[str]) -> Node:
    words = [form.folded for form in way]
    if len(words) == 1 and can_slip(words[0], unknown):
        return Slip("body_folded", words[0])
    return phrase("body_folded", words)


def _found(unit: Unit, unknown: Collection[str]) -> Node:
    """The unit is in the entry, in any way to write it."""
    parts = [unit.words] if unit.is_joined else [(form,) for form in unit.words]
    typed = all_of([_part(part, unknown) for part in parts])
    return any_of([typed, *_other_ways(unit, "body", exact=False)])


def _typed(unit: Unit, place: str, *, exact: bool) -> Node:
    field, words = _in(place, unit.words, exact=exact)
    return phrase(field, words) if unit.is_joined else all_of([Term(field, term) for term in words])


def _other_ways(unit: Unit, place: str, *, exact: bool) -> list[Node]:
    return [phrase(*_in(place, way, exact=exact)) for way in unit.ways]


def _in(place: str, way: Way, *, exact: bool) -> tuple[str, list[str]]:
    if exact:
        return f"{place}_exact", [form.exact for form in way]
    return f"{place}_folded", [form.folded for form in way]


def _ranked(question: Question, must: Node, more: Collection[Node] = ()) -> Node:
    better = [*more, *_units(question), *_rows(question), *_numbers(question)]
    words = dict.fromkeys(form.folded for form in question.sequence)
    better += [Weighted(Term("head_folded", folded), HEAD_WEIGHT) for folded in words]
    return Ranked(Weighted(must, BODY_WEIGHT), tuple(better))


def _units(question: Question) -> Iterator[Node]:
    """Each unit's share of the points for standing in the head and for being spelled as typed."""
    share = 1 / len(question.units)
    for unit in question.units:
        for place, exact, points in (("body", True, EXACT), ("head", False, HEAD), ("head", True, HEAD_EXACT)):
            ways = [_typed(unit, place, exact=exact), *_other_ways(unit, place, exact=exact)]
            yield Points(any_of(ways), points * share)


def _rows(question: Question) -> Iterator[Node]:
    """The words in the order typed, side by side.

    What stands in the head stands in the body too, and what is spelled as typed has the same letters: so the rarer row
    is asked for only where the row it implies was found. A phrase costs more than all the single words together.
    """
    rows = [way for way in question.sequences if len(way) > 1]
    edges = list(_edges(question))
    if rows:
        whole_way = len(rows) == len(question.sequences)
        in_head = [_row(rows, "head", HEAD_ROW_EXACT, exact=True), *(edges if whole_way else ())]
        head = Ranked(_row(rows, "head", HEAD_ROW, exact=False), tuple(in_head))
        body = [_row(rows, "body", BODY_ROW_EXACT, exact=True), head]
        yield Ranked(_row(rows, "body", BODY_ROW, exact=False), tuple(body))
        edges = [] if whole_way else edges
    yield from edges
    words = [form.folded for form in question.sequence]
    pairs = list(dict.fromkeys(pairwise(words)))
    for pair in pairs:
        yield Points(phrase("body_folded", pair), PAIRS / len(pairs))


def _row(ways: Sequence[Way], place: str, points: float, *, exact: bool) -> Node:
    return Points(any_of([phrase(*_in(place, way, exact=exact)) for way in ways]), points)


def _edges(question: Question) -> Iterator[Node]:
    """A head part that begins with the words typed, or is nothing else."""
    begins = [[EDGE, *_in("head", way, exact=False)[1]] for way in question.sequences]
    yield Points(any_of([phrase("head_folded", words) for words in begins]), HEAD_BEGINS)
    yield Points(any_of([phrase("head_folded", [*words, EDGE]) for words in begins]), HEAD_WHOLE)


def _numbers(question: Question) -> Iterator[Node]:
    """Numbers that are the entry's own, not just mentioned in it."""
    for unit in question.units:
        if not unit.is_number:
            continue
        words = [form.folded for form in unit.words]
        yield Points(phrase("number_folded", words), NUMBER if unit.is_telling else SMALL_NUMBER)
        if unit.is_telling:
            yield Points(phrase("number_folded", [EDGE, *words]), NUMBER_EDGE)
            yield Points(phrase("number_folded", [*words, EDGE]), NUMBER_EDGE)
            yield Points(phrase("number_folded", [EDGE, *words, EDGE]), NUMBER_WHOLE)
