"""Loading how long records are kept from TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction

from audit.recording import Actor, record
from dossiers.records_models import RetentionClass, RetentionRule

_CLASS = ("code", "name", "years", "source", "is_confirmed")
_RULE = ("procedure", "document_type", "class", "source", "is_confirmed", "valid_from", "valid_to")


class FaultyRetention(ValueError):
    """The file says nothing usable; the message says where."""


@dataclass(frozen=True, slots=True)
class _Changed:
    """What a class or a rule says now, and said before; a dash for what is new."""

    about: str
    before: str
    after: str


@transaction.atomic
def load_retention(*, text: str, actor: Actor) -> bool:
    """Adds and updates the classes and rules the file names; False when nothing differed.

    What it doesn't name stays. Closed dossiers keep the class they were given. The trail has each class and rule that
    changed, with what it said before. Raises FaultyRetention.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise FaultyRetention(str(fault)) from fault
    changed = [*_load_classes(_tables(data, "classes", _CLASS)), *_load_rules(_tables(data, "rules", _RULE))]
    if changed:
        payload = {"classes": RetentionClass.objects.count(), "rules": RetentionRule.objects.count()}
        record("retention", "retention.loaded", actor=actor, payload=payload)
    for one in changed:
        record("retention", "retention.changed", actor=actor, payload=asdict(one))
    return bool(changed)


def _tables(data: dict[str, Any], name: str, known: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FaultyRetention(f"{name}: tables are wanted, [[{name}]]")
    for row in rows:
        unknown = sorted(row.keys() - set(known))
        if unknown:
            raise FaultyRetention(f"{name}: unknown: {unknown} in {row}")
    return rows


def _text(row: dict[str, Any], key: str, longest: int, *, default: str | None = None) -> str:
    value = row.get(key, default)
    if not isinstance(value, str) or len(value) > longest:
        raise FaultyRetention(f"{row}: {key} is a text of up to {longest} characters")
    return value


def _day(row: dict[str, Any], key: str) -> date | None:
    value = row.get(key)
    # A moment is a day too, for Python; not for the law.
    if value is not None and type(value) is not date:
        raise FaultyRetention(f"{row}: {key} is a day, written {key} = 2026-01-01")
    return value


def _is_confirmed(row: dict[str, Any]) -> bool:
    value = row.get("is_confirmed", False)
    if not isinstance(value, bool):
        raise FaultyRetention(f"{row}: is_confirmed is true or false")
    return value


def _load_classes(rows: list[dict[str, Any]]) -> list[_Changed]:
    stored = {one.code: one for one in RetentionClass.objects.all()}
    changed, told = {}, []
    for row in rows:
        code, years = _text(row, "code", 40), row.get("years")
        if years is not None and not (type(years) is int and 0 < years <= 100):
            raise FaultyRetention(f"{code}: years are 1 to 100, or left out for good")
        wanted = {
            "name": _text(row, "name", 120),
            "years": years,
            "source": _text(row, "source", 250),
            "is_confirmed": _is_confirmed(row),
        }
        before = _said(stored.get(code), wanted)
        if before != wanted:
            changed[code] = stored[code] = RetentionClass(code=code, **wanted)
            told.append(_Changed(code, _told(before), _told(wanted)))
    RetentionClass.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "years", "source", "is_confirmed"],
    )
    return told


def _load_rules(rows: list[dict[str, Any]]) -> list[_Changed]:
    classes = set(RetentionClass.objects.values_list("pk", flat=True))
    stored = {(one.procedure, one.document_type, one.valid_from): one for one in RetentionRule.objects.all()}
    changed, told = {}, []
    for row in rows:
        of: dict[str, Any] = {
            key: _text(row, key, longest, default="") for key, longest in (("procedure", 20), ("document_type", 60))
        }
        valid_from, kept_as = _day(row, "valid_from"), _text(row, "class", 40)
        if bool(of["procedure"]) == bool(of["document_type"]) or valid_from is None:
            raise FaultyRetention(f"{row}: a rule is of one procedure or one document_type, from a day on")
        if kept_as not in classes:
            raise FaultyRetention(f"{row}: no class {kept_as}")
        wanted = {
            "retention_id": kept_as,
            "source": _text(row, "source", 250),
            "is_confirmed": _is_confirmed(row),
            "valid_to": _day(row, "valid_to"),
        }
        key = (of["procedure"], of["document_type"], valid_from)
        before = _said(stored.get(key), wanted)
        if before != wanted:
            changed[key] = stored[key] = RetentionRule(**of, valid_from=valid_from, **wanted)
            about = f"{of['procedure'] or of['document_type']} {valid_from.isoformat()}"
            told.append(_Changed(about, _told(before), _told(wanted)))
    RetentionRule.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["procedure", "document_type", "valid_from"],
        update_fields=["retention", "source", "is_confirmed", "valid_to"],
    )
    return told


def _said(row: RetentionClass | RetentionRule | None, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the stored row says of these fields."""
    return {name: getattr(row, name) for name in wanted} if row else None


def _told(row: dict[str, Any] | None) -> str:
    return ", ".join(f"{key}={value}" for key, value in row.items()) if row else "–"
