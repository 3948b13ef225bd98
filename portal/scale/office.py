"""A whole province's offices: invented units beside the shipped ones, and the officers who work there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from random import Random

from django.contrib.auth.hashers import make_password

from accounts.acting import unit_token
from accounts.models import Officer, RoleHolding, RoleSlot, SlotHolding, StepRole, Unit
from accounts.selectors import units_in_force
from audit.recording import SYSTEM, Actor
from portal.scale.names import full_name
from portal.scale.shelves import Shelves
from portal.scale.trail import Trail
from workflow.models import ProcedureVersion

SINCE = date(2014, 7, 1)
_OPENED = datetime(2014, 7, 1, tzinfo=UTC)
# Communes with a one-stop shop of their own, areas with a branch of their own.
_SHOPS = [
    "Tân Lộc",
    "Hải Sơn",
    "Lộc Hạ",
    "Mường Sại",
    "An Phú",
    "Bình Khê",
    "Thượng Giang",
    "Yên Hải",
    "Trung Sơn",
    "Bến Đá",
    "Giang Đông",
]
_BRANCHES = [
    "Bình Khê",
    "Thượng Giang",
    "Yên Hải",
    "Cẩm Đồng",
    "Phú Lâm",
    "Trung Sơn",
    "Vạn Khê",
    "Bến Đá",
    "Quảng Thịnh",
    "Giang Đông",
]
# The first of many does so much more than the last: offices and officers are not equally busy.
_SLOPE = 0.7


@dataclass(frozen=True, slots=True)
class Person:
    """An officer as he acts in his one unit."""

    officer_id: int
    full_name: str
    actor: Actor


class Place:
    """A unit with its people by step role, the busiest first."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.token = unit_token(unit.pk)
        self.agency = unit.agency_code or unit.code
        self.people: dict[str, list[Person]] = {}

    def someone(self, role: str, chance: Random) -> Person:
        """Who does this role's steps this time."""
        people = self.people[role]
        return people[picked(len(people), chance)]

    def is_open(self, day: date) -> bool:
        unit = self.unit
        return unit.valid_from <= day and (unit.valid_to is None or day <= unit.valid_to)


def shares(number: int) -> list[float]:
    """How much each of so many does, the busiest first; together 1."""
    weights = [1 / (place + 1) ** _SLOPE for place in range(number)]
    return [weight / sum(weights) for weight in weights]


def picked(number: int, chance: Random) -> int:
    """One of so many, by their shares."""
    return chance.choices(range(number), weights=_WEIGHTS.setdefault(number, shares(number)))[0]


_WEIGHTS: dict[int, list[float]] = {}


@dataclass(frozen=True, slots=True)
class Province:
    """Where dossiers come in, and by kind of unit where they are handled."""

    shops: Sequence[Place]
    handlers: dict[str, list[Place]]

    def shop(self, day: date, chance: Random) -> Place:
        return _one_open(self.shops, day, chance)

    def handler(self, kind: str, day: date, chance: Random) -> Place:
        return _one_open(self.handlers[kind], day, chance)


def _one_open(places: Sequence[Place], day: date, chance: Random) -> Place:
    found = [place for place in places if place.is_open(day)]
    return found[picked(len(found), chance)]


def open_units() -> None:
    """The invented shops and branches, once; the shipped ones stay as they are."""
    top, land = Unit.objects.get(code="ubnd-tinh"), Unit.objects.get(code="vpdkdd")
    for number, commune in enumerate(_SHOPS, start=31):
        _unit(
            f"pvhcc-{number}",
            f"Trung tâm Phục vụ hành chính công khu vực {commune} tỉnh Yên Giang",
            f"PVHCC {commune}",
            kind="one_stop",
            parent=top,
            agency=f"H99.{number}",
        )
    for number, area in enumerate(_BRANCHES, start=31):
        name = f"Chi nhánh Văn phòng Đăng ký đất đai khu vực {area}"
        _unit(f"cn-{number}", name, f"CN {area}", kind="registration_branch", parent=land, agency=f"H99.16.{number}")


def _unit(code: str, name: str, short_name: str, *, kind: str, parent: Unit, agency: str) -> None:
    known = {"name": name, "short_name": short_name, "kind": kind, "parent": parent, "agency_code": agency}
    Unit.objects.get_or_create(code=code, defaults={**known, "valid_from": SINCE})


