"""One text for one value: what is hashed, on every database and machine."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID


def canonical(value: object) -> str:
    """JSON with sorted keys, NFC strings, UTC times and exact decimals.

    Raises TypeError for what has no single text (floats, naive datetimes, bytes, unknown types).
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _plain(value: object) -> object:
    match value:
        case None | bool():
            return value
        case Enum():
            return _plain(value.value)
        case int():
            return int(value)
        case Mapping():
            return {unicodedata.normalize("NFC", _text(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case Decimal() if value.is_finite():
            return {"$decimal": format(value.normalize(), "f")}
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case UUID():
            return str(value)
    # Lazy translations are strings in disguise; what they say depends on who asks, so they have no single text.
    message = f"{type(value).__name__} has no canonical text"
    raise TypeError(message)


def _text(key: object) -> str:
    if not isinstance(key, str):
        message = f"keys are strings, not {type(key).__name__}"
        raise TypeError(message)
    return key
