"""Who acts now (người thực hiện): an officer through a role slot, with his rights and his sight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Officer, RoleHolding, RoleSlot, SlotHolding, Unit, UnitSuccession
from audit.recording import Actor

EVERYONE = "everyone"
UNIT_MARK = "unit:"
KIND_MARK = "kind:"


def unit_token(unit_id: int) -> str:
    return f"{UNIT_MARK}{unit_id}"


def kind_token(kind: str) -> str:
    """What shows to every unit of a kind, whichever there are: "registration_branch"."""
    return f"{KIND_MARK}{kind}"


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


@dataclass(frozen=True, slots=True)
class Principal:
    """A colleague who is away, and the role in which the acting officer does his steps meanwhile (thay cho …)."""

    officer_id: int
    full_name: str
    role: str


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
    tokens         what he may see: an object is visible when it carries one of them; his unit's kind is one
    places         the slots he may act through today, this one among them
    principals     whose steps he does today beside his own, in a role he holds himself
    overseen       `units`, and for who oversees the units below likewise
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
    principals: tuple[Principal, ...] = ()
    overseen: frozenset[int] = frozenset()

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

    def principal(self, officer_id: int | None, role: str) -> Principal | None:
        """The colleague for whom he does this role's steps today, if it is this one."""
        if not self.may_update:
            return None
        found = (one for one in self.principals if (one.officer_id, one.role) == (officer_id, role))
        return next(found, None)

    def may_take(self, officer_id: int | None, role: str) -> bool:
        """Whether a step of this role in these hands is open to him: nobody's, his own, or one he stands in for."""
        return officer_id in (None, self.officer_id) or self.principal(officer_id, role) is not None

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
    def units_seen(self) -> frozenset[int]:
        """The units whose papers show to him: his own, those it took over from, those he oversees."""
        marked = (token.removeprefix(UNIT_MARK) for token in self.tokens if token.startswith(UNIT_MARK))
        return frozenset(int(pk) for pk in marked)

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
    roles = _roles(officer, unit, today)
    codes = frozenset(held.role_id for held in roles)
    below = _below(unit.pk) if unit and any(held.role.oversees for held in roles) else {}
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
        tokens=_tokens(officer, unit, successions, below),
        address=address,
        is_keeping=any(held.role.keeps_register for held in roles),
        places=tuple(Place(held.slot_id, held.slot.kind, held.slot.unit.short_name) for held in holdings),
        is_importing=any(held.role.imports for held in roles),
        principals=_principals(roles),
        overseen=frozenset(successions.work_of(unit.pk, *below) if unit else ()),
    )


def _roles(officer: Officer, unit: Unit | None, today: date) -> list[RoleHolding]:
    """His roles in the unit today, each once for every colleague he stands in for in it: one query for both."""
    away = Q(stand_ins__valid_from__lte=today, stand_ins__valid_to__gte=today, stand_ins__ended_at__isnull=True)
    held = RoleHolding.objects.filter(held_today(today), officer=officer, unit=unit).select_related("role")
    rows = held.annotate(
        stood=FilteredRelation("stand_ins", condition=away),
        principal_id=F("stood__holding__officer_id"),
        principal_name=F("stood__holding__officer__full_name"),
    )
    return list(rows.order_by("id", "principal_name"))


def _principals(roles: Iterable[RoleHolding]) -> tuple[Principal, ...]:
    rows: list[Any] = list(roles)
    found = (Principal(row.principal_id, row.principal_name, row.role_id) for row in rows if row.principal_id)
    return tuple(dict.fromkeys(found))


def has_ended(unit: Unit, today: date) -> bool:
    """Whether the unit's last day is over."""
    return unit.valid_to is not None and unit.valid_to < today


def _holdings(officer: Officer, today: date) -> list[SlotHolding]:
    """His places today, update before look-up ("update" happens to sort after "lookup"), units that ended last."""
    held = SlotHolding.objects.filter(held_today(today), officer=officer)
    places = held.select_related("slot__unit").order_by("-slot__kind", "id")
    return sorted(places, key=lambda place: has_ended(place.slot.unit, today))


def _tokens(
    officer: Officer, unit: Unit | None, successions: "Successions", below: Mapping[int, str]
) -> frozenset[str]:
    tokens = {EVERYONE, officer_token(officer.pk)}
    if unit is None:
        return frozenset(tokens)
    kinds = {unit.kind, *below.values()}
    return frozenset(tokens | {kind_token(kind) for kind in kinds}) | successions.tokens_of({unit.pk, *below})


def tokens_of_units(units: set[int]) -> frozenset[str]:
    """What shows to these units, and what showed to those they took over from."""
    return Successions.until(timezone.localdate()).tokens_of(units)


def _below(top: int) -> dict[int, str]:
    """Every unit under this one, at any depth, with its kind."""
    children: dict[int, list[tuple[int, str]]] = {}
    for pk, parent, kind in Unit.objects.filter(parent__isnull=False).values_list("pk", "parent_id", "kind"):
        children.setdefault(parent, []).append((pk, kind))
    found: dict[int, str] = {}
    left = [top]
    while left:
        fresh = {pk: kind for pk, kind in children.get(left.pop(), ()) if pk not in found}
        found |= fresh
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

    def work_of(self, *unit_ids: int) -> set[int]:
        """These units themselves, and the ended ones whose work came to them."""
        return _reached(set(unit_ids), [(after, before) for after, before in self.links if before in self.ended])

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
