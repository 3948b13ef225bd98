"""Figures are kept between runs, and the page says of each whether its goal is met."""

from pathlib import Path

from benchmarks.report import Page, kept_rows, line_of, write
from benchmarks.rows import Row, row


def _dated(found: Row, benchmark: str = "speed") -> Row:
    return {"benchmark": benchmark, "date": "2026-11-23", **found}


def test_a_row_has_the_agreed_fields() -> None:
    found = row("speed", 12.34567, "pages/s", peer="bare", ratio=0.98765, goal="at least 0.9", holds=True)
    assert list(found) == ["name", "figure", "unit", "peer", "ratio", "goal", "holds"]
    assert (found["figure"], found["ratio"]) == (12.346, 0.988)


def test_what_is_not_run_keeps_its_last_figures(tmp_path: Path) -> None:
    last, page = tmp_path / "last.json", tmp_path / "performance.md"
    write(
        {"speed": [_dated(row("speed", 1, "s"))], "size": [_dated(row("size", 2, "MB"), "size")]}, last=last, page=page
    )
    kept = kept_rows(last)
    kept["speed"] = [_dated(row("speed", 9, "s"))]
    write(kept, last=last, page=page)
    assert {name: rows[0]["figure"] for name, rows in kept_rows(last).items()} == {"speed": 9, "size": 2}


def test_the_page_and_the_screen_say_what_is_missed(tmp_path: Path) -> None:
    missed = _dated(row("speed", 1, "s", goal="under 0.5", holds=False))
    write({"speed": [missed]}, last=tmp_path / "last.json", page=tmp_path / "performance.md")
    assert "| speed | 1.0 s |  |  | under 0.5 | **no** | 2026-11-23 |" in (tmp_path / "performance.md").read_text(
        "utf-8"
    )
    assert line_of(missed).startswith("MISS")


def test_nothing_is_kept_before_the_first_run(tmp_path: Path) -> None:
    assert kept_rows(tmp_path / "last.json") == {}


def test_a_benchmark_may_have_a_page_of_its_own(tmp_path: Path) -> None:
    page, own = tmp_path / "performance.md", Page(tmp_path / "reading.md", "# How well pages are read\n")
    kept = {"speed": [_dated(row("speed", 1, "s"))], "quality": [_dated(row("letters", 2, "errors"), "quality")]}
    write(kept, last=tmp_path / "last.json", page=page, own={"quality": own})
    assert own.path.read_text("utf-8").startswith("# How well pages are read\n")
    assert ("letters" in own.path.read_text("utf-8"), "letters" in page.read_text("utf-8")) == (True, False)
    assert ("speed" in own.path.read_text("utf-8"), "speed" in page.read_text("utf-8")) == (False, True)


def test_a_page_without_kept_figures_stays_as_it_is(tmp_path: Path) -> None:
    page, own = tmp_path / "performance.md", Page(tmp_path / "reading.md", "# How well pages are read\n")
    page.write_text("of another day", "utf-8")
    write(
        {"quality": [_dated(row("letters", 2, "errors"), "quality")]},
        last=tmp_path / "last.json",
        page=page,
        own={"quality": own},
    )
    assert page.read_text("utf-8") == "of another day"
