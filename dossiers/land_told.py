"""What a dossier's form says of land, gathered by the usual codes of its fields and by what they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from dossiers.states import ApplicantKind
from land.catalogue import is_land_use
from land.holders import WHOLE, Holding, Person, share_of, together
from land.operations.describing import Purpose
from land.operations.succession import Part
from land.places import LONGEST_NUMBER, Place, number_key
from land.states import UserKind
from pages.domain_errors import Invalid
from workflow.procedures.meant import meant_in
from workflow.procedures.schema import Edition

# The code a field usually has, and what such a field means: an edition may call it otherwise and say what it reads.
_MEANT = {
    "parcel": "land.parcel",
    "sheet": "land.sheet",
    "commune": "land.address",
    "area": "land.area",
    "land_use": "land.purposes",
    "certificate_serial": "certificate.serial",
}

# The table of a merger's further parcels.
OTHER_PARCELS = "other_parcels"

_DIGITS_OF_A_YEAR = 4


def land_fields(edition: Edition) -> dict[str, str]:
    """The edition's own codes of the fields above; without those it doesn't ask for."""
    own = {field.code for field in edition.form.fields}
    by_meaning = {meant.meaning: code for code, meant in meant_in(edition).items() if "." not in code}
    found = {usual: usual if usual in own else by_meaning.get(meaning, "") for usual, meaning in _MEANT.items()}
    return {usual: code for usual, code in found.items() if code}


@dataclass(frozen=True, slots=True)
class LandTold:
    """A form's values, judged or not: what isn't there or can't be read is empty."""

    edition: Edition
    values: Mapping[str, Any]

    def text(self, usual: str) -> str:
        """A simple field by its usual code, in the edition's own or as it is."""
        value = self.values.get(land_fields(self.edition).get(usual, usual), "")
        return value.strip() if isinstance(value, str) else ""

    def rows(self, table: str) -> Sequence[Mapping[str, str]]:
        value = self.values.get(table, ())
        return value if isinstance(value, list) else ()

    def number(self, usual: str) -> Decimal | None:
        return decimal_in(self.text(usual))

    def day(self, code: str) -> date | None:
        text = self.text(code)
        return date.fromisoformat(text) if text else None

    @property
    def place(self) -> Place:
        return Place(self.text("commune"), self.text("sheet"), self.text("parcel"))

    def purposes(self, usual: str = "land_use") -> list[str]:
        """Codes as the form joins them: ONT+CLN."""
        return [code for code in self.text(usual).upper().replace(" ", "").split("+") if code]

    @property
    def other_parcels(self) -> list[Place]:
        """Further parcels of a merger, in the commune of the first."""
        return [
            Place(self.text("commune"), row.get("sheet", "") or self.text("sheet"), row.get("number", ""))
            for row in self.rows(OTHER_PARCELS)
        ]


def told_by(dossier: Dossier) -> LandTold:
    return LandTold(dossier.version.edition, dossier.values)


def decimal_in(text: str) -> Decimal | None:
    """A number as forms keep it ("312.5") or as it is typed ("1.312,5")."""
    plain = text.replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        number = Decimal(plain) if plain else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def year_in(text: str) -> int | None:
    """A year of four digits; what else is written there says nothing."""
    return int(text) if len(text) == _DIGITS_OF_A_YEAR and text.isascii() and text.isdecimal() else None


def place_keys(place: Place) -> tuple[str, str, str]:
    """As dossiers are found by their parcel: folded commune, sheet, number."""
    commune, sheet, number = place.key
    return commune, sheet[:LONGEST_NUMBER], number_key(number)


def applicant_of(dossier: Dossier) -> Person:
    is_organisation = dossier.applicant_kind == ApplicantKind.ORGANISATION
    born = dossier.applicant_birth_date
    return Person(
        kind=UserKind.ORGANISATION if is_organisation else UserKind.PERSON,
        id_number=dossier.applicant_id_number,
        name=dossier.applicant_name,
        birth_year=born.year if born else None,
        address=dossier.applicant_address,
    )


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who receives the right: shares of what is transferred, and which part of the parcel that is; None: all of it."""

    holdings: Sequence[Holding]
    share: Fraction | None


def recipients_of(told: LandTold) -> Recipients | None:
    """Those of the form's table `recipients`; none where it names nobody. Raises Invalid for a share that is none."""
    rows = told.rows("recipients")
    if not rows:
        return None
    people = [_person(row) for row in rows]
    shares = [row.get("share", "").strip() for row in rows]
    is_part = told.text("scope") == "part"
    if not any(shares) or (len(rows) == 1 and not is_part):
        if is_part:
            raise Invalid(_("The form says that a part is transferred, but not which share of the parcel."))
        return Recipients(together(people), None)
    if not all(shares):
        raise Invalid(_("Some of those who receive the right have a share, others none."))
    parts = [share_of(text) for text in shares]
    total = sum(parts, Fraction(0))
    if is_part is (total == WHOLE) or total > WHOLE:
        words = _("The shares add up to %(sum)s; that doesn't fit what the form says is transferred.")
        raise Invalid(words % {"sum": str(total)})
    holdings = [Holding((person,), part / total) for person, part in zip(people, parts, strict=True)]
    return Recipients(holdings, total if is_part else None)


def _person(row: Mapping[str, str]) -> Person:
    return Person(
        kind=UserKind.PERSON,
        id_number=row.get("id_number", ""),
        name=row.get("name", ""),
        birth_year=year_in(row.get("birth_year", "")),
    )


def new_parcels_of(told: LandTold) -> list[Part]:
    """The parcels a split or merger makes, of the table `new_parcels`. Raises Invalid for one without an area."""
    parts = []
    for row in told.rows("new_parcels"):
        area = decimal_in(row.get("area", ""))
        if area is None:
            raise Invalid(_("The form names a new parcel without its area."))
        use = row.get("use", "").upper().replace(" ", "")
        purposes = tuple(Purpose(code=code) for code in use.split("+")) if use else None
        parts.append(Part(number=row.get("number", ""), sheet=row.get("sheet", ""), area=area, purposes=purposes))
    return parts


def known_purposes(codes: Sequence[str]) -> list[Purpose]:
    """Those the catalogue has: what a dossier alone states is taken over as far as it can be read."""
    return [Purpose(code=code) for code in dict.fromkeys(codes) if is_land_use(code)]
