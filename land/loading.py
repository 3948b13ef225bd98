"""Files of parcels for the first load of the register: CSV, a line a parcel, or TOML with a table each."""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import ConfigDict, TypeAdapter, ValidationError

from pages.domain_errors import Invalid

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)
# Beyond, a file is cut into several: it is read whole.
LARGEST = 256 * 1024 * 1024
COLUMNS = (
    *("commune", "sheet", "number", "area", "address", "purposes", "form", "holders"),
    *("serial", "register_number", "issued_on"),
    *("mortgagee", "contract_number", "contract_on", "registered_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedHolder:
    __pydantic_config__ = _STRICT
    id_number: str
    name: str
    kind: Literal["person", "household", "organisation"] = "person"
    birth_year: int | None = None
    share: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedMortgage:
    __pydantic_config__ = _STRICT
    party: str
    contract_number: str
    registered_at: datetime
    contract_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedParcel:
    """A parcel as the file has it; areas in m², purposes joined as ONT+CLN, shares as 1/2 (none: all together)."""

    __pydantic_config__ = _STRICT
    commune: str
    sheet: str
    number: str
    area: Decimal
    holders: tuple[LoadedHolder, ...]
    address: str = ""
    purposes: str = ""
    form: str = ""
    serial: str = ""
    register_number: str = ""
    issued_on: date | None = None
    mortgages: tuple[LoadedMortgage, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: its parcel, or what is wrong with it in words."""

    number: int
    parcel: LoadedParcel | None = None
    fault: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


_PARCEL: TypeAdapter[LoadedParcel] = TypeAdapter(LoadedParcel)


def read_parcels(path: Path) -> Iterator[Line]:
    """The lines of the file in order. Raises Invalid for a file that can't be read as a whole."""
    if path.stat().st_size > LARGEST:
        raise Invalid(_("The file is too large; cut it into several."))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Invalid(_("The file isn't UTF-8; convert it first (TCVN3 and VNI are not guessed at).")) from fault
    return _of_toml(text) if path.suffix == ".toml" else _of_csv(text)


def _of_toml(text: str) -> Iterator[Line]:
    try:
        rows = tomllib.loads(text).get("parcels", [])
    except tomllib.TOMLDecodeError as fault:
        raise Invalid(_("The file is no TOML: %(fault)s") % {"fault": str(fault)}) from fault
    if not isinstance(rows, list) or not rows:
        raise Invalid(_("The file holds no parcels: each is a table [[parcels]]."))
    return (_line(number, row) for number, row in enumerate(rows, 1))


def _of_csv(text: str) -> Iterator[Line]:
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    unknown = set(rows.fieldnames or ()) - set(COLUMNS)
    missing = {"commune", "sheet", "number", "area", "holders"} - set(rows.fieldnames or ())
    if unknown or missing:
        names = ", ".join(sorted(map(str, unknown | missing)))
        raise Invalid(_("The columns don't fit; unknown or missing: %(names)s.") % {"names": names})
    return _lines(rows)


def _lines(rows: "csv.DictReader[str]") -> Iterator[Line]:
    try:
        for row in rows:
            if None in row or None in row.values():
                yield Line(rows.line_num, fault=_("The line has more or fewer columns than the first one."))
            else:
                yield _line(rows.line_num, _of_row(row))
    except csv.Error as fault:
        words = _("Line %(line)s can't be read: %(fault)s") % {"line": rows.line_num, "fault": str(fault)}
        raise Invalid(words) from fault


def _of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the CSV as a table of TOML has it: holders are `number|name|birth year|share`, with `&` between."""
    found: dict[str, Any] = {name: value for name, value in row.items() if value}
    mortgage = {
        "party": found.pop("mortgagee", ""),
        "contract_number": found.pop("contract_number", ""),
        "contract_on": found.pop("contract_on", None),
        "registered_at": found.pop("registered_at", ""),
    }
    found["holders"] = [_of_cell(one) for one in str(found.get("holders", "")).split("&") if one.strip()]
    if any(mortgage.values()):
        found["mortgages"] = [mortgage]
    return found


def _of_cell(text: str) -> dict[str, Any]:
    names = ("id_number", "name", "birth_year", "share", "kind")
    return {name: part.strip() for name, part in zip(names, text.split("|"), strict=False) if part.strip()}


def _line(number: int, row: Any) -> Line:
    raw = row if isinstance(row, dict) else {}
    try:
        return Line(number, _PARCEL.validate_python(row), raw=raw)
    except ValidationError as fault:
        faults = [f"{'.'.join(map(str, one['loc'])) or '–'}: {one['msg']}" for one in fault.errors()]
        return Line(number, fault="; ".join(faults[:5]), raw=raw)
