"""A form for one part of an edition, made from the schema: what isn't typed anew stays as it was, letter by letter."""

import typing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django import forms
from django.utils.translation import gettext as _

from accounts.models import StepRole
from documents.models import DocumentType
from workflow.kinds import known_effects, known_requirements
from workflow.procedures.naming import UNIT_KIND_WORDS, VALUE_WORDS, field_words
from workflow.procedures.parts import Slot, slots_of
from workflow.procedures.schema import Edition

Choices = Sequence[tuple[str, str]]
_LONGEST, _LONG = 4000, 60
_WIDE = {"name", "summary", "help", "note", "pattern", "pattern_message", "title", "document", "place", "label"}


def choices_for(edition: Edition) -> Mapping[str, Choices]:
    """What fields of these names may say, in words: steps of this edition, names of this installation."""
    steps = [(step.code, f"{number}. {step.name}") for number, step in enumerate(edition.steps, start=1)]
    kinds = [(code, str(words)) for code, words in UNIT_KIND_WORDS.items()]
    return {
        "to": steps,
        "unit_kind": kinds,
        "competent_kind": kinds,
        "role": list(StepRole.objects.order_by("code").values_list("code", "name")),
        "document_type": list(DocumentType.objects.order_by("name").values_list("code", "name")),
        "effect": [(code, str(effect.label)) for code, effect in sorted(known_effects().items())],
        "needs": [(code, str(known.label)) for code, known in sorted(known_requirements().items())],
    }


class PartForm(forms.Form):
    """The plain fields of one part; `changed_part` gives the part as it was typed."""

    def __init__(self, part: Any, choices: Mapping[str, Choices], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self._part = part
        self._slots = [slot for slot in slots_of(type(part)) if slot.shape == "value"]
        for slot in self._slots:
            field = _field(slot, getattr(part, slot.name), choices.get(slot.name, ()))
            field.label = field_words(type(part), slot.name)
            self.fields[slot.name] = field
            self.initial[slot.name] = _typed(getattr(part, slot.name))

    @property
    def bound_fields(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with its place in a grid of twelve columns."""
        return [(self[slot.name], "span-12" if self._is_wide(slot) else "span-4") for slot in self._slots]

    def _is_wide(self, slot: Slot) -> bool:
        widget = self.fields[slot.name].widget
        return isinstance(widget, forms.Textarea) or (slot.name in _WIDE and not isinstance(widget, forms.Select))

    def changed_part(self) -> Any:
        """The part with what was typed; only for a valid form."""
        typed = {slot.name: self._value(slot) for slot in self._slots if self._was_typed(slot)}
        return replace(self._part, **typed)

    def _was_typed(self, slot: Slot) -> bool:
        """Browsers send lines with other ends; what is the same but for them was not typed anew."""
        old, new = self.initial[slot.name], self.cleaned_data[slot.name]
        if isinstance(old, str) and isinstance(new, str):
            return _lines(old) != _lines(new)
        return bool(getattr(self._part, slot.name) != new)

    def _value(self, slot: Slot) -> Any:
        new = self.cleaned_data[slot.name]
        if typing.get_origin(slot.kind) is tuple:
            return tuple(line.strip() for line in _lines(new).split("\n") if line.strip())
        return _lines(new) if isinstance(new, str) else new


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _typed(value: Any) -> Any:
    """As the field shows it: a list has one in a line."""
    return "\n".join(value) if isinstance(value, tuple) else value


def _field(slot: Slot, value: Any, choices: Choices) -> forms.Field:
    common: dict[str, Any] = {"required": False}
    if typing.get_origin(slot.kind) is Literal:
        named = [(one, str(VALUE_WORDS.get(one, one))) for one in typing.get_args(slot.kind)]
        return forms.ChoiceField(choices=named, **{**common, "required": True})
    if slot.kind is bool:
        return forms.BooleanField(**common)
    if slot.kind is date:
        widget = forms.DateInput(attrs={"placeholder": "dd/mm/yyyy"})
        return forms.DateField(localize=True, widget=widget, **{**common, "required": not slot.is_optional})
    if slot.kind is Decimal:
        return forms.DecimalField(
            localize=True, max_digits=12, decimal_places=4, **{**common, "required": not slot.is_optional}
        )
    if slot.kind is int:
        return forms.IntegerField(min_value=0, max_value=9999, **{**common, "required": True})
    return _text(slot, value, choices, common)


def _text(slot: Slot, value: Any, choices: Choices, common: dict[str, Any]) -> forms.Field:
    if typing.get_origin(slot.kind) is tuple:
        words = _("One in a line.")
        if choices:
            words = f"{words} {'; '.join(f'{code}: {label}' for code, label in choices)}"
        widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(strip=False, max_length=_LONGEST, widget=widget, help_text=words, **common)
    if choices:
        # What a draft already says stays possible, known or not.
        own = [] if any(code == value for code, _label in choices) or not value else [(value, value)]
        return forms.ChoiceField(choices=[("", "–"), *choices, *own], **common)
    is_long = len(value) > _LONG or len(_lines(value).splitlines()) > 1 or "\r" in value or "\n" in value
    line: forms.Widget = forms.Textarea(attrs={"rows": 2}) if is_long else forms.TextInput()
    return forms.CharField(strip=False, max_length=_LONGEST, widget=line, **common)
