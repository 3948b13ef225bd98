"""Loading how long records are kept from TOML."""

import tomllib
from typing import Any

from django.db import transaction

from audit.recording import Actor, record
from dossiers.records_models import RetentionClass, RetentionRule

_RULE = ("procedure", "document_type", "class", "source", "is_confirmed", "valid_from", "valid_to")


class FaultyRetention(ValueError):
    """The file says nothing usable; the message says where."""


@transaction.atomic
def load_retention(*, text: str, actor: Actor) -> bool:
    """Adds and updates the classes and rules the file names; False when nothing differed.

    What it doesn't name stays. Closed dossiers keep the class they were given. Raises FaultyRetention.
    """
    try:
        data = tomllib.loads(text)
        is_changed = _load_classes(data.get("classes", []))
        is_changed |= _load_rules(data.get("rules", []))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as fault:
        raise FaultyRetention(str(fault)) from fault
    if is_changed:
        payload = {"classes": RetentionClass.objects.count(), "rules": RetentionRule.objects.count()}
        record("retention", "retention.loaded", actor=actor, payload=payload)
    return is_changed


def _load_classes(rows: list[dict[str, Any]]) -> bool:
    is_changed = False
    for row in rows:
        years = row.get("years")
        if years is not None and not (type(years) is int and 0 < years <= 100):
            raise FaultyRetention(f"{row['code']}: years are 1 to 100, or left out for good")
        wanted = {
            "name": row["name"],
            "years": years,
            "source": row["source"],
            "is_confirmed": row.get("is_confirmed", False),
        }
        if not RetentionClass.objects.filter(code=row["code"], **wanted).exists():
            RetentionClass.objects.update_or_create(code=row["code"], defaults=wanted)
            is_changed = True
    return is_changed


def _load_rules(rows: list[dict[str, Any]]) -> bool:
    is_changed = False
    for row in rows:
        unknown = sorted(row.keys() - set(_RULE))
        place = {"procedure": row.get("procedure", ""), "document_type": row.get("document_type", "")}
        if unknown or bool(place["procedure"]) == bool(place["document_type"]):
            raise FaultyRetention(f"{place}: a rule is of one procedure or one document_type; unknown: {unknown}")
        if not RetentionClass.objects.filter(pk=row["class"]).exists():
            raise FaultyRetention(f"{place}: no class {row['class']}")
        wanted = {
            "retention_id": row["class"],
            "source": row["source"],
            "is_confirmed": row.get("is_confirmed", False),
            "valid_to": row.get("valid_to"),
        }
        place["valid_from"] = row["valid_from"]
        if not RetentionRule.objects.filter(**place, **wanted).exists():
            RetentionRule.objects.update_or_create(**place, defaults=wanted)
            is_changed = True
    return is_changed
