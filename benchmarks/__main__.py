"""Runs all benchmarks, or those named: `python -m benchmarks [NAME …]`.

Prints a table, and writes benchmarks/last.json and docs/performance.md, or the page in docs that a benchmark
names as its own (OWN_PAGE). Those not run keep their last figures.
"""

import os
import sys
import time
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import django

from benchmarks.backends import is_of_another
from benchmarks.report import LAST, PAGE, Page, kept_rows, line_of, write

HERE = Path(__file__).resolve().parent


def benchmarks() -> dict[str, ModuleType]:
    """Every module here with a `run`, by name."""
    names = sorted(found.name for found in iter_modules([str(HERE)]) if not found.name.startswith("_"))
    modules = {name: import_module(f"benchmarks.{name}") for name in names if name not in ("child", "settings")}
    return {name: module for name, module in modules.items() if hasattr(module, "run")}


def main(names: list[str]) -> int:
    """Runs and reports; 1 when a goal is missed, 2 when a name is unknown."""
    known = benchmarks()
    unknown = set(names) - set(known)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    own: dict[str, Page] = {name: found.OWN_PAGE for name, found in known.items() if hasattr(found, "OWN_PAGE")}
    kept = kept_rows(LAST)
    for name in names or known:
        began = time.perf_counter()
        rows: list[dict[str, Any]] = known[name].run()
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
        for row in rows:
            print(line_of(row))
        others = [row for row in kept.get(name, []) if is_of_another(row["name"])]
        kept[name] = others + [{"benchmark": name, "date": time.strftime("%Y-%m-%d"), **row} for row in rows]
        write(kept, last=LAST, page=PAGE, own=own)
    return 1 if any(row["holds"] is False for name in names or known for row in kept[name]) else 0


if __name__ == "__main__":
    with TemporaryDirectory(prefix="bench-") as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        # The caller's database is never touched: every measurement has one of its own.
        os.environ |= {"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/none.sqlite3"}
        django.setup()
        sys.exit(main(sys.argv[1:]))
