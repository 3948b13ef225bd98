"""Marks of letters that a scan lost or changed, put back where two words of the law's language leave no doubt.

A reader takes "sửa đổi" for "sửa đối": both are syllables, but only one of the pairs is ever written. Nothing is
touched but small letters: no figure, name, code or capital.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from ocr.reading import Word
from ocr.syllables import is_syllable

_PAIRS = Path(__file__).with_name("pairs.txt")
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_SHAPES = {shape: row for row in ("aăâ", "eê", "i", "oôơ", "uư", "y") for shape in row}
_ACUTE = dict(zip("ấắếốớứ", "ẩẳểổởử", strict=True))
_CLOSING = '.,;:)"\u201d\u2019!?'
_OPENING = '("\u201c\u2018'


@cache
def firm_pairs() -> frozenset[tuple[str, str]]:
    """Pairs of syllables that stand together in many legal texts; a line of the file is a word and what follows it."""
    lines = (line.split() for line in _PAIRS.read_text("utf-8").splitlines())
    return frozenset((first, second) for first, *others in lines for second in others)


def repair(lines: Sequence[Sequence[Word]]) -> tuple[tuple[Word, ...], ...]:
    """The same words, marks put right; a changed word keeps what was read as `raw`."""
    words = [word for line in lines for word in line]
    texts = [_bare(word.text) for word in words]
    found = iter(
        _repaired(word, texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else "")
        for at, word in enumerate(words)
    )
    return tuple(tuple(next(found) for _ in line) for line in lines)


def _bare(text: str) -> str:
    """The small letters of a word; nothing where punctuation or anything else parts it from its neighbours."""
    return text.rstrip(_CLOSING).lstrip(_OPENING)


def _repaired(word: Word, before: str, after: str) -> Word:
    bare = _bare(word.text)
    if not (bare.isalpha() and bare.islower()):
        return word
    first = before.lower() if word.text.startswith(bare) else ""
    last = after.lower() if word.text.endswith(bare) else ""
    pairs = firm_pairs()
    if (first, bare) in pairs or (bare, last) in pairs:
        return word
    variants = _hooked(bare) if is_syllable(bare) else _variants(bare)
    likely = {other for other in variants if (first, other) in pairs or (other, last) in pairs}
    if len(likely) != 1:
        return word
    return replace(word, text=word.text.replace(bare, likely.pop()), raw=word.text)


def _hooked(word: str) -> Iterator[str]:
    """The words with a hook where an acute was read above another mark: small and blurred, the two look alike."""
    for at, letter in enumerate(word):
        if letter in _ACUTE:
            yield word[:at] + _ACUTE[letter] + word[at + 1 :]


def _variants(word: str) -> Iterator[str]:
    """The words that differ in the marks of one letter."""
    for at, letter in enumerate(word):
        for other in _kin(letter):
            yield word[:at] + other + word[at + 1 :]


@cache
def _kin(letter: str) -> tuple[str, ...]:
    if letter in "dđ":
        return ("đ" if letter == "d" else "d",)
    decomposed = unicodedata.normalize("NFD", letter)
    tone = "".join(sign for sign in decomposed[1:] if sign in _TONES)
    shape = unicodedata.normalize("NFC", "".join(sign for sign in decomposed if sign not in _TONES[1:]))
    if shape not in _SHAPES:
        return ()
    found = {unicodedata.normalize("NFC", shape + other) for other in _TONES}
    found |= {unicodedata.normalize("NFC", other + tone) for other in _SHAPES[shape]}
    return tuple(sorted(found - {letter}))
