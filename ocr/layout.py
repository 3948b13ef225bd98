"""The shape of a page: where the text under a head begins, told by its margins and not its words."""

from collections.abc import Sequence
from itertools import islice

from ocr.reading import PageReading, Word

# Shares of the width between the leftmost and the rightmost word of a page.
AT_MARGIN = 0.09
FULL_WIDTH = 0.8
CENTRED_GAP = 0.1
# A head ends somewhere on the first lines.
_MOST_LINES = 45


def body_line(page: PageReading) -> int | None:
    """The first line of a page that is set as running text: from the left margin across the page.

    A title of several lines may fill some of them, but ends with a line in the middle. None when nothing is set so.
    """
    lines = _lines(page)[:_MOST_LINES]
    words = [word for _, line in lines for word in line]
    if not words or page.rotation:
        return None
    left = sorted(word.box[0] for word in words)[len(words) // 50]
    right = sorted(word.box[0] + word.box[2] for word in words)[-1 - len(words) // 50]
    width = max(right - left, 1e-6)
    shapes = [_shape(text, line, left, width) for text, line in lines]
    # What follows a title is its abstract, however long its line.
    below_title = {at + 1 for at, (text, _) in enumerate(lines) if text.isupper()}
    full = (at for at, shape in enumerate(shapes) if shape == "full" and at not in below_title)
    return next((at for at in full if not _ends_centred(shapes, at)), None)


def _lines(page: PageReading) -> list[tuple[str, Sequence[Word]]]:
    """Each line of the text with its words, which stand in the same order."""
    words = iter(page.words)
    return [(text, list(islice(words, len(text.split())))) for text in page.text.split("\n")]


def _shape(text: str, words: Sequence[Word], left: float, width: float) -> str:
    if not words or "\t" in text:
        return "other"
    if text.isupper():
        return "centred"
    starts = (min(word.box[0] for word in words) - left) / width
    ends = (left + width - max(word.box[0] + word.box[2] for word in words)) / width
    if starts <= AT_MARGIN and ends <= 1 - FULL_WIDTH:
        return "full"
    is_centred = starts >= CENTRED_GAP and ends >= CENTRED_GAP and abs(starts - ends) < 0.12
    return "centred" if is_centred else "other"


def _ends_centred(shapes: Sequence[str], at: int) -> bool:
    """Whether the full lines from here on end in a line in the middle, as those of a title do."""
    after = next((shape for shape in shapes[at:] if shape != "full"), "other")
    return after == "centred"
