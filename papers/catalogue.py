"""Which printed form is in force on which day."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter

_FILE = Path(__file__).with_name("catalogue.toml")


class UnknownForm(KeyError):
    """No edition of this form is in force on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedForm:
    """One dated edition of a printed form (biểu mẫu in): its official number, regulation and template."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    code: str
    name: str
    number: str
    regulation: str
    template: str
    valid_from: date
    valid_to: date | None = None


@cache
def _forms() -> tuple[PrintedForm, ...]:
    return TypeAdapter(tuple[PrintedForm, ...]).validate_python(tomllib.loads(_FILE.read_text("utf-8"))["forms"])


def form_in_force(code: str, on: date) -> PrintedForm:
    """The form of this code on this day; the newest when several overlap. Raises UnknownForm."""
    found = [
        form
        for form in _forms()
        if form.code == code and form.valid_from <= on and (form.valid_to is None or on <= form.valid_to)
    ]
    if not found:
        raise UnknownForm(code)
    return max(found, key=lambda form: form.valid_from)


def form_codes() -> frozenset[str]:
    """The codes of every printed form there is, in force or not."""
    return frozenset(form.code for form in _forms())


def form_of(code: str, regulation: str) -> PrintedForm:
    """The form as a regulation has it, in force or not: what was issued is printed again as it was."""
    for form in _forms():
        if (form.code, form.regulation) == (code, regulation):
            return form
    raise UnknownForm(code)
