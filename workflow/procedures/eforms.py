"""An electronic form (biểu mẫu điện tử) as a Django form and as a JSON Schema, both from the same fields.

Values are kept as JSON: text and choice as strings, number as an exact decimal string ("312.5"), money as a whole
number of đồng, date as ISO text, a table as a list of objects. What is empty is left out.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.domain_errors import Invalid, Words
from workflow.procedures.schema import Column, Condition, ElectronicForm, FormField

Value = str | int | list[dict[str, Any]]
MAX_ROWS = 50
# Rows beyond the limit are refused, but still shown to who typed them; beyond this nobody typed them.
_MOST_SHOWN = 4 * MAX_ROWS
LONGEST_TEXT = 2000
_DIGITS, _DECIMALS = 18, 4


class _Text(forms.CharField):
    def to_python(self, value: Any) -> Any:
        """In NFC before anything is asked of it: a pattern is written that way."""
        return unicodedata.normalize("NFC", super().to_python(value) or "")


class _Choice(forms.ChoiceField):
    """A choice that starts empty: nobody shall be registered under the first one by oversight."""


def _field(part: FormField | Column, *, is_required: bool) -> forms.Field:
    common: dict[str, Any] = {"label": part.label, "required": is_required}
    match part.type:
        case "number":
            return _number(_DECIMALS, **common)
        case "money":
            return _number(0, **common)
        case "date":
            return forms.DateField(localize=True, widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy"}), **common)
        case "choice":
            empty = ("", _("Choose…"))
            return _Choice(choices=[empty, *((choice.code, choice.label) for choice in part.choices)], **common)
    return _Text(max_length=LONGEST_TEXT, validators=_pattern_of(part), **common)


def _number(decimals: int, **common: Any) -> forms.DecimalField:
    return forms.DecimalField(
        max_digits=_DIGITS, decimal_places=decimals, min_value=Decimal(0), localize=True, **common
    )


def _pattern_of(part: FormField | Column) -> list[RegexValidator]:
    """The pattern as the JSON Schema means it: digits are 0 to 9, and nothing follows the end."""
    if not part.pattern:
        return []
    # Django fills the offending value into the message, so a per cent sign in it would be taken for a place to fill.
    message: Words = part.pattern_message.replace("%", "%%") or gettext_lazy(
        "This does not have the form it should have."
    )
    return [RegexValidator(rf"\A(?:{part.pattern})\Z", cast("str", message), flags=re.ASCII)]


def _is_met(condition: Condition | None, values: Mapping[str, Any]) -> bool:
    return condition is not None and str(values.get(condition.field, "")) in condition.is_one_of


class EForm(forms.Form):
    """A form built from an edition's fields; `rows` holds the formset of each table by its code."""

    definitions: tuple[FormField, ...] = ()
    # Several outcomes of a step share one form: the browser may not hold one back for the fields of another.
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: dict[str, BaseFormSet[Any]] = {
            field.code: _table(field, self) for field in self.definitions if field.type == "table"
        }

    def parts(self) -> Iterator["Part"]:
        """Fields and tables in the order of the edition, as templates/workflow/eform.html draws them."""
        for field in self.definitions:
            if field.type == "table":
                yield Part(field, None, self.rows[field.code], self.table_faults(field))
            else:
                yield Part(field, self[field.code], None)

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def clean(self) -> dict[str, Any]:
        """A field whose condition is met must be filled in; a required table has at least one row."""
        cleaned = super().clean() or {}
        for field in self.definitions:
            if field.type == "table":
                self._check_rows(field, cleaned)
            elif _is_met(field.required_if, cleaned) and cleaned.get(field.code) in (None, ""):
                self.add_error(field.code, _("Fill this in."))
        return cleaned

    def _check_rows(self, field: FormField, cleaned: Mapping[str, Any]) -> None:
        is_required = field.is_required or _is_met(field.required_if, cleaned)
        rows = self.rows[field.code]
        if is_required and rows.is_valid() and not any(row.has_changed() for row in rows.forms):
            message = _("%(table)s: fill in at least one row.") % {"table": field.label}
            self.add_error(None, forms.ValidationError(message, code=field.code))

    def table_faults(self, field: FormField) -> list[str]:
        """What is wrong with a table as a whole; each row has its own faults."""
        own = [fault for fault in self.non_field_errors().as_data() if fault.code == field.code]
        whole = [f"{field.label}: {message}" for message in self.rows[field.code].non_form_errors()]
        return [*(message for fault in own for message in fault.messages), *whole]

    def values(self) -> dict[str, Value]:
        """What was typed, as it is kept. Only for a valid form."""
        found: dict[str, Value] = {}
        for field in self.definitions:
            if field.type == "table":
                typed = [row.cleaned_data for row in self.rows[field.code].forms if row.has_changed()]
                found[field.code] = [_row(field, row) for row in typed]
            else:
                found[field.code] = _kept(field, self.cleaned_data.get(field.code))
        return {code: value for code, value in found.items() if value not in ("", [])}


