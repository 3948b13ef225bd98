"""How an edition's parts and words are called on pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.procedures.schema import (
    Appointment,
    Choice,
    Column,
    Component,
    Condition,
    FormField,
    Outcome,
    ResultKind,
    Source,
    Step,
    StepFile,
)

# Every field of the schema, by its name in the file.
FIELD_WORDS: Mapping[str, str | Promise] = {
    "procedure": gettext_lazy("Procedure"),
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Name"),
    "short_name": gettext_lazy("Short name"),
    "field": gettext_lazy("Field of work"),
    "effective_from": gettext_lazy("In force from"),
    "effective_to": gettext_lazy("In force until"),
    "basis": gettext_lazy("Legal basis"),
    "competent_kind": gettext_lazy("Kind of competent unit"),
    "appointments": gettext_lazy("Time limits"),
    "form": gettext_lazy("Electronic form"),
    "components": gettext_lazy("Components"),
    "steps": gettext_lazy("Steps"),
    "results": gettext_lazy("Results"),
    "national_code": gettext_lazy("National code"),
    "keywords": gettext_lazy("Words for finding it"),
    "number": gettext_lazy("Number"),
    "days": gettext_lazy("Limit"),
    "label": gettext_lazy("Label"),
    "source": gettext_lazy("Source"),
    "unit": gettext_lazy("Unit of measure"),
    "more": gettext_lazy("Additions to the limit"),
    "title": gettext_lazy("Title of the form"),
    "regulation": gettext_lazy("Regulation"),
    "summary": gettext_lazy("Summary"),
    "fields": gettext_lazy("Fields"),
    "type": gettext_lazy("Type"),
    "is_required": gettext_lazy("Required"),
    "required_if": gettext_lazy("Required under a condition"),
    "pattern": gettext_lazy("Pattern"),
    "pattern_message": gettext_lazy("Words for the pattern"),
    "help": gettext_lazy("Help"),
    "default": gettext_lazy("Default"),
    "width": gettext_lazy("Width"),
    "choices": gettext_lazy("Choices"),
    "columns": gettext_lazy("Columns"),
    "reads": gettext_lazy("Compared with"),
    "reads_on": gettext_lazy("Compared on"),
    "document_type": gettext_lazy("Type of paper"),
    "form_code": gettext_lazy("Number of the form"),
    "form_of_paper": gettext_lazy("Form of the paper"),
    "quantity": gettext_lazy("Copies"),
    "note": gettext_lazy("Explanatory note"),
    "role": gettext_lazy("Role"),
    "outcomes": gettext_lazy("Outcomes"),
    "place": gettext_lazy("Place"),
    "unit_kind": gettext_lazy("Kind of unit"),
    "joins": gettext_lazy("Joins branches"),
    "pauses": gettext_lazy("Pauses the clock"),
    "timer": gettext_lazy("Ends by itself"),
    "checklist": gettext_lazy("Checklist"),
    "waits_for": gettext_lazy("Waits for"),
    "needs": gettext_lazy("Needs"),
    "drafts": gettext_lazy("Results drafted here"),
    "files": gettext_lazy("Papers brought in here"),
    "to": gettext_lazy("Leads to"),
    "splits": gettext_lazy("Opens side by side"),
    "opens": gettext_lazy("Opens a dossier of its own"),
    "manner": gettext_lazy("Manner"),
    "effect": gettext_lazy("Effect"),
    "is_note_required": gettext_lazy("Note required"),
    "template": gettext_lazy("Template"),
    "series": gettext_lazy("Series of numbers"),
    "document": gettext_lazy("Text of law"),
    "is_confirmed": gettext_lazy("Confirmed"),
    "only_if": gettext_lazy("Condition"),
    "is_one_of": gettext_lazy("Is one of"),
    "outcome": gettext_lazy("Outcome"),
}
# Names that mean something else in another part.
_OWN_WORDS: Mapping[tuple[type, str], str | Promise] = {
    (Condition, "field"): gettext_lazy("Field of the form"),
    (Source, "place"): gettext_lazy("Article"),
}
# What a file writes for a choice of the schema.
VALUE_WORDS: Mapping[str, str | Promise] = {
    "working_days": gettext_lazy("working days"),
    "days": gettext_lazy("calendar days"),
    "received": gettext_lazy("the unit that received it"),
    "competent": gettext_lazy("the competent unit"),
    "kind": gettext_lazy("a unit of another kind"),
    "forward": gettext_lazy("forward"),
    "back": gettext_lazy("back"),
    "stop": gettext_lazy("stop"),
    "original": gettext_lazy("original"),
    "copy": gettext_lazy("copy"),
    "certified": gettext_lazy("certified copy"),
}
# Kinds of units the shipped editions name; another is called by its code.
UNIT_KIND_WORDS: Mapping[str, str | Promise] = {
    "people_committee": gettext_lazy("People's Committee of the province"),
    "department": gettext_lazy("Department"),
    "land_division": gettext_lazy("Land division of the department"),
    "registration_office": gettext_lazy("Land registration office"),
    "registration_branch": gettext_lazy("Branch of the land registration office"),
    "district_committee": gettext_lazy("People's Committee of the district"),
    "district_land_office": gettext_lazy("Land office of the district"),
    "commune_committee": gettext_lazy("People's Committee of the commune"),
    "commune_land_office": gettext_lazy("Land office of the commune"),
}


def name_of(part: Any) -> str:
    """A part of an edition with what it is: Step “Thẩm định”."""
    match part:
        case Step():
            return _("Step “%(name)s”") % {"name": part.name}
        case Outcome():
            return _("Outcome “%(name)s”") % {"name": part.name}
        case StepFile():
            return _("Paper “%(name)s”") % {"name": part.name}
        case Component():
            return _("Component “%(name)s”") % {"name": part.name}
        case ResultKind():
            return _("Result “%(name)s”") % {"name": part.name}
        case FormField() | Column():
            return _("Field “%(name)s”") % {"name": part.label}
        case Choice():
            return part.label
        case Appointment():
            return _("Time limit %(number)s") % {"number": part.number}
    return str(part)


def field_words(kind: type, name: str) -> str:
    """How a field of this part is called."""
    return str(_OWN_WORDS.get((kind, name), FIELD_WORDS[name]))


def unit_kind_words(kind: str) -> str:
    return str(UNIT_KIND_WORDS.get(kind, kind))
