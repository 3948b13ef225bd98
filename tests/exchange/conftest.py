"""An office with one edition of each procedure, on a morning that is always the same."""

import pytest

from tests.factories.moments import stop_the_clock
from tests.factories.office import Office, open_office


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    stop_the_clock(monkeypatch)
    return open_office("P6-2025.toml", "P2-2025.toml")
