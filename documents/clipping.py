"""A strip of a page's picture around a value, drawn from the page's own picture as the viewer draws it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from documents.models import ReadPage
from documents.pictures import LARGE
from documents.sheet import ACROSS, Sheet
from ocr.reading import Box

# At least so much of the page around a value, in the page's units: the words beside it say what it is.
_LEAST_ACROSS, _LEAST_DOWN = 460, 84
_AROUND = 24


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a page is drawn and how far it is turned clockwise to stand upright."""

    down: int
    rotation: int


@dataclass(frozen=True, slots=True)
class Clip:
    """Part of a page: `view_box` in units of the upright page, `mark` around the value as the page lies."""

    page: int
    down: int
    width: int
    turn: str
    view_box: str
    mark: tuple[int, int, int, int]


def shapes_of(pages: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], Shape]:
    """Shapes of these pages, given and found by (reading, number); one query."""
    if not pages:
        return {}
    rows = ReadPage.objects.filter(
        reading__in={reading for reading, _ in pages}, number__in={number for _, number in pages}
    )
    sizes = rows.values_list("reading_id", "number", "width", "height", "rotation")
    return {
        (reading, number): Shape(round(ACROSS * height / width), rotation)
        for reading, number, width, height, rotation in sizes
    }


def clip_of(page: int, shape: Shape, box: Box) -> Clip:
    """The strip of a page around a box given in fractions of the page as it lies."""
    left, top, width, height = box
    mark = (round(left * ACROSS), round(top * shape.down), round(width * ACROSS), round(height * shape.down))
    x, y, across, down = _upright(mark, shape)
    wide, high = max(_LEAST_ACROSS, across + 2 * _AROUND), max(_LEAST_DOWN, down + 2 * _AROUND)
    page_across, page_down = (ACROSS, shape.down) if shape.rotation % 180 == 0 else (shape.down, ACROSS)
    start = _within(x + across / 2 - wide / 2, wide, page_across)
    above = _within(y + down / 2 - high / 2, high, page_down)
    turn = Sheet.turn_of(shape.rotation, shape.down)
    return Clip(page, shape.down, LARGE, turn, f"{start} {above} {wide} {high}", mark)


def _within(start: float, length: int, whole: int) -> int:
    """Where a stretch begins that stays on the page as far as it can."""
    return max(0, min(round(start), whole - length))


def _upright(mark: tuple[int, int, int, int], shape: Shape) -> tuple[int, int, int, int]:
    """The mark once the page stands upright."""
    left, top, width, height = mark
    match shape.rotation:
        case 90:
            return shape.down - top - height, left, height, width
        case 180:
            return ACROSS - left - width, shape.down - top - height, width, height
        case 270:
            return top, ACROSS - left - width, height, width
    return mark
