"""A verb of the tests' own, so that they don't lean on the words of some package."""

import pytest

from audit import verbs
from audit.verbs import Verb


@pytest.fixture(autouse=True)
def stamped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes `paper.stamped` recordable for one test."""
    verb = Verb("paper.stamped", "Stamped %(paper)s on %(day)s for %(fee)s", "stamp")
    monkeypatch.setitem(verbs._VERBS, verb.code, verb)
