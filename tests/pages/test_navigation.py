"""The top bar: what each officer may open, in order, and no query that nothing asks for."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from pages.navigation import Entry, add_entry, navigation_for


def entry(section: str, order: int = 1, **more: Any) -> Entry:
    return Entry(section, section.title(), "home", order, **{"is_for": lambda acting: True, **more})


def test_entries_stand_in_their_order() -> None:
    for section, order in (("reports", 9), ("work", 2), ("home", 1)):
        add_entry(entry(section, order))
    assert [word.section for word in navigation_for(None)] == ["home", "work", "reports"]


def test_what_an_officer_may_not_open_is_left_out() -> None:
    add_entry(entry("intake", is_for=lambda acting: acting == "clerk"))
    assert navigation_for("specialist") == []
    assert len(navigation_for("clerk")) == 1


def test_a_section_added_again_replaces_the_first() -> None:
    add_entry(entry("work", 1))
    add_entry(entry("work", 2))
    assert len(navigation_for(None)) == 1


@pytest.mark.django_db
def test_only_what_counts_is_counted(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    add_entry(entry("home", 1))
    add_entry(entry("work", 2, count=lambda acting: len(acting)))
    with django_assert_num_queries(0):
        words = navigation_for("khue")
    assert [word.count for word in words] == [None, 4]
