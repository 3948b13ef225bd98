"""What a field of a form may mean, so that it can be held against what was read from papers.

An edition says it with `reads = "land.parcel"`; what usual fields mean stands in usual_meanings.toml (`meant`). The
first word is the thing the value is about, the rest names one of the values the reader tells
(`ocr.reading.FIELD_NAMES`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Thing = Literal["land", "certificate", "person", "organisation", "document"]
_TEXT = ("text",)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a value is about, as what the reader knows it, and which types of fields can hold it."""

    thing: Thing
    read_as: str
    types: tuple[str, ...] = _TEXT


MEANINGS: Mapping[str, Meaning] = {
    "land.parcel": Meaning("land", "parcel"),
    "land.sheet": Meaning("land", "sheet"),
    "land.area": Meaning("land", "area", ("number",)),
    "land.purposes": Meaning("land", "purposes"),
    "land.address": Meaning("land", "address"),
    "certificate.serial": Meaning("certificate", "serial"),
    "certificate.register_number": Meaning("certificate", "register_number"),
    "person.name": Meaning("person", "person_name"),
    "person.id_number": Meaning("person", "person_id"),
    "person.birth_year": Meaning("person", "birth_year", ("text", "date")),
    "person.address": Meaning("person", "person_address"),
    "organisation.tax_code": Meaning("organisation", "tax_code"),
    "document.number": Meaning("document", "number"),
    "document.issued_on": Meaning("document", "issued_on", ("date",)),
    "document.issuer": Meaning("document", "issuer"),
    "document.signer": Meaning("document", "signer"),
}
