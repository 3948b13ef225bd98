"""Units, officers, slots and roles for tests. Everything is in force since 2020 and has no end."""

from collections.abc import Iterable
from datetime import date

import factory
from factory.django import DjangoModelFactory, Password

from accounts.acting import Acting, acting_for
from accounts.models import Officer, RoleHolding, RoleSlot, SlotHolding, StepRole, Unit, UnitSuccession

PASSWORD = "Dat-dai-2026!"
SINCE = date(2020, 1, 1)


class UnitFactory(DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda number: f"unit-{number}")
    name = factory.LazyAttribute(lambda unit: f"Đơn vị {unit.code}")
    short_name = factory.LazyAttribute(lambda unit: f"ĐV {unit.code}")
    kind = "department"
    agency_code = factory.Sequence(lambda number: f"H99.{number}")
    valid_from = SINCE


class UnitSuccessionFactory(DjangoModelFactory[UnitSuccession]):
    class Meta:
        model = UnitSuccession

    predecessor = factory.SubFactory(UnitFactory)
    successor = factory.SubFactory(UnitFactory)
    succeeded_on = date(2025, 7, 1)


class OfficerFactory(DjangoModelFactory[Officer]):
    """An officer whose password is PASSWORD and no longer the initial one."""

    class Meta:
        model = Officer

    username = factory.Sequence(lambda number: f"officer.{number}")
    full_name = factory.Sequence(lambda number: f"Cán bộ {number}")
    password = Password(PASSWORD)
    is_password_initial = False


class SlotFactory(DjangoModelFactory[RoleSlot]):
    """A unit has one slot of each kind: asking again gives the one that is there."""

    class Meta:
        model = RoleSlot
        django_get_or_create = ("unit", "kind")

    unit = factory.SubFactory(UnitFactory)
    kind = RoleSlot.Kind.UPDATE


class SlotHoldingFactory(DjangoModelFactory[SlotHolding]):
    class Meta:
        model = SlotHolding

    slot = factory.SubFactory(SlotFactory)
    officer = factory.SubFactory(OfficerFactory)
    valid_from = SINCE


class StepRoleFactory(DjangoModelFactory[StepRole]):
    class Meta:
        model = StepRole
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"role-{number}")
    name = factory.LazyAttribute(lambda role: f"Vai trò {role.code}")


class RoleHoldingFactory(DjangoModelFactory[RoleHolding]):
    class Meta:
        model = RoleHolding

    officer = factory.SubFactory(OfficerFactory)
    unit = factory.SubFactory(UnitFactory)
    role = factory.SubFactory(StepRoleFactory)
    valid_from = SINCE


def officer_at(
    unit: Unit, slot: str = RoleSlot.Kind.UPDATE, roles: Iterable[str] = (), *, officer: Officer | None = None
) -> Officer:
    """An officer (a new one by default) in the unit's slot, holding step roles by their codes.

    A role that isn't there yet is made without `leads` and `oversees`; make it first where these matter.
    """
    officer = officer or OfficerFactory.create()
    SlotHoldingFactory.create(officer=officer, slot=SlotFactory.create(unit=unit, kind=slot))
    for code in roles:
        RoleHoldingFactory.create(officer=officer, unit=unit, role=StepRoleFactory.create(code=code))
    return officer


def acting_at(unit: Unit, slot: str = RoleSlot.Kind.UPDATE, roles: Iterable[str] = ()) -> Acting:
    """A new officer, acting through the unit's slot."""
    return acting_for(officer_at(unit, slot, roles))
