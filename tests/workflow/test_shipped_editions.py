"""The shipped editions: what is published stays, each figure is the one known and says where it comes from."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from django.conf import settings

from documents.numbers import check_pattern
from dossiers.selectors import KIND
from papers.catalogue import form_in_force
from tests.factories.office import EDITIONS
from workflow.kinds import kind_of
from workflow.procedures.naming import UNIT_KIND_WORDS
from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Edition, Source

# Dossiers run on these: their text may never change, not by a letter.
PUBLISHED = {
    "P2-2014": "5587d00963f46a51b6d47b06586b01ff86c7ee5db9ca3d2d8b49330758ff8494",
    "P2-2025": "22b7a7aa505fe9199c682781774f90849e0ee677c510452001a6c778e2baeec4",
    "P6-2014": "75e9fcbcea09adfc04ec247139edf78b325ce1d05a8c243b7c2c32054ba54550",
    "P6-2025": "1d07e87932a1ffcbfce9661de6c69128a031bb57b022252abec0f16d3e5166fe",
}
# Days of the first and second appointment; `d` where they are days of the calendar. What isn't known isn't shipped.
FIGURES = {
    "P1": {"2014": "22+8", "2024": "20+3", "2025": "15+5"},
    "P2": {"2014": "6+4", "2024": "6+4", "2025": "5+3", "2025-2": "5+3"},
    "P3": {"2014": "3", "2024": "0", "2025": "0"},
    "P4": {"2014": "15", "2024": "15", "2025": "12"},
    "P5": {"2014": "10+5", "2024": "14d+6d", "2025": "11d+4d"},
    "P5b": {"2014": "6+4", "2024": "6+4", "2025": "4+3"},
    "P6": {"2014": "7", "2024": "5", "2025": "5"},
    "P6b": {"2014": "10", "2024": "10", "2025": "10"},
    "P7": {"2014": "5+2", "2025": "11d+4d"},
    "P8": {"2014": "15+5", "2024": "15d+5d", "2025": "11d+4d"},
    "P9": {"2014": "10", "2024": "10", "2025": "8"},
}
FILES = sorted(EDITIONS.glob("*.toml"))
ALL = [read_edition(path.read_text("utf-8")) for path in FILES]
ORGANISATION = tomllib.loads(
    (Path(settings.BASE_DIR) / "accounts" / "organisations" / "yen-giang.toml").read_text("utf-8")
)
each_edition = pytest.mark.parametrize("edition", ALL, ids=lambda edition: f"{edition.procedure}-{edition.code}")


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_edition_stays_letter_by_letter(name: str) -> None:
    assert sha256((EDITIONS / f"{name}.toml").read_bytes()).hexdigest() == PUBLISHED[name]


def test_every_figure_that_is_known_is_shipped_and_no_other() -> None:
    told: dict[str, dict[str, str]] = {}
    for edition in ALL:
        told.setdefault(edition.procedure, {})[edition.code] = "+".join(
            f"{promised.days}{'d' if promised.unit == 'days' else ''}" for promised in edition.appointments
        )
    assert told == FIGURES


@each_edition
def test_a_file_is_called_by_its_procedure_and_edition(edition: Edition) -> None:
    assert EDITIONS / f"{edition.procedure}-{edition.code}.toml" in FILES


@each_edition
def test_an_edition_is_in_force_in_its_own_time(edition: Edition) -> None:
    times = {
        "2014": (date(2014, 7, 1), date(2024, 7, 31)),
        "2024": (date(2024, 8, 1), date(2025, 6, 30)),
        "2025": (date(2025, 7, 1), None),
        "2025-2": (date(2026, 11, 23), None),
    }
    assert (edition.effective_from, edition.effective_to) == times[edition.code]


def test_no_two_editions_of_a_procedure_are_in_force_on_the_same_day() -> None:
    """Where one that is published has no last day, the newer one is the one in force from its day on."""
    for _procedure, editions in groupby(ALL, key=lambda edition: edition.procedure):
        for before, after in pairwise(sorted(editions, key=lambda edition: edition.effective_from)):
            if before.effective_to is None and f"{before.procedure}-{before.code}" in PUBLISHED:
                assert before.effective_from < after.effective_from
                continue
            assert before.effective_to is not None
            assert before.effective_to < after.effective_from
            if after.procedure != "P7":
                assert before.effective_to + timedelta(days=1) == after.effective_from


def _sources(edition: Edition) -> Iterator[Source]:
    yield from edition.basis
    for promised in edition.appointments:
        yield promised.source
        yield from (more.source for more in promised.more)
    for step in edition.steps:
        yield from (source for source in (step.source, step.timer.source if step.timer else None) if source)


@each_edition
def test_each_figure_names_the_text_it_comes_from(edition: Edition) -> None:
    assert edition.basis
    assert all(source.document for source in _sources(edition))
    outside = [step for step in edition.steps if step.days is None and (step.waits_for or step.pauses)]
    assert all(step.source for step in outside)


@each_edition
def test_a_figure_of_the_province_s_own_choice_is_not_called_confirmed(edition: Edition) -> None:
    """Limits that were read in the text itself, and only whole ones: how they are divided is the province's own."""
    figures = {promised.source for promised in edition.appointments if promised.source.is_confirmed}
    figures |= {step.timer.source for step in edition.steps if step.timer and step.timer.source}
    assert {source.document for source in figures if source.is_confirmed} <= {"99/2022/NĐ-CP", "101/2024/NĐ-CP"}
    assert not figures or len(edition.appointments) == 1 or not any(source.is_confirmed for source in figures)


@each_edition
def test_the_units_an_edition_names_are_of_kinds_the_province_has(edition: Edition) -> None:
    kinds = {edition.competent_kind, *(step.unit_kind for step in edition.steps if step.unit_kind)}
    assert kinds <= {unit["kind"] for unit in ORGANISATION["units"]}
    assert kinds <= set(UNIT_KIND_WORDS)


@each_edition
def test_a_result_has_its_printed_form_and_a_number_that_can_be_written(edition: Edition) -> None:
    assert edition.results
    for result in edition.results:
        check_pattern(result.number)
        assert form_in_force(result.template, edition.effective_to or edition.effective_from).template
    drafted = {code for step in edition.steps for code in step.drafts}
    assert drafted == {result.code for result in edition.results}


def _longest(edition: Edition, code: str, passed: frozenset[str] = frozenset()) -> Decimal:
    """Days of the steps from this one straight on; of branches side by side the longer one counts."""
    if not code or code in passed:
        return Decimal(0)
    step = edition.step(code)
    onward = next(outcome for outcome in step.outcomes if outcome.manner == "forward")
    ahead = (_longest(edition, target, passed | {code}) for target in onward.splits or (onward.to,))
    return (step.days or Decimal(0)) + max(ahead)


@each_edition
def test_the_days_of_the_steps_make_up_the_whole_limit(edition: Edition) -> None:
    promised = sum((promised.days for promised in edition.appointments), Decimal(0))
    # Of no days is what is due the same working day.
    assert _longest(edition, edition.steps[0].code) == (promised or 1)


@each_edition
def test_what_stops_the_clock_or_waits_has_words(edition: Edition) -> None:
    causes = kind_of(KIND).causes
    assert {step.pauses for step in edition.steps if step.pauses} <= set(causes)
