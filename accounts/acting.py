"""Who acts now (người thực hiện): an officer through a role slot, with his rights and his sight."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Officer, RoleHolding, RoleSlot, SlotHolding, Unit, UnitSuccession
from audit.recording import Actor

EVERYONE = "everyone"
UNIT_MARK = "unit:"


def unit_token(unit_id: int) -> str:
    return f"{UNIT_MARK}{unit_id}"


def officer_token(officer_id: int) -> str:
    return f"officer:{officer_id}"


@dataclass(frozen=True, slots=True)
class Place:
    """A slot the officer may act through today, as pages name it: "Update · CN Hải Lộc"."""

    slot_id: int
    kind: str
    unit_short_name: str

    @property
    def kind_words(self) -> str:
        return str(RoleSlot.Kind(self.kind).label)


@dataclass(frozen=True)
class Acting:
    """A snapshot for one request or command.

    unit_id, slot  the unit acted for and "update" or "lookup"; None and empty for who holds no slot
    units          that unit, and those it took over from that have ended: their open work is its own now
    roles          codes of the step roles held in that unit today
    is_receiving   one of these roles may take dossiers in, and the unit has not ended: its codes are closed
    is_leading     one of these roles may hand work around in the unit
    is_importing   one of these roles may bring in files of the past
    is_keeping     one of these roles keeps the register and the archive lists
    tokens         what he may see: an object is visible when it carries one of them
    places         the slots he may act through today, this one among them
    """

    officer_id: int
    officer_name: str
    is_superuser: bool
    unit_id: int | None
    units: frozenset[int]
    unit_name: str
    slot: str
    slot_id: int | None
    roles: frozenset[str]
    is_receiving: bool
    is_leading: bool
    tokens: frozenset[str]
    address: str = ""
    places: tuple[Place, ...] = ()
    is_importing: bool = False
    is_keeping: bool = False

    @property
    def place(self) -> Place | None:
        """The slot he acts through now."""
        return next((place for place in self.places if place.slot_id == self.slot_id), None)

    @property
    def may_update(self) -> bool:
        return self.slot == RoleSlot.Kind.UPDATE

    def acts_in(self, unit_id: int | None) -> bool:
        """Whether this unit's work is his unit's: its own, or left by a unit it took over from."""
        return unit_id in self.units

    def holds(self, role: str, unit_id: int | None) -> bool:
        """Whether he may do this role's steps of this unit: as an updating officer of it, and no other way."""
        return self.may_update and self.acts_in(unit_id) and role in self.roles

    @property
    def may_receive(self) -> bool:
        """Whether he may take dossiers in at the unit he acts for."""
        return self.may_update and self.is_receiving

    @property
    def may_import(self) -> bool:
        """Whether he may bring files of the past into the unit he acts for."""
        return self.may_update and self.is_importing

    def leads(self, unit_id: int | None) -> bool:
        return self.may_update and self.is_leading and self.acts_in(unit_id)

    @property
    def may_keep(self) -> bool:
        """Whether he keeps the outgoing register and the archive lists of the unit he acts for."""
        return self.may_update and self.is_keeping

    def keeps(self, unit_id: int | None) -> bool:
        return self.may_keep and self.acts_in(unit_id)

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
    holdings = _holdings(officer, today)
    holding = next((held for held in holdings if held.slot_id == slot_id), next(iter(holdings), None))
    unit = holding.slot.unit if holding else None
    roles = list(RoleHolding.objects.filter(held_today(today), officer=officer, unit=unit).select_related("role"))
    codes = frozenset(held.role_id for held in roles)
    oversees = any(held.role.oversees for held in roles)
    successions = Successions.until(today) if unit else Successions((), frozenset())
    return Acting(
        officer_id=officer.pk,
        officer_name=officer.full_name,
        is_superuser=officer.is_superuser,
        unit_id=unit.pk if unit else None,
        units=frozenset(successions.work_of(unit.pk) if unit else ()),
        unit_name=unit.name if unit else "",
        slot=holding.slot.kind if holding else "",
        slot_id=holding.slot_id if holding else None,
        roles=codes,
        is_receiving=unit is not None and not has_ended(unit, today) and any(held.role.receives for held in roles),
        is_leading=any(held.role.leads for held in roles),
        tokens=_tokens(officer, unit, successions, oversees=oversees),
        address=address,
        is_keeping=any(held.role.keeps_register for held in roles),
        places=tuple(Place(held.slot_id, held.slot.kind, held.slot.unit.short_name) for held in holdings),
        is_importing=any(held.role.imports for held in roles),
    )


def has_ended(unit: Unit, today: date) -> bool:
    """Whether the unit's last day is over."""
    return unit.valid_to is not None and unit.valid_to < today


def _holdings(officer: Officer, today: date) -> list[SlotHolding]:
    """His places today, update before look-up ("update" happens to sort after "lookup"), units that ended last."""
    held = SlotHolding.objects.filter(held_today(today), officer=officer)
    places = held.select_related("slot__unit").order_by("-slot__kind", "id")
    return sorted(places, key=lambda place: has_ended(place.slot.unit, today))


def _tokens(officer: Officer, unit: Unit | None, successions: "Successions", *, oversees: bool) -> frozenset[str]:
    tokens = {EVERYONE, officer_token(officer.pk)}
    if unit is None:
        return frozenset(tokens)
    units = {unit.pk} | (_below(unit.pk) if oversees else set())
    return frozenset(tokens) | successions.tokens_of(units)


def tokens_of_units(units: set[int]) -> frozenset[str]:
    """What shows to these units, and what showed to those they took over from."""
    return Successions.until(timezone.localdate()).tokens_of(units)


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


@dataclass(frozen=True, slots=True)
class Successions:
    """Who took over from whom (sáp nhập, chia tách, đổi tên), as links of (successor, predecessor), and who has ended.

    What a unit could see its successors can, as long ago as it may be. The work it left is theirs once it has ended;
    where it was split, each of them may take it up.
    """

    links: tuple[tuple[int, int], ...]
    ended: frozenset[int]

    @classmethod
    def until(cls, today: date) -> "Successions":
        """Those of this day and before, in one query."""
        found = UnitSuccession.objects.filter(succeeded_on__lte=today)
        rows = list(found.values_list("successor_id", "predecessor_id", "predecessor__valid_to"))
        return cls(
            tuple((after, before) for after, before, _ in rows),
            frozenset(before for _, before, valid_to in rows if valid_to is not None and valid_to <= today),
        )

    def tokens_of(self, units: set[int]) -> frozenset[str]:
        return frozenset(unit_token(pk) for pk in _reached(units, self.links))

    def work_of(self, unit_id: int) -> set[int]:
        """The unit itself, and the ended ones whose work came to it."""
        return _reached({unit_id}, [(after, before) for after, before in self.links if before in self.ended])

    def workers_of(self, unit_id: int) -> set[int]:
        """The unit itself, and those its work went to if it has ended."""
        return _reached({unit_id}, [(before, after) for after, before in self.links if before in self.ended])


def _reached(starts: set[int], links: Iterable[tuple[int, int]]) -> set[int]:
    """Whatever one comes to from these along the links, these included."""
    ways = list(links)
    found, fresh = set(starts), set(starts)
    while fresh:
        fresh = {there for here, there in ways if here in fresh} - found
        found |= fresh
    return found
