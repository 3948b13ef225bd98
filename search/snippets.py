"""The place in a text that answers best, with the words found marked, accents and all."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.question import Way
from search.ranking import can_slip
from search.text import folded_in_place, words

LENGTH = 240
_BEFORE = 60
# A longer text is searched whole by the engine, but shown from its beginning; reading on costs more than it helps.
_READ = 300_000
_MOST_PLACES = 250
_LETTER = r"[^\W\d_]"
_JOINT = r"[\W_]{0,3}"
_BLANKS = re.compile(r"\s+")
_HOLDS = re.compile(r"[\s/\-–]{0,3}")


class Place(NamedTuple):
    """Where something asked for stands, what it is, how many words it has, and what speaks for it besides."""

    start: int
    end: int
    what: str
    size: int
    is_exact: bool
    is_next: bool


class Marker:
    """Finds and marks what one question asked for; made once for all its hits.

    rows     words that are marked only side by side; a row of one is a word
    unknown  folded words that may be a slip of the fingers away
    """

    def __init__(self, rows: Iterable[Way], unknown: Collection[str] = ()) -> None:
        longest_first = sorted(dict.fromkeys(rows), key=len, reverse=True)
        self._exact = {form.exact for row in longest_first for form in row}
        self._longest = len(longest_first[0]) if longest_first else 0
        self._pattern = re.compile(_pattern(longest_first, unknown))
        self._known: dict[str, tuple[int, bool]] = {}

    def snippet(self, shown: Mapping[str, str]) -> SafeString:
        """Escaped HTML of about `LENGTH` letters: from the text, else the title or number, else the text's head."""
        for name in ("text", "title", "number"):
            text = shown.get(name, "")[:_READ]
            places = self._places(text)
            if places:
                return _marked(text, places, *_window(text, places))
        text = shown.get("text", "")
        return _marked(text, [], 0, _word_end(text, LENGTH))

    def whole(self, text: str) -> SafeString:
        """All of a short text as escaped HTML, with the words found marked."""
        return _marked(text, self._places(text), 0, len(text))

    def _places(self, text: str) -> list[Place]:
        """What was asked for, in order; after the longest row there is no better place to look for."""
        places: list[Place] = []
        last = _READ
        for found in self._pattern.finditer(folded_in_place(text)):
            start, end = found.span()
            size, is_exact = self._judged(text[start:end])
            is_next = bool(places) and bool(_HOLDS.fullmatch(text, places[-1].end, start))
            places.append(Place(start, end, found[0], size, is_exact, is_next))
            if 1 < self._longest == size:
                last = min(last, end + LENGTH)
            if start > last or len(places) == _MOST_PLACES:
                break
        return places

    def _judged(self, found: str) -> tuple[int, bool]:
        """How many words these are, and whether all are spelled as typed."""
        if found not in self._known:
            forms = words(found)
            self._known[found] = len(forms), all(form.exact in self._exact for form in forms)
        return self._known[found]


def _pattern(rows: list[Way], unknown: Collection[str]) -> str:
    """One expression for all rows. Those with the same ends share a look to either side: apart it costs tenfold."""
    alike: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        before, after = (r"\d" if form.folded[0].isdigit() else _LETTER for form in (row[0], row[-1]))
        parts = [_slips(form.folded) if can_slip(form.folded, unknown) else re.escape(form.folded) for form in row]
        alike.setdefault((before, after), []).append(_JOINT.join(parts))
    groups = [rf"(?<!{before})(?:{'|'.join(ways)})(?!{after})" for (before, after), ways in alike.items()]
    return "|".join(groups) or r"(?!)"


def _slips(folded: str) -> str:
    """The word, and every word one slip away."""
    ways = [re.escape(folded)]
    for at in range(len(folded) + 1):
        head, tail = folded[:at], folded[at:]
        ways.append(f"{head}{_LETTER}{tail}")
        if tail:
            ways += [f"{head}{tail[1:]}", f"{head}{_LETTER}{tail[1:]}"]
        if len(tail) > 1:
            ways.append(f"{head}{tail[1]}{tail[0]}{tail[2:]}")
    return f"(?:{'|'.join(sorted(ways, key=len, reverse=True))})"


def _window(text: str, places: list[Place]) -> tuple[int, int]:
    """The stretch with most of what was asked for; of equals that with the most side by side, exact, first."""
    best, best_worth, first = 0, (0, 0), 0
    inside: dict[str, int] = {}
    different = extra = 0
    for place in places:
        different += 0 if inside.get(place.what) else place.size
        inside[place.what] = inside.get(place.what, 0) + 1
        extra += place.is_next + place.is_exact
        while place.end - places[first].start > LENGTH - _BEFORE and places[first] is not place:
            gone = places[first]
            inside[gone.what] -= 1
            different -= 0 if inside[gone.what] else gone.size
            extra -= gone.is_next + gone.is_exact
            first += 1
        if (different, extra) > best_worth:
            best, best_worth = first, (different, extra)
    start = _word_start(text, max(0, places[best].start - _BEFORE))
    return start, _word_end(text, max(start + LENGTH, places[best].end))


def _word_start(text: str, at: int) -> int:
    """`at`, or the beginning of the next word when `at` is inside one."""
    if at == 0 or text[at - 1].isspace():
        return at
    blank = _BLANKS.search(text, at, at + _BEFORE)
    return blank.end() if blank else at


def _word_end(text: str, at: int) -> int:
    """`at`, or the end of the word before when `at` is inside one."""
    if at >= len(text):
        return len(text)
    end = max(text.rfind(" ", at - _BEFORE, at + 1), text.rfind("\n", at - _BEFORE, at + 1))
    return end if end > 0 else at


def _marked(text: str, places: list[Place], start: int, end: int) -> SafeString:
    """The stretch as HTML; what stands side by side is marked in one."""
    runs: list[list[int]] = []
    for place in places:
        if place.start < start or place.end > end:
            continue
        if runs and place.is_next:
            runs[-1][1] = place.end
        else:
            runs.append([place.start, place.end])
    pieces, at = ["…" if start else ""], start
    for left, right in runs:
        pieces += [_plain(text[at:left]), "<mark>", _plain(text[left:right]), "</mark>"]
        at = right
    pieces += [_plain(text[at:end]), "…" if end < len(text) else ""]
    return mark_safe("".join(pieces).strip())  # noqa: S308 every piece of text went through escape  # nosec B308 B703


def _plain(text: str) -> str:
    return escape(_BLANKS.sub(" ", text))
