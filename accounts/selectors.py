"""Units, slots and officers, as of today."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.acting import Successions, held_today
from accounts.models import Officer, RoleHolding, Unit


def units_in_force(*, kind: str | None = None, on: date | None = None) -> QuerySet[Unit]:
    """Units that exist on a day (today by default), by name."""
    day = on or timezone.localdate()
    units = Unit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return (units.filter(kind=kind) if kind else units).order_by("name", "id")


def authority() -> Unit | None:
    """The people's committee at the top, under whose name the system runs (UBND tỉnh)."""
    return units_in_force(kind="people_committee").filter(parent__isnull=True).first()


def officers_with_role(role: str, unit_id: int) -> QuerySet[Officer]:
    """Who may do this role's steps of the unit today, by name; of one that has ended, those of its successors."""
    today = timezone.localdate()
    units = sorted(Successions.until(today).workers_of(unit_id))
    held = RoleHolding.objects.filter(held_today(today), role=role, unit__in=units)
    return Officer.objects.filter(pk__in=held.values("officer"), is_active=True).order_by("full_name", "id")
