"""What was typed, understood: literally, as words. There is no query syntax, so nothing in it can be misused."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from search.text import WORD, Word, clean, spelled, word, words

LONGEST_QUESTION = 400
MOST_WORDS = 32

_JOINTS = set("/\\.-\u2010–_&")
_DIGIT_JOINTS = set(",:")
_ABBREVIATIONS = Path(__file__).with_name("abbreviations.toml")

Way = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that are asked for together.

    is_joined  typed as one (`28/2018`, `QĐ-UBND`): they must stand side by side
    ways       other ways of writing the same: GCN for giấy chứng nhận
    """

    words: Way
    is_joined: bool = False
    ways: tuple[Way, ...] = ()

    @property
    def is_number(self) -> bool:
        """A number, a code or a fragment of one."""
        is_one = self.is_joined or len(self.words) == 1
        return is_one and any(form.folded[0].isdigit() for form in self.words)

    @property
    def is_telling(self) -> bool:
        """Whether it is as good as a name: not just a year, a day or a sheet."""
        only = self.words[0].folded
        is_year = len(only) == 4 and only[:2] in ("19", "20")
        return self.is_number and (len(self.words) > 1 or (len(only) >= 4 and not is_year))


@dataclass(frozen=True, slots=True)
class Question:
    """The units asked for, each once, in order; empty when nothing was asked."""

    units: tuple[Unit, ...]

    @property
    def sequence(self) -> Way:
        """Every word, in order."""
        return tuple(form for unit in self.units for form in unit.words)

    @property
    def parts(self) -> tuple[Way, ...]:
        """What can be missing on its own: a word, or words typed as one; each once."""
        found: list[Way] = []
        for unit in self.units:
            found += [unit.words] if unit.is_joined else [(form,) for form in unit.words]
        return tuple(dict.fromkeys(found))

    @property
    def rows(self) -> tuple[Way, ...]:
        """What stands together where the question is answered: the whole of it, other ways to write it, its parts."""
        if not self.units:
            return ()
        return (*self.sequences, *self.parts, *(way for unit in self.units for way in unit.ways))

    @property
    def sequences(self) -> tuple[Way, ...]:
        """What was typed, and the same with every abbreviation written out, where that differs."""
        full = tuple(form for unit in self.units for form in max((unit.words, *unit.ways), key=len))
        return (self.sequence,) if full == self.sequence else (self.sequence, full)


def read(text: str) -> Question:
    """Understands what was typed; what exceeds `LONGEST_QUESTION` letters or `MOST_WORDS` words is cut off."""
    typed = clean(text[: 10 * LONGEST_QUESTION])
    if len(typed) > LONGEST_QUESTION:
        whole, _, rest = typed[:LONGEST_QUESTION].rpartition(" ")
        typed = whole or rest
    units = _with_other_ways(_joined(typed))
    return Question(tuple(dict.fromkeys(units)))


def _joined(typed: str) -> list[Unit]:
    """Words that touch, or that a single joint holds together, are one unit."""
    text = spelled(typed)
    runs: list[list[Word]] = []
    end = 0
    for count, found in enumerate(WORD.finditer(text)):
        if count == MOST_WORDS:
            break
        gap = text[end : found.start()]
        is_after_digit = end > 0 and text[end - 1].isdigit() and found[0][0].isdigit()
        holds = gap == "" or gap in _JOINTS or (is_after_digit and gap in _DIGIT_JOINTS)
        if runs and holds:
            runs[-1].append(word(found[0]))
        else:
            runs.append([word(found[0])])
        end = found.end()
    return [Unit(tuple(run), is_joined=len(run) > 1) for run in runs]


def _with_other_ways(units: list[Unit]) -> list[Unit]:
    """Full wordings and abbreviations, the longest first, each with the other ways to write it."""
    known = _ways()
    longest = max(len(way) for way in known)
    found: list[Unit] = []
    at = 0
    while at < len(units):
        for size in range(min(longest, len(units) - at), 0, -1):
            together = units[at : at + size]
            typed = tuple(form for unit in together for form in unit.words)
            others = known.get(tuple(form.folded for form in typed))
            if others:
                found.append(Unit(typed, is_joined=any(unit.is_joined for unit in together), ways=others))
                at += size
                break
        else:
            found.append(units[at])
            at += 1
    return found


@cache
def _ways() -> dict[tuple[str, ...], tuple[Way, ...]]:
    """For each way to write something, the other ways."""
    table: dict[str, list[str]] = tomllib.loads(_ABBREVIATIONS.read_text(encoding="utf-8"))
    found: dict[tuple[str, ...], tuple[Way, ...]] = {}
    for full, shorts in table.items():
        ways = [tuple(words(clean(way))) for way in (full, *shorts)]
        for way in ways:
            folded = tuple(form.folded for form in way)
            found[folded] = tuple(other for other in ways if other != way)
    return found
