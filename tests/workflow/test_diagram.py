"""The diagram of an edition: every step and way in it, nothing on top of anything, and said in words too."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.long_edition import long_edition
from tests.factories.office import EDITIONS, INVENTED
from tests.workflow.ferry import FERRY
from workflow.procedures.diagram import Diagram, diagram_of
from workflow.procedures.layout import END, Place, laid_out, links_of
from workflow.procedures.outline import outline_of
from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Edition, Outcome, Step

OLD = read_edition(FERRY)
SHIPPED = [read_edition(path.read_text("utf-8")) for path in [*sorted(EDITIONS.glob("*.toml")), INVENTED]]
each_shipped = pytest.mark.parametrize(
    "edition", [*SHIPPED, long_edition()], ids=lambda edition: f"{edition.procedure}-{edition.code}"
)
CODES = [f"s{number}" for number in range(9)]


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


@st.composite
def tangles(draw: st.DrawFn) -> Edition:
    """Steps that lead anywhere, right or wrong: a draft is drawn before it is right."""
    count = draw(st.integers(1, len(CODES)))
    targets = st.sampled_from([*CODES[:count], "", "nowhere"])
    steps = []
    for code in CODES[:count]:
        outcomes = [
            Outcome(
                code=f"o{number}",
                name=draw(st.sampled_from(["Đủ điều kiện", "Trả lại", "x" * 200])),
                to=draw(targets),
                splits=tuple(draw(st.lists(targets, max_size=3))),
                manner=draw(st.sampled_from(["forward", "back", "stop"])),
            )
            for number in range(draw(st.integers(0, 3)))
        ]
        steps.append(Step(code=code, name="Bước", role="clerk", outcomes=tuple(outcomes), joins=draw(st.booleans())))
    return replace(OLD, steps=tuple(steps))


def drawn(edition: Edition, done: Sequence[str] = (), open_now: Sequence[str] = ()) -> Diagram:
    return diagram_of(edition, outline_of(edition, {}), done=done, open_now=open_now)


def svg(edition: Edition, done: Sequence[str] = (), open_now: Sequence[str] = ()) -> str:
    return render_to_string("workflow/diagram.html", {"diagram": drawn(edition, done, open_now)})


def overlap(one: Place, other: Place) -> bool:
    apart = one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top
    return not apart


def check(edition: Edition) -> None:
    layout = laid_out(edition)
    assert set(layout.places) == {END, *(step.code for step in edition.steps)}
    for one, other in combinations(layout.places.values(), 2):
        assert not overlap(one, other)
    for place in layout.places.values():
        assert place.left >= 0
        assert place.top >= 0
        assert place.right <= layout.width
        assert place.bottom <= layout.height
    assert len(layout.routes) == len(links_of(edition))
    for route in layout.routes:
        for x, y in route.points:
            assert 0 <= x <= layout.width
            assert 0 <= y <= layout.height


@each_shipped
def test_every_step_has_its_place_and_every_way_its_line(edition: Edition) -> None:
    check(edition)
    ways = {(link.source, link.target) for link in links_of(edition)}
    for step in edition.steps:
        for outcome in step.outcomes:
            assert {(step.code, target) for target in outcome.splits or (outcome.to,)} <= ways


@settings(max_examples=150, deadline=None)
@given(tangles())
def test_any_tangle_of_steps_is_drawn(edition: Edition) -> None:
    check(edition)
    assert svg(edition).count("<rect") >= len(edition.steps)


@each_shipped
def test_a_way_starts_and_ends_at_its_boxes(edition: Edition) -> None:
    layout = laid_out(edition)
    for route in layout.routes:
        source, target = layout.places[route.link.source], layout.places[route.link.target]
        (x, y), (last_x, last_y) = route.points[0], route.points[-1]
        assert source.left <= x <= source.right
        assert source.top <= y <= source.bottom
        if route.link.way != "stop":
            assert target.left <= last_x <= target.right
            assert target.top <= last_y <= target.bottom


def test_branches_stand_side_by_side_and_their_join_below_them() -> None:
    edition = next(edition for edition in SHIPPED if (edition.procedure, edition.code) == ("P1", "2025"))
    places = laid_out(edition).places
    assert places["extract"].layer == places["verify"].layer
    assert places["extract"].right < places["verify"].left
    assert places["post"].top > places["verify"].bottom


@each_shipped
def test_no_words_of_two_ways_stand_on_each_other(edition: Edition) -> None:
    places = [route.words_at for route in laid_out(edition).routes]
    assert len(set(places)) == len(places)


@each_shipped
def test_words_of_a_way_straight_down_reach_neither_the_ways_back_nor_the_next_step(edition: Edition) -> None:
    layout, picture = laid_out(edition), drawn(edition)
    straight = [arrow for arrow in picture.arrows if arrow.points.count(" ") == 1 and "forward" in arrow.css]
    assert straight
    for arrow in straight:
        end = int(arrow.points.rpartition(",")[2])
        right = max(place.right for place in layout.places.values())
        # Six pixels a letter at the size of these words.
        assert all(line.x + 6 * len(line.text) <= right for line in arrow.lines)
        assert all(line.y < end for line in arrow.lines)


def test_the_same_edition_is_always_drawn_the_same() -> None:
    assert svg(long_edition()) == svg(long_edition())


def test_a_thousand_steps_in_a_row_are_drawn() -> None:
    row = [
        Step(
            code=f"s{number}",
            name="Bước",
            role="clerk",
            outcomes=(Outcome(code="on", name="Tiếp", to=f"s{number + 1}"),),
        )
        for number in range(1000)
    ]
    check(replace(OLD, steps=tuple(row)))


def test_a_draft_without_a_step_is_drawn_too() -> None:
    assert "<svg" in svg(replace(OLD, steps=()))


# The case's place ---------------------------------------------------------------------------------------


def states(diagram: Diagram) -> list[str]:
    return [box.css for box in diagram.boxes if not box.is_end]


def test_without_a_case_no_step_has_a_state() -> None:
    assert not any(re.search("done|now|ahead", css) for css in states(drawn(OLD)))


def test_what_was_passed_what_is_open_and_what_is_ahead_is_told_by_a_class_and_in_words() -> None:
    diagram = drawn(OLD, done=["counter"], open_now=["inspect"])
    assert [css.split()[1] for css in states(diagram)][:3] == ["done", "now", "ahead"]
    boxes = diagram.boxes
    assert boxes[0].title.endswith("done")
    assert boxes[1].title.endswith("now here")
    assert "Now at: Xem bến." in diagram.description


def test_the_words_of_a_state_stand_beside_what_is_told_of_the_step() -> None:
    plain, placed = drawn(OLD).boxes[0], drawn(OLD, open_now=["counter"]).boxes[0]
    [limit] = [line.text for line in placed.lines if line.css == "limit"]
    assert len(limit) <= 40 - len("now here") - 6
    assert len(placed.lines) == len(plain.lines) + 1


def test_an_open_step_that_was_passed_before_is_the_one_the_case_stands_at() -> None:
    assert states(drawn(OLD, done=["counter", "inspect"], open_now=["inspect"]))[1].split()[1] == "now"


def test_a_case_at_its_end_says_so() -> None:
    assert "Now at: the end." in drawn(OLD, done=[step.code for step in OLD.steps]).description


# The picture --------------------------------------------------------------------------------------------


def test_attack_81_names_of_an_edition_are_text_and_nothing_else() -> None:
    step = replace(OLD.steps[0], name="<script>alert(1)</script>")
    picture = svg(replace(OLD, steps=(step, *OLD.steps[1:])))
    assert "<script" not in picture
    assert "&lt;script&gt;" in picture


@each_shipped
def test_the_picture_has_a_name_a_description_and_no_style_or_script_of_its_own(edition: Edition) -> None:
    picture = svg(edition)
    assert 'role="img"' in picture
    assert 'aria-labelledby="diagram-title diagram-description"' in picture
    assert "style=" not in picture
    assert "<script" not in picture


def test_every_number_of_the_picture_is_written_as_svg_reads_it() -> None:
    with translation.override("vi"):
        picture = svg(long_edition())
    assert float(re.findall(r'viewBox="0 0 \d+ (\S+)"', picture)[0]) > 1000
    assert not re.search(r'(?:x|y|width|height)="\d+[.,]\d{3}"', picture)


def test_long_names_are_cut_in_the_picture_and_whole_in_the_title() -> None:
    name = "Kiểm tra hiện trạng sử dụng đất, nguồn gốc, tình trạng tranh chấp và sự phù hợp với quy hoạch"
    box = drawn(replace(OLD, steps=(replace(OLD.steps[0], name=name), *OLD.steps[1:]))).boxes[0]
    named = [line for line in box.lines if line.css == "name"]
    assert len(named) == 2
    assert named[-1].text.endswith("…")
    assert name in box.title
