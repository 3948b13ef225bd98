"""Parcels for tests, entered by the register's own operations on the strength of an invented dossier."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from django.utils import timezone

from accounts.acting import Acting
from accounts.models import Unit
from land.holders import Holding, Person, together
from land.models import Parcel
from land.operations.certificates import issue_certificate
from land.operations.describing import Purpose
from land.operations.register import register_parcel
from land.operations.restrictions import Restricting, register_restriction
from land.places import Place
from land.rights_models import Certificate, LandRight, Restriction
from land.sources import Source
from land.states import RestrictionKind
from tests.factories.accounts import UnitFactory, acting_at

NGAT = Person(kind="person", id_number="099174003312", name="Phùng Thị Ngát", birth_year=1974)
KHOI = Person(kind="person", id_number="099079001262", name="Lương Văn Khởi", birth_year=1979)
SAU = Person(kind="person", id_number="099085000777", name="Sầm Văn Sáu", birth_year=1985)
PLACE = Place("xã Tân Lộc", "24", "116")
SERIAL = "DK 248032"
DECIDED = date(2026, 1, 12)
# Beyond the keys of the dossiers a test receives.
_numbers = count(9001)


def source(day: date = DECIDED, *, number: int | None = None) -> Source:
    """A dossier whose result was decided on that day; a new one each time."""
    number = number or next(_numbers)
    return Source(kind="dossier", subject_id=number, code=f"H99.15-260112-{number:04d}", decided_on=day)


def keeper(unit: Unit | None = None) -> Acting:
    """Somebody of a unit that reads the register, who may change things."""
    return acting_at(unit or UnitFactory.create(kind="registration_branch"), roles=["records_clerk"])


def parcel_at(
    acting: Acting,
    place: Place = PLACE,
    *,
    area: str = "312.5",
    people: Sequence[Person] = (NGAT,),
    holdings: Sequence[Holding] | None = None,
    purposes: Sequence[Purpose] = (Purpose(code="ONT"),),
    by: Source | None = None,
) -> Parcel:
    return register_parcel(
        place=place,
        area=Decimal(area),
        holdings=together(people) if holdings is None else holdings,
        purposes=purposes,
        address="thôn Đồng Vừng",
        source=by or source(),
        acting=acting,
    )


def rights_on(parcel: Parcel) -> list[LandRight]:
    """In force, in the order they were granted."""
    return list(LandRight.objects.filter(parcel=parcel, valid_until__isnull=True).order_by("pk"))


def held_by(parcel: Parcel) -> list[tuple[str, list[str]]]:
    """Share and names of each right in force."""
    return [
        (
            f"{right.numerator}/{right.denominator}",
            [one.user.descriptions.get(valid_until=None).name for one in holders],
        )
        for right in rights_on(parcel)
        for holders in [right.holders.order_by("position")]
    ]


def certified(parcel: Parcel, acting: Acting, serial: str = SERIAL) -> Certificate:
    """A certificate of every right on the parcel."""
    rights = [right.pk for right in rights_on(parcel)]
    return issue_certificate(
        serial=serial, right_ids=rights, register_number="CH 03288", source=source(), acting=acting
    )


def mortgaged(
    parcel: Parcel, acting: Acting, *, contract: str = "77/2026", at: datetime | None = None, party: str = "QTD Tân Lộc"
) -> Restriction:
    told = Restricting(
        kind=RestrictionKind.MORTGAGE,
        party=party,
        contract_number=contract,
        registered_at=at or timezone.now(),
    )
    return register_restriction(parcel_id=parcel.pk, told=told, source=source(), acting=acting)