@dataclass(frozen=True, slots=True)
class Part:
    """A field with its control, or a table with its rows and what is wrong with it as a whole."""

    definition: FormField
    bound: forms.BoundField | None
    rows: "BaseFormSet[Any] | None"
    faults: Sequence[str] = ()

    @property
    def css(self) -> str:
        return f"span-{self.definition.width}"

    @property
    def label(self) -> str:
        unit = self.definition.unit
        return f"{self.definition.label}, {unit}" if unit else self.definition.label


def _row(field: FormField, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    values = {column.code: _kept(column, cleaned.get(column.code)) for column in field.columns}
    return {code: value for code, value in values.items() if value != ""}


def _kept(part: FormField | Column, value: Any) -> str | int:
    match value:
        case None:
            return ""
        case Decimal() if part.type == "money":
            return int(value)
        case Decimal():
            # Adding nothing takes the sign off minus nought.
            return format(value.normalize() + 0, "f")
        case date():
            return value.isoformat()
    return str(value).strip()


def _table(field: FormField, form: EForm) -> BaseFormSet[Any]:
    columns = {column.code: _field(column, is_required=column.is_required) for column in field.columns}
    for cell in columns.values():
        kind = "select" if isinstance(cell.widget, forms.Select) else "control"
        cell.widget.attrs["class"] = f"form-{kind} form-{kind}-sm"
    row = type("Row", (forms.Form,), columns)
    kept = [] if form.is_bound else (form.initial or {}).get(field.code) or []
    rows: type[BaseFormSet[Any]] = formset_factory(
        row, extra=0 if kept else 1, max_num=MAX_ROWS, validate_max=True, absolute_max=_MOST_SHOWN
    )
    return rows(
        form.data if form.is_bound else None,
        initial=kept or None,
        prefix=f"{form.prefix}-{field.code}" if form.prefix else field.code,
        # A row is taken off by emptying it, also one that was filled in when the page was opened.
        form_kwargs={"empty_permitted": True},
        error_messages={
            "too_many_forms": _("at most %(num)d rows."),
            "missing_management_form": _("it did not arrive whole. Open the page again."),
        },
    )


def form_for(
    fields: tuple[FormField, ...],
    data: Mapping[str, Any] | None = None,
    *,
    kept: Mapping[str, Any] | None = None,
    posted: Mapping[str, Any] | None = None,
    prefix: str | None = None,
) -> EForm:
    """The form of these fields; `data` is a request's POST to be judged.

    Without it the form starts from `kept`, stored values, or from `posted`, texts of an earlier post that nobody judges
    yet (see `posted_values`).
    """
    body: dict[str, Any] = {
        field.code: _field(field, is_required=field.is_required) for field in fields if field.type != "table"
    }
    kind = cast("type[EForm]", type("FilledEForm", (EForm,), {**body, "definitions": fields}))
    initial = {field.code: field.default for field in fields if field.default}
    return kind(data, initial={**initial, **_typed(fields, kept or {}), **(posted or {})}, prefix=prefix)


def _typed(fields: Iterable[FormField | Column], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values as the form's widgets want them: decimals and dates, not their texts."""
    found: dict[str, Any] = {}
    for field in fields:
        value = kept.get(field.code)
        if value in (None, ""):
            continue
        if isinstance(field, FormField) and field.type == "table":
            found[field.code] = [_typed(field.columns, row) for row in cast("list[dict[str, Any]]", value)]
        elif field.type == "number":
            found[field.code] = Decimal(str(value))
        elif field.type == "date":
            found[field.code] = date.fromisoformat(str(value))
        else:
            found[field.code] = value
    return found


def posted_values(fields: tuple[FormField, ...], data: Mapping[str, Any], *, prefix: str) -> dict[str, Any]:
    """The texts of an unfinished post by field, rows of tables as a list of dicts; nothing is judged."""
    found: dict[str, Any] = {}
    for field in fields:
        name = f"{prefix}-{field.code}"
        if field.type == "table":
            rows = [_posted_row(field, data, f"{name}-{number}") for number in range(_MOST_SHOWN)]
            found[field.code] = [row for row in rows if any(row.values())]
        elif name in data:
            found[field.code] = data[name]
    return {code: value for code, value in found.items() if value not in ("", [])}


def _posted_row(field: FormField, data: Mapping[str, Any], prefix: str) -> dict[str, str]:
    return {column.code: data.get(f"{prefix}-{column.code}", "") for column in field.columns}


def read_values(
    fields: tuple[FormField, ...], data: Mapping[str, Any], *, prefix: str | None = None
) -> dict[str, Value]:
    """The values of a posted form. Raises Invalid with the fault of each field."""
    form = form_for(fields, data, prefix=prefix)
    if form.is_valid():
        return form.values()
    raise Invalid(_("Some fields are not right yet."), faults_in(form))


def faults_in(form: EForm) -> dict[str, Words]:
    """The first fault of each field and of each table."""
    faults: dict[str, Words] = {name: str(errors[0]) for name, errors in form.errors.items() if name in form.fields}
    for field in form.definitions:
        if field.type == "table":
            faults |= _faults_in_table(field, form)
    return faults


def _faults_in_table(field: FormField, form: EForm) -> dict[str, Words]:
    whole, rows = form.table_faults(field), form.rows[field.code].forms
    in_rows = {
        f"{field.code}-{number}-{name}": _("Row %(row)s: %(fault)s") % {"row": number + 1, "fault": messages[0]}
        for number, row in enumerate(rows)
        for name, messages in row.errors.items()
    }
    return {**({field.code: whole[0]} if whole else {}), **in_rows}


def is_required_now(condition: Condition | None, values: Mapping[str, Any], *, is_required: bool) -> bool:
    """Whether a paper or field with this condition is required, given the form's values."""
    return _is_met(condition, values) if condition else is_required


def shown_value(field: FormField | Column, value: Any) -> str:
    """A stored form value as people write it: 312,5 m², 640.000.000 đồng, 20/11/2026."""
    match field.type:
        case "number" | "money":
            text = number_format(Decimal(str(value)), use_l10n=True, force_grouping=True)
        case "date":
            text = date_format(date.fromisoformat(str(value)), "d/m/Y")
        case "choice":
            text = next((choice.label for choice in field.choices if choice.code == value), str(value))
        case _:
            text = str(value)
    unit = field.unit if isinstance(field, FormField) else ""
    return f"{text} {unit}".strip()


def summary_of(form: ElectronicForm, values: Mapping[str, Any]) -> str:
    """The one-line summary of a form, with what was typed in place of `{code}`."""
    shown = {field.code: shown_value(field, values[field.code]) for field in form.fields if field.code in values}
    return re.sub(r"\{(\w+)\}", lambda match: shown.get(match[1], "…"), form.summary)


def json_schema(title: str, fields: Sequence[FormField]) -> dict[str, Any]:
    """The form's values as a JSON Schema (2020-12), for partners who fill it in by machine."""
    conditions = [
        {
            "if": {
                "properties": {field.required_if.field: {"enum": list(field.required_if.is_one_of)}},
                "required": [field.required_if.field],
            },
            "then": {"required": [field.code]},
        }
        for field in fields
        if field.required_if
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_object(fields),
        **({"allOf": conditions} if conditions else {}),
    }


def _object(parts: Sequence[FormField | Column]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {part.code: _property(part) for part in parts},
        "required": [part.code for part in parts if part.is_required],
    }


def _property(part: FormField | Column) -> dict[str, Any]:
    """What a value may be; an empty one is none and is left out."""
    known: dict[str, Any] = {"title": part.label}
    match part.type:
        case "number":
            whole = _DIGITS - _DECIMALS
            return {**known, "type": "string", "pattern": rf"^0*[0-9]{{1,{whole}}}(\.[0-9]{{1,{_DECIMALS}}})?$"}
        case "money":
            return {**known, "type": "integer", "minimum": 0, "maximum": 10**_DIGITS - 1}
        case "date":
            return {**known, "type": "string", "format": "date"}
        case "choice":
            return {**known, "enum": [choice.code for choice in part.choices]}
        case "table":
            row = {**_object(part.columns), "minProperties": 1}
            return {**known, "type": "array", "minItems": 1, "maxItems": MAX_ROWS, "items": row}
    pattern = {"pattern": f"^(?:{part.pattern})$"} if part.pattern else {}
    return {**known, "type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, **pattern}
