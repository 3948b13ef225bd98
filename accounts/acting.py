"""Who acts now (người thực hiện): an officer through a role slot, with his rights and his sight."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Officer, RoleHolding, RoleSlot, SlotHolding, Unit, UnitSuccession
from audit.recording import Actor

EVERYONE = "everyone"


def unit_token(unit_id: int) -> str:
    return f"unit:{unit_id}"


def officer_token(officer_id: int) -> str:
    return f"officer:{officer_id}"


@dataclass(frozen=True)
class Acting:
    """A snapshot for one request or command.

    unit_id, slot  the unit acted for and "update" or "lookup"; None and empty for who holds no slot
    roles          codes of the step roles held in that unit today
    is_leading     one of these roles may hand work around in the unit
    tokens         what he may see: an object is visible when it carries one of them
    """

    officer_id: int
    officer_name: str
    is_superuser: bool
    unit_id: int | None
    unit_name: str
    slot: str
    slot_id: int | None
    roles: frozenset[str]
    is_leading: bool
    tokens: frozenset[str]
    address: str = ""

    @property
    def may_update(self) -> bool:
        return self.slot == RoleSlot.Kind.UPDATE

    def holds(self, role: str, unit_id: int | None) -> bool:
        """Whether he may do this role's steps of this unit: as an updating officer of it, and no other way."""
        return self.may_update and unit_id == self.unit_id and role in self.roles

    def leads(self, unit_id: int | None) -> bool:
        return self.may_update and self.is_leading and unit_id == self.unit_id

    @cached_property
    def actor(self) -> Actor:
        """The snapshot the audit trail keeps."""
        return Actor(
            officer_id=self.officer_id,
            officer_name=self.officer_name,
            unit_id=self.unit_id,
            unit_name=self.unit_name,
            slot=self.slot,
            address=self.address,
        )


def held_today(today: date) -> Q:
    """Holdings that count on this day."""
    return Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))


def acting_for(officer: Officer, *, slot_id: int | None = None, address: str = "") -> Acting:
    """The officer as he may act today, through the slot chosen or else his first one (update before look-up)."""
    today = timezone.localdate()
    holding = _holding(officer, slot_id, today)
    unit = holding.slot.unit if holding else None
    roles = list(RoleHolding.objects.filter(held_today(today), officer=officer, unit=unit).select_related("role"))
    codes = frozenset(held.role_id for held in roles)
    oversees = any(held.role.oversees for held in roles)
    return Acting(
        officer_id=officer.pk,
        officer_name=officer.full_name,
        is_superuser=officer.is_superuser,
        unit_id=unit.pk if unit else None,
        unit_name=unit.name if unit else "",
        slot=holding.slot.kind if holding else "",
        slot_id=holding.slot_id if holding else None,
        roles=codes,
        is_leading=any(held.role.leads for held in roles),
        tokens=_tokens(officer, unit, oversees=oversees),
        address=address,
    )


def _holding(officer: Officer, slot_id: int | None, today: date) -> SlotHolding | None:
    holdings = (
        SlotHolding.objects.filter(held_today(today), officer=officer)
        .select_related("slot__unit")
        .order_by("-slot__kind", "id")
    )
    found = list(holdings)
    return next((held for held in found if held.slot_id == slot_id), found[0] if found else None)


def _tokens(officer: Officer, unit: Unit | None, *, oversees: bool) -> frozenset[str]:
    tokens = {EVERYONE, officer_token(officer.pk)}
    if unit is None:
        return frozenset(tokens)
    units = {unit.pk} | (_below(unit.pk) if oversees else set())
    return frozenset(tokens | {unit_token(pk) for pk in units | _before(units)})


def _below(top: int) -> set[int]:
    """Every unit under this one, at any depth."""
    children: dict[int, list[int]] = {}
    for pk, parent in Unit.objects.filter(parent__isnull=False).values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found, left = set(), [top]
    while left:
        fresh = [pk for pk in children.get(left.pop(), ()) if pk not in found]
        found.update(fresh)
        left += fresh
    return found


def _before(units: set[int]) -> set[int]:
    """The units these took over from, however long ago: what those could see, their successors can."""
    links = list(UnitSuccession.objects.values_list("successor_id", "predecessor_id"))
    found: set[int] = set()
    fresh = units
    while fresh:
        fresh = {before for after, before in links if after in fresh} - found
        found |= fresh
    return found
