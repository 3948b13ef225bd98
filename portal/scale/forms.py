"""What applicants and officers write into forms, by what a field is called and else by its type."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from portal.scale.names import Somebody, full_name
from workflow.procedures.schema import Column, FormField


@dataclass(frozen=True, slots=True)
class Writer:
    """Who fills in a form, and on which day."""

    chance: Random
    applicant: Somebody
    day: date


def _serial(writer: Writer) -> str:
    return f"{writer.chance.choice(('AA', 'BM', 'CH', 'DK', 'DA'))} {writer.chance.randrange(10**6):06d}"


def _identity(writer: Writer) -> str:
    return f"0990{writer.chance.randrange(100):02d}{writer.chance.randrange(10**6):06d}"


_BY_CODE: dict[str, Callable[[Writer], Any]] = {
    "parcel": lambda writer: str(writer.chance.randrange(1, 900)),
    "sheet": lambda writer: str(writer.chance.randrange(1, 80)),
    "commune": lambda writer: writer.applicant.commune,
    "land_use": lambda writer: writer.chance.choice(("ONT", "ODT", "ONT+CLN", "LUC", "CLN")),
    "certificate_serial": _serial,
    "serial": lambda writer: f"AA {writer.chance.randrange(10**8):08d}",
    "register_number": lambda writer: f"CH {writer.chance.randrange(10**5):05d}",
    "contract_number": lambda writer: f"{writer.chance.randrange(1, 9000)}/{writer.day.year}",
    "id_number": _identity,
    "name": lambda writer: full_name(writer.chance, is_man=writer.chance.random() < 0.5),
    "birth_year": lambda writer: str(writer.chance.randrange(1945, 2003)),
    "share": lambda _: "1/1",
    "notice_number": lambda writer: f"{writer.chance.randrange(1, 9000)}/TB-TCS3",
    "receiver_name": lambda writer: writer.applicant.name,
    "receiver_id": lambda writer: writer.applicant.id_number,
}
_BY_TYPE: dict[str, Callable[[Writer], Any]] = {
    "text": lambda _: "Không có",
    "number": lambda writer: f"{writer.chance.randrange(600, 90_000) / 10:.1f}",
    "money": lambda writer: writer.chance.randrange(5, 3000) * 1_000_000,
    "date": lambda writer: (writer.day - timedelta(days=writer.chance.randrange(1, 8))).isoformat(),
}


def filled_in(fields: Sequence[FormField | Column], writer: Writer) -> dict[str, Any]:
    """The values of a form as `workflow.procedures.eforms` keeps them; what isn't required is left out now and then."""
    values: dict[str, Any] = {}
    for field in fields:
        if _is_wanted(field, values, writer):
            values[field.code] = _value(field, writer)
    return values


def _is_wanted(field: FormField | Column, values: Mapping[str, Any], writer: Writer) -> bool:
    condition = field.required_if if isinstance(field, FormField) else None
    if condition is not None:
        return values.get(condition.field) in condition.is_one_of
    return field.is_required or writer.chance.random() < 0.8


def _value(field: FormField | Column, writer: Writer) -> Any:
    if isinstance(field, FormField) and field.type == "table":
        return [filled_in(field.columns, writer)]
    if field.choices:
        return writer.chance.choice(field.choices).code
    return (_BY_CODE.get(field.code) or _BY_TYPE[field.type])(writer)
