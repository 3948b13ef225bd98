"""Units, slots and officers, as of today."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.acting import UNIT_MARK, Acting, Successions, held_today
from accounts.models import Officer, RoleHolding, Unit


def units_in_force(*, kind: str | None = None, on: date | None = None) -> QuerySet[Unit]:
    """Units that exist on a day (today by default), by name."""
    day = on or timezone.localdate()
    units = Unit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return (units.filter(kind=kind) if kind else units).order_by("name", "id")


def authority() -> Unit | None:
    """The people's committee at the top, under whose name the system runs (UBND tỉnh)."""
    return units_in_force(kind="people_committee").filter(parent__isnull=True).first()


def units_at_work_for(unit_id: int) -> set[int]:
    """The unit itself, and if it has ended those its work went to."""
    return Successions.until(timezone.localdate()).workers_of(unit_id)


def units_seen_by(acting: Acting) -> QuerySet[Unit]:
    """The units whose papers show to him: his own, those it took over from, those he oversees; to a superuser all."""
    units = Unit.objects.order_by("name", "id")
    if acting.is_superuser:
        return units
    marked = [token.removeprefix(UNIT_MARK) for token in acting.tokens if token.startswith(UNIT_MARK)]
    return units.filter(pk__in=[int(pk) for pk in marked])


def guardians_of_secrets(unit_id: int | None) -> list[int]:
    """Who must know of a secret paper in this unit today: those named for it here or above, else who leads the unit."""
    held = RoleHolding.objects.filter(held_today(timezone.localdate()))
    named = held.filter(role__guards_secrets=True, unit__in=_and_above(unit_id)).values_list("officer_id", flat=True)
    leading = held.filter(role__leads=True, unit=unit_id).values_list("officer_id", flat=True)
    return sorted(set(named) or set(leading))


def _and_above(unit_id: int | None) -> list[int]:
    """The unit and those it is part of, upward."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    found: list[int] = []
    while unit_id is not None and unit_id not in found:
        found.append(unit_id)
        unit_id = parents.get(unit_id)
    return found


def officers_with_role(role: str, units: Collection[int]) -> QuerySet[Officer]:
    """Who does this role's steps in one of these units today, by name."""
    held = RoleHolding.objects.filter(held_today(timezone.localdate()), role=role, unit__in=units)
    return Officer.objects.filter(pk__in=held.values("officer"), is_active=True).order_by("full_name", "id")
