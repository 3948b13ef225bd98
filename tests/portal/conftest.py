"""An office with all its shipped editions, on a morning that is always the same."""

import pytest

from tests.factories.moments import stop_the_clock
from tests.factories.office import Office, open_office


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    stop_the_clock(monkeypatch)
    return open_office()
