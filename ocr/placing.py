"""Where on a page words of its text stand, and how surely they were read."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from ocr.reading import Box, PageReading, Word
from ocr.symbols import plain_letters

# Letters and digits that recognition takes for one another count as the same when a value is looked for.
_SAME_LOOKS = str.maketrans("olis|z", "011552")
# Of a value broken over two columns, this many words of the other column may stand between its own.
MOST_WORDS_BETWEEN = 40
# Words of one line and column stand closer than this share of the page's width.
NEXT_WORD = 0.04
# A text layer says nothing about how sure it is; what is typed is seldom wrong.
SURENESS_OF_TYPE = 0.97


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a page's text."""

    page: int
    start: int
    end: int


def folded_in_place(text: str) -> str:
    """Lower case without marks, letter for letter, so that places in it are places in `text` (in NFC)."""
    return "".join(_folded_letter(letter) for letter in text)


def _folded_letter(letter: str) -> str:
    if letter < "\x80":
        return letter.lower()
    if letter in "đĐÐð":
        return "d"
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


class Script:
    """The text of a page bound to its words. `text` has its look-alike letters made Latin; places are the same."""

    def __init__(self, text: str, words: Sequence[Word] = (), *, number: int = 1) -> None:
        plain = plain_letters(text)
        self.text = plain if len(plain) == len(text) else text
        self._source = text
        self.number = number
        self.folded = folded_in_place(self.text)
        self._words = words
        self._starts = list(_starts_of(text, words))

    @classmethod
    def of(cls, page: PageReading) -> "Script":
        return cls(page.text, page.words, number=page.number)

    def place(self, start: int, end: int) -> Place:
        return Place(self.number, start, end)

    def raw(self, place: Place) -> str:
        """What stands there, letter for letter as it was read."""
        return self._source[place.start : place.end]

    def words_at(self, place: Place) -> Sequence[Word]:
        """The words of which a stretch has a part."""
        if not self._words:
            return ()
        first, last = max(0, bisect_right(self._starts, place.start) - 1), bisect_left(self._starts, place.end)
        near = zip(self._words[first:last], self._starts[first:last], strict=True)
        return [word for word, start in near if start + len(word.text) > place.start]

    @cached_property
    def _compact(self) -> tuple[str, list[int]]:
        """Letters and digits alone, those that look the same made the same, and where each stands."""
        places = [at for at, sign in enumerate(self.folded) if sign.isalnum()]
        return "".join(self.folded[at] for at in places).translate(_SAME_LOOKS), places

    @cached_property
    def _looks(self) -> list[str]:
        """Each word as `_look` gives it: many values are looked for on a page."""
        return [_look(word.text) for word in self._words]

    def find(self, value: str, *, from_end: bool = False) -> list[Place]:
        """Where a value stands: in one piece, or its words one after another with another column between them."""
        letters, places = self._compact
        wanted = "".join(sign for sign in folded_in_place(value) if sign.isalnum()).translate(_SAME_LOOKS)
        at = (letters.rfind if from_end else letters.find)(wanted) if wanted else -1
        if at >= 0:
            return [self.place(places[at], places[at + len(wanted) - 1] + 1)]
        return self._find_apart(value)

    def _find_apart(self, value: str) -> list[Place]:
        wanted = [_look(word) for word in value.split() if _look(word)]
        starts = (at for at, look in enumerate(self._looks) if wanted and look == wanted[0])
        runs = (_run(self._words, self._looks, at, wanted) for at in islice(starts, 20))
        best = min((run for run in runs if run), key=lambda run: run[-1] - run[0], default=[])
        return [self.place(self._starts[at], self._starts[at] + len(self._words[at].text)) for at in best]


def _look(word: str) -> str:
    return "".join(sign for sign in folded_in_place(word) if sign.isalnum()).translate(_SAME_LOOKS)


def _run(words: Sequence[Word], looks: Sequence[str], at: int, wanted: Sequence[str]) -> list[int]:
    """The words of a value in order from `at`; nothing if one is missing or too much stands between."""
    found = [at]
    for word in wanted[1:]:
        reach = range(found[-1] + 1, min(len(looks), found[-1] + MOST_WORDS_BETWEEN))
        before = words[found[-1]]
        following = [place for place in reach if looks[place] == word]
        if not following:
            return []
        found.append(min(following, key=lambda place: _distance(words[at], before, words[place])))
    return found


def _distance(first: Word, before: Word, after: Word) -> float:
    """How far one must look for a word of the same column: beside the one before, or in a line below the first."""
    is_beside = abs(after.box[1] - before.box[1]) < before.box[3] / 2
    gap = after.box[0] - before.box[0] - before.box[2]
    if is_beside and 0 <= gap < NEXT_WORD:
        return gap
    return NEXT_WORD + abs(after.box[0] - first.box[0]) + abs(after.box[1] - before.box[1])


def _starts_of(text: str, words: Sequence[Word]) -> list[int]:
    """Where each word begins: the text is made of them, in their order."""
    starts, at = [], 0
    for word in words:
        found = text.find(word.text, at)
        starts.append(found if found >= 0 else at)
        at = starts[-1] + (len(word.text) if found >= 0 else 0)
    return starts


def box_around(words: Sequence[Word]) -> Box | None:
    """The smallest box that holds all of them."""
    if not words:
        return None
    left, top = min(word.box[0] for word in words), min(word.box[1] for word in words)
    right = max(word.box[0] + word.box[2] for word in words)
    bottom = max(word.box[1] + word.box[3] for word in words)
    return (left, top, right - left, bottom - top)


def least_sure(words: Sequence[Word]) -> float:
    """How surely the least sure of them was read; SURENESS_OF_TYPE for a text layer."""
    said = [word.confidence for word in words if word.confidence is not None]
    return min(said, default=SURENESS_OF_TYPE)
