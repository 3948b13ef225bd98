"""docs/security.md: each fault and attack with its tests and how they ended. `make security` writes it.

A pytest plugin: it keeps what was reported of tests that carry an attack's number.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
_NUMBERS = re.compile(r"(tests/[^\s:]+)::(?:\w+::)?test_attack_(\d\d+(?:_(?:and_|to_)?\d\d+)*)_")

_HEAD = """# Faults and attacks

Made by `make security` from [attacks.toml](attacks.toml) and the tests that carry an attack's number. Tests count each
of their cases. A line without a test is not answered yet, unless it says why.

"""


def attacked_by(node_id: str) -> tuple[str, list[int]]:
    """The test's file and the numbers in its name: `test_attack_55_to_58_and_63_…` bears five."""
    found = _NUMBERS.match(node_id)
    if found is None:
        return "", []
    numbers: list[int] = []
    is_range = False
    for word in found[2].split("_"):
        if word.isdigit():
            numbers += range(numbers[-1] + 1, int(word) + 1) if is_range else [int(word)]
        is_range = word == "to"
    return found[1].removeprefix("tests/"), numbers


class Attacks:
    """Passed and failed cases and their files, by attack."""

    def __init__(self) -> None:
        self._files: dict[int, set[str]] = defaultdict(set)
        self._passed: dict[int, int] = defaultdict(int)
        self._failed: dict[int, int] = defaultdict(int)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file, numbers = attacked_by(report.nodeid)
        if report.when != "call" and report.passed:
            return
        for number in numbers:
            self._files[number].add(file)
            (self._passed if report.passed else self._failed)[number] += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput"):
            return
        (DOCS / "security.md").write_text(_HEAD + "\n".join(self._lines()) + "\n", "utf-8")

    def _lines(self) -> Iterator[str]:
        groups = tomllib.loads((DOCS / "attacks.toml").read_text("utf-8"))
        argued = groups.pop("argued", {})
        for group, attacks in groups.items():
            yield f"\n## {group.capitalize()}\n\n| | fault or attack | tests | result |\n|---|---|---|---|"
            for number, title in attacks.items():
                files = ", ".join(f"`{name}`" for name in sorted(self._files[int(number)]))
                yield f"| {number} | {title} | {files or argued.get(number, '')} | {self._result(int(number))} |"

    def _result(self, number: int) -> str:
        passed, failed = self._passed[number], self._failed[number]
        if failed:
            return f"**{failed} of {passed + failed} not passed**"
        return f"{passed} passed" if passed else "–"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Attacks(), "attacks")
