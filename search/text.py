"""Vietnamese words as the index keeps them, in one place for both back ends.

The engines get words that are already analysed, joined by spaces, and split them at the spaces: nothing else of
theirs touches the text. So both hold the same terms by construction, `28/2018/QĐ-UBND` falls apart the same way in a
title, a scan and a query, and a rule that neither engine has (tone placement, look-alike letters) is a line of Python.

A word is a run of letters or a run of digits: `H99.15-261109-0031` is h · 99 · 15 · 261109 · 0031, and a fragment of a
number is a phrase inside the whole one. Each word has two forms:

exact   as spelled, without regard to case and to where the tone stands: `Hoà`, `hòa` → hoa`
folded  as typed without tone marks: `Quyền`, `quyen` → quyen; `đ` → d
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

# A term of its own between number, title and text: no phrase reaches across it, and one can begin or end at it.
EDGE = "¶"
LONGEST_WORD = 64

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_MARKS = "\u0300-\u036f"
WORD = re.compile(rf"[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*)*|\d+")

_TONES = {"\u0300": "`", "\u0301": "'", "\u0309": "?", "\u0303": "~", "\u0323": "."}
# What stands for a Latin letter in papers typed with the wrong keyboard: Cyrillic capitals, Icelandic eth for đ.
_LOOKALIKES = str.maketrans("авсеоркнмтхуіѕјðɖ", "abceopkhmtxyisjđđ")


class Word(NamedTuple):
    """A word's two forms."""

    exact: str
    folded: str


def clean(text: str) -> str:
    """The text in NFC, without invisible characters; to people it is the same."""
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", _INVISIBLE.sub("", text)))


def spelled(text: str) -> str:
    """Cleaned text as words are sought in it: lower case, one character for one meaning (`²` → 2, `№` → no)."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[Word]:
    """The words of cleaned text, in order."""
    return [word(found) for found in WORD.findall(spelled(text))]


@lru_cache(maxsize=50_000)
def word(found: str) -> Word:
    """Both forms of a word found by `WORD` in spelled text."""
    letters: list[str] = []
    tones: list[str] = []
    for letter in unicodedata.normalize("NFD", found[:LONGEST_WORD].translate(_LOOKALIKES)):
        if letter in _TONES:
            tones.append(_TONES[letter])
        else:
            letters.append(letter)
    # The tone goes to the end, whichever vowel carried it: hoà and hòa, uỷ and ủy are one spelling.
    exact = unicodedata.normalize("NFC", "".join(letters)) + "".join(tones)
    folded = "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("đ", "d")
    return Word(exact, folded or exact)


class _Forms(dict[str, str]):
    """One form of the words in each stretch between blanks, joined by spaces; made when first met."""

    def __init__(self, form: int) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, stretch: str) -> str:
        joined = " ".join([each[self._form] for each in words(stretch)])
        if len(self) >= _MOST_STRETCHES:
            self.clear()
        if len(stretch) <= LONGEST_WORD:
            self[stretch] = joined
        return joined


_MOST_STRETCHES = 200_000
_EXACT, _FOLDED = _Forms(0), _Forms(1)


def forms_of(text: str) -> Word:
    """Both forms of every word of cleaned text, joined by spaces: as `words`, in a fraction of the time.

    No word reaches across a blank, and papers say the same stretches over and over.
    """
    stretches = text.split()
    exact, folded = map(_EXACT.__getitem__, stretches), map(_FOLDED.__getitem__, stretches)
    return Word(" ".join(filter(None, exact)), " ".join(filter(None, folded)))


def edged(parts: Iterable[Word]) -> Word:
    """Fields for the index: the forms of several texts, an edge before, between and after them."""
    kept = [part for part in parts if part.exact]
    edge = f" {EDGE} "
    return Word(
        edge.join(["", *(part.exact for part in kept), ""]).strip() or EDGE,
        edge.join(["", *(part.folded for part in kept), ""]).strip() or EDGE,
    )


class _Folding(dict[int, str]):
    """One plain letter for each letter, made when first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = unicodedata.normalize("NFKD", letter.lower().translate(_LOOKALIKES))[:1].lower().replace("đ", "d")
        self[code] = plain if len(plain) == 1 else letter
        return self[code]


_FOLDING = _Folding()


def folded_in_place(text: str) -> str:
    """Cleaned text without tone marks and capitals, letter for letter: what is found here stands there too."""
    return text.translate(_FOLDING)
