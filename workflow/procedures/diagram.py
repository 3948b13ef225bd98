"""The diagram of an edition as a picture of lines and words (sơ đồ quy trình), with a case's place in it when given.

What it shows is drawn by templates/workflow/diagram.html as SVG; the table of steps beside it says the same in words.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.translation import gettext as _

from workflow.procedures.layout import END, Layout, Link, Place, Point, Route, laid_out
from workflow.procedures.outline import StepLine
from workflow.procedures.schema import Edition

_TITLE, _LINE, _LABEL, _BESIDE = 33, 40, 32, 36
# Beside a way straight down, as far as the boxes reach: the ways back go up just behind their edge.
_STRAIGHT = 18
_HEAD = 5
_ARROW_HALF = 3.5


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text with its place; `full` where it had to be cut."""

    x: int
    y: int
    text: str
    css: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A step; `css` says how it looks: its state, and whether it waits or joins."""

    x: int
    y: int
    width: int
    height: int
    css: str
    title: str
    lines: Sequence[Words]
    bars: Sequence[int]
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way between two steps: its corners, its head, its words, and whether the case has gone it."""

    points: str
    head: str
    css: str
    lines: Sequence[Words]
    title: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """The whole picture; `title` and `description` for who doesn't see it."""

    width: int
    height: int
    title: str
    description: str
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]


def diagram_of(
    edition: Edition, lines: Sequence[StepLine], *, done: Collection[str] = (), open_now: Collection[str] = ()
) -> Diagram:
    """The picture of the edition's steps; `done` and `open_now` are codes of steps a case has passed or stands at."""
    layout = laid_out(edition)
    told = {line.step.code: line for line in lines}
    has_case = bool(done or open_now)
    boxes = [
        _box(layout, place, told[code], _state(code, done, open_now) if has_case else "")
        for code, place in layout.places.items()
        if code != END
    ]
    return Diagram(
        width=layout.width,
        height=layout.height,
        title=_("Diagram of %(name)s") % {"name": edition.short_name},
        description=_description(edition, told, open_now, has_case=has_case),
        boxes=[*boxes, _end(layout)],
        arrows=[_arrow(route, told, done) for route in layout.routes],
    )


def _state(code: str, done: Collection[str], open_now: Collection[str]) -> str:
    if code in open_now:
        return "now"
    return "done" if code in done else "ahead"


def _description(edition: Edition, told: dict[str, StepLine], open_now: Collection[str], *, has_case: bool) -> str:
    words = _("%(count)s steps from “%(first)s” to “%(last)s”; the table of steps says the same in words.") % {
        "count": len(edition.steps),
        "first": edition.steps[0].name if edition.steps else "",
        "last": edition.steps[-1].name if edition.steps else "",
    }
    if not has_case:
        return words
    names = ", ".join(line.step.name for code, line in told.items() if code in open_now)
    return f"{words} {_('Now at: %(steps)s.') % {'steps': names or _('the end')}}"


def _box(layout: Layout, place: Place, line: StepLine, state: str) -> Box:
    step, left = line.step, place.left + 10
    splits = any(route.link.is_split and route.link.source == step.code for route in layout.routes)
    css = " ".join(filter(None, ["step", state, "waits" if step.waits_for or step.pauses or step.timer else ""]))
    titled = f"{line.number}. {step.name}"
    state_words = {"done": _("done"), "now": _("now here")}.get(state, "")
    room = _LINE - (len(state_words) + 6 if state_words else 4)
    lines = [*_lines(left, place.top + 18, titled, _TITLE, 2, "name"), *_below(left, place, line, room)]
    if state_words:
        lines.append(Words(place.right - 8, place.bottom - 8, state_words, "state"))
    bars = [*([place.top - 4] if step.joins else []), *([place.bottom + 4] if splits else [])]
    title = ". ".join(filter(None, [titled, line.who, line.limit, *line.marks, state_words]))
    return Box(place.left, place.top, place.width, place.height, css, title, lines, bars)


def _below(left: int, place: Place, line: StepLine, room: int) -> Iterator[Words]:
    """Who does it, how long it may take, and what is special about it, as far as there is room beside its state."""
    yield from _lines(left, place.bottom - 24, line.who, _LINE, 1, "who")
    marks = "; ".join([line.limit, *line.marks])
    yield from _lines(left, place.bottom - 9, marks, room, 1, "limit")


def _lines(x: int, y: int, text: str, longest: int, most: int, css: str) -> Iterator[Words]:
    """The text in at most so many lines; what doesn't fit ends with three dots."""
    rows = wrap(text, longest) or [""]
    is_cut = len(rows) > most
    if is_cut:
        rows = [*rows[: most - 1], f"{rows[most - 1][: longest - 1].rstrip()}…"]
    for number, row in enumerate(rows):
        yield Words(x, y + 14 * number, row, css, text if is_cut else "")


def _end(layout: Layout) -> Box:
    place = layout.places[END]
    words = [Words(place.x, place.y + 4, _("End"), "end-words")]
    return Box(place.left, place.top, place.width, place.height, "end", _("End"), words, (), is_end=True)


def _arrow(route: Route, told: dict[str, StepLine], done: Collection[str]) -> Arrow:
    link = route.link
    names = " / ".join(outcome.name for outcome in link.outcomes)
    leads = {line.outcome.code: line.leads_to for line in told[link.source].outcomes}
    beside = link.way != "forward"
    # Beside the picture it must be said which step it is of.
    text = f"{told[link.source].number} → {_target(link, told)}: {names}" if beside else names
    x, y = route.words_at
    is_straight = len(route.points) == 2
    longest, most = (_BESIDE, 1) if beside else (_STRAIGHT, 2) if is_straight else (_LABEL, 1)
    return Arrow(
        points=" ".join(f"{px},{py}" for px, py in route.points),
        head=_head(route.points),
        css=f"way {link.way}{' gone' if link.way == 'forward' and link.source in done else ''}",
        lines=list(_lines(x, y, text, longest, most, "words")),
        title=f"{names}: {leads[link.outcomes[0].code]}",
    )


def _target(link: Link, told: dict[str, StepLine]) -> str:
    return str(told[link.target].number) if link.target in told else _("stop")


def _head(points: Sequence[Point]) -> str:
    """The three corners of the arrow's head, along its last stretch."""
    (ax, ay), (bx, by) = points[-2], points[-1]
    dx, dy = (bx > ax) - (bx < ax), (by > ay) - (by < ay)
    side = _ARROW_HALF
    corners = [
        (bx, by),
        (bx - dx * (_HEAD + 3) - dy * side, by - dy * (_HEAD + 3) - dx * side),
        (bx - dx * (_HEAD + 3) + dy * side, by - dy * (_HEAD + 3) + dx * side),
    ]
    return " ".join(f"{x:g},{y:g}" for x, y in corners)
