"""An office in full swing, on a morning that is always the same."""

import pytest

from tests.factories.moments import stop_the_clock
from tests.house.full_office import FullOffice, open_full_office


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> FullOffice:
    stop_the_clock(monkeypatch)
    return open_full_office()
