"""An edition as its pages show it: figures with their sources, papers, results, and what is still to be confirmed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import StepRole
from documents.numbers import FaultyNumberPattern, check_pattern, write_number
from workflow.procedures.changes import shown
from workflow.procedures.naming import VALUE_WORDS, unit_kind_words
from workflow.procedures.outline import StepLine, days_words, outline_of
from workflow.procedures.schema import Appointment, Component, Edition, FormField, Source

# No field of the form: whether somebody else stands at the counter.
REPRESENTED = "is_represented"


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A promised limit in words, with where it comes from and what is added to it."""

    label: str
    days: str
    source: Source
    more: tuple[tuple[str, Source], ...]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A component: whether it must be there, and as what."""

    component: Component
    condition: str
    form_of_paper: str


def results_of(edition: Edition, year: int) -> list[tuple[str, str]]:
    """The results by name, each with the first number of its series this year; a draft's faulty pattern as it is."""
    return [(result.name, _first_number(result.number, year)) for result in edition.results]


def _first_number(pattern: str, year: int) -> str:
    try:
        check_pattern(pattern)
    except FaultyNumberPattern:
        return pattern
    return write_number(pattern, number=1, year=year, symbol="…")


def limits_of(edition: Edition) -> list[LimitLine]:
    return [_limit(promised) for promised in edition.appointments]


def _limit(promised: Appointment) -> LimitLine:
    more = tuple((f"+{shown(one.days)}: {one.label}", one.source) for one in promised.more)
    return LimitLine(promised.label, days_words(promised), promised.source, more)


def papers_of(edition: Edition) -> list[PaperLine]:
    fields = {field.code: field for field in edition.form.fields}
    return [
        PaperLine(component, _condition(component, fields), str(VALUE_WORDS[component.form_of_paper]))
        for component in edition.components
    ]


def _condition(component: Component, fields: Mapping[str, FormField]) -> str:
    """Empty where it is always or never asked for."""
    asked = component.required_if
    if asked is None:
        return ""
    if asked.field == REPRESENTED:
        return _("when somebody else comes for the applicant")
    field = fields.get(asked.field)
    choices = {choice.code: choice.label for choice in field.choices} if field else {}
    values = ", ".join(choices.get(value, value) for value in asked.is_one_of)
    return f"{field.label if field else asked.field}: {values}"


def competent_words(edition: Edition) -> str:
    return unit_kind_words(edition.competent_kind)


def lines_of(edition: Edition) -> list[StepLine]:
    """The steps in words, with the roles as this installation calls them."""
    return outline_of(edition, dict(StepRole.objects.values_list("code", "name")))


def unconfirmed_in(edition: Edition) -> Sequence[str]:
    """The texts figures of this edition are said to come from, which nobody has confirmed yet; each once."""
    return list(dict.fromkeys(str(source) for source in _sources(edition) if not source.is_confirmed))


def _sources(edition: Edition) -> Iterator[Source]:
    yield from edition.basis
    for promised in edition.appointments:
        yield promised.source
        yield from (more.source for more in promised.more)
    for step in edition.steps:
        yield from (source for source in (step.source, step.timer.source if step.timer else None) if source)
