"""An office in full swing, on a morning that is always the same."""

from typing import Any

import pytest

from tests.factories.moments import stop_the_clock
from tests.house.full_office import FullOffice, open_full_office


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> FullOffice:
    stop_the_clock(monkeypatch)
    # The clock stands: every address asked with every verb falls into one minute.
    settings.OFFICER_REQUESTS_A_MINUTE = settings.STRANGER_REQUESTS_A_MINUTE = 10_000
    return open_full_office()
