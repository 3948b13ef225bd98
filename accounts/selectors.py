"""Units, slots and officers, as of today."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.acting import Acting, Successions, held_today
from accounts.models import Delegation, Officer, RoleHolding, RoleSlot, SlotHolding, Unit


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
    return units.filter(pk__in=acting.units_seen)


def guardians_of_secrets(unit_id: int | None) -> list[int]:
    """Who must know of a secret paper in this unit today: those named for it here or above, else who leads the unit."""
    held = RoleHolding.objects.filter(held_today(timezone.localdate()))
    named = held.filter(role__guards_secrets=True, unit__in=_and_above(unit_id)).values_list("officer_id", flat=True)
    leading = held.filter(role__leads=True, unit=unit_id).values_list("officer_id", flat=True)
    return sorted(set(named) or set(leading))


def _and_above(unit_id: int | None) -> list[int]:
    """The unit and those it is part of, upward."""
    return _upward(unit_id, dict(Unit.objects.values_list("pk", "parent_id")))


def _upward(unit_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    found: list[int] = []
    while unit_id is not None and unit_id not in found:
        found.append(unit_id)
        unit_id = parents.get(unit_id)
    return found


def officers_with_role(role: str, units: Collection[int]) -> QuerySet[Officer]:
    """Who does this role's steps in one of these units today, by name."""
    held = RoleHolding.objects.filter(held_today(timezone.localdate()), role=role, unit__in=units)
    return Officer.objects.filter(pk__in=held.values("officer"), is_active=True).order_by("full_name", "id")


def officers_updating(units: Collection[int]) -> QuerySet[Officer]:
    """Who may change things for one of these units today, whatever his roles, by name."""
    held = SlotHolding.objects.filter(
        held_today(timezone.localdate()), slot__unit__in=units, slot__kind=RoleSlot.Kind.UPDATE
    )
    return Officer.objects.filter(pk__in=held.values("officer"), is_active=True).order_by("full_name", "id")


def leaders_of(unit_ids: Collection[int]) -> dict[int, list[int]]:
    """Who leads each of these units today, or those its work went to, by id; two queries for however many units."""
    successions = Successions.until(timezone.localdate())
    workers = {unit_id: successions.workers_of(unit_id) for unit_id in unit_ids}
    every = set().union(*workers.values()) if workers else set()
    held = RoleHolding.objects.filter(held_today(timezone.localdate()), role__leads=True, unit__in=every)
    leading: dict[int, set[int]] = {}
    for unit_id, officer_id in held.filter(officer__is_active=True).values_list("unit_id", "officer_id"):
        leading.setdefault(unit_id, set()).add(officer_id)
    return {
        unit_id: sorted(set().union(*(leading.get(worker, set()) for worker in found)))
        for unit_id, found in workers.items()
    }


def heads_over(unit_ids: Collection[int]) -> dict[int, list[int]]:
    """Who leads each of these units today; where nobody does, who leads the nearest unit above that is led."""
    found = leaders_of(unit_ids)
    orphans = [unit_id for unit_id in unit_ids if not found[unit_id]]
    if not orphans:
        return found
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    above = {unit_id: _upward(unit_id, parents) for unit_id in orphans}
    leading = leaders_of(set().union(*above.values()))
    return found | {unit_id: next(filter(None, map(leading.get, above[unit_id])), []) for unit_id in orphans}


def hands_of(steps: Collection[tuple[int, str]]) -> dict[tuple[int, str], list[int]]:
    """Who does the steps of these officers, each in a role, today: he himself, and who stands in while he is away.

    Officers whose account is closed do nothing any more. Two queries for however many.
    """
    today = timezone.localdate()
    officers = {officer_id for officer_id, _role in steps}
    active = set(Officer.objects.filter(pk__in=officers, is_active=True).values_list("pk", flat=True))
    lent = Delegation.objects.filter(ended_at__isnull=True, valid_from__lte=today, valid_to__gte=today)
    lent = lent.filter(holding__officer__in=officers, stand_in__officer__is_active=True)
    hands: dict[tuple[int, str], set[int]] = {step: {step[0]} & active for step in steps}
    for officer_id, role, other in lent.values_list("holding__officer_id", "holding__role_id", "stand_in__officer_id"):
        if (officer_id, role) in hands:
            hands[officer_id, role].add(other)
    return {step: sorted(found) for step, found in hands.items()}


def delegations_for(acting: Acting) -> QuerySet[Delegation]:
    """What he has delegated, what was delegated to him, and for who leads the unit what was in it; newest first."""
    related = ("holding__officer", "holding__role", "stand_in__officer", "made_by", "ended_by")
    rows = Delegation.objects.select_related(*related).filter(holding__unit__in=acting.units)
    if not acting.is_leading:
        rows = rows.filter(Q(holding__officer=acting.officer_id) | Q(stand_in__officer=acting.officer_id))
    return rows.order_by("-id")


def holdings_in(units: Collection[int], *, today: date) -> QuerySet[RoleHolding]:
    """Who does which steps in these units today, by role and name."""
    held = RoleHolding.objects.filter(held_today(today), unit__in=units, officer__is_active=True)
    return held.select_related("officer", "role").order_by("role__name", "officer__full_name", "id")


def acted_as_one(officer_id: int, others: Collection[int], *, since: date) -> bool:
    """Whether he stood in for one of the others, or one of them for him, on any day since then.

    Two of whom that is so are not four eyes.
    """
    today = timezone.localdate()
    between = Q(holding__officer=officer_id, stand_in__officer__in=others)
    between |= Q(holding__officer__in=others, stand_in__officer=officer_id)
    lasted = Q(ended_at__isnull=True) | Q(ended_at__date__gte=since)
    return Delegation.objects.filter(between & lasted, valid_from__lte=today, valid_to__gte=since).exists()


def active_officers(units: Collection[int]) -> QuerySet[Officer]:
    """Who does any steps in these units today, by name."""
    held = RoleHolding.objects.filter(held_today(timezone.localdate()), unit__in=units)
    return Officer.objects.filter(pk__in=held.values("officer"), is_active=True).order_by("full_name", "id")
