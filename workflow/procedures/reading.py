"""From a TOML file to an `Edition`, or to the list of everything that is wrong with it."""

import json
import re
import tomllib
from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache

from pydantic import TypeAdapter, ValidationError

from workflow.procedures.schema import Edition

_EDITION = TypeAdapter(Edition)
# A key of so many parts costs the reader of TOML the square of them; an edition's have one.
_LONG_KEY = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){30}""")


_MOST_FAULTS = 100
_BOMB = "numbers too long, or keys and tables too deep for an edition"


class FaultyEdition(ValueError):
    """The file is no edition; `faults` names each fault with its place."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@lru_cache(maxsize=256)
def read_edition(text: str) -> Edition:
    """The edition this TOML text describes; the same text gives the same object, so it is read once.

    Raises FaultyEdition with every fault, each beginning with its path: `steps.1.role: Field required`.
    """
    if _LONG_KEY.search(text):
        raise FaultyEdition([_BOMB])
    try:
        # In strict mode pydantic takes tuples and dates from JSON, but not from Python's lists and dates.
        data = json.dumps(tomllib.loads(text), default=_as_json)
    except tomllib.TOMLDecodeError as fault:
        raise FaultyEdition([str(fault)]) from fault
    except (ValueError, RecursionError) as fault:
        # Numbers of thousands of digits, tables within tables without end.
        raise FaultyEdition([_BOMB]) from fault
    try:
        return _EDITION.validate_json(data)
    except ValidationError as errors:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in errors.errors(include_url=False)]
        # More than anybody would read: the file is another one.
        more = [f"… {len(faults) - _MOST_FAULTS} more"] if len(faults) > _MOST_FAULTS else []
        raise FaultyEdition([*faults[:_MOST_FAULTS], *more]) from errors


def _as_json(value: object) -> str:
    """The only values TOML has and JSON has not; where one has no place, the schema says so with its path."""
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)
