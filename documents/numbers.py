"""How a number of the register is written: patterns of data, filled in.

A pattern names the running number once or more, as it is (`{number}`) or with leading zeros (`{number4}`,
`{number5}`), and may name `{year}` and the unit's `{symbol}`: `{number}/QĐ-{symbol}` → `17/QĐ-CNHL`.
"""

import re

_PART = re.compile(r"\{(\w*)\}")
_RUNNING = {"number": 0, "number4": 4, "number5": 5}
_PARTS = {*_RUNNING, "year", "symbol"}


class FaultyNumberPattern(ValueError):
    """The pattern can't write a number; the message says why."""


def check_pattern(pattern: str) -> None:
    """Raises FaultyNumberPattern for one that would write the same for every number, or can't be filled in."""
    parts, rest = set(_PART.findall(pattern)), _PART.sub("", pattern)
    if pattern and (not parts <= _PARTS or not parts & _RUNNING.keys() or "{" in rest or "}" in rest):
        message = f"a number pattern has one of {', '.join(sorted(_RUNNING))}, may have year and symbol: {pattern}"
        raise FaultyNumberPattern(message)


def write_number(pattern: str, *, number: int, year: int, symbol: str = "") -> str:
    """The number as the paper bears it."""
    running = {name: f"{number:0{width}d}" for name, width in _RUNNING.items()}
    return pattern.format(**running, year=year, symbol=symbol)
