"""What a dossier's form states that papers may state too, gathered by the thing it is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.models import Dossier
from dossiers.states import ApplicantKind
from workflow.procedures.eforms import shown_value
from workflow.procedures.meanings import MEANINGS, Thing
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
    form = dossier.version.edition.form
    simple = [field for field in form.fields if field.reads]
    for thing, fields in groupby(sorted(simple, key=_order_of), key=lambda field: MEANINGS[field.reads].thing):
        yield Stated(thing, str(_THINGS[thing]), tuple(_of_field(field, dossier) for field in fields))
    for table in (field for field in form.fields if field.type == "table"):
        yield from _of_table(table, dossier)


_THINGS: dict[Thing, Promise] = {
    "land": gettext_lazy("Parcel"),
    "certificate": gettext_lazy("Certificate"),
    "person": gettext_lazy("Person"),
    "organisation": gettext_lazy("Organisation"),
    "document": gettext_lazy("Contract, decision"),
}


def _order_of(field: FormField) -> int:
    return list(_THINGS).index(MEANINGS[field.reads].thing)


def _of_field(field: FormField, dossier: Dossier) -> Fact:
    return _fact(field.code, field, dossier.values.get(field.code, ""), field.reads_on)


def _of_table(field: FormField, dossier: Dossier) -> Iterator[Stated]:
    """A row tells of one thing; the columns about another thing are that of the same row."""
    columns = [column for column in field.columns if column.reads]
    for number, row in enumerate(dossier.values.get(field.code, ())):
        by_thing: dict[Thing, list[Fact]] = {}
        for column in columns:
            fact = _fact(f"{field.code}-{number}-{column.code}", column, row.get(column.code, ""), field.reads_on)
            by_thing.setdefault(MEANINGS[column.reads].thing, []).append(fact)
        for thing, facts in by_thing.items():
            yield Stated(thing, f"{field.label} {number + 1}", tuple(facts))


def _fact(key: str, part: FormField | Column, value: object, papers: tuple[str, ...]) -> Fact:
    shown = shown_value(part, value) if value != "" else ""
    return Fact(key, part.label, part.reads, str(value), shown, papers)
