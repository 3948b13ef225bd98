"""From a TOML file to an `Edition`, or to the list of everything that is wrong with it."""

import json
import tomllib
from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache

from pydantic import TypeAdapter, ValidationError

from workflow.procedures.schema import Edition

_EDITION = TypeAdapter(Edition)


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
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise FaultyEdition([str(fault)]) from fault
    try:
        # In strict mode pydantic takes tuples and dates from JSON, but not from Python's lists and dates.
        return _EDITION.validate_json(json.dumps(data, default=_as_json))
    except ValidationError as errors:
        raise FaultyEdition(
            [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in errors.errors()]
        ) from errors


def _as_json(value: object) -> str:
    """The only values TOML has and JSON has not; where one has no place, the schema says so with its path."""
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)