def staff(shelves: Shelves, trail: Trail, *, officers: int, password: str, seed: int) -> None:
    """Officers for every shop and branch, all with this password; each with his events."""
    chance, numbers = Random(f"{seed} officers"), count(1)  # noqa: S311 invented people, no secrets
    hashed = make_password(password)
    received, competent = step_roles()
    places = [(unit, received) for unit in units_in_force(kind="one_stop")]
    for kind in sorted(competent):
        places += [(unit, competent[kind]) for unit in units_in_force(kind=kind)]
    spare = officers - sum(len(roles) + 1 for _, roles in places)
    for (unit, roles), share in zip(places, shares(len(places)), strict=True):
        slots = {kind: _slot(unit, kind, shelves) for kind in (RoleSlot.Kind.UPDATE, RoleSlot.Kind.LOOKUP)}
        for role in [*roles, *_more(roles, round(max(0, spare) * share)), None]:
            name = full_name(chance, is_man=chance.random() < 0.5)
            username = f"canbo.{next(numbers):04d}"
            _employ(shelves, trail, unit, slots, role, username=username, name=name, password=hashed)


def _slot(unit: Unit, kind: str, shelves: Shelves) -> int:
    known = RoleSlot.objects.filter(unit=unit, kind=kind).first()
    return known.pk if known else shelves[RoleSlot].add(unit_id=unit.pk, kind=str(kind))


def _more(roles: Sequence[StepRole], number: int) -> Iterable[StepRole]:
    """So many more, most of them in roles that don't lead."""
    ordinary = [role for role in roles if not role.leads] or list(roles)
    leading = [role for role in roles if role.leads]
    for place in range(number):
        yield leading[0] if leading and place % 12 == 11 else ordinary[place % len(ordinary)]


def _employ(
    shelves: Shelves,
    trail: Trail,
    unit: Unit,
    slots: dict[RoleSlot.Kind, int],
    role: StepRole | None,
    *,
    username: str,
    name: str,
    password: str,
) -> None:
    kind = RoleSlot.Kind.UPDATE if role else RoleSlot.Kind.LOOKUP
    known = {"username": username, "full_name": name, "password": password, "title": role.name if role else ""}
    moments = {"joined_at": _OPENED, "password_set_at": datetime.now(UTC)}
    officer_id = shelves[Officer].add(**known, **moments, is_password_initial=False)
    shelves[SlotHolding].add(slot_id=slots[kind], officer_id=officer_id, valid_from=SINCE)
    stream, place = f"account:{officer_id}", {"full_name": name, "unit": unit.name, "unit_id": unit.pk}
    created = {"username": username, "full_name": name, "is_superuser": False}
    trail.record(stream, "account.created", actor=SYSTEM, payload=created, at=_OPENED)
    trail.record(stream, "account.slot_given", actor=SYSTEM, payload={**place, "slot": kind.value}, at=_OPENED)
    if role:
        shelves[RoleHolding].add(officer_id=officer_id, unit_id=unit.pk, role_id=role.pk, valid_from=SINCE)
        trail.record(stream, "account.role_given", actor=SYSTEM, payload={**place, "role": role.name}, at=_OPENED)


def step_roles() -> tuple[list[StepRole], dict[str, list[StepRole]]]:
    """The roles whose steps are done where dossiers come in, and by kind of unit those of the competent units."""
    received: set[str] = set()
    competent: dict[str, set[str]] = {}
    for version in ProcedureVersion.objects.filter(status=ProcedureVersion.Status.PUBLISHED):
        for step in version.edition.steps:
            known = competent.setdefault(version.edition.competent_kind, set())
            (received if step.place == "received" else known).add(step.role)
    roles = {role.code: role for role in StepRole.objects.order_by("code")}
    return _named(received, roles), {kind: _named(codes, roles) for kind, codes in competent.items()}


def _named(codes: Iterable[str], roles: dict[str, StepRole]) -> list[StepRole]:
    return [roles[code] for code in sorted(codes)]


def province() -> Province:
    """The offices with everybody who works there, as the database has them."""
    places = {unit.pk: Place(unit) for unit in Unit.objects.order_by("pk")}
    holdings = RoleHolding.objects.filter(valid_to__isnull=True, officer__username__startswith="canbo.")
    for held in holdings.select_related("officer").order_by("officer_id"):
        place, officer = places[held.unit_id], held.officer
        actor = Actor(
            officer_id=officer.pk,
            officer_name=officer.full_name,
            unit_id=place.unit.pk,
            unit_name=place.unit.name,
            slot=RoleSlot.Kind.UPDATE.value,
        )
        place.people.setdefault(held.role_id, []).append(Person(officer.pk, officer.full_name, actor))
    staffed: dict[str, list[Place]] = {}
    for place in places.values():
        if place.people:
            staffed.setdefault(place.unit.kind, []).append(place)
    return Province(shops=staffed.pop("one_stop"), handlers=staffed)
