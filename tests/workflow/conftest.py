"""The ferry landing is a kind of case for the length of a test, and the office at the river is open."""

import pytest

from tests.workflow.ferry import Landing, River, at_the_river
from tests.workflow.harbour import Harbour, at_the_harbour
from workflow import kinds


@pytest.fixture
def landing(monkeypatch: pytest.MonkeyPatch) -> Landing:
    found = Landing()
    monkeypatch.setitem(kinds._KINDS, "ferry", found.kind())
    return found


@pytest.fixture
def river(db: None, landing: Landing) -> River:
    return at_the_river(landing)


@pytest.fixture
def harbour(river: River) -> Harbour:
    return at_the_harbour(river)
