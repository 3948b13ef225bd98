"""Where the steps of an edition stand in its diagram: layers from top to bottom, branches side by side.

Pure and deterministic: the same edition is always drawn the same. Forward outcomes lead down, in their column where
nothing stands in between, else in a lane on the left; ways back lead up in lanes on the right, with their words beside.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from workflow.procedures.schema import Edition, Outcome, Step

END = ""
BOX, BOX_HEIGHT = 236, 76
END_WIDTH, END_HEIGHT = 96, 28
_COLUMN, _LAYER = BOX + 44, BOX_HEIGHT + 62
_LANE, _MARGIN, _WORDS = 14, 16, 214

Way = Literal["forward", "back", "stop"]
Point = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """The outcomes of a step that lead to the same place in the same manner."""

    source: str
    target: str
    way: Way
    outcomes: tuple[Outcome, ...]
    is_split: bool = False


@dataclass(slots=True)
class Place:
    """Where a box stands: its layer, its column (the middle is 0), and its middle in pixels."""

    layer: int
    column: float = 0.0
    x: int = 0
    y: int = 0
    width: int = BOX
    height: int = BOX_HEIGHT

    @property
    def top(self) -> int:
        return self.y - self.height // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height // 2

    @property
    def left(self) -> int:
        return self.x - self.width // 2

    @property
    def right(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Route:
    """The way of a link: its corners, and where its words stand."""

    link: Link
    points: tuple[Point, ...]
    words_at: Point


@dataclass(slots=True)
class Layout:
    """Every step's place by its code (the end is ""), every link's route, and the size of the picture."""

    places: dict[str, Place]
    routes: list[Route] = field(default_factory=list)
    width: int = 0
    height: int = 0


def links_of(edition: Edition) -> list[Link]:
    """Links in the order of the edition; what leads forward to a step passed before leads back."""
    known = {step.code for step in edition.steps}
    backward = _round_about(edition)
    found: dict[tuple[str, str, Way], Link] = {}
    for step in edition.steps:
        for outcome in step.outcomes:
            for target in _targets(outcome):
                if target not in known and target != END:
                    continue
                way: Way = "back" if (step.code, target) in backward and outcome.manner != "stop" else outcome.manner
                key = (step.code, target, way)
                before = found[key].outcomes if key in found else ()
                found[key] = Link(step.code, target, way, (*before, outcome), is_split=bool(outcome.splits))
    return list(found.values())


def _targets(outcome: Outcome) -> tuple[str, ...]:
    return outcome.splits or (outcome.to,)


def _round_about(edition: Edition) -> set[tuple[str, str]]:
    """Pairs of steps whose way forward closes a circle, found by going deep from the first step."""
    steps = {step.code: step for step in edition.steps}
    closing, done, under_way = set[tuple[str, str]](), set[str](), list[tuple[str, list[str]]]()
    for start, first in steps.items():
        if start in done:
            continue
        under_way = [(start, _ahead(first, steps))]
        on_way = {start}
        while under_way:
            code, left = under_way[-1]
            if not left:
                under_way.pop()
                on_way.discard(code)
                done.add(code)
                continue
            target = left.pop(0)
            if target in on_way:
                closing.add((code, target))
            elif target not in done:
                on_way.add(target)
                under_way.append((target, _ahead(steps[target], steps)))
    return closing


def _ahead(step: Step, steps: dict[str, Step]) -> list[str]:
    forward = [outcome for outcome in step.outcomes if outcome.manner == "forward"]
    return [target for outcome in forward for target in _targets(outcome) if target in steps]


def laid_out(edition: Edition) -> Layout:
    """Places and routes of the whole edition."""
    links = links_of(edition)
    places = _layers(edition, links)
    _columns(places, links)
    layout = Layout(places)
    lanes = _Lanes(layout, links)
    lanes.measure()
    layout.routes = [lanes.route(link) for link in links]
    return layout


def _layers(edition: Edition, links: Sequence[Link]) -> dict[str, Place]:
    """Each step below everything that leads forward to it, the end below all."""
    before: dict[str, list[str]] = {}
    for link in links:
        if link.way == "forward":
            before.setdefault(link.target, []).append(link.source)
    layers: dict[str, int] = {}
    for step in edition.steps:
        left = [step.code]
        while left:
            code = left[-1]
            open_ones = [source for source in before.get(code, ()) if source not in layers]
            if open_ones:
                left += open_ones
                continue
            layers[code] = 1 + max((layers[source] for source in before.get(code, ())), default=-1)
            left.pop()
    places = {code: Place(layers[code]) for code in layers}
    last = 1 + max(layers.values(), default=-1)
    places[END] = Place(last, width=END_WIDTH, height=END_HEIGHT)
    return places


def _columns(places: dict[str, Place], links: Sequence[Link]) -> None:
    """Below what leads here; what opens together stands side by side."""
    forward = [link for link in links if link.way == "forward"]
    below: dict[str, list[str]] = {}
    above: dict[str, list[str]] = {}
    for link in forward:
        above.setdefault(link.target, []).append(link.source)
        if places[link.target].layer == places[link.source].layer + 1:
            below.setdefault(link.source, []).append(link.target)
    by_layer: dict[int, list[str]] = {}
    for code, place in places.items():
        by_layer.setdefault(place.layer, []).append(code)
    for layer in sorted(by_layer):
        for code in by_layer[layer]:
            wished = [places[source].column + _beside(code, below.get(source, [])) for source in above.get(code, ())]
            places[code].column = sum(wished) / len(wished) if wished else 0.0
        _spread([places[code] for code in by_layer[layer]])


def _beside(code: str, siblings: list[str]) -> float:
    """How far a step stands from the middle of what is opened from the same step."""
    return siblings.index(code) - (len(siblings) - 1) / 2 if code in siblings else 0.0


def _spread(row: list[Place]) -> None:
    """No two boxes of a layer on each other, and the whole where it wished to be."""
    ordered = sorted(row, key=lambda place: place.column)
    wished = sum(place.column for place in ordered)
    for left, right in pairwise(ordered):
        right.column = max(right.column, left.column + 1)
    shift = (wished - sum(place.column for place in ordered)) / len(ordered)
    for place in ordered:
        place.column += shift


class _Lanes:
    """Which link takes which lane beside the boxes, and the corners it goes around."""

    def __init__(self, layout: Layout, links: Sequence[Link]) -> None:
        self._layout, self._links = layout, links
        places = layout.places
        spans = {link: self._span(link) for link in links}
        self._left = _lanes([(spans[link], link) for link in links if link.way == "forward" and self._is_barred(link)])
        self._right = _lanes([(spans[link], link) for link in links if link.way == "back"])
        self._columns = (
            min(place.column for place in places.values()),
            max(place.column for place in places.values()),
        )
        self._said: dict[int, int] = {}

    def _span(self, link: Link) -> tuple[int, int]:
        layers = self._layout.places[link.source].layer, self._layout.places[link.target].layer
        return min(layers), max(layers)

    def _is_barred(self, link: Link) -> bool:
        """Whether a box stands in the column between the two ends."""
        places = self._layout.places
        source, target = places[link.source], places[link.target]
        return any(
            source.layer < other.layer < target.layer and abs(other.column - source.column) < 1
            for code, other in places.items()
            if code != END
        )

    def measure(self) -> None:
        """Pixels for every place, and the size of the picture."""
        lowest, highest = self._columns
        self._first = _MARGIN + _LANE * (max(self._left.values(), default=-1) + 1)
        for place in self._layout.places.values():
            place.x = round(self._first + BOX / 2 + (place.column - lowest) * _COLUMN)
            place.y = _MARGIN + BOX_HEIGHT // 2 + place.layer * _LAYER
        end = self._layout.places[END]
        end.y -= (BOX_HEIGHT - END_HEIGHT) // 2
        self._edge = round(self._first + BOX + (highest - lowest) * _COLUMN)
        self._words = self._edge + _LANE * (max(self._right.values(), default=-1) + 2) + 4
        has_words = any(link.way != "forward" for link in self._links)
        self._layout.width = self._words + (_WORDS if has_words else 0) + _MARGIN
        self._layout.height = end.bottom + _MARGIN

    def route(self, link: Link) -> Route:
        source, target = self._layout.places[link.source], self._layout.places[link.target]
        if link.way == "back":
            return self._back(link, source, target)
        if link.way == "stop":
            y = self._next_words(source)
            return Route(link, ((source.right, source.y), (source.right + _LANE, source.y)), (self._words, y))
        if link in self._left:
            return self._around(link, source, target)
        return self._down(link, source, target)

    def _down(self, link: Link, source: Place, target: Place) -> Route:
        """Straight down its own column, then across just above where it ends."""
        turn = target.top - 24
        points: tuple[Point, ...] = ((source.x, source.bottom), (source.x, target.top))
        if source.x != target.x:
            points = ((source.x, source.bottom), (source.x, turn), (target.x, turn), (target.x, target.top))
        # Of ways that part the words stand below the parting, of ways that meet above the meeting.
        is_parting = sum(other.source == link.source and other.way == "forward" for other in self._links) > 1
        if is_parting and source.x != target.x:
            return Route(link, points, (target.x + 7, turn + 13))
        return Route(link, points, (source.x + 7, source.bottom + 19))

    def _around(self, link: Link, source: Place, target: Place) -> Route:
        x = self._first - _LANE * (self._left[link] + 1) + 4
        start, end = source.bottom + 13, target.top - 12
        points = (
            *((source.x - 26, source.bottom), (source.x - 26, start), (x, start), (x, end)),
            *((target.x - 26, end), (target.x - 26, target.top)),
        )
        return Route(link, points, (source.x - 22, start + 14))

    def _back(self, link: Link, source: Place, target: Place) -> Route:
        """Out to the right, up in a lane and in again; around the boxes of the layer that stand further right."""
        x = self._edge + _LANE * (self._right[link] + 1)
        out = self._sideways(source, source.bottom, 13, x)
        into = self._sideways(target, target.top, -13, x)
        words = (self._words, self._next_words(source))
        return Route(link, (*out, *reversed(into)), words)

    def _sideways(self, place: Place, edge: int, gap: int, x: int) -> tuple[Point, ...]:
        is_last = not any(
            other.layer == place.layer and other.column > place.column for other in self._layout.places.values()
        )
        if is_last:
            y = place.y + (gap if gap > 0 else -13)
            return ((place.right, y), (x, y))
        return ((place.x + 40, edge), (place.x + 40, edge + gap), (x, edge + gap))

    def _next_words(self, place: Place) -> int:
        """The words of what leaves the steps of a layer sideways, one below the other."""
        count = self._said[place.layer] = self._said.get(place.layer, -1) + 1
        return place.y + 17 + 15 * count


def _lanes(spans: Iterable[tuple[tuple[int, int], Link]]) -> dict[Link, int]:
    """The innermost free lane for each, the shortest first."""
    taken: list[list[tuple[int, int]]] = []
    found: dict[Link, int] = {}
    for (low, high), link in sorted(spans, key=lambda one: (one[0][1] - one[0][0], one[0][0])):
        lane = next(
            (number for number, row in enumerate(taken) if all(high < before or after < low for before, after in row)),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        found[link] = lane
    return found
