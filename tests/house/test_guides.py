"""What the guides and other papers of docs/ point to is there, and a test takes each picture of a guide again."""

import re
from pathlib import Path

import pytest
from django.conf import settings

HOME = Path(settings.BASE_DIR)
PAPERS = [HOME / "README.md", *sorted((HOME / "docs").rglob("*.md"))]
GUIDES = sorted((HOME / "docs" / "guides").glob("*.md"))
# A page with ten pictures is still opened quickly over an office's line.
LARGEST = 250_000
_TARGET = re.compile(r"\]\(([^)#\s]+)")
_TAKEN = re.compile(r"""take\(\w+, "([\w-]+)"\)""")


def targets(paper: Path) -> list[Path]:
    """The files a paper points to."""
    found: list[str] = _TARGET.findall(paper.read_text("utf-8"))
    return [paper.parent / one for one in found if "://" not in one]


def pictures() -> set[Path]:
    """The pictures the guides show."""
    return {one.resolve() for guide in GUIDES for one in targets(guide) if one.suffix == ".png"}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(HOME)))
def test_everything_a_paper_points_to_is_there(paper: Path) -> None:
    assert [str(one) for one in targets(paper) if not one.exists()] == []


def test_each_picture_of_a_guide_is_taken_by_a_test_and_small() -> None:
    tests = "".join(path.read_text("utf-8") for path in (HOME / "tests" / "browser").glob("test_*.py"))
    taken = set(_TAKEN.findall(tests))
    assert pictures()
    assert [one.stem for one in pictures() if one.stem not in taken] == []
    assert [one.name for one in pictures() if one.exists() and one.stat().st_size > LARGEST] == []


def test_no_picture_taken_for_a_guide_is_left_out_of_it() -> None:
    kept = {one.name for one in (HOME / "docs" / "pictures").glob("guide-*.png")}
    assert kept == {one.name for one in pictures()}
