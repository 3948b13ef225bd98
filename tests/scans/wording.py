"""A small language for papers that are said in many ways: one wording, many texts, and what was filled in.

A wording is lines. `[a|b]` is one of several, `{slot}` a fact, a leading `?` a line that is left out half the time,
`*` a line that changes places with its neighbours marked so, `@name` the lines of a block; `left || right` are two
columns, `^` a centred title, `>` a line on the right half.
"""

import re
from collections.abc import Callable, Mapping
from random import Random

_SLOT = re.compile(r"\{([\w.]+)\}")
_INNERMOST_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


def expand(wording: str, blocks: Mapping[str, str], fact: Callable[[str], str], chance: Random) -> list[str]:
    """The lines of one text; `fact` gives what stands in a slot and is asked only for slots that are printed."""
    chosen: list[str] = []
    for line in _included(wording, blocks, chance):
        chosen += [part for part in _filled(choose(line, chance), fact).split("\n") if part.strip()]
    return chosen


def _included(wording: str, blocks: Mapping[str, str], chance: Random) -> list[str]:
    lines: list[str] = []
    moving: list[str] = []
    for line in [*(row.strip() for row in wording.splitlines()), ""]:
        if line.startswith("*"):
            moving.append(line[1:].strip())
            continue
        chance.shuffle(moving)
        lines += [one for one in moving if _is_kept(one, chance)]
        moving = []
        if line and _is_kept(line, chance):
            lines.append(line)
    plain = (line.removeprefix("?").strip() for line in lines)
    return [
        part for line in plain for part in (_included(blocks[line[1:]], blocks, chance) if line[0] == "@" else [line])
    ]


def _is_kept(line: str, chance: Random) -> bool:
    return not line.startswith("?") or chance.random() < 0.5


def choose(line: str, chance: Random) -> str:
    """A line with every choice made, innermost first."""
    while match := _INNERMOST_CHOICE.search(line):
        line = line[: match.start()] + chance.choice(match[1].split("|")) + line[match.end() :]
    return line


def _filled(line: str, fact: Callable[[str], str]) -> str:
    """Facts may hold slots themselves, as an abstract names a person."""
    while match := _SLOT.search(line):
        line = line[: match.start()] + fact(match[1]) + line[match.end() :]
    return line
