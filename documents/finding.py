"""Finding words in what was read, as people type them: without tone marks, without capitals, across line ends.

Words are cut and folded as the index does it, so what was found there is lit here.
"""

from collections.abc import Iterable, Sequence
from typing import Self

from ocr.reading import Word
from search.text import WORD, clean, folded_in_place

# A single letter or digit alone would light up half the page.
SHORTEST_ALONE = 2

Run = tuple[str, ...]
Wanted = tuple[Run, ...]


def terms_of(query: str) -> Run:
    """The folded words of what was typed."""
    return tuple(WORD.findall(folded_in_place(clean(query))))


def says(text: str, terms: Run) -> bool:
    """Whether any of these words may stand in the text: a quick look that spares cutting up pages without one."""
    folded = folded_in_place(text)
    return any(term in folded for term in terms)


class Tokens:
    """The folded words of a page in order, each with where it came from."""

    def __init__(self, folded: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> None:
        self._folded, self._starts, self._ends = tuple(folded), starts, ends
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(folded):
            self._places.setdefault(word, []).append(place)

    @classmethod
    def of_text(cls, text: str) -> Self:
        """The words of a cleaned text; each came from a stretch of its letters."""
        found = list(WORD.finditer(folded_in_place(text)))
        return cls([each.group() for each in found], [each.start() for each in found], [each.end() for each in found])

    @classmethod
    def of_words(cls, words: Sequence[Word]) -> Self:
        """The words on a page; each came from the recognised word of that index, which may hold several."""
        parts = [(part, index) for index, word in enumerate(words) for part in terms_of(word.text)]
        indices = [index for _, index in parts]
        return cls([part for part, _ in parts], indices, indices)

    def runs(self, wanted: Wanted) -> list[tuple[int, int]]:
        """Where the wanted runs of words stand: start of the first, end of the last; in order, not overlapping."""
        found: list[tuple[int, int]] = []
        free = 0
        candidates = ((place, run) for run in wanted if run for place in self._places.get(run[0], ()))
        for place, run in sorted(candidates, key=lambda candidate: candidate[0]):
            if place >= free and self._folded[place : place + len(run)] == run:
                free = place + len(run)
                found.append((self._starts[place], self._ends[free - 1]))
        return found

    def length_standing(self, run: Run) -> int:
        """How many of the run's first words stand together somewhere."""
        return max((self._length_at(place, run) for place in self._places.get(run[0], ())), default=0) if run else 0

    def _length_at(self, place: int, run: Run) -> int:
        pairs = zip(self._folded[place : place + len(run)], run, strict=False)
        return next((length for length, (here, sought) in enumerate(pairs) if here != sought), len(run))


def wanted_in(pages: Iterable[Tokens], query: str) -> Wanted:
    """What to light in a document: the whole phrase where it stands anywhere, else each of its words."""
    terms = terms_of(query)
    if len(terms) < 2 or any(page.runs((terms,)) for page in pages):
        return (terms,) if terms else ()
    return tuple((term,) for term in dict.fromkeys(terms) if len(term) >= SHORTEST_ALONE)
