"""A checker for as much of JSON Schema (2020-12) as our forms are told in; it refuses words it doesn't know."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

_KNOWN = {
    *("$schema", "title", "type", "allOf", "if", "then", "enum"),
    *("properties", "required", "additionalProperties", "minProperties", "items", "minItems", "maxItems"),
    *("pattern", "minLength", "maxLength", "minimum", "maximum", "format"),
}
_TYPES: dict[str, type] = {"object": dict, "array": list, "string": str, "integer": int}


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """Whether the value is valid under the schema."""
    unknown = set(schema) - _KNOWN
    assert not unknown, f"the checker must learn {unknown}"
    if "type" in schema and (type(value) is not _TYPES[schema["type"]]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    judge = _JUDGES.get(type(value))
    return judge is None or judge(schema, value)


def _text(schema: dict[str, Any], value: str) -> bool:
    # In ECMA 262 a digit is 0 to 9 and `$` is the very end; `re` wants to be told.
    pattern = re.sub(r"\$$", r"\\Z", schema.get("pattern", ""))
    return (
        schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        and re.search(pattern, value, re.ASCII) is not None
        and (schema.get("format") != "date" or _is_date(value))
    )


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII) is not None


def _number(schema: dict[str, Any], value: int) -> bool:
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))


def _array(schema: dict[str, Any], value: list[Any]) -> bool:
    return schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)) and all(
        accepts(schema.get("items", {}), item) for item in value
    )


def _object(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    properties = schema.get("properties", {})
    return (
        set(schema.get("required", ())) <= set(value)
        and len(value) >= schema.get("minProperties", 0)
        and (schema.get("additionalProperties", True) or set(value) <= set(properties))
        and all(accepts(properties[name], item) for name, item in value.items() if name in properties)
        and all(
            accepts(branch.get("then", {}), value) for branch in schema.get("allOf", ()) if accepts(branch["if"], value)
        )
    )


_JUDGES: dict[type, Callable[[dict[str, Any], Any], bool]] = {str: _text, int: _number, list: _array, dict: _object}
