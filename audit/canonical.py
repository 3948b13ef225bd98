"""One text for one value: what is hashed, on every database and machine."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

# Made once: `json.dumps` would make an encoder for every text.
_written = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(value: object) -> str:
    """JSON with sorted keys, NFC strings, UTC times and exact decimals.

    Raises TypeError for what has no single text (floats, naive datetimes, bytes, keys that NFC makes one, half
    surrogates, unknown types).
    """
    return _written(_plain(value))


def moment_text(moment: datetime) -> str:
    """An aware moment in UTC with six decimals; not by `strftime`, which pads years as the platform likes."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _plain(value: object) -> object:
    match value:
        case None | bool():
            return value
        case Enum():
            return _plain(value.value)
        case int():
            return int(value)
        case Mapping():
            return _object(value)
        case list() | tuple():
            return [_plain(item) for item in value]
    return _scalar(value)


def _object(value: Mapping[object, object]) -> dict[str, object]:
    plain = {_text(key): _plain(item) for key, item in value.items()}
    if len(plain) != len(value):
        message = "two keys are the same once normalised"
        raise TypeError(message)
    return plain


def _scalar(value: object) -> object:
    match value:
        case str():
            return _text(value)
        case Decimal() if value.is_finite():
            return {"$decimal": _digits(value)}
        case datetime() if value.tzinfo is not None:
            return moment_text(value)
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case UUID():
            return str(value)
    # Lazy translations are strings in disguise; what they say depends on who asks, so they have no single text.
    message = f"{type(value).__name__} has no canonical text"
    raise TypeError(message)


def _digits(number: Decimal) -> str:
    # `Decimal.normalize` would round to the context's precision and keep the sign of zero.
    digits = format(number, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if number.is_zero() else digits


def _text(value: object) -> str:
    if not isinstance(value, str):
        message = f"keys are strings, not {type(value).__name__}"
        raise TypeError(message)
    try:
        value.encode()
    except UnicodeEncodeError as fault:
        message = "half a surrogate pair has no canonical text"
        raise TypeError(message) from fault
    return unicodedata.normalize("NFC", value)
