"""An edition taken apart, changed part by part as pages do it, and put together again without loss."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.office import EDITIONS
from tests.workflow.ferry import FERRY
from tests.workflow.test_writing import strategy_of
from workflow.procedures.part_forms import PartForm
from workflow.procedures.parts import NoPart, added, blank, moved, part_at, paths_of, removed, slots_of, with_part
from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Condition, Edition, Outcome, Source, Step
from workflow.procedures.tree import tree_of
from workflow.procedures.writing import to_toml

OLD = read_edition(FERRY)
NO_PATHS = [
    "steps",
    "steps.99",
    "steps.0.days",
    "steps.-1",
    "steps.0.timer",
    "moon",
    ".",
    "steps.0.",
    "code",
    "0",
    "9" * 40,
]


def posted(form: PartForm) -> dict[str, Any]:
    """What a browser sends when the page is saved as it was shown: its fields' values, lines ended its own way."""
    sent: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        shown = field.widget.format_value(value) if value is not None else ""
        if isinstance(shown, list):
            shown = shown[0] if shown else ""
        if isinstance(value, bool):
            sent |= {name: "on"} if value else {}
        else:
            sent[name] = str("" if shown is None else shown).replace("\r\n", "\n").replace("\n", "\r\n")
    return sent


def saved(edition: Edition, path: str) -> Edition:
    """The edition after the page of this part was opened and saved without a change."""
    part = part_at(edition, path)
    form = PartForm(part, {}, posted(PartForm(part, {})))
    assert form.is_valid(), (path, form.errors)
    return with_part(edition, path, form.changed_part())


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_page_of_a_shipped_edition_saved_as_it_is_changes_nothing(path: Any) -> None:
    edition = read_edition(path.read_text("utf-8"))
    for part in paths_of(edition):
        assert saved(edition, part) == edition


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategy_of(Edition))
def test_from_file_to_pages_to_file_nothing_is_lost(edition: Edition) -> None:
    """Whatever an edition says, as far as pages can show it: a page knows no NUL and no number below nothing."""
    edition = read_edition(to_toml(edition))
    for path in paths_of(edition):
        part = part_at(edition, path)
        form = PartForm(part, {}, posted(PartForm(part, {})))
        if form.is_valid():
            assert with_part(edition, path, form.changed_part()) == edition
        assert tree_of(edition, path).here is not None
    assert read_edition(to_toml(edition)) == edition


def test_what_is_typed_changes_that_field_and_no_other() -> None:
    part = part_at(OLD, "steps.1")
    form = PartForm(part, {}, {**posted(PartForm(part, {})), "days": "2,25", "name": "Xem bến, đo luồng"})
    assert form.is_valid()
    assert to_toml(with_part(OLD, "steps.1", form.changed_part())) == to_toml(
        read_edition(FERRY.replace("days = 2.5", "days = 2.25").replace('"Xem bến"', '"Xem bến, đo luồng"'))
    )


def test_a_limit_that_is_emptied_is_none_and_a_list_has_one_in_a_line() -> None:
    part = part_at(OLD, "steps.1")
    form = PartForm(part, {}, {**posted(PartForm(part, {})), "days": "", "checklist": " Bến \r\n\r\nBờ\r\n"})
    assert form.is_valid()
    changed = form.changed_part()
    assert (changed.days, changed.checklist) == (None, ("Bến", "Bờ"))


@pytest.mark.parametrize(
    ("field", "typed"),
    [("days", "nhiều"), ("days", "1e400"), ("place", "moon"), ("name", "\x00"), ("name", "x" * 5000)],
)
def test_what_cannot_be_is_refused_with_its_field(field: str, typed: str) -> None:
    part = part_at(OLD, "steps.1")
    form = PartForm(part, {}, {**posted(PartForm(part, {})), field: typed})
    assert not form.is_valid()
    assert list(form.errors) == [field]


# Adding, removing, moving ---------------------------------------------------------------------------------


def test_a_part_more_stands_at_the_end_of_its_list() -> None:
    edition, path = added(OLD, "steps.1.outcomes")
    assert path == "steps.1.outcomes.3"
    assert part_at(edition, path) == blank(Outcome)
    assert removed(edition, path) == OLD


def test_a_part_that_may_stand_is_put_there_once() -> None:
    edition, path = added(OLD, "steps.1.source")
    assert (path, part_at(edition, path)) == ("steps.1.source", Source(document=""))
    with pytest.raises(NoPart):
        added(edition, path)
    assert removed(edition, path) == OLD


@pytest.mark.parametrize("path", ["form", "appointments.0.source", ""])
def test_what_must_stand_is_not_removed(path: str) -> None:
    with pytest.raises(NoPart):
        removed(OLD, path)


def test_a_part_is_moved_within_its_list_and_no_further() -> None:
    codes = [step.code for step in OLD.steps]
    assert [step.code for step in moved(OLD, "steps.1", -1).steps] == [codes[1], codes[0], *codes[2:]]
    assert moved(OLD, "steps.0", -1) == OLD
    assert moved(OLD, f"steps.{len(codes) - 1}", 1) == OLD
    assert moved(moved(OLD, "steps.0", 1), "steps.1", -1) == OLD


@pytest.mark.parametrize("path", NO_PATHS)
def test_attack_81_a_path_that_leads_nowhere_is_told_and_nothing_else_happens(path: str) -> None:
    for work in (part_at, removed, lambda edition, where: moved(edition, where, 1)):
        with pytest.raises(NoPart):
            work(OLD, path)
    if path not in {"steps", "steps.0.timer"}:
        with pytest.raises(NoPart):
            added(OLD, path)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_however_parts_are_added_moved_and_removed_the_file_can_be_read(seed: int, count: int) -> None:
    chance, edition = random.Random(seed), OLD  # noqa: S311 a test's own chance
    for _turn in range(count):
        path = chance.choice(list(paths_of(edition)))
        part = part_at(edition, path)
        lists = [slot for slot in slots_of(type(part)) if slot.shape != "value"]
        try:
            match chance.choice(["add", "remove", "move"]):
                case "add" if lists:
                    slot = chance.choice(lists)
                    edition, _path = added(edition, f"{path}.{slot.name}" if path else slot.name)
                case "remove":
                    edition = removed(edition, path)
                case "move":
                    edition = moved(edition, path, chance.choice([-1, 1]))
        except NoPart:
            continue
        assert read_edition(to_toml(edition)) == edition


@pytest.mark.parametrize("kind", [Step, Outcome, Source, Condition])
def test_a_blank_part_says_as_little_as_it_can(kind: type) -> None:
    assert all(getattr(blank(kind), slot.name) in ("", (), None, False) for slot in slots_of(kind)[:3])
