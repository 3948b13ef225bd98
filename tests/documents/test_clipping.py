"""The strip of a page around a value: on the page, around the value, upright."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.clipping import Shape, clip_of

SHARE = st.floats(0, 0.9)
SIZE = st.floats(0.01, 0.1)


@pytest.mark.parametrize(
    ("rotation", "view_box"),
    [(0, "90 553 460 84"), (90, "575 276 460 88"), (180, "450 763 460 84"), (270, "365 636 460 88")],
)
def test_the_strip_lies_around_the_value_however_the_page_lies(rotation: int, view_box: str) -> None:
    clip = clip_of(1, Shape(1400, rotation), (0.3, 0.42, 0.04, 0.01))
    assert clip.mark == (300, 588, 40, 14)
    assert clip.view_box == view_box


@given(SHARE, SHARE, SIZE, SIZE, st.sampled_from([0, 90, 180, 270]))
def test_the_strip_never_leaves_the_page(left: float, top: float, width: float, height: float, rotation: int) -> None:
    clip = clip_of(1, Shape(1414, rotation), (left, top, width, height))
    x, y, across, down = map(int, clip.view_box.split())
    page = (1000, 1414) if rotation % 180 == 0 else (1414, 1000)
    assert x >= 0
    assert y >= 0
    assert x + across <= page[0]
    assert y + down <= page[1]
