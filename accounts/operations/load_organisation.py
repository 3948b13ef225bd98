"""Loading units, successions and step roles of a province from its TOML file."""

import tomllib
from typing import Any

from django.db import transaction

from accounts.models import StepRole, Unit, UnitSuccession
from audit.recording import Actor, record

_ROLE_POWERS = ("receives", "leads", "oversees", "guards_secrets", "imports", "keeps_register")
_UNIT_FIELDS = ("name", "short_name", "kind", "valid_from")
_UNIT_OPTIONAL = {"agency_code": "", "code_pattern": "", "area": "", "symbol": "", "valid_to": None}


class FaultyOrganisation(ValueError):
    """The file is no organisation; the message says where."""


@transaction.atomic
def load_organisation(*, text: str, actor: Actor) -> bool:
    """Adds and updates the units, successions and roles the file names; False when nothing differed.

    What the file doesn't name stays: units are ended by a date, never by leaving them out.
    """
    try:
        data = tomllib.loads(text)
        is_changed = _load_roles(data.get("roles", []))
        is_changed |= _load_units(data.get("units", []))
        is_changed |= _load_successions(data.get("successions", []))
    except (tomllib.TOMLDecodeError, KeyError, Unit.DoesNotExist) as fault:
        raise FaultyOrganisation(str(fault)) from fault
    if is_changed:
        payload = {"units": Unit.objects.count(), "roles": StepRole.objects.count()}
        record("organisation", "organisation.loaded", actor=actor, payload=payload)
    return is_changed


def _load_roles(rows: list[dict[str, Any]]) -> bool:
    is_changed = False
    for row in rows:
        wanted = {"name": row["name"], **{power: row.get(power, False) for power in _ROLE_POWERS}}
        if not StepRole.objects.filter(code=row["code"], **wanted).exists():
            StepRole.objects.update_or_create(code=row["code"], defaults=wanted)
            is_changed = True
    return is_changed


def _load_units(rows: list[dict[str, Any]]) -> bool:
    """Parents stand before their children in the file."""
    is_changed = False
    for row in rows:
        wanted: dict[str, Any] = {field: row[field] for field in _UNIT_FIELDS}
        wanted |= {field: row.get(field, default) for field, default in _UNIT_OPTIONAL.items()}
        wanted["parent"] = Unit.objects.get(code=row["parent"]) if "parent" in row else None
        if not Unit.objects.filter(code=row["code"], **wanted).exists():
            Unit.objects.update_or_create(code=row["code"], defaults=wanted)
            is_changed = True
    return is_changed


def _load_successions(rows: list[dict[str, Any]]) -> bool:
    is_changed = False
    for row in rows:
        _, is_new = UnitSuccession.objects.get_or_create(
            predecessor=Unit.objects.get(code=row["predecessor"]),
            successor=Unit.objects.get(code=row["successor"]),
            defaults={"succeeded_on": row["on"]},
        )
        is_changed |= is_new
    return is_changed
