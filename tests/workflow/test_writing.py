"""From an edition to its file and back: nothing is lost, whatever it says."""

import dataclasses
import types
import typing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.office import EDITIONS, INVENTED
from tests.workflow.ferry import FERRY
from workflow.procedures.changes import changes_between
from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Edition
from workflow.procedures.writing import to_toml

# What TOML can hold: everything but halves of surrogate pairs.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"""', "'''", '"', "'", "\\", "\\d{1,5}[a-z]?", "#", "\n", "\r\n", "\x7f", "Thửa “đất”", " ", "[[steps]]", "= 1"]
)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**6), max_value=10**6)
_OPTIONAL = (types.UnionType, typing.Union)


def strategy_of(kind: Any) -> st.SearchStrategy[Any]:
    """Anything of a type of the schema, right or wrong in meaning."""
    plain = {str: TEXTS, bool: st.booleans(), int: st.integers(-(2**53) + 1, 2**53 - 1), Decimal: DECIMALS}
    plain |= {date: st.dates()}
    if kind in plain:
        return plain[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(strategy_of(inner[0]), max_size=2).map(tuple)
    if origin in _OPTIONAL:
        return st.one_of(*(st.none() if one is types.NoneType else strategy_of(one) for one in inner))
    hints = typing.get_type_hints(kind)
    return st.deferred(
        lambda: st.builds(kind, **{each.name: strategy_of(hints[each.name]) for each in dataclasses.fields(kind)})
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategy_of(Edition))
def test_any_edition_is_read_back_as_it_was_written(edition: Edition) -> None:
    assert read_edition(to_toml(edition)) == edition


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_any_text_and_number_is_read_back_as_it_was_written(text: str, days: Decimal) -> None:
    edition = dataclasses.replace(read_edition(FERRY), name=text, keywords=(text,))
    promised = dataclasses.replace(edition.appointments[0], days=days)
    edition = dataclasses.replace(edition, appointments=(promised,))
    assert read_edition(to_toml(edition)) == edition


@pytest.mark.parametrize("path", [*sorted(EDITIONS.glob("*.toml")), INVENTED], ids=lambda path: path.stem)
def test_a_shipped_edition_says_the_same_when_written_anew(path: Path) -> None:
    edition = read_edition(path.read_text("utf-8"))
    again = read_edition(to_toml(edition, remarks=("Viết lại",)))
    assert again == edition
    assert changes_between(edition, again) == []


def test_what_is_written_twice_is_the_same_text() -> None:
    text = to_toml(read_edition(FERRY))
    assert to_toml(read_edition(text)) == text


def test_remarks_stand_at_the_head() -> None:
    written = to_toml(read_edition(FERRY), remarks=("Một", "Hai"))
    assert written.startswith("# Một\n# Hai\nprocedure = ")
