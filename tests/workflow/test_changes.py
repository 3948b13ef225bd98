"""What differs between two editions, told as a clerk reads it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings

from tests.factories.office import EDITIONS
from tests.workflow.ferry import FERRY
from tests.workflow.test_writing import strategy_of
from workflow.procedures.changes import Change, changes_between, shown
from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Edition

OLD = read_edition(FERRY)


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def changes(old: str, new: str) -> list[Change]:
    assert old in FERRY
    return changes_between(OLD, read_edition(FERRY.replace(old, new, 1)))


def shipped(name: str) -> Edition:
    return read_edition((EDITIONS / f"{name}.toml").read_text("utf-8"))


def test_the_same_edition_differs_in_nothing() -> None:
    assert changes_between(OLD, read_edition(FERRY)) == []


def test_a_changed_limit_is_told_with_its_place_and_both_values() -> None:
    assert changes("days = 2.5", "days = 2.25") == [
        Change("changed", "steps.inspect.days", "Step “Xem bến” · Limit", "2,5", "2,25")
    ]


def test_a_limit_that_was_none_was_added() -> None:
    [change] = changes("days = 2.5\n", "")
    assert (change.kind, change.before, change.after) == ("removed", "2,5", "")


def test_a_step_more_is_one_change_and_moves_no_other() -> None:
    more = replace(OLD.steps[0], code="weigh", name="Cân")
    [change] = changes_between(OLD, replace(OLD, steps=(OLD.steps[0], more, *OLD.steps[1:])))
    assert (change.kind, change.path, change.after) == ("added", "steps.weigh", "Step “Cân”")


def test_a_step_less_is_one_change() -> None:
    [change] = changes_between(OLD, replace(OLD, steps=OLD.steps[1:]))
    assert (change.kind, change.path, change.before) == ("removed", "steps.counter", "Step “Nhận đơn”")


def test_steps_in_another_order_are_told_once() -> None:
    [change] = changes_between(OLD, replace(OLD, steps=OLD.steps[::-1]))
    assert (change.kind, change.path) == ("moved", "steps")
    assert change.before.split(", ") == change.after.split(", ")[::-1]


def test_what_leads_elsewhere_names_outcome_and_both_steps() -> None:
    [change] = changes('to = "sound"', 'to = "agree"')
    assert change.path == "steps.inspect.outcomes.fits.to"
    assert (change.before, change.after) == ("sound", "agree")
    assert change.place == "Step “Xem bến” · Outcome “Bến phù hợp” · Leads to"


def test_choices_of_the_schema_are_told_in_words() -> None:
    [change] = changes('place = "received"\n', "")
    assert (change.before, change.after) == ("the unit that received it", "the competent unit")


def test_a_source_to_be_confirmed_says_so() -> None:
    confirmed = replace(OLD.appointments[0].source, is_confirmed=True)
    first = replace(OLD.appointments[0], source=replace(confirmed, is_confirmed=False))
    [change] = changes_between(
        replace(OLD, appointments=(replace(first, source=confirmed),)), replace(OLD, appointments=(first,))
    )
    assert change.after == f"{change.before} (to be confirmed)"


def test_what_stands_twice_in_a_draft_is_told_too() -> None:
    [change] = changes_between(OLD, replace(OLD, steps=(*OLD.steps, OLD.steps[-1])))
    assert (change.kind, change.path) == ("added", f"steps.{OLD.steps[-1].code}#2")


def test_two_editions_of_transfer_differ_in_their_limits() -> None:
    found = {change.path: change for change in changes_between(shipped("P2-2014"), shipped("P2-2025"))}
    assert (found["appointments.1.days"].before, found["appointments.1.days"].after) == ("6", "5")
    assert (found["appointments.2.days"].before, found["appointments.2.days"].after) == ("4", "3")
    assert found["effective_from"].before == "01/07/2014"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ("", ""),
        ((), ""),
        (True, "yes"),
        (False, "no"),
        (Decimal("2.50"), "2,5"),
        (Decimal(10), "10"),
        (date(2026, 1, 9), "09/01/2026"),
        (("một", "hai"), "một; hai"),
    ],
)
def test_values_are_shown_as_people_read_them(value: Any, words: str) -> None:
    assert shown(value) == words


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategy_of(Edition), strategy_of(Edition))
def test_any_two_editions_differ_exactly_where_they_are_not_equal(old: Edition, new: Edition) -> None:
    found = changes_between(old, new)
    assert bool(found) == (old != new)
    assert changes_between(old, old) == []
    assert all(change.place for change in found)
