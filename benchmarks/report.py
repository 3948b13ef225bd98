"""The figures of all benchmarks as a file for machines and a page for people."""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import django

from benchmarks.rows import Row

HERE = Path(__file__).resolve().parent
LAST, PAGE = HERE / "last.json", HERE.parent / "docs" / "performance.md"
Kept = dict[str, list[Row]]
_HEAD = """# Figures

Made by `make bench`; do not edit. Each figure stands beside a named peer that was measured in the same run, because
seconds depend on the machine and ratios much less. What has no peer is bound by a goal of its own.
"""


def kept_rows(last: Path) -> Kept:
    """The rows of the last runs, by benchmark."""
    found: Kept = {}
    for row in json.loads(last.read_text("utf-8")) if last.exists() else []:
        found.setdefault(row["benchmark"], []).append(row)
    return found


def line_of(row: Row) -> str:
    """A row for the screen."""
    ratio = "" if row["ratio"] is None else f"ratio {row['ratio']:g} to {row['peer']}"
    return f"{_mark(row):<5}{row['name']:<64}{row['figure']:>12,.1f} {row['unit']:<16}{ratio}  {row['goal']}"


def _mark(row: Row) -> str:
    return {True: "ok", False: "MISS", None: "–"}[row["holds"]]


@dataclass(frozen=True)
class Page:
    """A page of figures: where it is and what stands above the table."""

    path: Path
    head: str = _HEAD


def write(kept: Kept, *, last: Path, page: Path, own: Mapping[str, Page] | None = None) -> None:
    """Writes the file for machines and the pages for people; `own` are pages of single benchmarks, by name.

    A page none of whose figures are kept stays as it is.
    """
    rows = [row for name in sorted(kept) for row in kept[name]]
    last.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    of_page: dict[Page, list[Row]] = {}
    for row in rows:
        of_page.setdefault((own or {}).get(row["benchmark"], Page(page)), []).append(row)
    for found, its_rows in of_page.items():
        found.path.write_text(_page(found.head, its_rows), encoding="utf-8")


def _page(head: str, rows: list[Row]) -> str:
    lines = [head, _versions(), ""]
    lines += ["| measured | figure | peer | ratio | goal | holds | on |", "|---|---:|---|---:|---|---|---|"]
    for row in rows:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:g}"
        holds = {True: "yes", False: "**no**", None: ""}[row["holds"]]
        figure = f"{row['figure']:,.1f} {row['unit']}"
        lines.append(
            f"| {row['name']} | {figure} | {row['peer']} | {ratio} | {row['goal']} | {holds} | {row['date']} |"
        )
    return "\n".join(lines) + "\n"


def _versions() -> str:
    return f"Python {platform.python_version()}, Django {django.get_version()}, {os.cpu_count()} cores."
