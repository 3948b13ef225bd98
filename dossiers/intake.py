"""The intake screen's content: what was typed at the counter, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from dossiers.forms import ApplicantForm
from dossiers.land_told import OTHER_PARCELS, land_fields
from dossiers.models import Bundle, Dossier, DossierComponent
from dossiers.states import FormOfPaper
from pages.domain_errors import Words
from workflow.procedures.eforms import MAX_ROWS, EForm, faults_in, form_for, is_required_now, posted_values
from workflow.procedures.schema import Component

FORM_PREFIX = "form"
MAX_QUANTITY = 99
_DIGITS = len(str(MAX_QUANTITY))


@dataclass(slots=True)
class PaperLine:
    """A line of the component checklist: what the edition asks for, what was ticked, and the scan behind it."""

    definition: Component
    component: DossierComponent
    is_required: bool
    is_handed_in: bool
    form_of_paper: str
    quantity: int

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.is_handed_in


class Intake:
    """What was typed for a draft, from a post or from the saved draft.

    applicant, form  Django forms: bound when `data` is given (a post to be judged), else filled from the saved draft
    papers           the checklist, in the order of the edition
    """

    def __init__(self, dossier: Dossier, data: QueryDict | None = None) -> None:
        self.dossier = dossier
        self.edition = dossier.version.edition
        saved = data if data is not None else as_query(dossier.draft)
        initial = {name: saved[name] for name in ApplicantForm.base_fields if name in saved}
        kind = self.edition.competent_kind
        self.applicant = (
            ApplicantForm(data, competent_kind=kind)
            if data is not None
            else ApplicantForm(initial=initial, competent_kind=kind)
        )
        self.form: EForm = (
            form_for(self.edition.form.fields, data, prefix=FORM_PREFIX)
            if data is not None
            else form_for(
                self.edition.form.fields,
                posted=posted_values(self.edition.form.fields, saved, prefix=FORM_PREFIX),
                prefix=FORM_PREFIX,
            )
        )
        self.conditions = self._conditions(saved)
        self.papers = self._papers(saved)

    def _papers(self, saved: QueryDict) -> list[PaperLine]:
        conditions = self.conditions
        stored = {component.code: component for component in self._components()}
        return [
            PaperLine(
                definition=definition,
                component=stored[definition.code],
                is_required=is_required_now(definition.required_if, conditions, is_required=definition.is_required),
                is_handed_in=f"paper-{definition.code}-in" in saved or stored[definition.code].document_id is not None,
                form_of_paper=_form_of_paper(saved.get(f"paper-{definition.code}-form"), definition),
                quantity=_quantity(saved.get(f"paper-{definition.code}-quantity"), definition),
            )
            for definition in self.edition.components
        ]

    def _components(self) -> list[DossierComponent]:
        related = ("document__current", "document_type")
        return list(self.dossier.components.select_related(*related).order_by("position"))

    def _conditions(self, saved: QueryDict) -> dict[str, str]:
        """What conditional papers and days may ask about: simple fields as typed, and whether somebody else came."""
        typed = posted_values(self.edition.form.fields, saved, prefix=FORM_PREFIX)
        simple = {code: str(value) for code, value in typed.items() if not isinstance(value, list)}
        defaults = {field.code: field.default for field in self.edition.form.fields if field.default}
        return {**defaults, **simple, "is_represented": "yes" if saved.get("is_represented") else "no"}

    @property
    def land_names(self) -> list[str]:
        """The controls that say which parcel it is about, and what is wished of it; none where there is no parcel."""
        fields = self.edition.form.fields
        own = land_fields(self.edition)
        if "parcel" not in own:
            return []
        chosen = [field.code for field in fields if field.type == "choice"]
        return [f"{FORM_PREFIX}-{code}" for code in dict.fromkeys([*own.values(), *chosen])]

    @property
    def land_tables(self) -> list[str]:
        """The tables that name further parcels, by what the names of their controls begin with."""
        codes = [field.code for field in self.edition.form.fields if field.code == OTHER_PARCELS]
        return [f"{FORM_PREFIX}-{code}" for code in codes] if self.land_names else []

    def bundles(self) -> list[Bundle]:
        """Papers scanned in one go for this dossier, in the order they came."""
        return list(self.dossier.bundles.select_related("document__current").order_by("pk"))

    @property
    def missing_papers(self) -> int:
        return sum(paper.is_missing for paper in self.papers)

    def faults(self) -> dict[str, Words]:
        """Everything that keeps the dossier from being received, by field; for an intake with posted data."""
        found: dict[str, Words] = {}
        if not self.applicant.is_valid():
            found |= {name: str(errors[0]) for name, errors in self.applicant.errors.items()}
        if not self.form.is_valid():
            found |= {f"{FORM_PREFIX}-{name}": fault for name, fault in faults_in(self.form).items()}
            found |= {f"{FORM_PREFIX}-{code}": fault for code, fault in self._torn_tables().items()}
        for paper in self.papers:
            if paper.is_missing:
                found[f"paper-{paper.definition.code}-in"] = _("%(paper)s is missing.") % {
                    "paper": paper.definition.name
                }
        return found

    def unplaced_faults(self) -> list[Words]:
        """Faults no field shows by itself: they belong to a table as a whole."""
        if not self.form.is_bound:
            return []
        return [*map(str, self.form.non_field_errors()), *self._torn_tables().values()]

    def _torn_tables(self) -> dict[str, Words]:
        """Tables that came without the count of their rows, or with too many: some rows would be lost unseen."""
        words = _("%(table)s: the rows did not come whole, or are more than %(most)s. Open the page again.")
        return {
            part.definition.code: words % {"table": part.definition.label, "most": MAX_ROWS}
            for part in self.form.parts()
            if part.rows is not None and part.rows.non_form_errors()
        }


def as_query(draft: Mapping[str, Any]) -> QueryDict:
    """A saved draft as it was posted."""
    query = QueryDict(mutable=True)
    for name, values in draft.items():
        query.setlist(name, values)
    return query


def _form_of_paper(typed: str | None, definition: Component) -> str:
    return typed if typed in FormOfPaper.values else definition.form_of_paper


def _quantity(typed: str | None, definition: Component) -> int:
    if typed and typed.isdecimal() and len(typed) <= _DIGITS and int(typed) >= 1:
        return int(typed)
    return definition.quantity
