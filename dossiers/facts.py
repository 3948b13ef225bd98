"""What a dossier's form states that papers may state too, gathered by the thing it is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.models import Dossier
from dossiers.states import ApplicantKind
from workflow.procedures.eforms import shown_value
from workflow.procedures.meanings import MEANINGS, Thing
from workflow.procedures.meant import Meant, meant_in
from workflow.procedures.schema import Column, FormField


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of the form, kept and as people write it; `value` "" where the form says nothing.

    key     tells it from the dossier's other facts: "area", "recipients-0-name", "applicant-name"
    papers  the components it may be read on; all when empty
    """

    key: str
    label: str
    meaning: str
    value: str
    shown: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """A person, parcel, certificate … the form speaks of, with its facts. `title` heads them on the page."""

    thing: Thing
    title: str
    facts: tuple[Fact, ...]


def stated_by(dossier: Dossier) -> list[Stated]:
    """Everything in the dossier that can be held against papers, in the order of the form."""
    return [*_people(dossier), *_of_form(dossier)]


def _people(dossier: Dossier) -> Iterator[Stated]:
    """The applicant and who stood at the counter for him; every dossier has them, whatever its procedure."""
    born = dossier.applicant_birth_date
    title = _("Applicant")
    if dossier.applicant_kind == ApplicantKind.ORGANISATION:
        code = dossier.applicant_id_number
        yield Stated(
            "organisation",
            title,
            (Fact("applicant-tax_code", _("Tax code"), "organisation.tax_code", code, code),),
        )
    else:
        yield Stated(
            "person",
            title,
            (
                _plain("applicant-name", _("Full name"), "person.name", dossier.applicant_name),
                _plain("applicant-id_number", _("Identity number"), "person.id_number", dossier.applicant_id_number),
                Fact(
                    "applicant-birth_date",
                    _("Date of birth"),
                    "person.birth_year",
                    born.isoformat() if born else "",
                    f"{born:%d/%m/%Y}" if born else "",
                ),
                _plain("applicant-address", _("Address"), "person.address", dossier.applicant_address),
            ),
        )
    if dossier.representative_name:
        name, number = dossier.representative_name, dossier.representative_id_number
        yield Stated(
            "person",
            _("Representative"),
            (
                _plain("representative-name", _("Full name"), "person.name", name),
                _plain("representative-id_number", _("Identity number"), "person.id_number", number),
            ),
        )


def _plain(key: str, label: str, meaning: str, value: str) -> Fact:
    return Fact(key, label, meaning, value, value)


def _of_form(dossier: Dossier) -> Iterator[Stated]:
    edition = dossier.version.edition
    meant, by_thing = meant_in(edition), _by_thing()
    for field in edition.form.fields:
        if field.code in meant:
            value = dossier.values.get(field.code, "")
            _put(by_thing, _fact(field.code, field, value, meant[field.code]))
    for thing, facts in by_thing.items():
        if facts:
            yield Stated(thing, str(_THINGS[thing]), tuple(facts))
    for field in edition.form.fields:
        yield from _of_table(field, dossier, meant)


_THINGS: dict[Thing, Promise] = {
    "land": gettext_lazy("Parcel"),
    "certificate": gettext_lazy("Certificate"),
    "person": gettext_lazy("Person"),
    "organisation": gettext_lazy("Organisation"),
    "document": gettext_lazy("Contract, decision"),
}


def _of_table(field: FormField, dossier: Dossier, meant: Mapping[str, Meant]) -> Iterator[Stated]:
    """A row tells of one thing; the columns about another thing are that of the same row."""
    columns = [column for column in field.columns if f"{field.code}.{column.code}" in meant]
    for number, row in enumerate(dossier.values.get(field.code, ()) if columns else ()):
        by_thing = _by_thing()
        for column in columns:
            key, value = f"{field.code}-{number}-{column.code}", row.get(column.code, "")
            _put(by_thing, _fact(key, column, value, meant[f"{field.code}.{column.code}"]))
        for thing, facts in by_thing.items():
            if facts:
                yield Stated(thing, f"{field.label} {number + 1}", tuple(facts))


def _by_thing() -> dict[Thing, list[Fact]]:
    return {thing: [] for thing in _THINGS}


def _put(by_thing: dict[Thing, list[Fact]], fact: Fact) -> None:
    by_thing[MEANINGS[fact.meaning].thing].append(fact)


def _fact(key: str, part: FormField | Column, value: object, meant: Meant) -> Fact:
    shown = shown_value(part, value) if value != "" else ""
    return Fact(key, part.label, meant.meaning, str(value), shown, meant.papers)
