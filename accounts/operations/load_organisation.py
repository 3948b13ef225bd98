"""Loading units, successions and step roles of a province from its TOML file."""

import tomllib
from collections.abc import Mapping, MutableMapping
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
    except (tomllib.TOMLDecodeError, KeyError) as fault:
        raise FaultyOrganisation(str(fault)) from fault
    if is_changed:
        payload = {"units": Unit.objects.count(), "roles": StepRole.objects.count()}
        record("organisation", "organisation.loaded", actor=actor, payload=payload)
    return is_changed


def _load_roles(rows: list[dict[str, Any]]) -> bool:
    known = {role.code: role for role in StepRole.objects.all()}
    is_changed = False
    for row in rows:
        wanted = {"name": row["name"], **{power: row.get(power, False) for power in _ROLE_POWERS}}
        is_changed |= _put(StepRole, known, row["code"], wanted)
    return is_changed


def _load_units(rows: list[dict[str, Any]]) -> bool:
    """Parents stand before their children in the file."""
    known = {unit.code: unit for unit in Unit.objects.all()}
    is_changed = False
    for row in rows:
        wanted: dict[str, Any] = {field: row[field] for field in _UNIT_FIELDS}
        wanted |= {field: row.get(field, default) for field, default in _UNIT_OPTIONAL.items()}
        wanted["parent_id"] = known[row["parent"]].pk if "parent" in row else None
        is_changed |= _put(Unit, known, row["code"], wanted)
    return is_changed


def _put(
    model: type[StepRole] | type[Unit], known: MutableMapping[str, Any], code: str, wanted: Mapping[str, Any]
) -> bool:
    """Makes the row of this code as wanted; False when it is so already."""
    row = known.get(code)
    if row is None:
        known[code] = model.objects.create(code=code, **wanted)
        return True
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save(update_fields=[*wanted])
    return True


def _load_successions(rows: list[dict[str, Any]]) -> bool:
    if not rows:
        return False
    known = set(UnitSuccession.objects.values_list("predecessor__code", "successor__code"))
    ids = dict(Unit.objects.values_list("code", "pk"))
    new = [row for row in rows if (row["predecessor"], row["successor"]) not in known]
    UnitSuccession.objects.bulk_create(
        UnitSuccession(
            predecessor_id=ids[row["predecessor"]], successor_id=ids[row["successor"]], succeeded_on=row["on"]
        )
        for row in new
    )
    return bool(new)
