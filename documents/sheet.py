"""A page as the viewer draws it: the picture, the words as text one can mark, and boxes around what is looked for.

All of it is one SVG, so a turn or a zoom moves picture, words and boxes together; the page is 1000 units wide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from documents.extracted import ExtractedField
from documents.finding import Tokens, Wanted
from documents.models import ReadPage
from documents.words import unpack
from ocr.reading import Word

ACROSS = 1000
# Below this the reader isn't sure of a word.
DOUBTFUL = 0.6
A4_RATIO = 297 / 210
# Of a line's height, how far down letters stand.
_BASELINE = 0.78


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rotation` is how far the page is turned clockwise to stand upright; `down` its height in units."""

    number: int
    rotation: int
    down: int
    words: SafeString
    marks: SafeString

    @property
    def view_box(self) -> str:
        across, down = (ACROSS, self.down) if self.rotation % 180 == 0 else (self.down, ACROSS)
        return f"0 0 {across} {down}"

    @property
    def turn(self) -> str:
        return self.turn_of(self.rotation, self.down)

    @staticmethod
    def turn_of(rotation: int, down: int) -> str:
        """The transform that turns a page about and brings it back to the origin."""
        moves = {90: (down, 0), 180: (ACROSS, down), 270: (0, ACROSS)}
        left, top = moves.get(rotation, (0, 0))
        return f"translate({left} {top}) rotate({rotation})"


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for on a page: words, which of their places is the current one (from 0), and a chosen field."""

    wanted: Wanted = ()
    current: int | None = None
    field: str = ""


def blank_sheet(number: int) -> Sheet:
    """A page nobody has read yet: its picture alone."""
    return Sheet(number, 0, round(ACROSS * A4_RATIO), SafeString(""), SafeString(""))


def sheet_of(page: ReadPage, fields: Sequence[ExtractedField], looked: Looked) -> Sheet:
    words = unpack(page.words)
    tokens = Tokens.of_words(words)
    down = round(ACROSS * page.height / page.width)
    boxes = [
        *_doubts(words),
        *_field_boxes(words, tokens, [field for field in fields if field.page == page.number], looked.field),
        *_hit_boxes(words, tokens, looked),
    ]
    marks = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"{}/>',
        ((css, *_scaled(box, down), SafeString(" data-here") if is_here else "") for css, box, is_here in boxes),
    )
    return Sheet(page.number, page.rotation, down, _drawn_words(words, down, page.rotation), marks)


Box = tuple[float, float, float, float]
Boxed = Iterator[tuple[str, Box, bool]]


def _doubts(words: Sequence[Word]) -> Boxed:
    doubtful = (word for word in words if word.confidence is not None and word.confidence < DOUBTFUL)
    return (("w-doubt", word.box, False) for word in doubtful)


def _hit_boxes(words: Sequence[Word], tokens: Tokens, looked: Looked) -> Boxed:
    for index, (first, last) in enumerate(tokens.runs(looked.wanted)):
        is_now = index == looked.current
        for box in _lines(words[first : last + 1]):
            yield "w-now" if is_now else "w-hit", box, is_now


def _field_boxes(words: Sequence[Word], tokens: Tokens, fields: Sequence[ExtractedField], chosen: str) -> Boxed:
    for field in fields:
        is_chosen = field.code == chosen
        boxes = [field.box] if field.box else _lines(words_saying(field, words, tokens))
        for box in boxes:
            yield "w-field w-chosen" if is_chosen else "w-field", box, is_chosen


def words_saying(field: ExtractedField, words: Sequence[Word], tokens: Tokens) -> Sequence[Word]:
    """The words a field's value was read from, on the page it stands on; none when they aren't there."""
    runs = tokens.runs(field.wanted)
    return words[runs[0][0] : runs[0][1] + 1] if runs else ()


def _lines(words: Sequence[Word]) -> list[Box]:
    """One box for the words of each line they stand on."""
    boxes: list[Box] = []
    for word in words:
        left, top, width, height = word.box
        if boxes:
            before_left, before_top, before_width, before_height = boxes[-1]
            middle = top + height / 2
            if left >= before_left and before_top <= middle <= before_top + before_height:
                upper, lower = min(top, before_top), max(top + height, before_top + before_height)
                right = max(left + width, before_left + before_width)
                boxes[-1] = (before_left, upper, right - before_left, lower - upper)
                continue
        boxes.append(word.box)
    return boxes


def _scaled(box: Box, down: int) -> tuple[int, int, int, int]:
    left, top, width, height = box
    return round(left * ACROSS), round(top * down), max(1, round(width * ACROSS)), max(1, round(height * down))


def _drawn_words(words: Sequence[Word], down: int, rotation: int) -> SafeString:
    """Unseen text over the picture's, to be marked, copied and found by the browser; it runs as the page lies."""
    return format_html_join(
        "\n",
        '<text x="{}" y="{}" textLength="{}" font-size="{}"{}>{}</text>',
        (_drawn(word.text, *_scaled(word.box, down), rotation) for word in words),
    )


def _drawn(text: str, left: int, top: int, width: int, height: int, rotation: int) -> tuple[object, ...]:
    """Where a word begins, how long it is, how high its letters are, and its own turn."""
    long, high = (width, height) if rotation % 180 == 0 else (height, width)
    above, below = round(high * _BASELINE), high - round(high * _BASELINE)
    starts = {
        90: (left + above, top + height),
        180: (left + width, top + below),
        270: (left + below, top),
    }
    x, y = starts.get(rotation, (left, top + above))
    turn = format_html(' transform="rotate({} {} {})"', -rotation, x, y) if rotation else SafeString("")
    return x, y, long, high, turn, text


def marked_text(text: str, tokens: Tokens, wanted: Wanted, current: int | None) -> SafeString:
    """The text with what is looked for marked, the current place more strongly."""
    parts: list[SafeString] = []
    at = 0
    for index, (start, end) in enumerate(tokens.runs(wanted)):
        css = SafeString(' class="now"') if index == current else ""
        parts.append(format_html("{}<mark{}>{}</mark>", text[at:start], css, text[start:end]))
        at = end
    return format_html_join("", "{}", ((part,) for part in [*parts, text[at:]]))
